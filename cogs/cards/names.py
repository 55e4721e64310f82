"""The names of threads and forum posts about an article, and whether it is a classic. Pure."""

from datetime import date

from cogs.kit.escape import plain
from cogs.kit.limits import THREAD_NAME
from wetread.domain.models import Record
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title

CLASSIC_YEARS = 10


def thread_name(record: Record) -> str:
    """Return the name of an article's post in a forum."""
    return cut(plain(shown_title(record)), THREAD_NAME)


def discussion_name(record: Record, today: date) -> str:
    """Return the name of an article's discussion: its title, and the year of a classic."""
    on = record.published_on
    year = f" ({on.year})" if on and is_classic(record, today) else ""
    return cut(plain(shown_title(record)), THREAD_NAME - utf16_length(year)) + year


def is_classic(record: Record, today: date) -> bool:
    """Say whether an article has stood for so long that it is called a classic."""
    on = record.published_on
    return on is not None and today.year - on.year >= CLASSIC_YEARS
