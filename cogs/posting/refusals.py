"""Discord's refusals in words: what is the matter with a destination, what Wetread does, what helps.

Codes are Discord's (JSON error codes). The first sentence comes from `delivery_rules`, which also decides.
"""

from collections.abc import Mapping, Sequence

from cogs.kit.escape import code, safe
from cogs.kit.timestamps import date_only, relative_time
from cogs.kit.words import counted
from wetread.domain.text import cut
from wetread.storage.deliveries import BlockedChannel
from wetread.storage.troubles import CHANNEL_GONE, GONE_FOR, Slowed, Stopped, Unedited

_YOU = "**What you can do:**"
_LONGEST_REASON = 200
_MOST_NAMES = 5

_ALLOW = "allow it for the Wetread role in that channel"
_MOVE = f"send its feeds elsewhere with {code('/feed move')}"
_UNLOCK = f"unlock the thread, or allow *Manage Threads* for the Wetread role, or {_MOVE}"

_BLOCKED: Mapping[int, str] = {
    40067: "add a tag to the forum that Wetread may give, or let its posts go without",
    50001: "allow *View Channel* for the Wetread role in that channel",
    50008: _MOVE,
    50013: _ALLOW,
    50024: _MOVE,
    50083: _UNLOCK,
    160005: _UNLOCK,
}
"""What helps a destination that is refused as a whole."""

_STOPPED: Mapping[int, str] = {
    50006: "nothing: this is a fault of ours, and stands in the operator’s log",
    50035: "nothing: this is a fault of ours, and stands in the operator’s log",
    200000: "except Wetread’s role from AutoMod (Server Settings › AutoMod), then press the button",
    200001: "except Wetread’s role from AutoMod (Server Settings › AutoMod), then press the button",
    240000: "share the article under another address, or try again in some days",
}
"""What helps posts that are refused one by one."""


def blocked_words(channel: BlockedChannel, feeds: Sequence[str] = ()) -> str:
    """Say why nothing is posted in a destination, and what helps. `feeds`: what goes there, by name."""
    if channel.code == CHANNEL_GONE:
        return _gone_words(channel, feeds)
    advice = _BLOCKED.get(channel.code, _ALLOW)
    reason = _reason(channel.reason, channel.code)
    return (
        f"⚠️ **<#{channel.channel_id}>**\n"
        f"Discord refuses posts there since {date_only(channel.since)}: {reason}. "
        "What is owed there waits, and goes out by itself once it may.\n"
        f"{_YOU} {advice}."
    )


def _gone_words(channel: BlockedChannel, feeds: Sequence[str]) -> str:
    named = ", ".join(f"**{safe(cut(name, 60))}**" for name in feeds[:_MOST_NAMES])
    more = f" and {len(feeds) - _MOST_NAMES} more" if len(feeds) > _MOST_NAMES else ""
    whose = f" {named}{more} went there." if feeds else ""
    return (
        f"⚠️ **A channel was deleted**\n<#{channel.channel_id}> is gone since {date_only(channel.since)} "
        f"({channel.code}).{whose} Nothing of it is posted; on {date_only(channel.since + GONE_FOR)} "
        "what goes nowhere by then is removed.\n"
        f"{_YOU} {_MOVE}; what is owed goes along."
    )


def stopped_words(stopped: Stopped) -> str:
    """Say what Discord refuses one by one, and what helps."""
    posts = counted(stopped.count, "post")
    advice = _STOPPED.get(stopped.code, "look at what Discord objects to, then press the button")
    return (
        f"⚠️ **<#{stopped.channel_id}>**\n"
        f"{posts} could not be posted since {date_only(stopped.since)}: "
        f"{_reason(stopped.reason, stopped.code)}. Wetread does not try again by itself.\n"
        f"{_YOU} {advice}."
    )


def slowed_words(slowed: Slowed) -> str:
    """Say what is tried again by itself, and when."""
    posts = counted(slowed.count, "post")
    waits = "waits" if slowed.count == 1 else "wait"
    return (
        f"<#{slowed.channel_id}>: {posts} {waits} since {date_only(slowed.since)}, because of "
        f"this: {_reason(slowed.reason, slowed.code)}. The next try is {relative_time(slowed.next_try_at)}."
    )


def unedited_words(unedited: Unedited) -> str:
    """Say which posts show less than is known, and what helps."""
    posts = counted(unedited.count, "post")
    return (
        f"⚠️ **<#{unedited.channel_id}>**\n"
        f"{posts} there cannot be brought up to date since {date_only(unedited.since)}: "
        f"{safe(cut(unedited.reason, _LONGEST_REASON))}. An abstract or a retraction may not show there.\n"
        f"{_YOU} unlock the thread, or allow *Manage Threads* for the Wetread role."
    )


def _reason(reason: str, number: int | None) -> str:
    """The reason, with Discord's code once, in brackets."""
    words = safe(cut(reason, _LONGEST_REASON))
    return f"{words} ({number})" if number else words
