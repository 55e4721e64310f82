"""Change a subscription, or check its feed now; each function does it and says what happened."""

from cogs.errors.feed_failures import failure_words
from cogs.feeds.panels import FORM_WORDS
from cogs.kit.context import Context
from cogs.kit.escape import code, safe
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Panel, notice
from cogs.kit.replies import reply
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import AlreadySubscribedError
from wetread.domain.models import Form, Subscription
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.services.subscriptions import Subscriptions
from wetread.storage.feeds import FeedUpdate
from wetread.storage.subscriptions import Destination, Watched

_LONGEST_FILTER = 1_000
_NO_FILTER = ("everything", "all", "off", "none")


async def check(ctx: Context, services: Services, watched: Watched) -> None:
    """Check a feed for new articles now, and answer. A failure is shown to moderators only."""
    update = await services.updater.update(watched.feed.id)
    if update.failure is not None and ctx.interaction is None:
        await reply(ctx, view=_failed_in_public(watched))
    else:
        substitute = services.catalogue.substitute(watched.feed.url)
        await reply(ctx, content=_check_result(watched, update, substitute))


async def remove(subscriptions: Subscriptions, subscription: Subscription, by: ChangedBy, prefix: str) -> str:
    """Remove a subscription and return the answer."""
    await subscriptions.remove(subscription.guild_id, subscription.id, by)
    return (
        f"{_bold(subscription)} no longer posts to <#{subscription.channel_id}>. Its posts stay. "
        f"To add it again: {code(f'{prefix}feed add')}."
    )


async def pause(subscriptions: Subscriptions, subscription: Subscription, by: ChangedBy, prefix: str) -> str:
    """Pause a subscription and return the answer; one that is paused stays so."""
    await subscriptions.pause(subscription.guild_id, subscription.id, by)
    state = "is paused" if subscription.paused_at is None else "was already paused"
    return f"{_bold(subscription)} {state}. To resume: {code(f'{prefix}feed resume {subscription.id}')}."


async def resume(subscriptions: Subscriptions, subscription: Subscription, by: ChangedBy) -> str:
    """Resume a subscription and return the answer."""
    if subscription.paused_at is None:
        return f"{_bold(subscription)} is not paused, so nothing changed."
    await subscriptions.resume(subscription.guild_id, subscription.id, by)
    return (
        f"{_bold(subscription)} posts to <#{subscription.channel_id}> again. "
        "Articles published while it was paused will not be posted."
    )


async def move(
    subscriptions: Subscriptions, subscription: Subscription, channel: Channel, by: ChangedBy
) -> str:
    """Move a subscription to a channel that can be used, and return the answer.

    Raises AlreadySubscribedError.
    """
    if channel.id == subscription.channel_id:
        raise AlreadySubscribedError(subscription.name, channel.id)
    destination = Destination(channel.id, kind_of(channel))
    await subscriptions.move(subscription.guild_id, subscription.id, destination, by)
    return f"{_bold(subscription)} now posts to <#{channel.id}>. Its old posts stay where they are."


async def set_form(
    subscriptions: Subscriptions, subscription: Subscription, form: Form, by: ChangedBy
) -> str:
    """Choose how much of each article is shown, and return the answer."""
    await subscriptions.set_form(subscription.guild_id, subscription.id, form, by)
    return f"{_bold(subscription)} now shows: {FORM_WORDS[form]}. Old posts stay as they are."


async def set_threads(
    subscriptions: Subscriptions, subscription: Subscription, by: ChangedBy, *, opens_threads: bool
) -> str:
    """Open a thread under each post from now on, or no more, and return the answer."""
    await subscriptions.set_threads(subscription.guild_id, subscription.id, by, opens_threads=opens_threads)
    if not opens_threads:
        return f"{_bold(subscription)} opens no threads any more; Discuss still does. Those that exist stay."
    return f"A thread opens under each new post of {_bold(subscription)} in <#{subscription.channel_id}>."


async def set_filter(
    subscriptions: Subscriptions, subscription: Subscription, words: str, by: ChangedBy
) -> str:
    """Set a filter, or remove it for "everything", and return the answer. Raises as the service does."""
    guild_id = subscription.guild_id
    if words.casefold() in _NO_FILTER:
        await subscriptions.set_filter(guild_id, subscription.id, None, by)
        return f"{_bold(subscription)} now posts every article."
    changed = await subscriptions.set_filter(guild_id, subscription.id, words, by)
    wanted, total = await subscriptions.wanted_of_last(guild_id, subscription.id)
    of_last = f" Of its last {total} articles, {wanted or 'none'} would have been posted." if total else ""
    shown = code(cut(changed.filter or words, _LONGEST_FILTER))
    return f"{_bold(subscription)} now posts only articles that match {shown}.{of_last}"


def filter_panel(subscription: Subscription, prefix: str) -> Panel:
    """Build the answer that shows a feed's filter and the commands that change it."""
    command = f"{prefix}feed filter {subscription.id}"
    name, words = safe(subscription.name), subscription.filter
    return notice(
        f"{name} posts only articles that match {code(words)}." if words else f"{name} posts every article.",
        f"To set a filter: {code(f'{command} spine OR pain -veterinary')}.",
        f"To remove it: {code(f'{command} everything')}." if words else "",
    )


def _check_result(watched: Watched, update: FeedUpdate, substitute: str | None) -> str:
    """Return the result of a check in one line. `substitute` as for `failure_words`."""
    name = _bold(watched.subscription)
    if update.failure is not None:
        trouble = failure_words(update.failure, substitute)
        return f"{name}: the feed {trouble.what} {trouble.advice}"
    new = counted(update.new_count, "new article") if update.new_count else "no new articles"
    held = (
        f" Waiting for your decision: {counted(update.held_count, 'article')}, see `/status`."
        if update.held_count
        else ""
    )
    notes = " ".join(safe(warning) for warning in update.warnings[:1])
    return f"{name} was checked: {new}.{held} {notes}".strip()


def _failed_in_public(watched: Watched) -> Panel:
    """Build the public answer to a check that failed: the reason is shown to moderators only."""
    return notice(
        f"{safe(watched.subscription.name)} was checked.",
        "Press Open to see the result. Only you will see it.",
        buttons=[OpenPanelButton("show", watched.subscription.id)],
    )


def _bold(subscription: Subscription) -> str:
    return f"**{safe(subscription.name)}**"
