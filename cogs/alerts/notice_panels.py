"""Draw the alerts for moderators: a feed, a channel or posts that need them."""

from collections.abc import Sequence

from cogs.alerts.question_words import name_words
from cogs.alerts.questions import draw_question
from cogs.client import Wetread
from cogs.feeds.failing_feed import failure_buttons, failure_text
from cogs.kit import colours
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Panel, fitted, rows, small, text
from cogs.kit.panels import notice as short
from cogs.kit.presses import NUMBER, PersistentButton, answer
from cogs.kit.timestamps import date_only
from cogs.kit.words import counted
from cogs.posting.refusals import blocked_words, stopped_words, unedited_words
from wetread.storage import questions, troubles
from wetread.storage.notices import Due, Notice, NoticeKind, Stage
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import Stopped, Troubles

_MANY_LIMIT = 2_500


class RetryButton(
    PersistentButton,
    template=rf"wetread:retry:(?P<channel_id>{NUMBER}):(?P<refusal>{NUMBER})",
):
    """Tries again what Discord refused one by one."""

    def __init__(self, channel_id: int, refusal: int) -> None:
        super().__init__("Try again", f"wetread:retry:{channel_id}:{refusal}")
        self.channel_id = channel_id
        self.refusal = refusal

    async def pressed(self, interaction: Interaction) -> None:
        """Schedule these posts again."""
        member = await moderator_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = interaction.client.services
        count = await services.database.run(
            troubles.retry_stopped, member.guild.id, self.channel_id, self.refusal, services.seams.clock()
        )
        said = (
            f"Trying {counted(count, 'post')} again now." if count else "There is nothing left to try again."
        )
        await answer(interaction, view=short(said))


async def draw_notice(bot: Wetread, due: Due) -> Panel | None:
    """Draw an alert; None if its cause is gone."""
    notice = due.notice
    if notice.question is not None:
        return (await draw_question(bot, notice.question))[0]
    if notice.kind in (NoticeKind.FEED, NoticeKind.MISSED):
        return await _of_feed(bot, due)
    if notice.kind is NoticeKind.REMOVED:
        return await _removed(bot, notice)
    found = await bot.services.database.run(troubles.of_guild, notice.guild_id)
    if notice.kind is NoticeKind.CHANNEL:
        return await _of_channel(bot, due, found)
    if notice.kind is NoticeKind.STOPPED:
        return _stopped(notice, found)
    return _unedited(notice, found)


async def draw_many(bot: Wetread, due: Sequence[Due]) -> Panel | None:
    """Draw one alert for several feeds at one stage: they cannot be read, or can be read again.

    None if the cause is gone.
    """
    subjects = {each.notice.subject for each in due}
    watched = await bot.services.subscriptions.of_guild(due[0].notice.guild_id)
    found = {each.feed.id: each for each in watched if each.feed.id in subjects}
    if not found:
        return None
    count = counted(len(found), "feed")
    feeds = OpenPanelButton("list", label="All feeds", is_prominent=False)
    if due[0].stage is Stage.OVER:
        said = f"**{count} can be read again.** Articles that they still list are posted now."
        return Panel(colours.NEUTRAL, text(said), *rows([feeds]))
    if due[0].notice.kind is NoticeKind.MISSED:
        title = f"### {count} may have missed articles"
        advice = f"look at the journals’ pages and post what is missing with {code('/share')}."
    else:
        title = f"### {count} cannot be read"
        advice = f"look at each with {code('/feed show')}. If nearly all feeds fail, ask Wetread’s operator."
    names, more = fitted([f"- {_name_and_place(each)}" for each in found.values()], _MANY_LIMIT)
    return Panel(
        colours.AMBER,
        text(
            f"{title}",
            *names,
            small(f"and {more:,} more") if more else "",
            f"⚠️ **What you can do:** {advice}",
        ),
        *rows([feeds]),
    )


def stopped_panel(stopped: Stopped) -> Panel:
    """Build the alert for posts that Discord refused."""
    button = RetryButton(stopped.channel_id, stopped.code)
    return Panel(colours.AMBER, text(stopped_words(stopped)), *rows([button]))


async def feeds_of_channel(bot: Wetread, guild_id: int, channel_id: int) -> list[str]:
    """Return the names of the feeds that post to a channel."""
    watched = await bot.services.subscriptions.of_guild(guild_id)
    return [each.subscription.name for each in watched if each.subscription.channel_id == channel_id]


async def _of_feed(bot: Wetread, due: Due) -> Panel | None:
    notice, catalogue = due.notice, bot.services.catalogue
    watched = await bot.services.subscriptions.of_guild(notice.guild_id)
    found = [each for each in watched if each.feed.id == notice.subject]
    if not found:
        return None
    name = _name_and_place(found[0])
    if due.stage is Stage.OVER:
        return Panel(
            colours.NEUTRAL,
            text(f"{name} can be read again. Articles from that time that it still lists are posted now."),
        )
    if notice.kind is NoticeKind.MISSED:
        return Panel(
            colours.AMBER,
            text(
                f"⚠️ {name}\nWetread may have missed articles: on {date_only(notice.since)} it knew none of "
                "the listed ones. It posts them and now checks the feed more often.\n"
                "**What you can do:** look at the journal’s page and post what is missing with "
                f"{code('/share')}."
            ),
        )
    if found[0].feed.failure is None:
        return None
    words = failure_text(found[0], catalogue)
    return Panel(colours.AMBER, text(words), *rows(failure_buttons(found[0], catalogue)))


def _name_and_place(watched: Watched) -> str:
    subscription = watched.subscription
    return f"**{name_words(subscription.name)}** → <#{subscription.channel_id}>"


async def _removed(bot: Wetread, notice: Notice) -> Panel:
    name = await bot.services.database.run(questions.name_of, notice.guild_id, notice.subject)
    return Panel(
        colours.NEUTRAL,
        text(
            f"**{name_words(name)}** was removed, because its channel was deleted 30 days ago. "
            f"To add it again in another channel: {code('/feed add')}."
        ),
    )


async def _of_channel(bot: Wetread, due: Due, found: Troubles) -> Panel | None:
    channel_id = due.notice.subject
    if due.stage is Stage.OVER:
        words = f"Wetread can post in <#{channel_id}> again. The waiting articles are posted now."
        return Panel(colours.NEUTRAL, text(words))
    for channel in found.blocked:
        if channel.channel_id == channel_id:
            feeds = await feeds_of_channel(bot, due.notice.guild_id, channel_id)
            return Panel(colours.AMBER, text(blocked_words(channel, feeds)))
    return None


def _stopped(notice: Notice, found: Troubles) -> Panel | None:
    for each in found.stopped:
        if (each.channel_id, str(each.code)) == (notice.subject, notice.detail):
            return stopped_panel(each)
    return None


def _unedited(notice: Notice, found: Troubles) -> Panel | None:
    for each in found.unedited:
        if each.channel_id == notice.subject:
            return Panel(colours.AMBER, text(unedited_words(each)))
    return None
