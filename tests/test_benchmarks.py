"""The benchmarks use the same bytes everywhere and compute their ratios correctly. Nothing is timed here."""

import dataclasses
import hashlib
import statistics
import tomllib
from datetime import UTC, datetime

from benchmarks import guard, results
from benchmarks.corpus import Words, records
from benchmarks.feeds import filled, rdf, rss
from benchmarks.measure import Row, Times, rows
from wetread.feeds.parser import parse_feed

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def test_the_synthetic_literature_is_the_same_everywhere() -> None:
    texts = [(each.title, each.abstract[0].text, each.authors[0].name, each.journal) for each in records(50)]
    assert digest(repr(texts).encode()) == "90cd130daef98307"
    assert digest(rss(5)) == "26e08430270ff721"


def test_the_synthetic_literature_has_the_size_of_the_real_one() -> None:
    length = statistics.mean(len(record.abstract[0].text) for record in records(200))
    assert 1_700 < length < 1_900
    assert len(Words.load().words) == 60_000


def test_every_synthetic_entry_is_an_article_of_its_own() -> None:
    for template in (rss(20), rdf(20)):
        dois = set()
        for feed in (1, 2):
            body = filled(template, feed, 1)
            parsed = parse_feed(body, url="https://pubs.example.org/feed", content_type=None, now=NOW)
            assert all(entry.record.abstract and entry.record.authors for entry in parsed.entries)
            dois |= {entry.record.doi for entry in parsed.entries}
        assert len(dois) == 40


def test_a_ratio_is_of_medians_and_a_bar_is_a_limit() -> None:
    times = {"floor": Times([1.0, 2.0, 9.0], [1.0] * 3), "ours": Times([2.0, 4.0, 5.0], [3.0] * 3)}
    floor, ours = rows("store", "case", times, "floor", bars={"ours": 1.5})
    assert (floor.ratio, floor.is_met) == (1.0, None)
    assert (ours.ratio, ours.is_met, ours.milliseconds) == (2.0, False, 4000.0)
    assert rows("store", "case", times, "floor", by_cpu=True)[1].ratio == 3.0
    assert Row("a", "b", "c", "", 20.0, bar=20.0).is_met
    assert Row("a", "b", "c", "", 0.64, least=0.64).is_met
    assert Row("a", "b", "c", "", 0.63, least=0.64, bar=1.0).is_met is False


def test_the_page_shows_the_results_that_are_kept() -> None:
    assert results.PAGE.read_text(encoding="utf-8") == results.page(results.kept())


def test_a_missed_bar_is_said_on_the_page() -> None:
    rows_kept = [
        dataclasses.asdict(Row("a", "case", "slow", "floor", 2.0, bar=1.5)),
        dataclasses.asdict(Row("a", "b", "c", "", 1.0)),
    ]
    page = results.page({"a": {"on": "2026-11-02", "machine": "a machine", "rows": rows_kept}})
    assert "Bars: 1, kept 0, missed 1." in page
    assert "| case | slow | to floor | 2.00 × | ≤ 1.5 **MISSED** |  |" in page


def test_the_guard_names_what_grew_by_more_than_a_tenth_and_what_is_new() -> None:
    accepted = {"statements": 10.0, "bytes": 3_000.0, "gone": 1.0}
    assert guard.grown({"statements": 11.0, "bytes": 3_301.0, "new": 0.0}, accepted) == ["bytes", "new"]


def test_the_counts_of_the_guard_are_read_as_they_were_written() -> None:
    counts = {"statements a new article": 12.5, "steps of SQLite": 0.0}
    assert tomllib.loads(guard.as_toml(counts)) == counts
