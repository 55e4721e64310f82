"""A feed that cannot be read: the reason, what a moderator can do, and the buttons for it."""

from datetime import datetime

import discord

from cogs.errors.feed_failures import AGAIN, failure_words
from cogs.feeds import changes
from cogs.feeds.arguments import NEWEST_LIMIT
from cogs.feeds.feed_health import on
from cogs.feeds.feed_reference import resolve_feed
from cogs.feeds.find_subscription import watched_by_id
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, safe
from cogs.kit.panels import Item, Panel, notice, small, text
from cogs.kit.presses import NUMBER, PersistentButton, answer
from cogs.kit.timestamps import date_time, relative_time
from cogs.kit.words import counted
from wetread.domain.catalogue import Catalogue
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import UnknownSubscriptionError
from wetread.domain.models import Subscription
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage.subscriptions import Destination, Watched

_LONGEST_NAME = 100
_LABELS = {"pubmed": "Use PubMed", "check": "Try now", "pause": "Pause"}
_ELSEWHERE = f"check whether the journal has a new address and add that one: {code('/feed add')}"


def failure_text(watched: Watched, catalogue: Catalogue) -> str:
    """Return why a feed cannot be read, since when, what Wetread does and what the moderator can do."""
    subscription, feed = watched.subscription, watched.feed
    trouble = failure_words(feed.failure or "", catalogue.substitute(feed.url))
    since = f"Since {on(feed.failing_since)}: the" if feed.failing_since else "The"
    tries = counted(feed.failure_count, "try", "tries")
    next_try = "" if feed.is_gone else f" Wetread tries again {relative_time(feed.next_check_at)}."
    advice = _ELSEWHERE if trouble.advice == AGAIN else trouble.advice
    return (
        f"⚠️ **{safe(cut(subscription.name, _LONGEST_NAME))}** → <#{subscription.channel_id}>\n"
        f"{since} feed {trouble.what.removesuffix('.')} ({safe(feed.failure or '')}, {tries}).{next_try}\n"
        f"**What you can do:** {_continued(advice).removesuffix('.')}."
    )


def _continued(sentence: str) -> str:
    """Return a sentence as it reads after a colon; a first word with inner capitals is a name and stays."""
    first = sentence.partition(" ")[0]
    return sentence if first[1:] != first[1:].lower() else sentence[0].lower() + sentence[1:]


def failure_buttons(watched: Watched, catalogue: Catalogue) -> list[Item]:
    """Return the buttons for a feed that cannot be read."""
    subscription, feed = watched.subscription, watched.feed
    acts = ["check", "pause"]
    if catalogue.substitute(feed.url) is not None:
        acts.insert(0, "pubmed")
    return [FailureButton(act, subscription.id) for act in acts]


class FailureButton(
    PersistentButton,
    template=rf"wetread:trouble:(?P<act>pubmed|check|pause):(?P<subscription_id>{NUMBER})",
):
    """Does what may help a feed."""

    def __init__(self, act: str, subscription_id: int) -> None:
        custom_id = f"wetread:trouble:{act}:{subscription_id}"
        super().__init__(_LABELS[act], custom_id, is_prominent=act == "pubmed")
        self.act = act
        self.subscription_id = subscription_id

    async def pressed(self, interaction: Interaction) -> None:
        """Check the feed, pause it, or read PubMed instead."""
        member = await moderator_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        services = bot.services
        watched = await watched_by_id(services.subscriptions, member.guild.id, self.subscription_id)
        if self.act == "check":
            await answer(interaction, view=notice(await _checked(services, watched)))
            return
        if self.act == "pause":
            prefix = bot.config.discord.prefix
            said = await changes.pause(
                services.subscriptions, watched.subscription, pressed_by(member, "feed pause"), prefix
            )
        else:
            said = await _switched(services, watched, member)
        await answer(interaction, view=Panel(colours.GREY, text(said)))
        await _settle(interaction, said, member, services.seams.clock())


async def _settle(interaction: Interaction, said: str, member: discord.Member, now: datetime) -> None:
    """Replace an alert that all moderators see by what was done and by whom."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return
    by = small(f"Decided by {safe(cut(member.display_name, 60))}, {date_time(now)}")
    panel = Panel(colours.NEUTRAL, text(said, by))
    await message.edit(view=panel, allowed_mentions=discord.AllowedMentions.none())


async def _checked(services: Services, watched: Watched) -> str:
    update = await services.updater.update(watched.feed.id)
    name = safe(watched.subscription.name)
    if update.failure is not None:
        substitute = services.catalogue.substitute(watched.feed.url)
        return f"{name} was checked: the feed {failure_words(update.failure, substitute).what}"
    new = counted(update.new_count, "new article") if update.new_count else "no new articles"
    return f"{name} can be read again: {new}."


async def _switched(services: Services, watched: Watched, member: discord.Member) -> str:
    subscription = await read_pubmed_instead(services, watched, pressed_by(member, "feed add"))
    name = safe(subscription.name)
    return f"**{name}** is now read through PubMed. Articles appear about a day later than in the journal."


async def read_pubmed_instead(services: Services, watched: Watched, by: ChangedBy) -> Subscription:
    """Replace a feed by its journal's articles in PubMed; those missed since it failed are posted, up to ten.

    Nothing is posted twice: a channel that has an article does not get it again. Raises FeedError,
    SubscriptionError, and UnknownSubscriptionError if nothing is known that could take its place.
    """
    before, feed = watched.subscription, watched.feed
    substitute = services.catalogue.substitute(feed.url)
    place = resolve_feed(services.catalogue, substitute) if substitute else ()
    if isinstance(place, tuple):
        raise UnknownSubscriptionError(before.name)
    checked = await services.subscriptions.check(place)
    since = feed.failing_since
    missed = [each for each in checked.entries if since and each.published_at and each.published_at >= since]
    after = await services.subscriptions.subscribe(
        before.guild_id,
        Destination(before.channel_id, before.kind),
        by,
        checked,
        newest=min(len(missed), NEWEST_LIMIT),
        form=before.form,
        filter=before.filter,
        name=before.name,
    )
    await services.subscriptions.remove(before.guild_id, before.id, by)
    return after
