"""Which known article a record is about. Pure.

Two records that share a key are about one article, unless their identifiers contradict: two letters of one
issue may share a title, and a wrong PMID in a feed must not join two articles.
"""

from collections.abc import Mapping, Sequence

from wetread.domain.models import Record


def are_different_works(one: Record, other: Record) -> bool:
    """Return whether identifiers contradict: one that both records have differs, and none agrees."""
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

    `keys` are the record's, best first; `ids`: articles by key; `records`: those articles. Several ids mean
    that these articles are one work.
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
