"""Write docs/completeness.md: how many articles have which data, before and after completion.

    python scripts/completeness.py [--out FILE] [--samples FOLDER]

Reads the invented feeds and saved responses in tests/data, and the real ones in the folder of --samples if
it exists; nothing is copied from them. Completion uses only saved responses: an article counts as
completed only if there is a saved response for its DOI, PMID or other identifier.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from wetread.bibliography.merge import merge_records  # noqa: E402  # the folder must be on the path first
from wetread.bibliography.record_report import read_saved_answer  # noqa: E402  # as above
from wetread.domain.article_keys import identifier_keys  # noqa: E402  # as above
from wetread.domain.errors import FeedError, RecordSourceError  # noqa: E402  # as above
from wetread.domain.models import Record  # noqa: E402  # as above
from wetread.domain.record_sources import Source  # noqa: E402  # as above
from wetread.feeds.parser import parse_feed  # noqa: E402  # as above

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIXTURES = ROOT / "tests" / "data"
SAMPLES = ROOT / ".." / "shared" / "samples"
SOURCES = (*(source.key for source in Source), "other")

# The host of an article's address → its platform.
PLATFORMS = {
    "sciencedirect.com": "ScienceDirect",
    "cell.com": "Cell Press",
    "onlinelibrary.wiley.com": "Wiley",
    "link.springer.com": "Springer",
    "biomedcentral.com": "Springer",
    "nature.com": "Nature",
    "tandfonline.com": "Taylor & Francis",
    "journals.sagepub.com": "SAGE",
    "academic.oup.com": "Oxford (Silverchair)",
    "arxiv.org": "arXiv",
    "biorxiv.org": "bioRxiv, medRxiv",
    "medrxiv.org": "bioRxiv, medRxiv",
    "science.org": "Science (Atypon)",
    "sciencemag.org": "Science (HighWire)",
    "pnas.org": "PNAS (Atypon)",
    "ieeexplore.ieee.org": "IEEE",
    "pubs.acs.org": "ACS (Atypon)",
    "mdpi.com": "MDPI",
    "pubmed.ncbi.nlm.nih.gov": "PubMed’s feeds",
    "doi.org": "a relay that links DOIs",
}
OTHERS = "others"


@dataclass(slots=True)
class Count:
    """How many articles there are, and how many of them have each kind of data."""

    articles: int = 0
    doi: int = 0
    pmid: int = 0
    other_id: int = 0
    abstract: int = 0
    authors: int = 0
    affiliations: int = 0

    def add(self, record: Record) -> None:
        """Add one article to the counts."""
        self.articles += 1
        self.doi += record.doi is not None
        self.pmid += record.pmid is not None
        self.other_id += any((record.pii, record.arxiv, record.pmcid))
        self.abstract += bool(record.abstract)
        self.authors += bool(record.authors)
        self.affiliations += any(author.affiliations for author in record.authors)


@dataclass(slots=True)
class Platform:
    """Counts of a platform: from its feeds (`before`), with saved responses (`after`).

    `answered` is the number of articles with a saved response of a source.
    """

    before: Count = field(default_factory=Count)
    after: Count = field(default_factory=Count)
    answered: int = 0


Answers = Mapping[str, Mapping[str, Record]]
"""Key ("doi:…") → name of the source → its record."""


def main() -> None:
    """Write the page to the file of --out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "completeness.md")
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    arguments = parser.parse_args()
    arguments.out.write_text(document(arguments.samples), encoding="utf-8")


def document(samples: Path) -> str:
    """Return the whole page; without the folder of real documents, it counts only tests/data."""
    folders = [folder for folder in (samples, FIXTURES) if folder.is_dir()]
    answers = {folder: list(saved_answers(folder)) for folder in folders}
    parts = [_HEAD]
    if samples in folders:
        parts += ["## Real feeds, by platform", feed_table(by_platform(samples, indexed(answers[samples])))]
    else:
        parts.append("*There was no folder of real documents when this page was made.*")
    fixtures = by_file(FIXTURES / "feeds", indexed(answers[FIXTURES]))
    parts += ["## Invented feeds of the tests, one for each publisher’s format", feed_table(fixtures)]
    for folder, title in ((samples, "real"), (FIXTURES, "invented")):
        if folder in folders:
            parts += [f"## Record sources: {title} saved responses", source_table(answers[folder])]
    return "\n\n".join(parts) + "\n"


_HEAD = """# How complete articles are

`python scripts/completeness.py` writes this page; do not edit it. Each number is the number of articles that
have this kind of data.

- The columns *DOI* to *affiliations* count what the feed itself contains.
- *answered*: the number of articles for which a response of a record source is saved.
- *completed*: the same articles after Wetread merged them with these saved responses. If *answered* is small,
  *completed* says little about the journal. In real use, Wetread asks for every article.
- *other id*: a PII, arXiv id or PMCID."""


def saved_answers(folder: Path) -> Iterator[Record]:
    """Yield each record of the saved responses below a folder; other files are skipped."""
    for source in SOURCES:
        if not (folder / source).is_dir():
            continue
        for path in sorted((folder / source).iterdir()):
            if path.name.endswith(".expected.json") or path.suffix in (".yml", ".yaml", ".csv"):
                continue
            try:
                yield from read_saved_answer(path.read_bytes())
            except RecordSourceError:
                continue


