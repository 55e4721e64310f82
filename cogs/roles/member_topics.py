"""`/topics`: members choose by themselves about which topics they are told, by taking or leaving roles.

Every press asks anew whether this server released the role and whether it still gives nothing but mentions:
what a button carries proves neither.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from cogs.client import Content, Wetread
from cogs.kit import colours
from cogs.kit.checks import may_moderate
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Item, Panel, notice, rows, rule, small, text
from cogs.kit.presses import NUMBER, PersistentButton
from cogs.kit.roles import giving_hindrance, taking_hindrance
from cogs.roles.changes import moderator_role_id
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage import role_mentions
from wetread.storage.role_mentions import COUNTED_DAYS, ReleasedRole

PAGE_SIZE = 8
NO_ROLES = "No topic has a role yet."
_NAMES = 100  # characters of all that mentions one role
_LABELS = {"take": "Tell me", "leave": "Stop"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that members may take, with the lines that say what for."""

    role: discord.Role
    title: str
    place: str


async def offers(services: Services, found: Sequence[tuple[discord.Role, ReleasedRole]]) -> list[Offer]:
    """Return what members read about these roles."""
    run, now = services.database.read, services.seams.clock()
    return [
        Offer(
            role,
            safe(cut(", ".join(dict.fromkeys(each.name for each in one.named_by)), _NAMES)),
            _place(one, await run(role_mentions.post_count, one.named_by, now)),
        )
        for role, one in found
    ]


async def released(services: Services, guild: discord.Guild) -> list[tuple[discord.Role, ReleasedRole]]:
    """Return the roles that members may take now."""
    moderates = await moderator_role_id(services, guild.id)
    return [
        (role, each)
        for each in await services.database.read(role_mentions.released, guild.id)
        if (role := guild.get_role(each.role_id)) is not None and taking_hindrance(role, moderates) is None
    ]


def _place(released_role: ReleasedRole, count: int) -> str:
    channels = dict.fromkeys(f"<#{each.channel_id}>" for each in released_role.named_by)
    return f"{how_often(count)}, in {', '.join(list(channels)[:3])}"


def how_often(count: int) -> str:
    """Return in words how often articles came in the last four weeks."""
    if count >= 2 * COUNTED_DAYS:
        return f"about {round(count / COUNTED_DAYS)} a day"
    if count >= COUNTED_DAYS // 7:
        return f"about {round(count * 7 / COUNTED_DAYS)} a week"
    return f"about {count} a month" if count else "none in the last four weeks"


