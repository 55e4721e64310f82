"""Forum posts: created by exactly one request, and found again by their marker.

Discord takes no nonce for a new thread, so after a lost answer Wetread looks for the post first.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import discord
from discord.http import HTTPClient, Route, handle_message_parameters

from cogs.kit.limits import FORUM_TAGS_OF_POST
from cogs.posting.sending import Tries, create
from wetread.domain.delivery_rules import instant_of
from wetread.domain.errors import DeliveryRefusedError, HistoryUnreadableError

TAG_REQUIRED = 40067

USUAL_TAGS = ("Articles", "Papers", "Literature", "Other")
"""If a forum requires a tag and none fits the article, the first of these that it has is used."""


async def create_post(
    http: HTTPClient,
    forum_id: int,
    name: str,
    tags: Sequence[discord.ForumTag],
    *,
    content: str | None,
    embed: discord.Embed | None,
    view: discord.ui.View | discord.ui.LayoutView | None,
    allowed_mentions: discord.AllowedMentions,
) -> int:
    """Create a forum post by one request; return its id, which is also the id of its first message.

    Raises as `sending.create`.
    """
    with handle_message_parameters(
        content=content or discord.utils.MISSING,
        embed=embed or discord.utils.MISSING,
        view=view or discord.utils.MISSING,
        allowed_mentions=allowed_mentions,
        channel_payload={"name": name, "applied_tags": [str(tag.id) for tag in tags]},
    ) as parameters:
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum_id)
        once = Tries(may_repeat=False)
        return await create(http, route, parameters.payload, once, params={"use_nested_fields": 1})


def tags_for(forum: discord.ForumChannel, wanted: Iterable[str], *, is_plain: bool) -> list[discord.ForumTag]:
    """Return the forum's tags with the wanted names, at most five.

    Tags that only moderators may set are not used. Raises DeliveryRefusedError, as Discord would, if the
    forum requires a tag and has none that fits. `is_plain`: use a tag only if the forum requires one.
    """
    by_name = {tag.name.casefold(): tag for tag in forum.available_tags if not tag.moderated}
    found = [by_name[name.casefold()] for name in wanted if name.casefold() in by_name]
    if not forum.flags.require_tag:
        return [] if is_plain else found[:FORUM_TAGS_OF_POST]
    usual = [by_name[name.casefold()] for name in USUAL_TAGS if name.casefold() in by_name]
    chosen = found[:FORUM_TAGS_OF_POST] or usual[:1]
    if not chosen:
        raise DeliveryRefusedError(400, TAG_REQUIRED, f"add one called {USUAL_TAGS[0]}")
    return chosen


async def find_post(
    forum: discord.ForumChannel, me: int, baseline: int, is_it: Callable[[discord.Message], bool]
) -> int | None:
    """Return the id of Wetread's post after `baseline` whose first message `is_it`, None if there is none.

    If there are several, keep the oldest and delete younger ones without replies. Raises
    HistoryUnreadableError if a candidate has lost its first message.
    """
    is_unreadable = False
    found: list[discord.Thread] = []
    async for thread in _posts_since(forum, me, baseline):
        try:
            starter = await thread.fetch_message(thread.id)
        except discord.NotFound:
            is_unreadable = True
            continue
        if is_it(starter):
            found.append(thread)
    if not found and is_unreadable:
        raise HistoryUnreadableError
    found.sort(key=lambda thread: thread.id)
    for duplicate in found[1:]:
        if len([message async for message in duplicate.history(limit=2)]) < 2:
            await duplicate.delete()
    return found[0].id if found else None


async def _posts_since(forum: discord.ForumChannel, me: int, baseline: int) -> Any:
    def is_candidate(thread: discord.Thread) -> bool:
        return thread.parent_id == forum.id and thread.owner_id == me and thread.id > baseline

    for thread in await forum.guild.active_threads():
        if is_candidate(thread):
            yield thread
    # Archived posts come newest archived first, and a post is never archived before it is created.
    async for thread in forum.archived_threads(limit=None):
        if thread.archive_timestamp < instant_of(baseline):
            return
        if is_candidate(thread):
            yield thread
