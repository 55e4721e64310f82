"""What moderators are asked, and what they have answered, in words."""

from collections.abc import Sequence

from cogs.kit.escape import code, safe
from cogs.kit.panels import small
from cogs.kit.timestamps import date_time
from cogs.kit.words import counted, month
from wetread.domain.models import Article, Delivery
from wetread.domain.text import cut
from wetread.domain.titles import shown_title
from wetread.storage.questions import Decision, Flood, QuestionKind

SHOWN_COUNT = 3
_LONGEST_NAME = 100
_LONGEST_TITLE = 150


def flood_lines(flood: Flood, newest: Sequence[Article]) -> list[str]:
    """Why articles are held, and the newest of them."""
    count = len(flood.article_ids)
    look = "looks" if count == 1 else "look"
    entries = counted(count, "entry", "entries")
    age = "is" if count == 1 else "are"
    doubt = f"but {age} more than 4 months old" if flood.are_old else "but cannot be told from old ones"
    them = "It is not posted until you decide." if count == 1 else "They are not posted until you decide."
    lines = [
        f"### {counted(count, 'article is', 'articles are')} held",
        f"**{name_words(flood.name)}** → <#{flood.channel_id}>",
        f"The journal changed its feed, and {entries} {look} new {doubt}. {them}",
        *(f"{number}. {article_line(article)}" for number, article in enumerate(newest, 1)),
    ]
    if count > len(newest):
        lines.append(small(f"and {count - len(newest):,} more"))
    return lines


def article_line(article: Article) -> str:
    """Return "Title · May 2025", safe in markdown."""
    title = safe(cut(shown_title(article.record), _LONGEST_TITLE))
    on = article.record.published_on
    return f"{title} · {month(on)}" if on else title


def uncertain_lines(delivery: Delivery, article: Article) -> list[str]:
    """What happened to a post of which nobody knows whether it arrived."""
    title = safe(cut(shown_title(article.record), _LONGEST_TITLE))
    at = date_time(delivery.last_attempt_at or delivery.scheduled_at)
    happened = f"The connection broke ({at}) while **{title}** was on its way to <#{delivery.channel_id}>."
    return [
        "### Was this posted?",
        f"{happened} Wetread cannot see whether it arrived, and does not post twice on a guess.",
        small(
            f"The post, if it is there, ends in {code(delivery.marker)}. Wetread could look by itself "
            "if it had *Read Message History* there."
        ),
    ]


def decided_lines(decision: Decision, subject: str) -> list[str]:
    """What was decided and by whom. `subject`: the feed's name or the article's title."""
    held = decision.question.kind is QuestionKind.HELD
    said = _held_answer(decision) if held else _uncertain_answer(decision)
    by = safe(cut(decision.by.name, 60))
    return [f"**{name_words(subject)}:** {said}", small(f"Decided by {by}, {date_time(decision.at)}")]


def moot_lines(subject: str) -> list[str]:
    """Nothing is asked any more, and nobody has decided."""
    name = f"**{name_words(subject)}:** " if subject else ""
    return [f"{name}Nothing of this waits any more."]


def name_words(name: str) -> str:
    """A feed's name or an article's title, bounded and safe."""
    return safe(cut(name, _LONGEST_NAME))


def _held_answer(decision: Decision) -> str:
    count = decision.posted_count + decision.left_count
    held = counted(count, "held article")
    if not decision.posted_count:
        return f"{held} marked as seen, none posted."
    if not decision.left_count:
        return f"{held} {'goes' if count == 1 else 'go'} out now."
    return (
        f"the newest {decision.posted_count} of {held} {'goes' if decision.posted_count == 1 else 'go'} "
        f"out now, the other {decision.left_count:,} marked as seen."
    )


def _uncertain_answer(decision: Decision) -> str:
    return "was not there, and is posted now." if decision.posted_count else "is there, marked as posted."