async def draw_topics(
    bot: Wetread, member: discord.Member, page: int, *, has: Collection[int] | None = None
) -> Panel:
    """Draw a member's own topics. `has`: the roles that they have now; None = those that `member` has."""
    found = await released(bot.services, member.guild)
    total = len(found)
    page = min(page, max(0, total - 1) // PAGE_SIZE)
    is_moderator = await may_moderate(bot, member)
    if not total:
        links = [OpenPanelButton("topics", label="Topics")] if is_moderator else []
        return notice(
            NO_ROLES, "Moderators choose one with Mention, on the page of a topic or feed.", buttons=links
        )
    held = {role.id for role in member.roles} if has is None else has
    told = sum(role.id in held for role, _ in found)
    shown = await offers(bot.services, found[page * PAGE_SIZE : (page + 1) * PAGE_SIZE])
    buttons: list[Item] = [LeaveAllButton(page)] if told else []
    if page:
        buttons.append(ChooseTopicsButton(page - 1, label="Previous"))
    if (page + 1) * PAGE_SIZE < total:
        buttons.append(ChooseTopicsButton(page + 1, label="Next"))
    if is_moderator:
        buttons.append(OpenPanelButton("letchoose", label="Let members choose", is_prominent=False))
    return Panel(
        colours.TEAL,
        text(
            "### Your topics", f"You are told about {told} of {total} {'topic' if total == 1 else 'topics'}."
        ),
        rule(),
        *(_section(each, page, is_held=each.role.id in held) for each in shown),
        rule(),
        text(
            small("Each button works at once and can be pressed again. Others can see which roles you have.")
        ),
        *rows(buttons),
    )


def _section(offer: Offer, page: int, *, is_held: bool) -> Item:
    state = "You are told." if is_held else "You are not told."
    button = RoleButton("leave" if is_held else "take", offer.role.id, page)
    return discord.ui.Section(f"**{offer.title}**\n{state}\n{small(offer.place)}", accessory=button)


def public_panel(found: Sequence[Offer], total: int) -> Panel:
    """Build the panel that a moderator posts for all members."""
    more = [text(small(f"and {total - len(found)} more"))] if total > len(found) else []
    return Panel(
        colours.TEAL,
        text(
            "### Which topics do you want to be told about?",
            "Each topic has a role. If you take it, you are mentioned when a new article is posted.",
        ),
        rule(),
        *(text(f"**{each.title}**", small(each.place)) for each in found),
        *more,
        *rows([ChooseTopicsButton(label="Choose my topics", is_prominent=True)]),
        text(small("Your choice opens for you alone. Others can see which roles you have.")),
    )


def member_of(interaction: Interaction) -> discord.Member:
    """Return who pressed. Raises NoPrivateMessage outside a server."""
    if interaction.guild is None or not isinstance(interaction.user, discord.Member):
        raise app_commands.NoPrivateMessage
    return interaction.user


async def show_topics(
    interaction: Interaction, member: discord.Member, page: int, *, has: Collection[int] | None = None
) -> None:
    """Show a member their topics, in the place of a private panel."""
    content: Content = {"view": await draw_topics(interaction.client, member, page, has=has)}
    await show(interaction, content)


class ChooseTopicsButton(PersistentButton, template=rf"wetread:roles:open:(?P<page>{NUMBER})"):
    """Opens the topics of whoever presses, for them alone."""

    def __init__(self, page: int = 0, *, label: str = "Choose my topics", is_prominent: bool = False) -> None:
        super().__init__(label, f"wetread:roles:open:{page}", is_prominent=is_prominent)
        self.page = page

    async def pressed(self, interaction: Interaction) -> None:
        """Open them."""
        member = member_of(interaction)
        await begin(interaction)
        await show_topics(interaction, member, self.page)


class RoleButton(
    PersistentButton, template=rf"wetread:roles:(?P<act>take|leave):(?P<role_id>{NUMBER}):(?P<page>{NUMBER})"
):
    """Gives a released role to whoever presses, or takes it from them."""

    def __init__(self, act: str, role_id: int, page: int, *, label: str | None = None) -> None:
        super().__init__(
            label or _LABELS[act], f"wetread:roles:{act}:{role_id}:{page}", is_prominent=label is not None
        )
        self.act, self.role_id, self.page = act, role_id, page

    async def pressed(self, interaction: Interaction) -> None:
        """Do it if the role is still one that members may take, and draw the topics again."""
        member = member_of(interaction)
        services = interaction.client.services
        await begin(interaction)
        role = next(
            (role for role, _ in await released(services, member.guild) if role.id == self.role_id), None
        )
        if role is None:
            await show(interaction, {"view": self._gone()})
            return
        if (hindrance := giving_hindrance(role)) is not None:
            await show(interaction, {"view": self._hindered(*hindrance)})
            return
        try:
            if self.act == "take":
                await member.add_roles(role, reason="The member chose it in /topics")
            else:
                await member.remove_roles(role, reason="The member chose it in /topics")
        except discord.Forbidden:  # Discord knows better than what was remembered of the server
            why = f"Discord does not let Wetread give out {role.mention}. Please tell a moderator."
            await show(interaction, {"view": self._hindered("Wetread may not give out this role yet.", why)})
            return
        held = {each.id for each in member.roles}
        has = held | {role.id} if self.act == "take" else held - {role.id}
        await show_topics(interaction, member, self.page, has=has)

    def _gone(self) -> Panel:
        return notice(
            "This topic has no role for members any more, so nothing changed.",
            buttons=[ChooseTopicsButton(label="Show my topics")],
        )

    def _hindered(self, heading: str, advice: str) -> Panel:
        again = RoleButton(self.act, self.role_id, self.page, label="Check again")
        back = ChooseTopicsButton(self.page, label="Back")
        return notice(heading, advice, colour=colours.AMBER, buttons=[again, back])


class LeaveAllButton(PersistentButton, template=rf"wetread:roles:none:(?P<page>{NUMBER})"):
    """Takes all released roles from whoever presses."""

    def __init__(self, page: int) -> None:
        super().__init__("None of them", f"wetread:roles:none:{page}")
        self.page = page

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and draw the topics again; what Discord does not allow stays."""
        member = member_of(interaction)
        await begin(interaction)
        found = [role for role, _ in await released(interaction.client.services, member.guild)]
        held = {each.id for each in member.roles}
        leaving = [role for role in found if role.id in held and giving_hindrance(role) is None]
        if leaving:
            await member.remove_roles(*leaving, reason="The member chose it in /topics")
        await show_topics(interaction, member, self.page, has=held - {role.id for role in leaving})


PAGE_ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (ChooseTopicsButton, RoleButton, LeaveAllButton)
