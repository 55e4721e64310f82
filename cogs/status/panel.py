"""The status panel: what fails and since when, what Wetread does, what a moderator can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cogs.alerts.notice_panels import RetryButton
from cogs.alerts.questions import ShowQuestionsButton
from cogs.feeds.failing_feed import failure_buttons, failure_text
from cogs.feeds.panels import FeedLine, Health, retry_words
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Item, Panel, rows, rule, small, text
from cogs.kit.words import counted
from cogs.posting.refusals import blocked_words, slowed_words, stopped_words, unedited_words
from cogs.status.lacks import lack_words
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import DeliveryState
from wetread.domain.text import cut, utf16_length
from wetread.operations.loops import LoopHealth
from wetread.storage.questions import Question, QuestionKind
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import Troubles

_TROUBLES_LIMIT = 1_600  # of the 4,000 that a panel takes
_SLOWED_LIMIT = 500
_LONGEST_NAME = 100
_MOST_SHOWN = 6  # a panel takes 40 components
_MOST_WITH_BUTTONS = 3

_LOOP_WORDS = {
    "update feeds": "Checking feeds",
    "complete articles": "Looking for abstracts",
    "look for retractions": "Looking for retractions",
    "deliver": "Posting",
    "tell moderators": "Alerting moderators",
    "tell changes": "Telling moderators what was changed",
}


@dataclass(frozen=True, slots=True)
class SourceState:
    """A record source whose circuit breaker is open. `asked_in`: when it is asked again."""

    name: str
    asked_in: timedelta


@dataclass(frozen=True, slots=True)
class Waits:
    """Articles that wait for their abstract. `oldest_at`: since when the oldest waits, None = none waits."""

    count: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OperatorFacts:
    """All servers together, as numbers only: the operator does not see what other servers watch."""

    server_count: int
    watched_count: int
    failing_count: int
    blocked_count: int
    counts: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status shows. `pause`: why nothing is posted anywhere, None = posting works.

    `watched` are this server's subscriptions, `feeds` the line of each. `left_out_count`: articles of the
    last 30 days that were skipped for their kind. `lacks`: permissions that Wetread lacks, by channel.
    `operator`: None unless the operator asks.
    """

    now: datetime
    loops: Sequence[LoopHealth]
    pause: str | None
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
    lacks: Mapping[int, Sequence[str]] = field(default_factory=dict)
    operator: OperatorFacts | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """One trouble in words, with its buttons."""

    words: str
    buttons: Sequence[Item] = ()


def status_panel(facts: StatusFacts) -> Panel:
    """Build the status of one server."""
    blocks = list(_blocks(facts))
    is_well = facts.pause is None and not blocks and not facts.questions
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
    """Build the operator's panel about all servers."""
    return Panel(colours.TEAL, text(*operator_lines(facts)))


def operator_lines(facts: OperatorFacts) -> list[str]:
    """Return the lines about all servers together."""
    counts = facts.counts
    servers = counted(facts.server_count, "server")
    watched = counted(facts.watched_count, "feed")
    refused = counted(facts.blocked_count, "channel")
    waiting = {
        "scheduled": counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING],
        "blocked": counts[DeliveryState.PARKED],
        "waiting for a decision": counts[DeliveryState.HELD],
        "not confirmed": counts[DeliveryState.UNCERTAIN],
    }
    return [
        "**All servers**",
        f"{servers} · {watched}, {facts.failing_count:,} of them cannot be read · {refused} blocked",
        " · ".join(f"{count:,} {words}" for words, count in waiting.items()),
    ]


# What needs somebody ----------------------------------------------------------------------------------


def _blocks(facts: StatusFacts) -> Iterator[_Block]:
    for watched, line in zip(facts.watched, facts.feeds, strict=True):
        if line.health is Health.NEEDS_YOU:
            words = failure_text(watched, facts.catalogue)
            yield _Block(words, failure_buttons(watched, facts.catalogue))
    for channel in facts.troubles.blocked:
        to_it = [each.subscription for each in facts.watched]
        names = [each.name for each in to_it if each.channel_id == channel.channel_id]
        yield _Block(blocked_words(channel, names))
    blocked = {channel.channel_id for channel in facts.troubles.blocked}
    for channel_id, missing in facts.lacks.items():
        if channel_id not in blocked:
            yield _Block(lack_words(channel_id, missing))
    for stopped in facts.troubles.stopped:
        yield _Block(stopped_words(stopped), [RetryButton(stopped.channel_id, stopped.code)])
    for unedited in facts.troubles.unedited:
        yield _Block(unedited_words(unedited))


