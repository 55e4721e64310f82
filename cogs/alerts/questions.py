"""Questions to moderators with their buttons, in the moderators' channel and in `/status`.

The state is in the database: whoever presses first decides, and whoever presses next sees who did.
"""

from datetime import UTC, datetime

from cogs.alerts.question_words import (
    SHOWN_COUNT,
    article_line,
    decided_lines,
    flood_lines,
    moot_lines,
    name_words,
    uncertain_lines,
)
from cogs.cards.digest import content_title
from cogs.cards.open_buttons import PickMenu
from cogs.client import Wetread
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import plain
from cogs.kit.limits import LAYOUT_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Item, Panel, fitted, link_button, rows, small, text
from cogs.kit.presses import NUMBER, PersistentButton, answer
from cogs.posting.permissions import PostableChannel
from wetread.domain.models import Article
from wetread.domain.text import cut
from wetread.storage import articles, notices, questions
from wetread.storage.notices import Stage
from wetread.storage.questions import Decision, Flood, Question, QuestionKind

DECIDING = "Deciding about held articles"
DECIDED_IN = "status"
"""The command that shows the questions; in the history it stands for their buttons."""

TOO_LATE = "This can no longer be undone: the 10 minutes for it are over."

_MOST_SEEN = 100
_MOST_SHOWN = 4  # Discord takes five messages for one press
_SEEN_TEXT = LAYOUT_TEXT - 300
_NEWEST = 3


def held_question(guild_id: int, subscription_id: int, scheduled_at: int) -> Question:
    """Return the question that a button names; `scheduled_at` in seconds since 1970."""
    at = datetime.fromtimestamp(scheduled_at, UTC)
    return Question(guild_id, QuestionKind.HELD, subscription_id, at)


class HeldButton(
    PersistentButton,
    template=rf"wetread:held:(?P<subscription_id>{NUMBER}):(?P<scheduled_at>\d{{1,11}})"
    r":(?P<choice>all|newest|none|see)",
):
    """Decides about a flood, or lists it."""

    def __init__(
        self,
        subscription_id: int,
        scheduled_at: int,
        choice: str,
        label: str = "",
        *,
        is_prominent: bool = False,
    ) -> None:
        custom_id = f"wetread:held:{subscription_id}:{scheduled_at}:{choice}"
        super().__init__(label or choice, custom_id, is_prominent=is_prominent)
        self.subscription_id = subscription_id
        self.scheduled_at = scheduled_at
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Decide, and replace the question by who decided what."""
        member = await moderator_of(interaction, DECIDING)
        question = held_question(member.guild.id, self.subscription_id, self.scheduled_at)
        if self.choice == "see":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await answer(interaction, view=await _all_of(interaction.client, question))
            return
        await interaction.response.defer()
        newest = {"all": None, "newest": _NEWEST, "none": 0}[self.choice]
        bot = interaction.client
        await bot.services.database.run(
            questions.decide_held,
            question,
            newest,
            pressed_by(member, DECIDED_IN),
            bot.services.seams.clock(),
        )
        await _show_in_place(interaction, question)


class UncertainButton(
    PersistentButton,
    template=rf"wetread:uncertain:(?P<delivery_id>{NUMBER}):(?P<choice>there|post)",
):
    """Says whether a post is there."""

    def __init__(self, delivery_id: int, choice: str) -> None:
        label = {"there": "It is there", "post": "Not there, post it"}[choice]
        super().__init__(label, f"wetread:uncertain:{delivery_id}:{choice}")
        self.delivery_id = delivery_id
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Decide, and replace the question by who decided what."""
        member = await moderator_of(interaction, DECIDING)
        await interaction.response.defer()
        question = Question(member.guild.id, QuestionKind.UNCERTAIN, self.delivery_id)
        bot = interaction.client
        await bot.services.database.run(
            questions.decide_uncertain,
            question,
            pressed_by(member, DECIDED_IN),
            bot.services.seams.clock(),
            post_again=self.choice == "post",
        )
        await _show_in_place(interaction, question)


class UndoButton(PersistentButton, template=rf"wetread:undo:(?P<decision_id>{NUMBER})"):
    """Asks again what was decided a moment ago."""

    def __init__(self, decision_id: int) -> None:
        super().__init__("Undo", f"wetread:undo:{decision_id}")
        self.decision_id = decision_id

    async def pressed(self, interaction: Interaction) -> None:
        """Ask again, or say that it is too late."""
        member = await moderator_of(interaction, DECIDING)
        await interaction.response.defer()
        bot = interaction.client
        run = bot.services.database.run
        guild_id = member.guild.id
        by = pressed_by(member, DECIDED_IN)
        question = await run(questions.undo, guild_id, self.decision_id, by, bot.services.seams.clock())
        if question is not None:
            await _show_in_place(interaction, question)
            return
        decision = await run(questions.get_decision, guild_id, self.decision_id)
        if decision is not None:
            await _show_in_place(interaction, decision.question)
        await answer(interaction, view=Panel(colours.GREY, text(TOO_LATE)))


