"""The panels of a server's feeds: the list, and the page of one feed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.panels import Item, Panel, fitted, rows, rule, small, text
from cogs.kit.timestamps import time_only
from wetread.domain.models import Form
from wetread.domain.text import cut, utf16_length

PAGE_SIZE = 10
"""Feeds on one page of the list."""

_LIST_LIMIT = LAYOUT_TEXT - 400  # the rest is for the head and the foot
_LONGEST_NAME = 100
_LONGEST_FILTER = 1_000
_LONGEST_QUERY = 1_000

FORM_WORDS = {Form.WHOLE: "Whole abstract", Form.CONCLUSION: "Conclusion only", Form.TITLE: "Title only"}


class Health(StrEnum):
    """The state of a feed in one word. The list shows them in this order."""

    NEEDS_YOU = "needs you"
    RETRYING = "could not be read"
    WELL = "well"
    QUIET = "quiet"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed of the list. `state` is safe in markdown: "Well · 11 this week · newest 14 Jan".

    `retry`: set while the feed cannot be read and Wetread tries again by itself.
    """

    name: str
    channel_id: int
    health: Health
    state: str
    retry: "Retry | None" = None
    subscription_id: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Retry:
    """Since when a feed cannot be read, and when Wetread tries again; None = in a moment."""

    since: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What one feed's page shows. `last`: the newest articles with their delivery status, safe in markdown.

    `query`: the source and the query, None for a feed with an address. `thread`: when one is opened
    under a post, "" where posts have none. `next_article`: what happens with the next one. `mention`: whom
    posts mention.
    """

    line: FeedLine
    form: Form
    filter: str | None
    abstract_wait: str  # "Waits up to 2 days, then posts"
    last: Sequence[str] = ()
    query: tuple[str, str] | None = None
    thread: str = ""
    next_article: str = ""
    mention: str = ""


def ordered(lines: Sequence[FeedLine]) -> list[FeedLine]:
    """Return the lines as the list shows them: feeds that need a moderator first, paused ones last."""
    order = list(Health)
    return sorted(lines, key=lambda line: order.index(line.health))


def feed_list(lines: Sequence[FeedLine], buttons: Sequence[Item] = (), *, page: int = 0) -> Panel:
    """Build one page of the list: a summary of all, then `PAGE_SIZE` feeds in the order of `ordered`."""
    if not lines:
        return Panel(
            colours.GREY,
            text("### Feeds", "This server has no feeds yet."),
            text(f"To add one: {code('/feed add')} and the name of a journal."),
            *rows(buttons),
        )
    first = page * PAGE_SIZE
    shown = ordered(lines)[first : first + PAGE_SIZE]
    kept, _ = fitted(map(_block, shown), _LIST_LIMIT, joint="\n\n")
    numbers = f"{first + 1}–{first + len(shown)} of {len(lines):,}" if len(lines) > PAGE_SIZE else ""
    needs_somebody = any(line.health is Health.NEEDS_YOU for line in lines)
    return Panel(
        colours.AMBER if needs_somebody else colours.TEAL,
        text("### Feeds", _summary(lines)),
        *_groups(kept, urgent=sum(line.health is Health.NEEDS_YOU for line in shown)),
        rule(),
        *([text(small(numbers))] if numbers else []),
        *rows(buttons),
    )


def _groups(blocks: Sequence[str], *, urgent: int) -> list[Item]:
    """Return the blocks of a page below a line each: the first `urgent`, then the others."""
    groups = ["\n\n".join(group) for group in (blocks[:urgent], blocks[urgent:]) if group]
    return [part for group in groups for part in (rule(), text(group))]


def feed_page(page: FeedPage, buttons: Sequence[Item] = ()) -> Panel:
    """Build one feed's page: its state, where and how it posts, and its last articles."""
    line = page.line
    name = safe(cut(line.name, _LONGEST_NAME))
    wanted = code(cut(page.filter, _LONGEST_FILTER)) if page.filter else "none: every article is posted"
    facts = [
        f"**{page.query[0]}** {code(cut(page.query[1], _LONGEST_QUERY))}" if page.query else "",
        f"**Posts to** <#{line.channel_id}>, as “{FORM_WORDS[page.form]}”",
        f"**Filter** {wanted}",
        f"**No abstract yet** {page.abstract_wait}",
        f"**Thread** {page.thread}" if page.thread else "",
        f"**Mentions** {page.mention}" if page.mention else "",
        f"**{page.next_article}**" if page.next_article else "",
    ]
    kept, _ = fitted(page.last, LAYOUT_TEXT - 400 - utf16_length("\n".join([name, line.state, *facts])))
    return Panel(
        colours.AMBER if line.health is Health.NEEDS_YOU else colours.TEAL,
        text(small(f"Feeds › {name}"), f"### {name}", line.state),
        rule(),
        text(*facts),
        *([rule(), text("**Last three**", *kept)] if kept else []),
        *rows(buttons),
    )


def _block(line: FeedLine) -> str:
    warning = "⚠️ " if line.health is Health.NEEDS_YOU else ""
    name = safe(cut(line.name, _LONGEST_NAME))
    return f"{warning}**{name}** → <#{line.channel_id}>\n{small(line.state)}"


def _summary(lines: Sequence[FeedLine]) -> str:
    """ "4 are well, 1 is paused, 1 needs you."."""
    counts = {health: sum(line.health is health for line in lines) for health in Health}
    words = {
        Health.WELL: ("is well", "are well"),
        Health.QUIET: ("is quiet", "are quiet"),
        Health.PAUSED: ("is paused", "are paused"),
        Health.NEEDS_YOU: ("needs you", "need you"),
    }
    parts = [
        f"{counts[health]} {one if counts[health] == 1 else many}"
        for health, (one, many) in words.items()
        if counts[health]
    ]
    retried = retry_words(lines)
    return f"{', '.join([*parts, retried] if retried else parts)}."


def retry_words(lines: Sequence[FeedLine], noun: Callable[[int], str] = str) -> str:
    """Return how many feeds cannot be read, since when, and when Wetread tries again; "" = none.

    `noun` makes words of the number: "1 could not be read", or "1 feed could not be read".
    """
    retries = [line.retry for line in lines if line.health is Health.RETRYING and line.retry]
    if not retries:
        return ""
    since = time_only(min(retry.since for retry in retries))
    first = "" if len(retries) == 1 else "the first "
    next_try = next_try_words(min(retries, key=_next_at))
    return f"{noun(len(retries))} could not be read, {first}since {since} ({next_try}; nothing to do yet)"


def next_try_words(retry: Retry) -> str:
    """Return when Wetread tries again: "Wetread tries again at 08:42"."""
    return f"Wetread tries again {f'at {time_only(retry.next_at)}' if retry.next_at else 'in a moment'}"


def _next_at(retry: Retry) -> datetime:
    return retry.next_at or retry.since
