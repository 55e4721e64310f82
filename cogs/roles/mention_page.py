"""The page "Mention" of a feed or topic: which role its posts mention, and how often."""

from typing import Any

import discord

from cogs.client import Content
from cogs.feeds.page_buttons import query_field
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, safe
from cogs.kit.limits import MODAL_TITLE
from cogs.kit.open_panel import OpenPanelButton, begin, open_panel, show
from cogs.kit.panels import Item, Panel, notice, rows, small, text
from cogs.kit.presses import (
    NUMBER,
    Modal,
    NoLongerWorksError,
    PersistentButton,
    PersistentItem,
    PersistentMenu,
    chosen_number,
    typed_into,
)
from cogs.kit.roles import NEEDS_MANAGE_ROLES, giving_hindrance, most_words, taking_hindrance
from cogs.roles import changes
from wetread.domain.changes import ChangeSubject, NewChange
from wetread.domain.mentions import MOST_A_DAY
from wetread.domain.models import Subscription
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage import changes as stored_changes
from wetread.storage import subscriptions
from wetread.storage.subscriptions import Mention

MOST_CHOICES = (1, 2, 3, 5, 10, MOST_A_DAY)

_LABELS = {
    "save": "Save",
    "make": "Make a new role",
    "only": "Only some articles",
    "nobody": "Mention nobody",
}
_ROLE_NAME = 100
_TOO_MANY_ROLES = 30005
_STATE = rf"(?P<subscription_id>{NUMBER}):(?P<role_id>{NUMBER}):(?P<most>\d{{1,2}})"
"""What a press needs: the subscription, and what is chosen and perhaps not saved; role 0 = none."""


async def draw_mention(services: Services, guild: discord.Guild, subscription_id: int) -> Content:
    """Draw the page. Raises UnknownSubscriptionError."""
    subscription = await _subscription(services, guild.id, subscription_id)
    moderates = await changes.moderator_role_id(services, guild.id)
    return {"view": mention_panel(guild, subscription, moderates)}


def mention_panel(
    guild: discord.Guild,
    subscription: Subscription,
    moderator_role_id: int | None,
    chosen: tuple[int, int] | None = None,
) -> Panel:
    """Build the page. `chosen`: a role and the most mentions a day that are not saved yet."""
    saved = (subscription.role_id or 0, subscription.mentions_a_day)
    role_id, most = chosen or saved
    role = guild.get_role(role_id)
    what = "Topics" if subscription.is_topic else "Feeds"
    state = (subscription.id, role.id if role else 0, most)
    words = subscription.mention_filter
    return Panel(
        colours.TEAL,
        text(
            small(f"{what} › {safe(cut(subscription.name, 100))} › Mention"),
            "### Whom to mention",
            f"Now: {_now(guild, subscription)}",
            f"Only above articles that match {code(cut(words, changes.LONGEST_FILTER))}." if words else "",
            _for_members(role, moderator_role_id),
            "**Not saved yet.**" if chosen not in (None, saved) else "",
        ),
        *rows([RoleMenu(*state), MostMenu(*state)]),
        *rows([*(MentionButton(act, *state) for act in _LABELS), _back(subscription)]),
    )


def _now(guild: discord.Guild, subscription: Subscription) -> str:
    if subscription.role_id is None:
        return "nobody."
    role = guild.get_role(subscription.role_id)
    if role is None:
        return (
            "nobody, because the role was deleted. Posts go on without a mention. Please choose another role."
        )
    often = most_words(subscription.mentions_a_day)
    return (
        f"{role.mention}, {often} and at most once an hour. Further articles that day come without a mention."
    )


def _for_members(role: discord.Role | None, moderator_role_id: int | None) -> str:
    """Return whether members can take the role by themselves, and if not, why."""
    if role is None:
        return ""
    if (hindrance := taking_hindrance(role, moderator_role_id)) is not None:
        return small(hindrance)
    if (lacking := giving_hindrance(role)) is not None:
        return small(" ".join(lacking).replace("press the button", "open this page again"))
    return small(f"Members take this role, or leave it, with {code('/topics')}.")


