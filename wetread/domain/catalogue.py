"""The catalogue: the list of known journals, and how to find one by any of its names."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

from rapidfuzz import fuzz, process

from wetread.domain.errors import ConfigError, ConfigFault, UnknownJournalError
from wetread.domain.issn import issn_in
from wetread.domain.models import Journal, Record, Subject
from wetread.domain.names import abbreviates, name_key, names_within, words_of

PUBMED_FEED_URL = "https://pubmed.ncbi.nlm.nih.gov/rss/journals/"
_FILE = Path(__file__).with_name("journals.toml")

_SUBSPECIALTY_ALIASES = {
    "ai": ("artificial intelligence", "machine learning"),
    "abdomen": ("abdominal", "gi", "gu", "body"),
    "breast": ("mammography",),
    "cardiac": ("heart", "cardiovascular"),
    "chest": ("thoracic", "cardiothoracic", "lung"),
    "interventional": ("ir", "interventional radiology", "vascular"),
    "interventional-pain": ("interventional pain",),
    "mri": ("mr", "magnetic resonance"),
    "musculoskeletal": ("msk", "bone"),
    "neuro": ("neuroradiology",),
    "nuclear": ("nuclear medicine", "pet", "molecular imaging"),
    "oncology": ("cancer",),
    "paediatric": ("pediatric", "paediatrics", "pediatrics", "peds", "children"),
    "ultrasound": ("us", "sonography"),
}


class Catalogue:
    """The known journals in the order of the list. Read-only."""

    def __init__(self, journals: Iterable[Journal]) -> None:
        self.journals = tuple(journals)
        self._by_name = {name_key(name): journal for journal in self.journals for name in names_of(journal)}

    @classmethod
    def load(cls, extra: Path | None = None) -> Self:
        """Read the list that comes with Wetread and, if there is one, the operator's own list.

        Raises ConfigError for a list that cannot be read.
        """
        files = [_FILE] if extra is None else [_FILE, extra]
        journals = [*_shipped(), *(_read(extra) if extra is not None else ())]
        keys = [journal.key for journal in journals]
        if repeated := sorted({key for key in keys if keys.count(key) > 1}):
            problem = f"these keys stand there twice: {', '.join(repeated)}"
            raise ConfigError((ConfigFault(str(files[-1]), problem),))
        return cls(journals)

    def find(self, text: str) -> Journal:
        """Return the journal with this title, abbreviation, ISSN, key or alias, in any spelling.

        Raises UnknownJournalError with the nearest titles.
        """
        journal = self.named(text)
        if journal is None:
            raise UnknownJournalError(text, tuple(near.title for near in self.near(text)))
        return journal

    def named(self, text: str) -> Journal | None:
        """Return the journal as `find` does; None if no journal has this name."""
        return self._by_name.get(name_key(text))

    def abbreviated(self, text: str) -> Journal | None:
        """Return the only journal whose title is abbreviated so, word by word ("Acad Radiology"), or None."""
        found = [journal for journal in self.journals if abbreviates(text, journal.title)]
        return found[0] if len(found) == 1 else None

    def get(self, key: str) -> Journal | None:
        """Return the journal with this key; None if the list has no such journal."""
        return next((journal for journal in self.journals if journal.key == key), None)

    def matching(self, text: str, limit: int = 25) -> tuple[Journal, ...]:
        """Return up to `limit` journals that match what was typed so far, for autocomplete, best first.

        Every journal matches the empty text.
        """
        ranked = [(rank, journal) for journal in self.journals if (rank := _rank(journal, text)) is not None]
        ranked.sort(key=lambda pair: pair[0])
        return tuple(journal for _, journal in ranked[:limit])

    def near(self, text: str, limit: int = 5) -> tuple[Journal, ...]:
        """Return up to `limit` journals with names similar to `text`, most similar first."""
        found = dict.fromkeys(self.matching(text, limit)) if text.strip() else {}
        alike = process.extract(
            name_key(text), self._by_name.keys(), scorer=fuzz.ratio, limit=20, score_cutoff=70
        )
        found |= dict.fromkeys(self._by_name[name] for name, _, _ in alike)
        return tuple(found)[:limit]

    @property
    def subspecialties(self) -> tuple[str, ...]:
        """The names of the bundles, sorted."""
        return tuple(sorted({name for journal in self.journals for name in journal.subspecialties}))

    def bundle(self, subspecialty: str) -> tuple[Journal, ...]:
        """Return the journals of a subspecialty ("neuro", "MSK"); none if there is no such subspecialty."""
        wanted = name_key(subspecialty)
        for name in self.subspecialties:
            if wanted in map(name_key, (name, *_SUBSPECIALTY_ALIASES.get(name, ()))):
                return tuple(journal for journal in self.journals if name in journal.subspecialties)
        return ()

    def meant(self, text: str) -> Journal | tuple[Journal, ...]:
        """Return the journal or the subspecialty's journals that a typed name means; () for neither.

        A subspecialty's own name comes before a journal's: "spine" means twelve journals; the journal *Spine*
        has an ISSN. A journal's name comes before a subspecialty's other names ("neuroradiology").
        """
        wanted = name_key(text)
        if wanted in map(name_key, self.subspecialties):
            return self.bundle(text)
        return self.named(text) or self.bundle(text)

    def typed(self, journal: Journal) -> str:
        """Return the shortest text for which `meant` returns exactly this journal."""
        names = (journal.key, journal.abbreviation, *journal.issns, journal.title)
        return next((name for name in names if self.meant(name) == journal), journal.title)

    def journal_of(self, record: Record) -> Journal | None:
        """Return the journal of a record, by number before name; None = not in the list."""
        names = [name for name in (record.journal_abbreviation, record.journal) if name]
        candidates = [
            record.nlm_id or "",
            *record.issns,
            *(part for name in names for part in names_within(name)),
        ]
        for candidate in candidates:
            if journal := self._by_name.get(name_key(candidate)):
                return journal
        return None

    def at_address(self, url: str) -> Journal | None:
        """Return the journal to which an address belongs: by its ISSN, its feed, or its publisher's site.

        A site with several journals has a word or number in the address for each: "jc=ai", "/journal/330".
        """
        for journal in self.journals:
            if url in (journal.feed_url, journal.publisher_feed_url):
                return journal
        issn = issn_in(url)
        if issn and (named_so := self.named(issn)):
            return named_so
        words = _words_of_address(url)
        here = [
            (journal, _words_of_address(journal.publisher_feed_url))
            for journal in self.journals
            if journal.publisher_feed_url and _site(journal.publisher_feed_url) == _site(url)
        ]
        if len(here) == 1:
            return here[0][0]
        common = Counter(word for _, own in here for word in own)
        named = [journal for journal, own in here if any(common[word] == 1 and word in words for word in own)]
        return named[0] if len(named) == 1 else None

    def of_page(self, url: str) -> Journal | None:
        """Return the journal on whose site an article's page is; None = the list does not say."""
        host = _site(url)
        places = {host, f"{host}/{url.partition('//')[2].partition('/')[2].partition('/')[0].lower()}"}
        return next((each for each in self.journals if not places.isdisjoint(each.sites)), None)

    def is_publisher(self, url: str, record: Record) -> bool:
        """Return whether an address is on a site of the record's journal: its publisher's, or PubMed's.

        These are the sites of the journal's feeds in the list. A record that names no journal is of the
        journal to which the address belongs.
        """
        journal = self.journal_of(record)
        is_named = record.journal or record.journal_abbreviation or record.issns or record.nlm_id
        if journal is None and not is_named:
            journal = self.at_address(url)
        if journal is None:
            return False
        return _site(url) in {_site(each) for each in (journal.feed_url, journal.publisher_feed_url) if each}

    def substitute(self, url: str) -> str | None:
        """Return what to type instead of an address that refuses Wetread ("jvir", "issn:1051-0443").

        None = the journal of that address is not known.
        """
        journal, issn = self.at_address(url), issn_in(url)
        if journal is not None and journal.feed_url not in (None, url):
            return self.typed(journal)
        issn = issn or next(iter(journal.issns), None) if journal else issn
        return f"issn:{issn}" if issn else None

    def subject_of(self, record: Record) -> Subject:
        """Return the subject of a record's journal; GENERAL for a journal that is not in the list."""
        journal = self.journal_of(record)
        return journal.subject if journal else Subject.GENERAL


