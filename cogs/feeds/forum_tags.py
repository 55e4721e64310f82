"""Tags of a forum: which one an article gets for its subject and its kind; choosing and making them."""

from collections.abc import Mapping, Sequence

import discord

from cogs.errors.input_errors import UnknownChoiceError
from cogs.errors.panels import missing_permissions
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import plain, safe
from cogs.kit.limits import FORUM_TAG
from cogs.kit.open_panel import begin, open_panel
from cogs.kit.panels import Item, Panel, notice, rows, rule, small, text
from cogs.kit.permissions import NAMES
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, PersistentMenu, answer
from wetread.domain.forum_tags import KINDS, LABELS, MOST_TAGS, SUBJECTS, label_meant
from wetread.services.services import Services
from wetread.storage import forum_tags
from wetread.storage.forum_tags import ChosenTag

_BY_NAME = "by name"


async def draw_tags(services: Services, guild: discord.Guild, forum_id: int) -> Panel:
    """Draw which tags a forum's articles get."""
    forum = guild.get_channel(forum_id)
    if not isinstance(forum, discord.ForumChannel):
        return notice("This channel is no forum, so its posts have no tags.")
    chosen = await services.database.run(forum_tags.of_forum, forum_id)
    return tags_panel(forum, chosen)


def tags_panel(forum: discord.ForumChannel, chosen: Mapping[str, int]) -> Panel:
    """Build the panel. `chosen`: label → the id of the tag that stands for it."""
    used = {label: tag for label in LABELS if (tag := tag_for(forum, label, chosen)) is not None}
    lines = [f"{label} → **{safe(tag.name)}**" for label, tag in used.items()]
    without = [label for label in LABELS if label not in used]
    required = "Every post here needs a tag. " if forum.flags.require_tag else ""
    missing = missing_labels(forum, chosen)
    buttons: list[Item] = [LabelMenu(forum.id)]
    if missing:
        buttons.append(MakeTagsButton(forum.id))
    return Panel(
        colours.TEAL,
        text(
            f"### Tags in <#{forum.id}>",
            f"{required}An article gets the tag for its subject and the one for its kind.",
        ),
        rule(),
        text(*(lines or ["No tag here stands for a subject or a kind."])),
        text(small(f"Without a tag: {', '.join(without)}")) if without else text(small("All have a tag.")),
        *rows(buttons),
    )


def tag_for(forum: discord.ForumChannel, label: str, chosen: Mapping[str, int]) -> discord.ForumTag | None:
    """Return the tag that stands for a label: the chosen one if it still exists, else one of its name."""
    tag = forum.get_tag(chosen.get(label, 0))
    name = label[:FORUM_TAG].casefold()
    return tag or next((each for each in forum.available_tags if each.name.casefold() == name), None)


def missing_labels(forum: discord.ForumChannel, chosen: Mapping[str, int]) -> list[str]:
    """Return the labels for which a tag can still be made: subjects and kinds in turns, within 20 tags."""
    room = MOST_TAGS - len(forum.available_tags)
    turns = [label for pair in zip(KINDS, SUBJECTS, strict=False) for label in pair]
    order = dict.fromkeys([*turns, *LABELS])
    return [label for label in order if tag_for(forum, label, chosen) is None][: max(room, 0)]