def _back(subscription: Subscription) -> Item:
    page = "topic" if subscription.is_topic else "show"
    return OpenPanelButton(page, subscription.id, label="Back", is_prominent=False)


class RoleMenu(PersistentItem[discord.ui.RoleSelect[Any]], template=rf"wetread:mention:role:{_STATE}"):
    """Chooses the role, which is not saved yet."""

    def __init__(self, subscription_id: int, role_id: int, most: int) -> None:
        super().__init__(
            discord.ui.RoleSelect(
                custom_id=f"wetread:mention:role:{subscription_id}:{role_id}:{most}",
                placeholder="Choose a role",
                default_values=[discord.Object(role_id, type=discord.Role)] if role_id else [],
            )
        )
        self.subscription_id, self.most = subscription_id, most

    async def pressed(self, interaction: Interaction) -> None:
        """Show the page with it, or why it is not offered. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        role = guild.get_role(self.item.values[0].id) if self.item.values else None
        if role is None:
            raise NoLongerWorksError
        services = interaction.client.services
        await begin(interaction)
        subscription = await _subscription(services, guild.id, self.subscription_id)
        if (refused := await changes.refusal(services, role, subscription)) is not None:
            await show(interaction, {"view": refused})
            return
        await _redraw(interaction, guild, subscription, role.id, self.most)


class MostMenu(PersistentMenu, template=rf"wetread:mention:most:{_STATE}"):
    """Chooses the most mentions a day, which are not saved yet."""

    def __init__(self, subscription_id: int, role_id: int, most: int) -> None:
        numbers = sorted({*MOST_CHOICES, most})
        options = [
            discord.SelectOption(label=most_words(each).capitalize(), value=str(each), default=each == most)
            for each in numbers
        ]
        super().__init__(
            f"wetread:mention:most:{subscription_id}:{role_id}:{most}", options, placeholder="How often"
        )
        self.subscription_id, self.role_id = subscription_id, role_id

    async def pressed(self, interaction: Interaction) -> None:
        """Show the page with it. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        most = chosen_number(self.item)
        if not 1 <= most <= MOST_A_DAY:
            raise NoLongerWorksError
        await begin(interaction)
        subscription = await _subscription(interaction.client.services, guild.id, self.subscription_id)
        await _redraw(interaction, guild, subscription, self.role_id, most)


