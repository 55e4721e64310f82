"""What moderators of a server changed, and undoing it."""

from collections.abc import Sequence

from wetread.domain.changes import Change, ChangedBy
from wetread.domain.clock import Clock
from wetread.storage import changes, undoing
from wetread.storage.database import Database
from wetread.storage.undoing import Prospect, Rules


class ChangeHistory:
    """The changes of all servers; every method reads and undoes those of one server only."""

    def __init__(self, database: Database, clock: Clock, *, rules: Rules) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules

    async def of_guild(self, guild_id: int) -> list[Change]:
        """Return what was changed in the last 90 days, newest first."""
        return await self._database.run(changes.of_guild, guild_id, self._clock())

    async def prospects(self, shown: Sequence[Change]) -> list[Prospect]:
        """Return what undoing each of these changes would meet."""
        return await self._database.run(undoing.prospects, shown, self._clock())

    async def prospect(self, guild_id: int, change_id: int) -> Prospect | None:
        """Return a server's change with what undoing it would meet; None if there is none with that id."""
        change = await self._database.run(changes.get, guild_id, change_id)
        return None if change is None else (await self.prospects([change]))[0]

    async def undo(self, guild_id: int, change_id: int, by: ChangedBy) -> Change | None:
        """Undo a change and return the change that this is; None if it cannot be undone (any more).

        Raises AlreadySubscribedError, TooManySubscriptionsError, TopicNameTakenError.
        """
        return await self._database.run(
            undoing.undo, guild_id, change_id, by, self._clock(), rules=self._rules
        )
