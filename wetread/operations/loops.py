"""What is known of the timed loops: when each last ended a turn, and how."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoopHealth:
    """One loop. `failure` is the class of the last turn's error, None = the last turn succeeded.

    `failure_count` counts failed turns in a row. The instants are None before the first turn has ended.
    """

    name: str
    finished_at: datetime | None = None  # the last turn that succeeded
    failed_at: datetime | None = None
    failure: str | None = None
    failure_count: int = 0
    restart_count: int = 0


class LoopsHealth:
    """Every loop of this process, by name. The loops write here; `status` and the health file read."""

    def __init__(self) -> None:
        self._loops: dict[str, LoopHealth] = {}

    def add(self, name: str) -> None:
        """Begin to follow a loop."""
        self._loops[name] = LoopHealth(name)

    def note_success(self, name: str, at: datetime) -> None:
        """A turn succeeded."""
        self._loops[name] = replace(self._loops[name], finished_at=at, failure=None, failure_count=0)

    def note_failure(self, name: str, at: datetime, failure: str) -> None:
        """A turn failed."""
        before = self._loops[name]
        self._loops[name] = replace(
            before, failed_at=at, failure=failure, failure_count=before.failure_count + 1
        )

    def note_restart(self, name: str) -> None:
        """The loop had ended and was started again."""
        before = self._loops[name]
        self._loops[name] = replace(before, restart_count=before.restart_count + 1)

    def of(self, name: str) -> LoopHealth:
        """Return one loop. Raises KeyError."""
        return self._loops[name]

    def all(self) -> tuple[LoopHealth, ...]:
        """Return every loop, in the order in which they were added."""
        return tuple(self._loops.values())
