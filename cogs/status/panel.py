"""Whether Wetread is well: what happened, since when, what it does, what a moderator can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.alerts.notices import RetryButton
from cogs.alerts.questions import ShowQuestionsButton
from cogs.feeds.failing import trouble_buttons, trouble_words
from cogs.feeds.panels import FeedLine, Health
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Item, Panel, rows, rule, small, text
from cogs.kit.words import counted
from cogs.posting.refusals import blocked_words, slowed_words, stopped_words, unedited_words
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import DeliveryState
from wetread.domain.text import utf16_length
from wetread.operations.loops import LoopHealth
from wetread.storage.questions import Question, QuestionKind
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import Troubles

_TROUBLES_LIMIT = 1_600  # of the 4,000 that a panel takes
_SLOWED_LIMIT = 500
_MOST_SHOWN = 6  # a panel takes 40 components
_MOST_WITH_BUTTONS = 3

_LOOP_WORDS = {
    "update feeds": "Feeds were asked",
    "complete articles": "Abstracts were looked for",
    "look for retractions": "Retractions were looked for",
    "deliver": "Posting was looked after",
    "tell moderators": "What needs you was looked for",
}


@dataclass(frozen=True, slots=True)
class SourceState:
    """A record source that is being spared. `asked_in`: when it is asked again."""

    name: str
    asked_in: timedelta


@dataclass(frozen=True, slots=True)
class Waits:
    """Articles that wait for their abstract. `oldest_at`: since when the oldest does, None = none waits."""

    count: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OperatorFacts:
    """All servers together, in figures alone: what others watch is not the operator's to read in chat."""

    server_count: int
    watched_count: int
    failing_count: int
    blocked_count: int
    counts: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status says. `rest`: why nothing is posted anywhere, None = posting works.

    `watched` is what this server watches, `feeds` the line of each. `left_out_count`: articles of the last
    30 days that were not posted for their kind. `operator`: only for whoever runs Wetread.
    """

    now: datetime
    loops: Sequence[LoopHealth]
    rest: str | None
    watched: Sequence[Watched]
    feeds: Sequence[FeedLine]
    catalogue: Catalogue
    troubles: Troubles
    questions: Sequence[Question]
    counts: Mapping[DeliveryState, int]
    waits: Waits = Waits()
    last_post_at: datetime | None = None
    left_out_count: int = 0
    sources: Sequence[SourceState] = ()
    source_names: Sequence[str] = ()
    has_moderators_channel: bool = True
    operator: OperatorFacts | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """One trouble in words, with what can be pressed about it."""

    words: str
    buttons: Sequence[Item] = ()


def status_panel(facts: StatusFacts) -> Panel:
    """Build the status of one server."""
    blocks = list(_blocks(facts))
    is_well = facts.rest is None and not blocks and not facts.questions
    return Panel(
        colours.TEAL if is_well else colours.AMBER,
        text("### Health", _first_line(facts, len(blocks)), small(_last(facts))),
        *_shown(blocks),
        rule(),
        text("**Abstracts**", _abstracts(facts)),
        *_slowed(facts),
        *_for_you(facts),
        *([text(*(small(line) for line in lines))] if (lines := list(_workings(facts))) else []),
        *([rule(), text(*operator_lines(facts.operator))] if facts.operator else []),
    )


def operator_panel(facts: OperatorFacts) -> Panel:
    """Build what the operator is told of all servers."""
    return Panel(colours.TEAL, text(*operator_lines(facts)))


def operator_lines(facts: OperatorFacts) -> list[str]:
    """All servers together, in figures."""
    counts = facts.counts
    servers = counted(facts.server_count, "server")
    watched = counted(facts.watched_count, "feed")
    refused = counted(facts.blocked_count, "channel")
    waiting = {
        "to be posted": counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING],
        "not to be posted yet": counts[DeliveryState.PARKED],
        "held": counts[DeliveryState.HELD],
        "uncertain": counts[DeliveryState.UNCERTAIN],
    }
    return [
        "**All servers**",
        f"{servers} · {watched} watched, {facts.failing_count:,} cannot be read · {refused} refused",
        " · ".join(f"{count:,} {words}" for words, count in waiting.items()),
    ]


# What needs somebody ----------------------------------------------------------------------------------


def _blocks(facts: StatusFacts) -> Iterator[_Block]:
    for watched, line in zip(facts.watched, facts.feeds, strict=True):
        if line.health is Health.NEEDS_YOU:
            words = trouble_words(watched, facts.catalogue)
            yield _Block(words, trouble_buttons(watched, facts.catalogue))
    for channel in facts.troubles.blocked:
        to_it = [each.subscription for each in facts.watched]
        names = [each.name for each in to_it if each.channel_id == channel.channel_id]
        yield _Block(blocked_words(channel, names))
    for stopped in facts.troubles.stopped:
        yield _Block(stopped_words(stopped), [RetryButton(stopped.channel_id, stopped.code)])
    for unedited in facts.troubles.unedited:
        yield _Block(unedited_words(unedited))


def _shown(blocks: Sequence[_Block]) -> Iterator[Item]:
    """As many troubles as fit; the first ones with their buttons."""
    used = 0
    for number, block in enumerate(blocks):
        used += utf16_length(block.words)
        if used > _TROUBLES_LIMIT or number == _MOST_SHOWN:
            left_out = len(blocks) - number
            yield text(small(f"and {left_out:,} more; {code('/feed list')} shows what concerns feeds"))
            return
        yield rule()
        yield text(block.words)
        if number < _MOST_WITH_BUTTONS:
            yield from rows(block.buttons)


def _first_line(facts: StatusFacts, block_count: int) -> str:
    rest = facts.rest.rstrip(".") if facts.rest else None
    posting = "Posting works." if rest is None else f"Nothing is posted at the moment: {safe(rest)}."
    needing = sum(line.health is Health.NEEDS_YOU for line in facts.feeds)
    channels = block_count - needing
    wants = []
    if needing:
        wants.append(f"{counted(needing, 'feed')} {'needs' if needing == 1 else 'need'} you")
    if channels:
        wants.append(f"{counted(channels, 'channel')} {'needs' if channels == 1 else 'need'} you")
    if facts.questions:
        count = len(facts.questions)
        wants.append(f"{counted(count, 'question')} {'waits' if count == 1 else 'wait'}")
    if not wants:
        watched = f"{counted(len(facts.feeds), 'feed')} watched" if facts.feeds else "No feed is watched yet"
        return f"{posting} {watched}; nothing needs you."
    return f"{posting} {', '.join(wants)}."


def _last(facts: StatusFacts) -> str:
    look = next((each.finished_at for each in facts.loops if each.name == "update feeds"), None)
    due = facts.counts[DeliveryState.PENDING] + facts.counts[DeliveryState.SENDING] - facts.waits.count
    waits = "waits" if due == 1 else "wait"
    return " · ".join(
        filter(
            None,
            (
                f"Last look at the journals {_ago(look, facts.now)}" if look else "",
                f"last post {_ago(facts.last_post_at, facts.now)}" if facts.last_post_at else "no post yet",
                f"{counted(due, 'article')} {waits} to be sent" if due else "nothing is waiting to be sent",
            ),
        )
    )


# What goes on by itself -------------------------------------------------------------------------------


def _abstracts(facts: StatusFacts) -> str:
    spared = {source.name for source in facts.sources}
    answering = [name for name in facts.source_names if name not in spared]
    said = [f"{_listed(answering)} {'answers' if len(answering) == 1 else 'answer'}."] if answering else []
    said += [
        f"{safe(source.name)} does not answer; it is asked again in {_span(source.asked_in)}."
        for source in facts.sources
    ]
    count, oldest = facts.waits.count, facts.waits.oldest_at
    if not count:
        said.append("No article waits for one.")
    else:
        waits = "waits" if count == 1 else "wait"
        since = f", the oldest for {_span(facts.now - oldest)}" if oldest else ""
        said.append(f"{counted(count, 'article')} {waits} for an abstract{since}.")
    return " ".join(said)


def _slowed(facts: StatusFacts) -> list[Item]:
    """What is tried again by itself."""
    lines = [slowed_words(each) for each in facts.troubles.slowed]
    if facts.troubles.late_edit_count:
        posts = counted(facts.troubles.late_edit_count, "post")
        lines.append(f"{posts} to be brought up to date; Discord asked to wait, and it is tried again.")
    kept: list[str] = []
    for line in lines:
        if utf16_length("\n".join([*kept, line])) > _SLOWED_LIMIT:
            kept.append(small(f"and {len(lines) - len(kept)} more"))
            break
        kept.append(line)
    return [text("**Tried again by itself**", *kept)] if kept else []


def _for_you(facts: StatusFacts) -> list[Item]:
    held = sum(each.kind is QuestionKind.HELD for each in facts.questions)
    uncertain = len(facts.questions) - held
    lines = [
        counted(held, "held group") if held else "",
        counted(uncertain, "uncertain post") if uncertain else "",
    ]
    waiting = " · ".join(filter(None, lines))
    feeds = OpenPanelButton("list", label="All feeds", is_prominent=False)
    buttons = [ShowQuestionsButton(), feeds] if waiting else [feeds]
    shown: list[Item] = [text("**Waiting for you**", waiting or "Nothing.")]
    if not facts.has_moderators_channel:
        chosen = f"{code('/feed settings')} chooses a channel in which Wetread says what needs you."
        shown.append(text(small(chosen)))
    return [*shown, *rows(buttons)]


def _workings(facts: StatusFacts) -> Iterator[str]:
    for loop in facts.loops:
        if loop.failure is not None and loop.failed_at is not None:
            words = _LOOP_WORDS.get(loop.name, loop.name)
            failed = _ago(loop.failed_at, facts.now)
            yield f"{words} without success {failed} ({safe(loop.failure)}); it is tried again."
    if facts.left_out_count:
        count = counted(facts.left_out_count, "article")
        yield f"Left out for their kind in the last 30 days: {count} ({code('/feed types')})."


def _listed(names: Sequence[str]) -> str:
    *first, last = map(safe, names)
    return f"{', '.join(first)} and {last}" if first else last


def _ago(instant: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - instant).total_seconds())
    return "just now" if seconds < 5 else f"{_span(timedelta(seconds=seconds))} ago"


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h" if seconds < 172_800 else f"{round(seconds / 86_400)} days"
