"""Post alerts to each server's moderators, in the channel they chose."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import groupby

import discord

from cogs.alerts.notice_panels import draw_many, draw_notice
from cogs.client import Wetread
from cogs.kit.context import TextOrThread
from cogs.kit.limits import check_layout
from cogs.kit.moderators_channel import moderators_channel
from cogs.kit.panels import Panel
from wetread.storage import notices
from wetread.storage.notices import Due, NoticeKind, Stage

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0
"""Seconds without alerts after Discord refused a message in the moderators' channel."""

SHORT_PAUSE_SECONDS = 300.0
"""Seconds without alerts after any other failure."""

MOST_AT_ONCE = 5
MOST_APART = 3
REQUEST_LIMIT = 30.0


class Notifier:
    """Posts and updates alerts, a few messages a turn."""

    def __init__(self, bot: Wetread) -> None:
        self._bot = bot
        self._services = bot.services
        self._paused_until: dict[int, float] = {}  # server → until when, monotonic

    async def notify(self) -> None:
        """Post the alerts that are due. A failure in one server is logged and does not affect others."""
        run, now = self._services.database.run, self._services.seams.clock()
        await self._services.database.ensure_writable()
        due = await run(notices.refresh, now)
        if self._services.deliverer.pause is not None:
            return
        for guild_id, group in groupby(due, key=lambda each: each.notice.guild_id):
            sending = self._notify_guild(guild_id, list(group))
            [failure] = await asyncio.gather(sending, return_exceptions=True)
            if isinstance(failure, Exception):
                log.warning("the alert for the moderators of server %d failed: %r", guild_id, failure)
                is_refusal = isinstance(failure, discord.Forbidden | discord.NotFound)
                seconds = PAUSE_SECONDS if is_refusal else SHORT_PAUSE_SECONDS
                self._paused_until[guild_id] = self._services.seams.monotonic() + seconds

    async def _notify_guild(self, guild_id: int, due: list[Due]) -> None:
        guild = self._bot.get_guild(guild_id)
        is_paused = self._services.seams.monotonic() < self._paused_until.get(guild_id, 0.0)
        if guild is None or guild.unavailable or is_paused:
            return
        channel = await moderators_channel(self._bot, guild)
        count = 0
        for batch in batches(due):
            if count < MOST_AT_ONCE and await self._post(channel, batch):
                count += 1

    async def _post(self, channel: TextOrThread | None, batch: list[Due]) -> bool:
        """Post one alert, or several of a kind together; return whether a request was made."""
        run, now, notice = self._services.database.run, self._services.seams.clock(), batch[0].notice
        is_change = notice.question is not None and notice.message_id is not None
        if channel is None and not is_change:
            return False
        panel = await (draw_notice(self._bot, batch[0]) if len(batch) == 1 else draw_many(self._bot, batch))
        if panel is None:
            for due in batch:
                if due.notice.shows is not None:  # its end has no words
                    await run(notices.record_notified, Due(due.notice, Stage.OVER), now)
            return False
        check_layout(panel)
        async with asyncio.timeout(REQUEST_LIMIT):
            if is_change:
                await self._change(batch[0], panel)
            elif channel is not None:
                await self._send(channel, batch, panel)
        return True

    async def _send(self, channel: TextOrThread, batch: list[Due], panel: Panel) -> None:
        first, now = batch[0], self._services.seams.clock()
        message = await channel.send(
            view=panel,
            nonce=f"wn-{first.notice.id:x}-{first.stage[:1]}-{int(first.notice.since.timestamp()):x}",
            allowed_mentions=discord.AllowedMentions.none(),
        )
        for due in batch:
            await self._services.database.run(
                notices.record_notified, due, now, channel_id=channel.id, message_id=message.id
            )

    async def _change(self, due: Due, panel: Panel) -> None:
        notice, run, now = due.notice, self._services.database.run, self._services.seams.clock()
        place = self._bot.get_partial_messageable(notice.channel_id or 0, guild_id=notice.guild_id)
        try:
            message = place.get_partial_message(notice.message_id or 0)
            await message.edit(view=panel, allowed_mentions=discord.AllowedMentions.none())
        except (discord.NotFound, discord.Forbidden):  # somebody removed it, or the channel
            await run(notices.forget_message, notice, now)
        else:
            await run(notices.record_notified, due, now)


def batches(due: Sequence[Due]) -> list[list[Due]]:
    """Group alerts into messages: many feeds that fail, or can be read again, share one."""
    together: dict[tuple[NoticeKind, Stage], list[Due]] = {}
    for each in due:
        if each.notice.kind in (NoticeKind.FEED, NoticeKind.MISSED):
            together.setdefault((each.notice.kind, each.stage), []).append(each)
    many = [group for group in together.values() if len(group) > MOST_APART]
    shared = {each.notice.id for group in many for each in group}
    return [*many, *([each] for each in due if each.notice.id not in shared)]
