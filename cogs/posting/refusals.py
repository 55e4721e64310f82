"""Discord's refusals in words: the reason, what Wetread does, what a moderator can do.

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

_ALLOW = "give the Wetread role the missing permission in that channel"
_MOVE = f"move the feeds to another channel with {code('/feed move')}"
_UNLOCK = f"unlock the thread, or allow *Manage Threads* for the Wetread role, or {_MOVE}"

_BLOCKED: Mapping[int, str] = {
    40067: "add a tag to the forum that Wetread may use, or allow posts without tags",
    50001: "allow *View Channel* for the Wetread role in that channel",
    50008: _MOVE,
    50013: _ALLOW,
    50024: _MOVE,
    50083: _UNLOCK,
    160005: _UNLOCK,
}
"""What a moderator can do when Discord refuses every post in a channel."""

_STOPPED: Mapping[int, str] = {
    50006: "nothing: this is a fault of Wetread; the operator finds it in the log",
    50035: "nothing: this is a fault of Wetread; the operator finds it in the log",
    200000: "exempt the Wetread role from AutoMod (Server Settings → AutoMod), then press Try again",
    200001: "exempt the Wetread role from AutoMod (Server Settings → AutoMod), then press Try again",
    240000: "share the article with another link, or press Try again in a few days",
}
"""What a moderator can do when Discord refuses single posts."""


def blocked_words(channel: BlockedChannel, feeds: Sequence[str] = ()) -> str:
    """Return why nothing can be posted in a channel and what helps. `feeds`: names of its feeds."""
    if channel.code == CHANNEL_GONE:
        return _gone_words(channel, feeds)
    advice = _BLOCKED.get(channel.code, _ALLOW)
    reason = _reason(channel.reason, channel.code)
    return (
        f"⚠️ **<#{channel.channel_id}>**\n"
        f"Since {date_only(channel.since)}, Discord refuses every post in this channel: {reason}. "
        "The articles for it wait. Wetread posts them as soon as it may.\n"
        f"{_YOU} {advice}."
    )


def _gone_words(channel: BlockedChannel, feeds: Sequence[str]) -> str:
    named = ", ".join(f"**{safe(cut(name, 60))}**" for name in feeds[:_MOST_NAMES])
    more = f" and {len(feeds) - _MOST_NAMES} more" if len(feeds) > _MOST_NAMES else ""
    whose = f" These feeds posted there: {named}{more}." if feeds else ""
    return (
        f"⚠️ **A channel was deleted**\n<#{channel.channel_id}> was deleted on {date_only(channel.since)} "
        f"({channel.code}).{whose} The articles for this channel wait. "
        f"On {date_only(channel.since + GONE_FOR)}, Wetread "
        "removes the feeds that were not moved.\n"
        f"{_YOU} {_MOVE}. The waiting articles move with them."
    )


def stopped_words(stopped: Stopped) -> str:
    """Return which posts Discord refuses one by one and what helps."""
    posts = counted(stopped.count, "post")
    advice = _STOPPED.get(stopped.code, "remove the cause that Discord names, then press Try again")
    return (
        f"⚠️ **<#{stopped.channel_id}>**\n"
        f"Since {date_only(stopped.since)}, Discord refused {posts}: "
        f"{_reason(stopped.reason, stopped.code)}. Wetread does not try again by itself.\n"
        f"{_YOU} {advice}."
    )


def slowed_words(slowed: Slowed) -> str:
    """Return which posts Wetread tries again by itself, and when."""
    posts = counted(slowed.count, "post")
    return (
        f"<#{slowed.channel_id}>: since {date_only(slowed.since)}, {posts} could not be posted. "
        f"Reason: {_reason(slowed.reason, slowed.code)}. Next try: {relative_time(slowed.next_try_at)}."
    )


def unedited_words(unedited: Unedited) -> str:
    """Return which posts cannot be updated and what helps."""
    posts = counted(unedited.count, "post")
    return (
        f"⚠️ **<#{unedited.channel_id}>**\n"
        f"Since {date_only(unedited.since)}, Wetread cannot update {posts} in this channel: "
        f"{safe(cut(unedited.reason, _LONGEST_REASON))}. A later abstract or a retraction may be missing.\n"
        f"{_YOU} unlock the thread, or allow *Manage Threads* for the Wetread role."
    )


def _reason(reason: str, number: int | None) -> str:
    """Return the reason with Discord's code in brackets."""
    words = safe(cut(reason, _LONGEST_REASON))
    return f"{words} ({number})" if number else words
