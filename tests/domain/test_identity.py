"""Which article a record is about, decided without a database."""

from dataclasses import replace

from wetread.domain.identity import Match, matching_articles
from wetread.domain.models import Author, PartialDate, Record

KNOWN = Record(
    "PubMed",
    title="Invented coils in invented magnets",
    doi="10.5555/coils.1",
    pmid="99000001",
    journal="Journal of Invented Imaging",
    issue_on=PartialDate(2026, 1),
    authors=(Author("Example", "Ada"),),
)
TITLE = "title:invented coils in invented magnets|jii|2026"


def test_a_title_is_not_enough_if_nobody_is_an_author_of_both() -> None:
    other = replace(KNOWN, source="feed", doi=None, pmid=None, authors=(Author("Muster", "Erika"),))
    same = replace(other, authors=KNOWN.authors)

    assert matching_articles(other, [TITLE], {TITLE: 1}, {1: KNOWN}) == Match()
    assert matching_articles(same, [TITLE], {TITLE: 1}, {1: KNOWN}) == Match((1,))


def test_an_identifier_under_another_title_joins_nothing() -> None:
    claimed = replace(KNOWN, source="feed", title="Pretend pain in puppets: a survey", doi=None)
    keys = ["pmid:99000001"]

    assert matching_articles(claimed, keys, {keys[0]: 1}, {1: KNOWN}) == Match((), ("pmid:99000001",))
