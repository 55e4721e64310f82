"""What is wrong with a query that somebody tries to add, and what to do."""

from cogs.errors.feed_failures import failure_words
from cogs.kit import colours
from cogs.kit.escape import code
from cogs.kit.panels import Panel, notice, quoted
from wetread.domain.errors import (
    FaultyQueryError,
    FeedError,
    FeedRetrievalError,
    TooBroadQueryError,
    UnknownCategoryError,
    UnknownIssnError,
)
from wetread.domain.feed_address import CROSSREF, ISSN, PUBMED, split_query
from wetread.domain.text import cut

_LONGEST = 100
_MOST_UNKNOWN = 5
_SOURCES = {PUBMED: "PubMed", CROSSREF: "Crossref", ISSN: "PubMed or Crossref"}
_OUR_OWN = {"too_many", "switched_off"}  # the source did answer, or was not asked


def query_failure(
    error: UnknownIssnError | UnknownCategoryError | FaultyQueryError | TooBroadQueryError,
) -> Panel:
    """Return the answer to a query, ISSN or category that cannot be added."""
    name = quoted(cut(error.name, _LONGEST))
    match error:
        case UnknownIssnError(is_mistyped=True):
            return notice(
                f"{name} is not an ISSN.",
                "An ISSN has 8 digits; the last can be X. Please check for a typing error. For example:",
                example="issn: 1051-0443",
            )
        case UnknownIssnError():
            return notice(
                f"Neither PubMed nor Crossref has a journal with the ISSN {name}.",
                "Many journals have two ISSNs, print and online. Please try the other one.",
            )
        case UnknownCategoryError():
            near = " · ".join(code(each) for each in error.near)
            return notice(f"{error.server} has no category {name}.", f"Similar categories: {near}")
        case FaultyQueryError():
            unknown = ", ".join(code(cut(each, _LONGEST)) for each in error.unknown[:_MOST_UNKNOWN])
            return notice(
                "PubMed finds nothing for this query.",
                f"It does not know {unknown}. Please check the spelling, and test the query on PubMed.",
            )
        case _:
            return notice(
                f"PubMed finds {error.count:,} new articles a month for this query.",
                f"The limit is {error.limit:,} a month. Please narrow the query with more words, a journal "
                "or a publication type.",
            )


def source_failure(error: FeedError) -> Panel | None:
    """Return the answer when a query's source did not answer; None for anything else."""
    query = split_query(error.url)
    if query is None or not isinstance(error, FeedRetrievalError) or error.kind in _OUR_OWN:
        return None
    return notice(
        f"{_SOURCES[query[0]]} {failure_words(error.kind).what}",
        "The feed was not added. Please try again in a few minutes.",
        colour=colours.AMBER,
    )
