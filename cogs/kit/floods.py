"""How often a member may use a command: so many times a minute, then one refusal, then silence."""

from collections import deque
from dataclasses import dataclass, field

from discord.ext import commands

from wetread.domain.clock import Monotonic

SPAN = 60.0
"""Seconds in which a member may use a command `most` times."""

_MANY = 1_000


class FloodError(commands.CommandOnCooldown):
    """The member used this command too often. `is_first`: nobody has told the member yet."""

    def __init__(self, most: int, retry_after: float, *, is_first: bool) -> None:
        super().__init__(commands.Cooldown(most, SPAN), retry_after, commands.BucketType.user)
        self.is_first = is_first


@dataclass(slots=True)
class _Use:
    """When a member used a command, oldest first; refusals do not count."""

    at: deque[float]
    is_told: bool = field(default=False)


class Floods:
    """Counts what members use. Forgets everything with a restart."""

    def __init__(self, most: int, monotonic: Monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._uses: dict[tuple[int, str], _Use] = {}

    def count(self, member_id: int, command: str) -> None:
        """Count one use. Raises FloodError if it is one too many."""
        now = self._monotonic()
        if len(self._uses) > _MANY:
            self._uses = {key: use for key, use in self._uses.items() if now - use.at[-1] < SPAN}
        use = self._uses.setdefault((member_id, command), _Use(deque(maxlen=self._most)))
        if len(use.at) == self._most and now - use.at[0] < SPAN:
            is_first, use.is_told = not use.is_told, True
            raise FloodError(self._most, use.at[0] + SPAN - now, is_first=is_first)
        use.at.append(now)
        use.is_told = False


def called(ctx: commands.Context[commands.Bot]) -> str:
    """Return the name of the command, with its sub-command if a message names one."""
    command = ctx.command
    if isinstance(command, commands.Group) and ctx.interaction is None:
        [first] = ctx.view.buffer[ctx.view.index :].split(maxsplit=1)[:1] or [""]
        command = command.get_command(first) or command
    return command.qualified_name if command else ""