class MentionButton(PersistentButton, template=rf"wetread:mention:(?P<act>save|make|only|nobody):{_STATE}"):
    """Saves what is chosen, makes a role, asks for which articles, or mentions nobody any more."""

    def __init__(self, act: str, subscription_id: int, role_id: int, most: int) -> None:
        super().__init__(
            _LABELS[act],
            f"wetread:mention:{act}:{subscription_id}:{role_id}:{most}",
            is_prominent=act == "save",
        )
        self.act, self.subscription_id, self.role_id, self.most = act, subscription_id, role_id, most

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and show the page of the feed or topic. Raises UnknownSubscriptionError."""
        member = await moderator_of(interaction)
        services = interaction.client.services
        subscription = await _subscription(services, member.guild.id, self.subscription_id)
        if not 1 <= self.most <= MOST_A_DAY:
            raise NoLongerWorksError
        if self.act == "only":
            await interaction.response.send_modal(OnlyForm(subscription, self.role_id, self.most))
            return
        await begin(interaction)
        if self.act == "nobody":
            by = pressed_by(member, _command(subscription))
            said: str | Panel = await changes.mention_nobody(services, subscription, by)
        elif self.act == "make":
            said = await _make_role(services, member, subscription, self.most)
        else:
            chosen = Mention(self.role_id, subscription.mention_filter, self.most)
            said = await _save(services, member, subscription, chosen)
        await _answer(interaction, member.guild, subscription, said)


class OnlyForm(Modal):
    """The form for the articles that mention the role. An empty one: all of them."""

    def __init__(self, subscription: Subscription, role_id: int, most: int) -> None:
        super().__init__(title=cut(f"{subscription.name}: mention", MODAL_TITLE))
        self._subscription_id, self._role_id, self._most = subscription.id, role_id, most
        self.words = query_field(
            "Mention the role only above articles that match",
            'Empty: every article. type:trial OR type:guideline, words, "two words", -not',
            subscription.mention_filter,
        )
        self.add_item(self.words)

    async def submitted(self, interaction: Interaction) -> None:
        """Save it with what is chosen. Raises EmptyQueryError, UnclearQueryError."""
        member = await moderator_of(interaction)
        services = interaction.client.services
        subscription = await _subscription(services, member.guild.id, self._subscription_id)
        await begin(interaction)
        chosen = Mention(self._role_id, typed_into(self.words) or None, self._most)
        said = await _save(services, member, subscription, chosen)
        await _answer(interaction, member.guild, subscription, said)


async def _save(
    services: Services, member: discord.Member, subscription: Subscription, chosen: Mention
) -> str | Panel:
    role = member.guild.get_role(chosen.role_id)
    if role is None:
        advice = "If there is none yet, Wetread can make one."
        return notice("Please choose a role first.", advice, buttons=[changes.opens_page(subscription)])
    by = pressed_by(member, _command(subscription))
    return await changes.mention(services, subscription, role, chosen, by)


async def _make_role(
    services: Services, member: discord.Member, subscription: Subscription, most: int
) -> str | Panel:
    """Make a role of the feed's or topic's name and mention it; return the answer or why not."""
    guild, name = member.guild, cut(subscription.name, _ROLE_NAME)
    same = discord.utils.find(lambda role: role.name.casefold() == name.casefold(), guild.roles)
    if same is not None:
        heading, advice = f"There is a role {same.mention} already.", "You can choose it in the menu."
        return notice(heading, advice, buttons=[changes.opens_page(subscription)])
    again = changes.opens_page(subscription, "Check again")
    if not guild.me.guild_permissions.manage_roles:
        heading = "Wetread may not make roles yet."
        return notice(heading, NEEDS_MANAGE_ROLES, colour=colours.AMBER, buttons=[again])
    by = pressed_by(member, _command(subscription))
    try:
        role = await guild.create_role(
            name=name,
            permissions=discord.Permissions.none(),
            mentionable=not guild.me.guild_permissions.mention_everyone,
            reason=f"Asked for by {by.name}",
        )
    except discord.HTTPException as error:
        if error.code != _TOO_MANY_ROLES:
            raise
        heading, advice = "This server has as many roles as Discord allows.", "Please choose one that exists."
        return notice(heading, advice, buttons=[changes.opens_page(subscription)])
    new = NewChange(guild.id, ChangeSubject.ROLE, role.id, role.name, after={"name": role.name})
    await services.database.run(stored_changes.note, by, new, services.seams.clock())
    return await changes.mention(
        services, subscription, role, Mention(role.id, subscription.mention_filter, most), by
    )


async def _answer(
    interaction: Interaction, guild: discord.Guild, subscription: Subscription, said: str | Panel
) -> None:
    if isinstance(said, Panel):
        await show(interaction, {"view": said})
        return
    await open_panel(interaction, guild, "mention", subscription.id, said=said)


async def _redraw(
    interaction: Interaction, guild: discord.Guild, subscription: Subscription, role_id: int, most: int
) -> None:
    moderates = await changes.moderator_role_id(interaction.client.services, guild.id)
    panel = mention_panel(guild, subscription, moderates, (role_id, most))
    await show(interaction, {"view": panel})


async def _subscription(services: Services, guild_id: int, subscription_id: int) -> Subscription:
    return await services.database.run(subscriptions.get, guild_id, subscription_id)


def _command(subscription: Subscription) -> str:
    return "topic mention" if subscription.is_topic else "feed mention"
