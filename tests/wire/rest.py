"""Discord's REST API. Faults and nonces are checked first; then simcord's world answers."""

import asyncio
import io
import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import discord
from aiohttp import BodyPartReader, web
from simcord.backend.errors import BackendError
from simcord.http import RouteNotImplemented, UnsupportedField
from simcord.http import routes as _routes  # noqa: F401  # importing it fills the route table

from sandbox.description import watch_answer
from sandbox.rules import answer as answer_of_discord
from sandbox.rules import complete_channel, witnesses
from tests.wire.answers import complete
from tests.wire.backend import WireBackend
from tests.wire.buckets import Buckets, Limits
from tests.wire.changes import Changes
from tests.wire.faults import Fault, Faults, Moment, Rule, rate_limited

PREFIX = "/api/v10"
NONCE_WINDOW = 300.0  # "a few minutes", says Discord


@dataclass(slots=True)
class Call:
    """One request of the bot. `status` None: it has no answer yet, or never got one."""

    method: str
    path: str
    params: dict[str, str]
    body: Any
    at: datetime
    files: list[str] = field(default_factory=list)
    status: int | None = None
    reason: str | None = None

    @property
    def allowed_mentions(self) -> Any:
        """Return whom the message may ping, None if the request did not say (then everybody it names)."""
        body = self.body if isinstance(self.body, dict) else {}
        return next(
            (
                part["allowed_mentions"]
                for part in (body, body.get("data") or {}, body.get("message") or {})
                if "allowed_mentions" in part
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Used:
    """The message that a nonce made, and when, by the loop's clock."""

    channel_id: int
    message_id: int
    at: float


class Rest:
    """The requests of one bot.

    `nonce_window`: for how many seconds `enforce_nonce` returns the earlier message; 0 = never, math.inf =
    for ever. `gaps`: requests of the bot that this world does not support; a test with gaps fails.
    """

    def __init__(
        self, backend: WireBackend, changes: Changes, faults: Faults, limits: Limits | None = None
    ) -> None:
        self.backend = backend
        self.changes = changes
        self.faults = faults
        self.calls: list[Call] = []
        self.gaps: list[str] = []
        self.token: str | None = None  # the only one that is let in; None = any
        self.nonce_window = NONCE_WINDOW
        self.gateway_url = ""
        self._buckets = Buckets(limits)
        self._nonces: dict[str, Used] = {}
        self._late: set[asyncio.Task[None]] = set()

    def made(self, method: str, pattern: str) -> list[Call]:
        """Return the requests so far whose whole path matches the regular expression."""
        return [call for call in self.calls if call.method == method and re.fullmatch(pattern, call.path)]

    async def close(self) -> None:
        """Cancel the requests that were held back."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, or apply the rule that matches it."""
        body, files = await read(request)
        call = Call(
            method=request.method,
            path=request.rel_url.raw_path.removeprefix(PREFIX),
            params=dict(request.query),
            body=body,
            at=datetime.now(UTC),
            files=[file.filename for file in files],
            reason=unquote(request.headers.get("X-Audit-Log-Reason", "")) or None,
        )
        self.calls.append(call)
        self.changes.touch()
        show(call)
        if self.token is not None and request.headers.get("Authorization", "") not in (
            "",
            f"Bot {self.token}",
        ):
            return self._answer(call, 401, {"message": "401: Unauthorized", "code": 0})
        refusal = self._buckets.refusal(call.method, call.path, call.at.timestamp())
        if refusal is not None:
            return self._faulty(call, rate_limited(refusal.seconds, is_global=refusal.is_global))
        rule = self.faults.strike(call.method, call.path)
        if rule is None:
            return self._answer(call, *self.perform(call, files))
        await asyncio.sleep(rule.fault.delay)
        if not rule.fault.is_trouble:
            return self._answer(call, *self.perform(call, files))
        return await self._trouble(rule, call, files, request)

    def perform(self, call: Call, files: list[discord.File]) -> tuple[int, Any]:
        """Carry out the request, and return status and JSON body."""
        try:
            return self._dispatch(call, files)
        except (RouteNotImplemented, UnsupportedField) as gap:
            self.gaps.append(str(gap))
            return gap.status, gap.to_json()
        except BackendError as refusal:
            return refusal.status, refusal.to_json()
        except Exception as crash:  # noqa: BLE001  # whatever it is, the test must hear of it
            self.gaps.append(f"{call.method} {call.path}: {crash!r}")
            return 501, {"message": repr(crash), "code": 0}

    def _dispatch(self, call: Call, files: list[discord.File]) -> tuple[int, Any]:
        if call.path in ("/gateway", "/gateway/bot"):
            starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            return 200, {"url": self.gateway_url, "shards": 1, "session_start_limit": starts}
        sends = call.method == "POST" and re.fullmatch(r"/channels/\d+/messages", call.path) is not None
        body = call.body if isinstance(call.body, dict) else {}
        nonce = body.get("nonce") if sends else None
        if nonce is not None and body.get("enforce_nonce"):
            earlier = self._earlier(str(nonce))
            if earlier is not None:
                again = {**earlier, "nonce": nonce}
                return complete(self.backend, call.method, call.path, call.params, again)
        with self.backend.sending(nonce):
            answer = answer_of_discord(
                self.backend,
                call.method,
                call.path,
                json=call.body,
                params=call.params,
                files=files,
                reason=call.reason,
            )
        if nonce is not None:
            self._nonces[str(nonce)] = Used(int(answer["channel_id"]), int(answer["id"]), loop_time())
            answer["nonce"] = nonce
        if re.fullmatch(r"/channels/\d+", call.path) and isinstance(answer, dict):
            answer = complete_channel(answer, self.backend.tag_required)
        return complete(self.backend, call.method, call.path, call.params, answer)

    def _earlier(self, nonce: str) -> dict[str, Any] | None:
        """Return the message that this nonce made within the window, None if there is none.

        Raises BackendError 404, 10008 if that message was deleted: so Discord answers to a nonce that it
        still knows.
        """
        used = self._nonces.get(nonce)
        if used is None or loop_time() - used.at >= self.nonce_window:
            return None
        return self.backend.payload_of(used.channel_id, used.message_id)

    async def _trouble(
        self, rule: Rule, call: Call, files: list[discord.File], request: web.Request
    ) -> web.StreamResponse:
        fault = rule.fault
        if fault.effect is Moment.BEFORE:
            self.perform(call, files)
            self.changes.touch()
        elif fault.effect is Moment.LATER:
            task = asyncio.create_task(self._perform_later(rule, call, files))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        if fault.hangs:
            await rule.released()
        if fault.status is None:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        return self._faulty(call, fault)

    async def _perform_later(self, rule: Rule, call: Call, files: list[discord.File]) -> None:
        await rule.released()
        self.perform(call, files)
        self.changes.touch()

    def _faulty(self, call: Call, fault: Fault) -> web.Response:
        assert fault.status is not None
        call.status = fault.status
        self.changes.touch()
        headers = {**fault.headers, "Content-Type": fault.content_type}
        if 400 <= fault.status < 500 and "json" in fault.content_type:  # Discord's own word, no proxy's
            headers = {**self._bucket_headers(call), **headers}
        return web.Response(status=fault.status, body=fault.body.encode(), headers=headers)

    def _answer(self, call: Call, status: int, body: Any) -> web.Response:
        call.status = status
        self.changes.touch()
        watch_answer(call.method, call.path, status, body)
        headers = self._bucket_headers(call)
        if status == 204:
            return web.Response(status=204, headers=headers)
        # Exactly this type: with "; charset=utf-8" behind it discord.py hands a string to its callers.
        headers["Content-Type"] = "application/json"
        return web.Response(status=status, body=json.dumps(body, default=str).encode(), headers=headers)

    def _bucket_headers(self, call: Call) -> dict[str, str]:
        return self._buckets.headers(call.method, call.path, datetime.now(UTC).timestamp())

    def forget_nonces(self) -> None:
        """Close the window now for all messages so far."""
        self._nonces.clear()

    def remember_nonces(self) -> None:
        """Keep the window open for ever."""
        self.nonce_window = math.inf


def show(call: Call) -> None:
    """Show a request to those that hold each against Discord's description."""
    for witness in witnesses:
        witness(call.method, call.path, call.params, call.body)


async def read(request: web.Request) -> tuple[Any, list[discord.File]]:
    """Return the JSON body and the uploads of a plain or multipart request."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), []
    body: Any = None
    uploads: list[tuple[int, str, bytes]] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read(decode=False))
        if part.name == "payload_json":
            body = json.loads(data)
        else:
            index = re.search(r"\d+", part.name or "")
            uploads.append((int(index[0]) if index else 0, part.filename or "", data))
    said = {int(item["id"]): item.get("description") for item in (body or {}).get("attachments") or []}
    return body, [
        discord.File(io.BytesIO(data), filename=name, description=said.get(index))
        for index, name, data in sorted(uploads)
    ]


def loop_time() -> float:
    """Return the seconds of the loop's clock."""
    return asyncio.get_running_loop().time()
