"""Whether Wetread is well: what happened, since when, what it does, what a moderator can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs import _colours
from cogs._escape import code, safe
from cogs._feed_panels import FeedLine, Health
from cogs._loops import LoopHealth
from cogs._panels import Panel, fitted, rule, small, text
from cogs._words import counted
from wetread.models import DeliveryState
from wetread.storage.deliveries import BlockedChannel

_TROUBLES_LIMIT = 1_800  # of the 4,000 that a panel takes

_LOOP_WORDS = {
    "update feeds": "Feeds were asked",
    "complete articles": "Abstracts were looked for",
    "look for retractions": "Retractions were looked for",
    "deliver": "Posting was looked after",
}


@dataclass(frozen=True, slots=True)
class SourceState:
    """A record source that is being spared. `asked_in`: when it is asked again."""

    name: str
    asked_in: timedelta


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status says. `rest`: why nothing is posted anywhere, None = posting works.

    `feeds` are this server's, `waiting_count` articles that wait for their abstract, `left_out_count`
    those of the last 30 days that were not posted for their kind.
    """

    now: datetime
    loops: Sequence[LoopHealth]
    rest: str | None
    feeds: Sequence[FeedLine]
    blocked: Sequence[BlockedChannel]
    counts: Mapping[DeliveryState, int]
    waiting_count: int
    left_out_count: int = 0
    sources: Sequence[SourceState] = ()


def status_panel(facts: StatusFacts) -> Panel:
    """Build the status of one server."""
    needing = [line for line in facts.feeds if line.health is Health.NEEDS_YOU]
    troubles = [*(_feed_trouble(line) for line in needing), *map(_blocked, facts.blocked)]
    kept, left_out = fitted(troubles, _TROUBLES_LIMIT, joint="\n\n")
    if left_out:
        kept.append(small(f"and {left_out} more; {code('/feed list')} shows them"))
    is_well = facts.rest is None and not troubles
    return Panel(
        _colours.TEAL if is_well else _colours.AMBER,
        text("### Status", _first_line(facts, len(needing))),
        *([rule(), text("\n\n".join(kept))] if kept else []),
        rule(),
        text("**What waits**", *_waiting(facts)),
        rule(),
        text(*(small(line) for line in _workings(facts))),
    )


def _first_line(facts: StatusFacts, needing: int) -> str:
    posting = (
        "Posting works." if facts.rest is None else f"Nothing is posted at the moment: {safe(facts.rest)}."
    )
    wants = []
    if needing:
        wants.append(f"{counted(needing, 'feed')} {'needs' if needing == 1 else 'need'} you")
    if facts.blocked:
        wants.append(f"{counted(len(facts.blocked), 'channel')} cannot be posted to")
    questions = facts.counts[DeliveryState.HELD] + facts.counts[DeliveryState.UNCERTAIN]
    if questions:
        wants.append(f"{counted(questions, 'question')} {'waits' if questions == 1 else 'wait'}")
    if not wants:
        watched = f"{counted(len(facts.feeds), 'feed')} watched" if facts.feeds else "No feed is watched yet"
        return f"{posting} {watched}; nothing needs you."
    joined = ", ".join(wants)
    return f"{posting} {joined[0].upper()}{joined[1:]}."


def _feed_trouble(line: FeedLine) -> str:
    return f"⚠️ **{safe(line.name)}** → <#{line.channel_id}>\n{line.state}"


def _blocked(channel: BlockedChannel) -> str:
    return (
        f"⚠️ <#{channel.channel_id}> does not take posts since {_ago_or_day(channel.since)}: "
        f"{safe(channel.reason)} ({channel.code}). What is owed waits. "
        "Please allow it for the Wetread role; posting then goes on by itself."
    )


def _waiting(facts: StatusFacts) -> list[str]:
    counts = facts.counts
    due = counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING] - facts.waiting_count
    lines = [
        f"{counted(due, 'article')} to be posted" if due else "",
        f"{counted(facts.waiting_count, 'article')} for an abstract" if facts.waiting_count else "",
        f"{counted(counts[DeliveryState.PARKED], 'article')} for a permission"
        if counts[DeliveryState.PARKED]
        else "",
        f"{counted(counts[DeliveryState.HELD], 'article')} held: too many at once that look old"
        if counts[DeliveryState.HELD]
        else "",
        f"{counted(counts[DeliveryState.UNCERTAIN], 'article')} that may or may not have been posted"
        if counts[DeliveryState.UNCERTAIN]
        else "",
    ]
    return [line for line in lines if line] or ["Nothing."]


def _workings(facts: StatusFacts) -> list[str]:
    lines = [_loop(loop, facts.now) for loop in facts.loops]
    if facts.left_out_count:
        count = counted(facts.left_out_count, "article")
        lines.append(f"Left out for their kind in the last 30 days: {count} ({code('/feed types')}).")
    lines += [
        f"{safe(source.name)} does not answer; it is asked again in {_span(source.asked_in)}."
        for source in facts.sources
    ]
    return lines


def _loop(loop: LoopHealth, now: datetime) -> str:
    words = _LOOP_WORDS.get(loop.name, loop.name)
    if loop.failure is not None and loop.failed_at is not None:
        return (
            f"{words} without success {_ago(loop.failed_at, now)} ({safe(loop.failure)}); it is tried again."
        )
    return (
        f"{words} {_ago(loop.finished_at, now)}."
        if loop.finished_at
        else f"{words}: not yet since the start."
    )


def _ago(instant: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - instant).total_seconds())
    return "just now" if seconds < 5 else f"{_span(timedelta(seconds=seconds))} ago"


def _ago_or_day(instant: datetime) -> str:
    return f"<t:{int(instant.timestamp())}:d>"


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 90:
        return f"{round(seconds)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
