"""simcord's world in real time, for a bot in another process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from simcord._clock import Clock
from simcord.backend import serializers
from simcord.backend.models import Guild

from sandbox.rules import RuledBackend


class RealClock(Clock):
    """Real time: Discord's ids contain the time, and an interaction with an old id counts as expired."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class WireBackend(RuledBackend):
    """Discord's rules, with the nonce in the events and answers of the bot's own messages."""

    def __init__(self) -> None:
        self._nonce: str | int | None = None
        super().__init__(clock=RealClock())

    @contextmanager
    def sending(self, nonce: str | int | None) -> Iterator[None]:
        """Put the nonce into the event of a message made inside this context."""
        self._nonce = nonce
        try:
            yield
        finally:
            self._nonce = None

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "MESSAGE_CREATE" and self._nonce is not None:
            payload = {**payload, "nonce": self._nonce}
        super().emit(event, payload)

    def payload_of(self, channel_id: int, message_id: int) -> dict[str, Any]:
        """Return a message as the API sends it. Raises BackendError 404, 10008 if it was deleted."""
        return dict(serializers.message_payload(self, self.get_message(channel_id, message_id)))

    def announce_guild(self, guild: Guild, tell: Callable[[str, Mapping[str, Any]], None]) -> None:
        """Send one listener GUILD_CREATE for an existing server, as Discord does after READY."""
        tell("GUILD_CREATE", self.complete_guild(serializers.guild_create_payload(self, guild)))
