"""Count what feeds and record sources give, and what completion adds: docs/completeness.md.

    python scripts/completeness.py [--out FILE] [--samples FOLDER]

Reads the feeds and saved answers in tests/data, which are invented, and real ones in a folder beside the
project where there is one; nothing of these is copied, only counted. Completion is counted with saved
answers alone: an article counts as completed only if an answer for its DOI, PMID or other identifier lies
there too.
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
from wetread.domain.errors import FeedError, RecordSourceError  # noqa: E402  # as above
from wetread.domain.identifiers import keys_of  # noqa: E402  # as above
from wetread.domain.models import Record  # noqa: E402  # as above
from wetread.domain.record_sources import Source  # noqa: E402  # as above
from wetread.feeds.parser import parse_feed  # noqa: E402  # as above

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIXTURES = ROOT / "tests" / "data"
SAMPLES = ROOT / ".." / "shared" / "samples"
SOURCES = (*(source.key for source in Source), "other")

# How an article's address tells on which platform it stands.
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
    """How many of some articles have what."""

    articles: int = 0
    doi: int = 0
    pmid: int = 0
    other_id: int = 0
    abstract: int = 0
    authors: int = 0
    affiliations: int = 0

    def add(self, record: Record) -> None:
        """Count one."""
        self.articles += 1
        self.doi += record.doi is not None
        self.pmid += record.pmid is not None
        self.other_id += any((record.pii, record.arxiv, record.pmcid))
        self.abstract += bool(record.abstract)
        self.authors += bool(record.authors)
        self.affiliations += any(author.affiliations for author in record.authors)


@dataclass(slots=True)
class Platform:
    """What its feeds give; `answered`: for how many an answer of a source is saved, `after`: with those."""

    before: Count = field(default_factory=Count)
    after: Count = field(default_factory=Count)
    answered: int = 0


Answers = Mapping[str, Mapping[str, Record]]
"""By key ("doi:…") what the sources say, by their names."""


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "completeness.md")
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    arguments = parser.parse_args()
    arguments.out.write_text(document(arguments.samples), encoding="utf-8")


def document(samples: Path) -> str:
    """Return the whole page; without the folder of real documents it counts the project's own alone."""
    folders = [folder for folder in (samples, FIXTURES) if folder.is_dir()]
    answers = {folder: list(saved_answers(folder)) for folder in folders}
    parts = [_HEAD]
    if samples in folders:
        parts += ["## Real feeds, by platform", feed_table(by_platform(samples, indexed(answers[samples])))]
    else:
        parts.append("*The folder of real documents was not there when this was counted.*")
    fixtures = by_file(FIXTURES / "feeds", indexed(answers[FIXTURES]))
    parts += ["## The project’s invented feeds, one for each publisher’s shape", feed_table(fixtures)]
    for folder, title in ((samples, "real"), (FIXTURES, "invented")):
        if folder in folders:
            parts += [f"## Record sources: {title} saved answers", source_table(answers[folder])]
    return "\n\n".join(parts) + "\n"


_HEAD = """# How complete articles are

Made by `python scripts/completeness.py`; do not edit. Each number counts articles that have the thing.

*From the feed* is what the feed itself says. *Completed* is the same articles merged with saved answers of
the record sources, as Wetread merges them; *answered* is for how many an answer for the same identifier is
among the saved ones. Where that is few, *completed* says little about the journal and much about the folder:
in use every article is asked about. *Other id* is a PII, arXiv id or PMCID."""


def saved_answers(folder: Path) -> Iterator[Record]:
    """Each record in the saved answers below a folder; what is no answer is passed over."""
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
    """The answers by each certain key that they are about."""
    found: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        for key in _certain(record):
            found[key].setdefault(record.source, record)
    return found


def by_platform(samples: Path, answers: Answers) -> dict[str, Platform]:
    """What the real feeds give, by where their articles stand. Each article counts once a platform."""
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
    """What the project's own feeds give, by the name of the file."""
    platforms: dict[str, Platform] = {}
    for path in sorted(folder.iterdir()):
        for record in records_of(path):
            _count(platforms.setdefault(path.stem.replace("_", " "), Platform()), record, answers)
    return platforms


def records_of(path: Path) -> list[Record]:
    """The articles of a feed's file; none for what is no feed."""
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
    """Write the RSS again of which another program has kept only what it read: for PubMed's feeds."""
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
    """The platform on which an article stands, by its address."""
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
    return [key for key in keys_of(record) if not key.startswith("title:")]


def feed_table(platforms: Mapping[str, Platform]) -> str:
    """The table of feeds, with a row of sums."""
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
    """The table of record sources."""
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