class ShowQuestionsButton(PersistentButton, template=r"wetread:questions"):
    """Shows every question that waits, each with its buttons."""

    def __init__(self) -> None:
        super().__init__("Show them", "wetread:questions")

    async def pressed(self, interaction: Interaction) -> None:
        """Show them, each in a message of its own."""
        member = await moderator_of(interaction, DECIDING)
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        waiting = await bot.services.database.run(questions.of_guild, member.guild.id)
        for question in waiting[:_MOST_SHOWN]:
            await answer(interaction, view=(await draw_question(bot, question))[0])
        if len(waiting) > _MOST_SHOWN:
            more = small(f"and {len(waiting) - _MOST_SHOWN} more. Press Show them again after these.")
            await answer(interaction, view=Panel(colours.GREY, text(more)))
        if not waiting:
            await answer(interaction, view=Panel(colours.GREY, text("Nothing needs your decision any more.")))


# Drawing ----------------------------------------------------------------------------------------------


async def draw_question(bot: Wetread, question: Question) -> tuple[Panel, Stage]:
    """Draw a question in its present state: open, decided, or no longer needed."""
    run = bot.services.database.run
    if question.kind is QuestionKind.HELD:
        flood = await run(questions.flood, question)
        if flood is not None:
            newest = await run(articles.get_many, list(flood.article_ids[:SHOWN_COUNT]))
            return flood_panel(flood, newest), Stage.OPEN
        subject = await run(questions.name_of, question.guild_id, question.subject)
    else:
        delivery = await run(questions.uncertain, question)
        content = await run(questions.content_of, question)
        if delivery is not None and content is not None:
            channel = bot.get_channel(delivery.channel_id)
            return uncertain_panel(question, uncertain_lines(delivery, content), channel), Stage.OPEN
        subject = content_title(content) if content else ""
    decision = await run(questions.decision_on, question)
    if decision is None:
        return Panel(colours.NEUTRAL, text(*moot_lines(subject))), Stage.OVER
    can_be_undone = decision.can_be_undone(bot.services.seams.clock())
    panel = decided_panel(decision, subject, can_be_undone=can_be_undone)
    return panel, Stage.UNDOABLE if can_be_undone else Stage.OVER


def flood_panel(flood: Flood, newest: list[Article]) -> Panel:
    """Build the question about many articles at once."""
    count = len(flood.article_ids)
    scheduled_at = int((flood.question.scheduled_at or datetime.fromtimestamp(0, UTC)).timestamp())

    def button(choice: str, label: str, *, is_prominent: bool = False) -> Item:
        return HeldButton(flood.question.subject, scheduled_at, choice, label, is_prominent=is_prominent)

    buttons = [button("all", "Post it" if count == 1 else f"Post all {count:,}")]
    if count > _NEWEST:
        buttons.append(button("newest", f"Post the newest {_NEWEST}"))
    buttons.append(button("none", "Post none", is_prominent=True))
    if count > SHOWN_COUNT:
        buttons.append(button("see", f"See all {count:,}"))
    return Panel(
        colours.AMBER,
        text(*flood_lines(flood, newest)),
        *rows(buttons),
        text(small("No hurry: new articles of this journal are posted as always.")),
    )


def uncertain_panel(question: Question, lines: list[str], channel: object) -> Panel:
    """Build the question about an uncertain post; `channel` is where it may be, if Wetread can see it."""
    look = [_look(channel)] if isinstance(channel, PostableChannel) else []
    buttons = [
        *look,
        UncertainButton(question.subject, "there"),
        UncertainButton(question.subject, "post"),
    ]
    return Panel(colours.AMBER, text(*lines), *rows(buttons))


def decided_panel(decision: Decision, subject: str, *, can_be_undone: bool) -> Panel:
    """Build what replaces a question. `subject`: the feed's name or the article's title."""
    buttons = [UndoButton(decision.id)] if can_be_undone else []
    return Panel(colours.NEUTRAL, text(*decided_lines(decision, subject)), *rows(buttons))


def _look(channel: PostableChannel) -> Item:
    return link_button(f"Look in #{plain(cut(channel.name, 50))}", channel.jump_url)


async def _all_of(bot: Wetread, question: Question) -> Panel:
    run = bot.services.database.run
    flood = await run(questions.flood, question)
    if flood is None:
        return (await draw_question(bot, question))[0]
    found = await run(articles.get_many, list(flood.article_ids[:_MOST_SEEN]))
    lines = [f"{number}. {article_line(article)}" for number, article in enumerate(found, 1)]
    kept, _ = fitted(lines, _SEEN_TEXT)
    left_out = len(flood.article_ids) - len(kept)
    return Panel(
        colours.GREY,
        text(
            f"**{name_words(flood.name)}**: articles that wait for your decision, newest first",
            *kept,
            small(f"and {left_out:,} more") if left_out else "",
        ),
        *rows([PickMenu(found[:SELECT_OPTIONS])]),
    )


# Pressing ---------------------------------------------------------------------------------------------


async def _show_in_place(interaction: Interaction, question: Question) -> None:
    """Replace the question by its present state."""
    bot = interaction.client
    panel, stage = await draw_question(bot, question)
    await interaction.edit_original_response(view=panel)
    if interaction.message is not None:
        await bot.services.database.run(notices.shown, question, stage, interaction.message.id)
