"""What Discord refuses and simcord lets pass, in rules about who may do what and where.

Each is from Discord's documentation of its error codes or its permissions:

- a reply to a message that is not there (50035, REPLIES_UNKNOWN_MESSAGE), unless the request says that it
  may fail; then the message is posted without the reference
- a reply without Read Message History (160002)
- an embed without Embed Links, a file without Attach Files (50013); answers to interactions need neither
- bulk deletion of a message older than two weeks (50034), or of one message twice (50035)

What is too long or malformed is refused by `sandbox/limits.py`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import discord
from simcord.backend import Backend
from simcord.backend import permissions as permission_rules
from simcord.backend.errors import BackendError

from sandbox.limits import check_request

TWO_WEEKS = timedelta(days=14)
_SEND = re.compile(r"/channels/(\d+)/messages")
_START_THREAD = re.compile(r"/channels/(\d+)/threads")
_DELETE_IN_BULK = re.compile(r"/channels/\d+/messages/bulk-delete")


def allowed(backend: Backend, method: str, path: str, body: Any, files: Sequence[object]) -> Any:
    """Return the body as Discord takes it. Raises BackendError where Discord refuses the request."""
    check_request(method, path, body)
    if method != "POST" or not isinstance(body, Mapping):
        return body
    if send := _SEND.fullmatch(path):
        _check_content(backend, int(send[1]), body, files)
        return _with_reference(backend, int(send[1]), body)
    if thread := _START_THREAD.fullmatch(path):
        _check_content(backend, int(thread[1]), body.get("message") or {}, files)
    elif _DELETE_IN_BULK.fullmatch(path):
        _check_deletion(backend, body.get("messages") or [])
    return body


def _check_content(
    backend: Backend, channel_id: int, body: Mapping[str, Any], files: Sequence[object]
) -> None:
    granted = _granted(backend, channel_id)
    if body.get("embeds") and "embed_links" not in granted:
        raise BackendError(403, 50013, "Missing Permissions")
    if files and "attach_files" not in granted:
        raise BackendError(403, 50013, "Missing Permissions")


def _with_reference(backend: Backend, channel_id: int, body: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = body.get("message_reference")
    if not isinstance(reference, Mapping) or reference.get("type"):
        return body
    if "read_message_history" not in _granted(backend, channel_id):
        raise BackendError(403, 160002, "Cannot reply without permission to read message history")
    messages = backend.messages.get(channel_id, {})
    if int(reference.get("message_id") or 0) in messages:
        return body
    if reference.get("fail_if_not_exists", True):
        unknown = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise BackendError(
            400, 50035, "Invalid Form Body", errors={"message_reference": {"_errors": [unknown]}}
        )
    return {key: value for key, value in body.items() if key != "message_reference"}


def _check_deletion(backend: Backend, messages: Sequence[Any]) -> None:
    ids = [int(message) for message in messages]
    if len(set(ids)) != len(ids):
        raise BackendError(400, 50035, "Invalid Form Body: messages: is there more than once")
    oldest = backend.clock.now() - TWO_WEEKS
    if any(discord.utils.snowflake_time(message) < oldest for message in ids):
        raise BackendError(400, 50034, "A message provided was too old to bulk delete")


def _granted(backend: Backend, channel_id: int) -> frozenset[str]:
    """Return which of the permissions asked about here the bot has in a channel; all in a private one."""
    names = ("embed_links", "attach_files", "read_message_history")
    channel = backend.channels.get(channel_id)
    if channel is None or channel.guild_id is None:
        return frozenset(names)
    held = backend.compute_permissions(channel.guild_id, backend.bot_user.id, channel_id)
    return frozenset(name for name in names if held & permission_rules.flag(name))
