"""What an import would do, how far it is, and what came of it, in words."""

from collections import defaultdict
from collections.abc import Sequence

from cogs.errors.feed_failures import failure_words
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.panels import Item, Panel, fitted, rows, small, text
from cogs.kit.words import counted
from wetread.domain.text import cut
from wetread.net.addresses import shown_url
from wetread.services.exchange import (
    FULL,
    NO_ADDRESS,
    NO_CHANNEL,
    NO_QUERY,
    NOT_POSSIBLE,
    Adding,
    Offer,
    OfferedFeed,
    Sorted,
)

_NAMED = 8
_ROOM = 3_400
_REFUSALS = {
    "too_large": ("This file is larger than 1 MB.", "Please export fewer feeds at once."),
    "empty": ("This file is empty.", "Please export it again."),
    "entities": (
        "This file declares XML entities, which Wetread refuses for safety.",
        "Please export the list from your reader again.",
    ),
    "not_settings": (
        "This file holds no settings of Wetread.",
        "Please use a file that `/settings export` wrote. A list of feeds: `/feed import`.",
    ),
    "version": (
        "This file is of a later version of Wetread, or has lost its first lines.",
        "Please export it again, or ask the operator to update Wetread.",
    ),
    "not_a_list": (
        "This file is no list of feeds.",
        "Wetread reads OPML and exports of MonitoRSS (JSON). Please export it again as one of these.",
    ),
}
_FAILURES = {
    FULL: "the server has as many feeds as it may have.",
    NO_CHANNEL: "Wetread or you may not post in its channel.",
    NO_ADDRESS: "it has no address that Wetread can ask.",
    NOT_POSSIBLE: "Wetread does not accept it here; a name may be taken, or a filter is not understood.",
    NO_QUERY: "PubMed or Crossref finds nothing for it, or too much.",
}


def refusal_words(kind: str) -> tuple[str, str]:
    """Return what is wrong with a file and what to do, by the kind of its error."""
    return _REFUSALS.get(
        kind, ("This file could not be read.", "Please export it again, or add the feeds by hand.")
    )


def preview(offer: Offer, found: Sorted, buttons: Sequence[Item]) -> Panel:
    """Build what an import would do. Nothing was added yet."""
    count = min(len(found.new), found.room)
    by_channel: defaultdict[int, list[OfferedFeed]] = defaultdict(list)
    for feed in found.new:
        by_channel[feed.channel_id].append(feed)
    lines = [
        f"**{counted(count, 'feed')} of {safe(cut(offer.file, 80))} would be added.**",
        *(f"To <#{channel}>: {_names(feeds)}" for channel, feeds in by_channel.items()),
    ]
    if len(found.new) > found.room:
        lines.append(
            f"The server has room for {counted(found.room, 'more feed')}; "
            f"{counted(len(found.new) - found.room, 'feed')} would be left out."
        )
    if found.already:
        lines.append(f"Already here: {_names(found.already)}")
    if found.twice:
        lines.append(f"Twice in the file, and added once: {_names(found.twice)}")
    if found.unusable:
        lines.append(f"Without an address that Wetread can ask: {_names(found.unusable)}")
    if offer.left_out:
        lines.append(
            f"Wetread takes {len(offer.feeds)} feeds at once; {counted(offer.left_out, 'more feed')} of the "
            "file would be left out."
        )
    if offer.is_cut:
        lines.append("The file ends early; feeds may be missing in it.")
    kept, _ = fitted(lines, _ROOM)
    notes = ["Nothing is added yet."] if count else []
    if count:
        notes.insert(0, "Each feed is checked first. Only articles that appear from now on are posted.")
    return Panel(colours.GREY, text(*kept, *map(small, notes)), *rows(buttons))


def progress(adding: Adding, buttons: Sequence[Item], thing: str = "feed") -> Panel:
    """Build how far an import is; `thing`: of what it is one."""
    words = f"**{adding.done} of {counted(adding.total, thing)} tried.** {len(adding.added)} succeeded"
    failed = f", {len(adding.failed)} failed" if adding.failed else ""
    note = "Stopping after what is under way." if adding.is_stopped else ""
    return Panel(colours.GREY, text(f"{words}{failed}.", small(note) if note else ""), *rows(buttons))


def result(adding: Adding, buttons: Sequence[Item]) -> Panel:
    """Build what came of an import."""
    lines = [f"**{counted(len(adding.added), 'feed')} added.**"]
    rest = adding.total - adding.done
    if rest:
        lines.append(f"It was stopped: {counted(rest, 'feed')} not checked.")
    if adding.failed:
        lines.append(f"{counted(len(adding.failed), 'feed')} not added:")
    failed, left_out = fitted((f"- {_failed(feed, kind)}" for feed, kind in adding.failed), _ROOM)
    lines += failed
    if left_out:
        lines.append(small(f"and {left_out:,} more"))
    return Panel(colours.AMBER if adding.failed else colours.GREY, text(*lines), *rows(buttons))


def _failed(feed: OfferedFeed, kind: str) -> str:
    return f"{_name(feed)}: {failed_words(kind)}"


def failed_words(kind: str) -> str:
    """Return why something was not added, by the kind of its failure; a sentence without its subject."""
    return _FAILURES.get(kind) or failure_words(kind).what


def _names(feeds: Sequence[OfferedFeed]) -> str:
    named = ", ".join(map(_name, feeds[:_NAMED]))
    more = f" and {len(feeds) - _NAMED:,} more" if len(feeds) > _NAMED else ""
    return f"{len(feeds):,}: {named}{more}"


def _name(feed: OfferedFeed) -> str:
    if feed.name:
        return safe(cut(feed.name, 60))
    return code(cut(shown_url(feed.url), 60)) if feed.url else "one without a name"
