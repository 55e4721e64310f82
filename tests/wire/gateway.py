"""Discord's gateway: sessions with sequence numbers, replay on RESUME, and its failures."""

import asyncio
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import discord
from aiohttp import WSMsgType, web
from simcord import intents as intent_rules
from simcord.backend import serializers

from tests.wire.backend import WireBackend
from tests.wire.changes import Changes

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11

CHUNK = 1000  # members in one GUILD_MEMBERS_CHUNK


@dataclass(slots=True)
class Session:
    """A session, begun by IDENTIFY. It outlives the socket, so that RESUME can continue it."""

    id: str
    intents: discord.Intents
    sequence: int = 0
    frames: list[dict[str, Any]] = field(default_factory=list)

    def dispatch(self, event: str, payload: Any) -> dict[str, Any]:
        """Give an event its sequence number, and keep it for a replay."""
        self.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": self.sequence, "d": payload}
        self.frames.append(frame)
        return frame


class Connection:
    """One open socket, which sends frames in the order in which they were queued."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def queue(self, frame: dict[str, Any]) -> None:
        """Queue a frame."""
        self._queue.put_nowait(frame)

    async def send_queued(self) -> None:
        """Send queued frames until the connection ends."""
        while (frame := await self._queue.get()) is not None:
            try:
                await self.socket.send_str(json.dumps(frame, default=str))
            except ConnectionError:
                return

    def finish(self) -> None:
        """End `send_queued`."""
        self._queue.put_nowait(None)


class Gateway:
    """The gateway of one bot. `identify_count` and `resume_count` count how it connected."""

    def __init__(self, backend: WireBackend, changes: Changes) -> None:
        self.backend = backend
        self.changes = changes
        self.url = ""
        self.token: str | None = None  # the only token that is accepted; None = any
        self.approved_intents: discord.Intents | None = None  # the intents that the portal allows; None = all
        self.heartbeat_interval = 41.25  # seconds
        self.identify_count = 0
        self.resume_count = 0
        self.heartbeat_count = 0
        self.acks_withheld = False
        self.session: Session | None = None
        self._connection: Connection | None = None
        self._resumes_refused = 0
        backend.subscribers.append(self.emit)

    @property
    def is_connected(self) -> bool:
        """Whether the bot has a socket open."""
        return self._connection is not None

    # What the test does -----------------------------------------------------------------------------

    def drop(self) -> None:
        """Cut the connection without a close code."""
        connection = self._required()
        assert connection.request.transport is not None
        connection.request.transport.abort()

    async def close(self, code: int = 4000) -> None:
        """Close the socket with a code; after 4004 and 4010 to 4014 the bot ends, else it reconnects."""
        await self._required().socket.close(code=code)

    def reconnect(self) -> None:
        """Ask the bot to reconnect (op 7); it sends RESUME."""
        self._required().queue({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Declare the session invalid (op 9); if it is not resumable, the bot sends IDENTIFY after 5 s."""
        if not resumable:
            self.session = None
        self._required().queue({"op": INVALID_SESSION, "d": resumable})

    def refuse_resume(self, times: int = 1) -> None:
        """Answer the next RESUMEs with op 9 false."""
        self._resumes_refused = times

    def withhold_acks(self, withheld: bool = True) -> None:
        """Do not answer heartbeats, so that the bot considers the connection dead."""
        self.acks_withheld = withheld

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send the bot an event that its intents allow; while it is disconnected, keep it for a RESUME."""
        session = self.session
        self.changes.touch()
        if session is None:
            return
        shaped = shape(self.backend, session.intents, event, payload)
        if shaped is not None:
            self._send(session.dispatch(event, shaped))

    # What the bot does ------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        sending = asyncio.create_task(connection.send_queued())
        interval = int(self.heartbeat_interval * 1000)
        connection.queue({"op": HELLO, "d": {"heartbeat_interval": interval, "_trace": []}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
        finally:
            if self._connection is connection:
                self._connection = None
            connection.finish()
            await sending
            self.changes.touch()
        return socket

    async def _received(self, connection: Connection, frame: dict[str, Any]) -> None:
        op, data = frame["op"], frame["d"]
        if op == HEARTBEAT:
            self.heartbeat_count += 1
            if not self.acks_withheld:
                connection.queue({"op": HEARTBEAT_ACK})
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op == REQUEST_MEMBERS:
            self._send_members(data)
        self.changes.touch()

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        if self.token is not None and data["token"] != self.token:
            await connection.socket.close(code=4004)
            return
        intents = discord.Intents._from_value(int(data["intents"]))
        approved = self.approved_intents
        if approved is not None and intent_rules.missing_privileged_intents(intents, approved):
            await connection.socket.close(code=4014)
            return
        self.identify_count += 1
        self._connection = connection
        session = self.session = Session(f"session-{self.identify_count}", intents)
        guilds = list(self.backend.guilds.values())
        ready = {
            "v": 10,
            "user": dict(serializers.user_payload(self.backend.bot_user)),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": data.get("shard") or [0, 1],
            "application": {"id": str(self.backend.application_id), "flags": 0},
        }
        self._send(session.dispatch("READY", ready))
        for guild in guilds:
            self.backend.announce_guild(guild, self.emit)

    def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.session
        if self._resumes_refused or session is None or data["session_id"] != session.id:
            self._resumes_refused = max(0, self._resumes_refused - 1)
            self.session = None
            connection.queue({"op": INVALID_SESSION, "d": False})
            return
        self.resume_count += 1
        self._connection = connection
        for missed in session.frames[int(data["seq"]) :]:  # frame n has the sequence number n + 1
            connection.queue(missed)
        connection.queue(session.dispatch("RESUMED", {"_trace": []}))

    def _send_members(self, data: dict[str, Any]) -> None:
        guild_id = int(data["guild_id"][0] if isinstance(data["guild_id"], list) else data["guild_id"])
        guild = self.backend.guilds.get(guild_id)
        session = self.session
        if guild is None or session is None:
            return
        members = list(guild.members.values())
        if data.get("user_ids"):
            wanted = data["user_ids"] if isinstance(data["user_ids"], list) else [data["user_ids"]]
            members = [member for member in members if str(member.user_id) in map(str, wanted)]
        elif data.get("query"):
            start = str(data["query"]).lower()
            users = self.backend.users
            members = [member for member in members if users[member.user_id].name.lower().startswith(start)]
        if data.get("limit"):
            members = members[: int(data["limit"])]
        chunks = [members[at : at + CHUNK] for at in range(0, len(members), CHUNK)] or [[]]
        for index, chunk in enumerate(chunks):
            payload: dict[str, Any] = {
                "guild_id": str(guild_id),
                "members": [serializers.member_payload(self.backend, guild, member) for member in chunk],
                "chunk_index": index,
                "chunk_count": len(chunks),
            }
            if data.get("nonce"):
                payload["nonce"] = data["nonce"]
            self._send(session.dispatch("GUILD_MEMBERS_CHUNK", payload))

    def _send(self, frame: dict[str, Any]) -> None:
        if self._connection is not None:
            self._connection.queue(frame)

    def _required(self) -> Connection:
        assert self._connection is not None, "the bot is not connected"
        return self._connection


def shape(
    backend: WireBackend, intents: discord.Intents, event: str, payload: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the event as a bot with these intents gets it, None if it gets none; simcord has the rules."""
    needed = intent_rules.required_intent(event, payload)
    if needed is not None and not getattr(intents, needed):
        return None
    shaped = deepcopy(dict(payload))
    me = backend.bot_user.id
    if event == "GUILD_CREATE":
        intent_rules.prune_guild_create(shaped, intents, me)
    elif event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not intents.message_content:
        intent_rules.censor_message(shaped, me, backend=backend)
    return shaped