def _shown(blocks: Sequence[_Block]) -> Iterator[Item]:
    """Yield as many troubles as fit; the first ones with their buttons."""
    used = 0
    for number, block in enumerate(blocks):
        used += utf16_length(block.words)
        if used > _TROUBLES_LIMIT or number == _MOST_SHOWN:
            left_out = len(blocks) - number
            yield text(small(f"and {left_out:,} more. To see all feeds: {code('/feed list')}"))
            return
        yield rule()
        yield text(block.words)
        if number < _MOST_WITH_BUTTONS:
            yield from rows(block.buttons)


def _first_line(facts: StatusFacts, block_count: int) -> str:
    pause = facts.pause.rstrip(".") if facts.pause else None
    posting = "Posting works." if pause is None else f"Posting is paused: {safe(pause)}."
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
    retried = retry_words(facts.feeds, lambda count: counted(count, "feed"))
    if retried:
        wants.append(retried)
    if not wants:
        watched = counted(len(facts.feeds), "feed") if facts.feeds else "This server has no feeds yet"
        return f"{posting} {watched}; nothing needs you."
    return f"{posting} {', '.join(wants)}."


def _last(facts: StatusFacts) -> str:
    look = next((each.finished_at for each in facts.loops if each.name == "update feeds"), None)
    due = facts.counts[DeliveryState.PENDING] + facts.counts[DeliveryState.SENDING] - facts.waits.count
    return " · ".join(
        filter(
            None,
            (
                f"Last check of the journals {_ago(look, facts.now)}" if look else "",
                f"last post {_ago(facts.last_post_at, facts.now)}" if facts.last_post_at else "no post yet",
                f"{counted(due, 'article')} scheduled" if due else "nothing scheduled",
            ),
        )
    )


# What Wetread does by itself --------------------------------------------------------------------------


def _abstracts(facts: StatusFacts) -> str:
    failing = {source.name for source in facts.sources}
    answering = [name for name in facts.source_names if name not in failing]
    said = [f"{_listed(answering)} {'answers' if len(answering) == 1 else 'answer'}."] if answering else []
    said += [
        f"{safe(source.name)} does not answer; Wetread tries again in {_span(source.asked_in)}."
        for source in facts.sources
    ]
    count, oldest = facts.waits.count, facts.waits.oldest_at
    if not count:
        said.append("No article waits for an abstract.")
    else:
        waits = "waits" if count == 1 else "wait"
        since = f", the oldest for {_span(facts.now - oldest)}" if oldest else ""
        said.append(f"{counted(count, 'article')} {waits} for an abstract{since}.")
    return " ".join(said)


def _slowed(facts: StatusFacts) -> list[Item]:
    """Return what Wetread tries again by itself."""
    lines = [
        f"**{safe(cut(line.name, _LONGEST_NAME))}** → <#{line.channel_id}>: {line.state}"
        for line in facts.feeds
        if line.health is Health.RETRYING
    ]
    lines += [slowed_words(each) for each in facts.troubles.slowed]
    if facts.troubles.late_edit_count:
        posts = counted(facts.troubles.late_edit_count, "post")
        lines.append(f"{posts} still to be updated. Discord asked Wetread to wait; it tries again by itself.")
    kept: list[str] = []
    for line in lines:
        if utf16_length("\n".join([*kept, line])) > _SLOWED_LIMIT:
            kept.append(small(f"and {len(lines) - len(kept)} more"))
            break
        kept.append(line)
    return [text("**Wetread tries again by itself**", *kept)] if kept else []


def _for_you(facts: StatusFacts) -> list[Item]:
    held = sum(each.kind is QuestionKind.HELD for each in facts.questions)
    uncertain = len(facts.questions) - held
    lines = [
        f"{counted(held, 'feed')} with articles that wait for your decision" if held else "",
        f"{counted(uncertain, 'post')} could not be confirmed" if uncertain else "",
    ]
    waiting = " · ".join(filter(None, lines))
    feeds = OpenPanelButton("list", label="All feeds", is_prominent=False)
    buttons = [ShowQuestionsButton(), feeds] if waiting else [feeds]
    shown: list[Item] = [text("**Needs your decision**", waiting or "Nothing.")]
    if not facts.has_moderators_channel:
        chosen = f"To get alerts in a channel: {code('/feed settings')}, option *moderator channel*."
        shown.append(text(small(chosen)))
    return [*shown, *rows(buttons)]


def _workings(facts: StatusFacts) -> Iterator[str]:
    for loop in facts.loops:
        if loop.failure is not None and loop.failed_at is not None:
            words = _LOOP_WORDS.get(loop.name, loop.name)
            times = counted(loop.failure_count, "time")
            failed = _ago(loop.failed_at, facts.now)
            yield f"{words} failed {times}, last {failed} ({safe(loop.failure)}). Wetread tries again."
    if facts.left_out_count:
        count = counted(facts.left_out_count, "article")
        yield f"Skipped in the last 30 days because of their kind: {count} ({code('/feed types')})."


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
