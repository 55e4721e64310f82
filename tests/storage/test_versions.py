"""A preprint and what it became know of each other, whichever says so and whichever comes first."""

from dataclasses import replace

import pytest

from tests.support.watch_stage import HERE, WatchStage
from wetread.domain.models import Entry, PartialDate, Record, Relation, RelationKind
from wetread.storage import articles, records
from wetread.storage.records import Change

PREPRINT = Record(
    "Crossref",
    "Invented finding, early",
    doi="10.5555/preprint.1",
    journal="inventedRxiv",
    types=("Preprint",),
    online_on=PartialDate(2026, 3, 1),
)
PUBLISHED = Record(
    "Crossref",
    "Invented finding",
    doi="10.5555/jii.1",
    journal="Journal of Invented Imaging",
    online_on=PartialDate(2026, 10, 1),
)
SAYS_PUBLISHED = replace(PREPRINT, relations=(Relation(RelationKind.PREPRINT_OF, doi="10.5555/jii.1"),))
SAYS_PREPRINT = replace(PUBLISHED, relations=(Relation(RelationKind.HAS_PREPRINT, doi="10.5555/preprint.1"),))


def save(stage: WatchStage, record: Record) -> Change:
    return records.save(stage.db, {"Crossref": record}, stage.now, guild_ids=[HERE])


@pytest.mark.parametrize(
    "said",
    [
        (SAYS_PUBLISHED, PUBLISHED),
        (PUBLISHED, SAYS_PUBLISHED),
        (SAYS_PREPRINT, PREPRINT),
        (PREPRINT, SAYS_PREPRINT),
        (SAYS_PUBLISHED, SAYS_PREPRINT),
    ],
)
def test_both_know_of_each_other_by_name(stage: WatchStage, said: tuple[Record, Record]) -> None:
    for record in said:
        save(stage, record)
    known = {article.record.doi: article.record for article in articles.get_many(stage.db, [1, 2])}

    [to_published] = known["10.5555/preprint.1"].relations
    [to_preprint] = known["10.5555/jii.1"].relations
    assert (to_published.kind, to_published.doi) == (RelationKind.PREPRINT_OF, "10.5555/jii.1")
    assert to_published.text == "Journal of Invented Imaging"
    assert (to_preprint.kind, to_preprint.doi) == (RelationKind.HAS_PREPRINT, "10.5555/preprint.1")
    assert to_preprint.text == "inventedRxiv"


def test_one_edit_of_the_preprints_post_is_scheduled_when_it_is_published(stage: WatchStage) -> None:
    stage.subscribe(shown=[])
    stage.serve([Entry("guid-p", replace(PREPRINT, source="feed"))])
    stage.post_all()
    save(stage, SAYS_PREPRINT)
    assert stage.edits() == {"10.5555/preprint.1": 2}
    stage.db.conn.execute("DELETE FROM edits")
    save(stage, SAYS_PREPRINT)

    assert stage.edits() == {}


def test_a_version_that_nobody_has_is_only_named(stage: WatchStage) -> None:
    save(stage, SAYS_PUBLISHED)

    [relation] = articles.get(stage.db, 1).record.relations
    assert relation.text is None


def test_an_article_that_names_itself_learns_nothing(stage: WatchStage) -> None:
    save(stage, replace(PREPRINT, relations=(Relation(RelationKind.PREPRINT_OF, doi=PREPRINT.doi),)))

    assert len(articles.source_records(stage.db, 1)) == 1
