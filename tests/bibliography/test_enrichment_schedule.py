"""When the record sources are asked about an article again."""

from datetime import UTC, datetime, timedelta

import pytest

from wetread.bibliography.enrichment_schedule import ENRICHMENT_PAUSES, after_outage, next_enrichment_at
from wetread.domain.models import Record, Section

SEEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BARE = Record("merged", title="Invented", pmid="99000001")
WHOLE = Record("merged", title="Invented", pmid="99000001", abstract=(Section("Words."),))


def test_a_new_article_is_completed_at_once() -> None:
    assert next_enrichment_at(SEEN, 0, WHOLE, SEEN) == SEEN


@pytest.mark.row("D04")
def test_an_article_without_abstract_is_asked_for_at_growing_pauses_and_then_no_more() -> None:
    now = SEEN
    tries: list[timedelta] = []
    while (at := next_enrichment_at(SEEN, len(tries) + 1, BARE, now)) is not None:
        tries.append(at - SEEN)
        now = at

    assert tries == list(ENRICHMENT_PAUSES)


def test_a_bot_that_was_off_asks_once_and_not_for_every_try_it_missed() -> None:
    later = SEEN + timedelta(days=20)

    assert next_enrichment_at(SEEN, 1, BARE, later) == SEEN + timedelta(days=30)


def test_complete_articles_and_types_without_abstract_are_not_asked_for_again() -> None:
    letter = Record("merged", title="Invented", pmid="99000001", types=("Letter",))
    final = Record("merged", title="Invented", pmid="99000001", has_no_abstract=True)
    for record in (letter, final, WHOLE):
        assert next_enrichment_at(SEEN, 1, record, SEEN) is None


def test_an_article_ahead_of_print_is_looked_at_again_for_its_issue() -> None:
    ahead = Record("merged", pmid="99000001", abstract=(Section("Words."),), is_ahead_of_print=True)

    assert next_enrichment_at(SEEN, 1, ahead, SEEN) == SEEN + timedelta(days=30)


def test_after_an_outage_the_next_try_is_soon() -> None:
    assert timedelta(0) < after_outage(0, SEEN) - SEEN <= timedelta(minutes=15)
    assert after_outage(9, SEEN) - SEEN <= timedelta(hours=1)