class LabelMenu(PersistentMenu, template=rf"wetread:tags:label:(?P<forum_id>{NUMBER})"):
    """Chooses the subject or kind whose tag is to be chosen."""

    def __init__(self, forum_id: int) -> None:
        options = [discord.SelectOption(label=label, value=label) for label in LABELS]
        super().__init__(f"wetread:tags:label:{forum_id}", options, placeholder="Choose another tag for …")
        self.forum_id = forum_id

    async def pressed(self, interaction: Interaction) -> None:
        """Ask which tag. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        forum = guild.get_channel(self.forum_id)
        label = label_meant((self.item.values or [""])[0])
        if not isinstance(forum, discord.ForumChannel) or label is None:
            raise NoLongerWorksError
        if not forum.available_tags:
            await answer(interaction, view=notice(f"<#{forum.id}> has no tags yet."))
            return
        await answer(
            interaction,
            view=Panel(
                colours.TEAL,
                text(f"**Which tag stands for {label} in <#{forum.id}>?**"),
                *rows([TagMenu(forum.id, LABELS.index(label), forum.available_tags)]),
            ),
        )


class TagMenu(PersistentMenu, template=rf"wetread:tags:tag:(?P<forum_id>{NUMBER}):(?P<number>\d{{1,2}})"):
    """Chooses the tag for a label; `number`: the label's place among the labels."""

    def __init__(self, forum_id: int, number: int, tags: Sequence[discord.ForumTag] = ()) -> None:
        options = [discord.SelectOption(label=plain(tag.name), value=str(tag.id)) for tag in tags]
        options.append(discord.SelectOption(label="The tag of the same name", value=_BY_NAME))
        super().__init__(f"wetread:tags:tag:{forum_id}:{number}", options, placeholder="Choose a tag")
        self.forum_id = forum_id
        self.number = number

    async def pressed(self, interaction: Interaction) -> None:
        """Store the choice and show the tags. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        [value] = self.item.values or [""]
        if self.number >= len(LABELS) or not (value == _BY_NAME or value.isdecimal()):
            raise NoLongerWorksError
        forum = member.guild.get_channel(self.forum_id)
        if not isinstance(forum, discord.ForumChannel):
            raise NoLongerWorksError
        await begin(interaction)
        tag_id = None if value == _BY_NAME else int(value)
        await choose(interaction.client.services, member, forum, LABELS[self.number], tag_id)
        await open_panel(interaction, member.guild, "tags", self.forum_id)


class MakeTagsButton(PersistentButton, template=rf"wetread:tags:make:(?P<forum_id>{NUMBER})"):
    """Makes the tags that are missing, as far as there is room."""

    def __init__(self, forum_id: int) -> None:
        super().__init__("Make the missing tags", f"wetread:tags:make:{forum_id}", is_prominent=True)
        self.forum_id = forum_id

    async def pressed(self, interaction: Interaction) -> None:
        """Make them and show the tags, or say which permission is missing. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        forum = guild.get_channel(self.forum_id)
        if not isinstance(forum, discord.ForumChannel):
            raise NoLongerWorksError
        await begin(interaction)
        services = interaction.client.services
        said = await make_missing(services, forum)
        if isinstance(said, Panel):
            await answer(interaction, view=said)
            return
        await open_panel(interaction, guild, "tags", self.forum_id, said=said)


async def change(services: Services, member: discord.Member, forum: discord.ForumChannel, typed: str) -> str:
    """Do what a moderator types: "Review = Reviews"; return the answer. Raises UnknownChoiceError."""
    name, _, wanted = (part.strip() for part in typed.partition("="))
    label = label_meant(name)
    if label is None:
        raise UnknownChoiceError("subject or kind", name, LABELS)
    tag = next((each for each in forum.available_tags if each.name.casefold() == wanted.casefold()), None)
    if wanted and tag is None:
        raise UnknownChoiceError("tag", wanted, tuple(each.name for each in forum.available_tags))
    await choose(services, member, forum, label, tag.id if tag else None)
    shown = f"the tag **{safe(tag.name)}**" if tag else "the tag of the same name"
    return f"In <#{forum.id}> {label} gets {shown} from now on."


async def make_missing(services: Services, forum: discord.ForumChannel) -> str | Panel:
    """Make the tags that are missing; return what was made, or which permission is missing."""
    if not forum.permissions_for(forum.guild.me).manage_channels:
        return missing_permissions(forum.id, [NAMES["manage_channels"]], [])
    chosen = await services.database.run(forum_tags.of_forum, forum.id)
    missing = missing_labels(forum, chosen)
    made = [discord.ForumTag(name=label[:FORUM_TAG]) for label in missing]
    if made:
        await forum.edit(available_tags=[*forum.available_tags, *made], reason="Asked for by a moderator")
    left_out = len(LABELS) - len(missing) - sum(tag_for(forum, each, chosen) is not None for each in LABELS)
    more = f" A forum can have {MOST_TAGS} tags, so some have none." if left_out > 0 else ""
    return f"Made: {', '.join(missing) or 'nothing'}.{more}"


async def choose(
    services: Services, member: discord.Member, forum: discord.ForumChannel, label: str, tag_id: int | None
) -> None:
    """Let a tag stand for a label; None = the one of the same name."""
    chosen = await services.database.run(forum_tags.of_forum, forum.id)
    names = {tag.id: tag.name for tag in forum.available_tags}
    tag = ChosenTag(
        member.guild.id, forum.id, label, tag_id, names.get(tag_id or 0), names.get(chosen.get(label, 0))
    )
    by = pressed_by(member, "feed tags")
    await services.database.run(forum_tags.choose, tag, services.seams.clock(), by)