NO_JOURNALS = Catalogue(())


def _site(url: str) -> str:
    try:
        host = urlsplit(url).netloc
    except ValueError:
        return ""
    return host.rpartition("@")[2].lower().removeprefix("www.")


def _words_of_address(url: str) -> set[str]:
    """Return the words and numbers after the host."""
    return set(re.findall(r"[a-z0-9]+", url.lower().partition("//")[2].partition("/")[2]))


def names_of(journal: Journal) -> tuple[str, ...]:
    """Return all names of a journal: key, title, abbreviation, aliases, ISSNs, NLM id."""
    numbers = (*journal.issns, journal.nlm_id) if journal.nlm_id else journal.issns
    return (journal.key, journal.title, journal.abbreviation, *journal.aliases, *numbers)


def _rank(journal: Journal, text: str) -> tuple[int, int] | None:
    """Return how well a journal matches what was typed so far: lower is better, None = not at all."""
    typed = name_key(text)
    names = names_of(journal)
    keys = [name_key(name) for name in names]
    if typed in keys:
        return (0, 0)
    if any(key.startswith(typed) for key in keys):
        return (1, len(journal.title))
    words = [word for name in names for word in words_of(name)]
    if all(any(word.startswith(part) for word in words) for part in words_of(text)):
        return (2, len(journal.title))
    return None


@cache
def _shipped() -> tuple[Journal, ...]:
    """Return the journals of the list that comes with Wetread, which does not change while it runs."""
    return tuple(_read(_FILE))


def _read(file: Path) -> list[Journal]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))["journal"]
        return [_journal(row) for row in rows]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError((ConfigFault(str(file), f"cannot be read: {error}"),)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"is not a list of journals as in {_FILE.name}: {error!r}"
        raise ConfigError((ConfigFault(str(file), problem),)) from error


def _journal(row: Mapping[str, Any]) -> Journal:
    nlm_id = row.get("nlm_id")
    publisher_feed = row.get("publisher_feed")
    pubmed_feed = None
    if nlm_id is not None:
        name = quote(row["abbreviation"])
        pubmed_feed = f"{PUBMED_FEED_URL}{nlm_id}/?limit=50&name={name}&utm_campaign=journals"
    return Journal(
        key=row["key"],
        title=row["title"],
        abbreviation=row["abbreviation"],
        issns=tuple(row.get("issns", ())),
        nlm_id=nlm_id,
        subject=Subject(row["subject"]),
        subspecialties=tuple(row["subspecialties"]),
        feed_url=pubmed_feed or publisher_feed,
        publisher_feed_url=publisher_feed,
        aliases=tuple(row.get("aliases", ())),
        sites=tuple(row.get("sites", ())),
    )