def indexed(records: Iterable[Record]) -> Answers:
    """Index the records by their identifiers; titles do not count as identifiers."""
    found: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        for key in _certain(record):
            found[key].setdefault(record.source, record)
    return found


def by_platform(samples: Path, answers: Answers) -> dict[str, Platform]:
    """Count the real feeds by the platform of their articles; each article counts once for a platform."""
    platforms: defaultdict[str, Platform] = defaultdict(Platform)
    seen: set[tuple[str, str]] = set()
    for path in (*sorted((samples / "feeds").iterdir()), *sorted((samples / "other").glob("*feed*.xml"))):
        for record in records_of(path):
            name = platform_of(record)
            identity = (name, next(iter(_certain(record)), record.title))
            if identity not in seen:
                seen.add(identity)
                _count(platforms[name], record, answers)
    return dict(sorted(platforms.items(), key=lambda item: (item[0] == OTHERS, item[0].casefold())))


def by_file(folder: Path, answers: Answers) -> dict[str, Platform]:
    """Count the invented feeds of the tests by the name of the file."""
    platforms: dict[str, Platform] = {}
    for path in sorted(folder.iterdir()):
        for record in records_of(path):
            _count(platforms.setdefault(path.stem.replace("_", " "), Platform()), record, answers)
    return platforms


def records_of(path: Path) -> list[Record]:
    """Return the articles of a feed in a file; none if the file is not a feed."""
    if path.name.endswith(".expected.json"):
        return []
    body = path.read_bytes()
    if path.name.endswith(".channel.json"):
        body = rebuilt(json.loads(body))
    try:
        feed = parse_feed(body, url="https://feeds.example.org/", content_type=None, now=NOW)
    except FeedError:
        return []
    return [entry.record for entry in feed.entries]


def rebuilt(channel: Mapping[str, Any]) -> bytes:
    """Rebuild the RSS of a PubMed feed from the JSON that another program made of it."""
    items = []
    for item in channel["items"]:
        core = item.get("dublin_core_ext") or {}
        fields = {
            "title": [item["title"]],
            "link": [item["link"]],
            "description": [item["description"]],
            "guid": [item["guid"]["value"]],
            "pubDate": [item["pub_date"]],
            "content:encoded": [item["content"]],
            "dc:creator": core.get("creators") or [],
            "dc:identifier": core.get("identifiers") or [],
            "dc:source": core.get("sources") or [],
        }
        written = (
            f"<{name}>{escape(value)}</{name}>"
            for name, values in fields.items()
            for value in values
            if value
        )
        items.append(f"<item>{''.join(written)}</item>")
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(channel['title'])}</title>{''.join(items)}</channel></rss>"
    ).encode()


def platform_of(record: Record) -> str:
    """Return the platform of an article, found by its address."""
    host = urlsplit(record.url or "").hostname or ""
    found = (name for end, name in PLATFORMS.items() if host == end or host.endswith(f".{end}"))
    return next(found, OTHERS)


def _count(platform: Platform, record: Record, answers: Answers) -> None:
    platform.before.add(record)
    said: dict[str, Record] = {}
    for key in _certain(record):
        said = {**answers.get(key, {}), **said}
    platform.answered += bool(said)
    platform.after.add(merge_records({"feed": record, **said})[0])


def _certain(record: Record) -> list[str]:
    return list(identifier_keys(record))


def feed_table(platforms: Mapping[str, Platform]) -> str:
    """Return the table of feeds, with a row of sums."""
    head = ("platform", "articles", "DOI", "PMID", "other id", "abstract", "authors", "affiliations")
    after = ("answered", "DOI", "PMID", "abstract", "authors", "affiliations")
    rows = {name: (*_before(each.before), *_after(each)) for name, each in platforms.items()}
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    return "\n".join(
        (
            _line((head[0], *_spread(head, after))),
            _line(("---", *["---:"] * (len(head) + len(after) - 1))),
            *(_line((name, *row)) for name, row in rows.items()),
            _line(("**all**", *sums)),
        )
    )


def _spread(head: Sequence[str], after: Sequence[str]) -> list[str]:
    return [*head[1:], *(f"completed: {name}" if name != "answered" else name for name in after)]


def _before(count: Count) -> tuple[int, ...]:
    return (
        count.articles,
        count.doi,
        count.pmid,
        count.other_id,
        count.abstract,
        count.authors,
        count.affiliations,
    )


def _after(platform: Platform) -> tuple[int, ...]:
    count = platform.after
    return (platform.answered, count.doi, count.pmid, count.abstract, count.authors, count.affiliations)


def source_table(records: Iterable[Record]) -> str:
    """Return the table of record sources."""
    counts: defaultdict[str, Count] = defaultdict(Count)
    for record in records:
        counts[record.source].add(record)
    return "\n".join(
        (
            _line(("source", "records", "DOI", "PMID", "other id", "abstract", "authors", "affiliations")),
            _line(("---", *["---:"] * 7)),
            *(_line((name, *_before(count))) for name, count in sorted(counts.items())),
        )
    )


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
