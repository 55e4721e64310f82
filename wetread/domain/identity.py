"""Which known article a record is about. Pure.

Any key that two records share makes them one article, unless their identifiers say otherwise: two
letters of one issue may share a title, and a wrong PMID in a feed must not weld two articles together.
"""

from collections.abc import Mapping, Sequence

from wetread.domain.models import Record


def are_different_works(one: Record, other: Record) -> bool:
    """Say whether identifiers tell two records apart: one that both have differs, and none agrees."""
    pairs = (
        (one.doi, other.doi),
        (one.pmid, other.pmid),
        (one.pmcid, other.pmcid),
        (one.arxiv, other.arxiv),
    )
    comparable = [(left, right) for left, right in pairs if left and right]
    return bool(comparable) and all(left != right for left, right in comparable)


def matching_articles(
    record: Record, keys: Sequence[str], ids: Mapping[str, int], records: Mapping[int, Record]
) -> tuple[int, ...]:
    """Return the ids of the articles that `record` is about, the one with the best key first; () = none.

    `keys` are the record's, best first; `ids` names the article that holds a key; `records` has each of
    those articles. More than one id means that they have turned out to be one work.
    """
    found: list[int] = []
    known: list[Record] = [record]
    for key in keys:
        article_id = ids.get(key)
        if article_id is None or article_id in found:
            continue
        candidate = records[article_id]
        if not any(are_different_works(candidate, each) for each in known):
            found.append(article_id)
            known.append(candidate)
    return tuple(found)
