"""What a moderator reads while a feed is added: the lines above the sample, and the answers after it."""

from dataclasses import dataclass

from cogs.kit.escape import code, safe
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.models import Form, Subscription
from wetread.services.feed_check import CheckedFeed
from wetread.services.subscriptions import Bundle


@dataclass(frozen=True, slots=True)
class AddOptions:
    """What a moderator chose for a feed that was checked."""

    checked: CheckedFeed
    channel: Channel
    newest: int
    form: Form = Form.WHOLE


def started(subscription: Subscription, options: AddOptions, prefix: str) -> str:
    """Return the answer after a feed was added, in one line."""
    query_warnings = options.checked.warnings if options.checked.counts else ()
    notes = "".join(f" {note}" for note in (*_notes(options.checked), *map(safe, query_warnings)))
    count = min(options.newest, len(options.checked.entries))
    newest = {
        0: "New articles follow as they appear.",
        1: "Its newest article follows now.",
    }.get(
        count,
        f"Its {count} newest articles follow now; letters and errata are skipped "
        f"({code(f'{prefix}feed types')}).",
    )
    return (
        f"**{safe(subscription.name)}** now posts to <#{subscription.channel_id}>.{notes} {newest} "
        f"Details: {code(f'{prefix}feed show {subscription.id}')}."
    )


def bundle_started(
    name: str, bundle: Bundle, channel: Channel, prefix: str, namesake: tuple[str, str] | None
) -> str:
    """Return the answer after a subject was added. `namesake`: a journal of that name, and how to add it."""
    words = []
    if bundle.added:
        words.append(
            f"**{safe(name)}**: added {counted(len(bundle.added), 'journal')} to <#{channel.id}>. "
            f"Only articles that appear from now on are posted. To see them: {code(f'{prefix}feed list')}."
        )
    if bundle.already:
        words.append(
            f"Already there: {counted(len(bundle.already), 'journal')}."
            if bundle.added
            else f"All journals of **{safe(name)}** already post to <#{channel.id}>."
        )
    if bundle.left_out:
        words.append(
            f"Not added: {counted(len(bundle.left_out), 'journal')}, because this server has as many feeds "
            "as it may have."
        )
    if namesake is not None:
        words.append(
            f"To add only the journal *{safe(namesake[0])}*: {code(f'{prefix}feed add {namesake[1]}')}."
        )
    return " ".join(words)


def name_of(checked: CheckedFeed) -> str:
    """Return a journal's title, else the feed's."""
    return checked.journal.title if checked.journal else checked.title


def sample_lines(options: AddOptions, *, has_sample: bool) -> list[str]:
    """Return the lines above the sample."""
    checked = options.checked
    name = safe(name_of(checked))
    notes = [*_notes(checked), *(safe(warning) for warning in checked.warnings[:2])]
    if not has_sample:
        return [
            f"**{name}** would post to <#{options.channel.id}>. It has no articles at the moment.",
            *notes,
        ]
    return [f"**{name}** would post to <#{options.channel.id}> like this. Nothing is posted yet.", *notes]


def _notes(checked: CheckedFeed) -> list[str]:
    """Return where the feed was found, or how many articles the query finds."""
    if checked.page_url:
        return ["Wetread found the feed on that page."]
    if checked.counts is None:
        return []
    count = counted(checked.counts.count, "article")
    return [f"PubMed finds {count}, {checked.counts.month_count:,} of them from the last 30 days."]
