"""In how many articles a word or phrase is, whoever knows them: what tells rare words from common ones."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import sqlite_utils

from wetread.domain.query import Term
from wetread.storage import fts

_SAMPLE = 300  # the newest of a common word's articles, from which all are estimated
_KEPT_LIMIT = 10_000  # terms; about 2 MB
_GROWTH = 1.1  # of the archive, after which an estimate is made again

_NEWEST = "SELECT coalesce(max(id), 0) FROM articles"
_COUNT = """
    SELECT count(*), min(id) FROM (
        SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT ?
    )
"""


class _Estimate(NamedTuple):
    """Which share of the articles has a term, as it was when the newest one was `newest`."""

    share: float
    newest: int


_kept: WeakKeyDictionary[sqlite_utils.Database, dict[Term, _Estimate]] = WeakKeyDictionary()


class WordCounts:
    """Counts of terms at one moment: exact below 300, else roughly.

    What is common stays common: its estimate is kept from one search to the next, for a search asks for about
    a hundred of them. A rare word is counted each time, so that what was stored a moment ago is found.
    """

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db
        self.newest: int = db.conn.execute(_NEWEST).fetchone()[0]
        self._common = _kept.setdefault(db, {})
        self._rare: dict[Term, int] = {}

    def of(self, term: Term) -> int:
        """Return in how many articles a term is."""
        if (count := self._rare.get(term)) is not None:
            return count
        kept = self._common.get(term)
        if kept and kept.newest <= self.newest <= kept.newest * _GROWTH:
            return int(kept.share * self.newest)
        [[count, oldest]] = self._db.conn.execute(_COUNT, (fts.any_of([term]), _SAMPLE))
        if count < _SAMPLE:
            self._rare[term] = count
            return int(count)
        if len(self._common) >= _KEPT_LIMIT:
            self._common.clear()
        self._common[term] = _Estimate(self.extrapolated(count, oldest) / self.newest, self.newest)
        return self.of(term)

    def extrapolated(self, count: int, oldest: int) -> int:
        """Return how many there are in all, if `count` are not older than the article `oldest`."""
        return min(self.newest, count * self.newest // max(self.newest - oldest + 1, 1))
