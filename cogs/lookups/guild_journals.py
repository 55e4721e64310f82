"""The journals of a server: those with articles, those with subscriptions, and their names."""

from collections.abc import Sequence
from dataclasses import replace

from cogs.errors.input_errors import UnknownNameError
from wetread.domain.catalogue import names_of
from wetread.domain.models import Journal, Subject
from wetread.domain.names import name_key, words_of
from wetread.services.services import Services
from wetread.storage import search
from wetread.storage.subscriptions import Watched

_NEAR_COUNT = 5


class GuildJournals:
    """The journals of servers, by name."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def of_guild(self, guild_id: int) -> list[tuple[str, int]]:
        """Return the server's journals with how many articles of each are stored, most first.

        Subscribed journals without articles come last.
        """
        counted = await self._services.database.read(search.journals, guild_id)
        have = {name_key(name) for name, _ in counted}
        silent = {
            self._title(each): 0
            for each in await self._services.subscriptions.of_guild(guild_id)
            if have.isdisjoint(map(name_key, self._names(each)))
        }
        return [*counted, *sorted(silent.items())]

    async def called(self, guild_id: int, name: str) -> tuple[str, tuple[Journal, ...]]:
        """Return what a name means, a subject or a journal, and its journals.

        Raises UnknownNameError with the nearest names.
        """
        catalogue = self._services.catalogue
        if meant := catalogue.meant(name):
            return (meant.title, (meant,)) if isinstance(meant, Journal) else (name, meant)
        own = await self._of_its_own(guild_id, name)
        if own is None:
            near = tuple(each.title for each in catalogue.near(name, _NEAR_COUNT))
            raise UnknownNameError(name, near)
        return own.title, (own,)

    async def to_be_suggested(self, guild_id: int, called: str, journals: Sequence[Journal]) -> str | None:
        """Return what suggests these journals; None if the server has a feed of one of them."""
        watched = await self._services.subscriptions.of_guild(guild_id)
        keys = {each.feed.journal_key for each in watched}
        names = {name_key(name) for each in watched for name in self._names(each)}
        for journal in journals:
            if journal.key in keys or not names.isdisjoint(map(name_key, names_of(journal))):
                return None
        return self._services.catalogue.typed(journals[0]) if len(journals) == 1 else called

    async def choices(self, guild_id: int, typed: str) -> list[tuple[str, str]]:
        """Return choices for what was typed so far: subjects, subscribed journals, then the catalogue."""
        catalogue = self._services.catalogue
        watched = await self._services.subscriptions.complete(guild_id, typed)
        named = [(self._title(each), self._typed(each)) for each in watched]
        subjects = [(name, name) for name in catalogue.subspecialties if name.startswith(typed.casefold())]
        others = [(each.title, catalogue.typed(each)) for each in catalogue.matching(typed)]
        return list(dict.fromkeys([*subjects, *named, *others]))

    async def _of_its_own(self, guild_id: int, name: str) -> Journal | None:
        """Return a journal of the server that the catalogue lacks: of this name, or the only match."""
        names = [title for title, _ in await self.of_guild(guild_id)]
        exact = [title for title in names if name_key(title) == name_key(name)]
        fitting = exact or [title for title in names if _begins(words_of(name), words_of(title))]
        return replace(_NAMELESS, title=fitting[0], abbreviation=fitting[0]) if len(fitting) == 1 else None

    def _title(self, watched: Watched) -> str:
        journal = self._journal(watched)
        return journal.title if journal else watched.subscription.name

    def _typed(self, watched: Watched) -> str:
        journal = self._journal(watched)
        return self._services.catalogue.typed(journal) if journal else watched.subscription.name

    def _names(self, watched: Watched) -> tuple[str, ...]:
        journal = self._journal(watched)
        return names_of(journal) if journal else (watched.subscription.name, watched.feed.title)

    def _journal(self, watched: Watched) -> Journal | None:
        key = watched.feed.journal_key
        return self._services.catalogue.get(key) if key else None


_NAMELESS = Journal(
    key="", title="", abbreviation="", issns=(), nlm_id=None, subject=Subject.GENERAL, subspecialties=()
)


def _begins(typed: Sequence[str], words: Sequence[str]) -> bool:
    return bool(typed) and all(any(word.startswith(part) for word in words) for part in typed)
