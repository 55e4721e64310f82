"""The words of questions to moderators, and of the answers they gave."""

from collections.abc import Sequence

from cogs.cards.digest import content_title
from cogs.kit.escape import safe
from cogs.kit.panels import small
from cogs.kit.timestamps import date_time
from cogs.kit.words import counted, month
from wetread.domain.digests import Content
from wetread.domain.models import Article, Delivery
from wetread.domain.text import cut
from wetread.domain.titles import shown_title
from wetread.storage.questions import Decision, Flood, QuestionKind

SHOWN_COUNT = 3
_LONGEST_NAME = 100
_LONGEST_TITLE = 150


def flood_lines(flood: Flood, newest: Sequence[Article]) -> list[str]:
    """Return why articles wait for a decision, and the newest of them."""
    count = len(flood.article_ids)
    reason = (
        "but they are more than 4 months old"
        if flood.are_old
        else "but Wetread cannot tell whether they were posted before"
    )
    lines = [
        f"### Waiting for your decision: {counted(count, 'article')}",
        f"**{name_words(flood.name)}** → <#{flood.channel_id}>",
        f"The journal changed its feed. Its entries now look new, {reason}. They wait until you decide.",
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


def uncertain_lines(delivery: Delivery, content: Content) -> list[str]:
    """Return what happened to a post that may or may not have arrived."""
    title = safe(cut(content_title(content), _LONGEST_TITLE))
    at = date_time(delivery.last_attempt_at or delivery.scheduled_at)
    happened = f"The connection broke while Wetread posted **{title}** to <#{delivery.channel_id}> ({at})."
    return [
        "### Was this posted?",
        f"{happened} Wetread cannot see whether the post arrived, and does not risk posting it twice.",
        small(
            "Please look for its title in that channel. With the permission *Read Message History* there, "
            "Wetread could look by itself."
        ),
    ]


def decided_lines(decision: Decision, subject: str) -> list[str]:
    """Return what was decided and by whom. `subject`: the feed's name or the article's title."""
    held = decision.question.kind is QuestionKind.HELD
    said = _held_answer(decision) if held else _uncertain_answer(decision)
    by = safe(cut(decision.by_name, 60))
    return [f"**{name_words(subject)}:** {said}", small(f"Decided by {by}, {date_time(decision.at)}")]


def moot_lines(subject: str) -> list[str]:
    """Return the words for a question that ended without a decision."""
    name = f"**{name_words(subject)}:** " if subject else ""
    return [f"{name}This no longer needs a decision."]


def name_words(name: str) -> str:
    """Return a feed's name or an article's title, cut and safe in markdown."""
    return safe(cut(name, _LONGEST_NAME))


def _held_answer(decision: Decision) -> str:
    posted, skipped = decision.posted_count, decision.left_count
    said = [f"{counted(posted, 'article')} posted now"] if posted else []
    said += [f"{counted(skipped, 'article')} skipped"] if skipped else []
    return f"{', '.join(said) or 'nothing was waiting'}."


def _uncertain_answer(decision: Decision) -> str:
    if decision.posted_count:
        return "it was not there, and Wetread posts it now."
    return "it is there, and counts as posted."
