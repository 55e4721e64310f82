"""What is wrong with a query that somebody wants to watch, and what helps."""

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
_OUR_OWN = {"too_many", "switched_off"}  # not for want of an answer


def query_failure(
    error: UnknownIssnError | UnknownCategoryError | FaultyQueryError | TooBroadQueryError,
) -> Panel:
    """Return the answer to somebody who typed it."""
    name = quoted(cut(error.name, _LONGEST))
    match error:
        case UnknownIssnError(is_mistyped=True):
            return notice(
                f"{name} is not an ISSN.",
                "It has eight figures, of which the last may be an X and is reckoned from the others:",
                example="issn: 1051-0443",
            )
        case UnknownIssnError():
            return notice(
                f"Neither PubMed nor Crossref has a journal with the ISSN {name}.",
                "Journals have two, one in print and one online; please try the other one.",
            )
        case UnknownCategoryError():
            near = " · ".join(code(each) for each in error.near)
            return notice(f"{error.server} has no category {name}.", f"Perhaps one of these: {near}")
        case FaultyQueryError():
            unknown = ", ".join(code(cut(each, _LONGEST)) for each in error.unknown[:_MOST_UNKNOWN])
            return notice(
                "PubMed finds nothing for that.",
                f"It does not know {unknown}. Please check the spelling, and try the query on PubMed's page.",
            )
        case _:
            return notice(
                f"PubMed finds {error.count:,} new articles a month for that.",
                f"Nobody could read them. Up to {error.limit:,} can be watched: please narrow the query, "
                "with more words, a journal or a kind of publication.",
            )


def source_failure(error: FeedError) -> Panel | None:
    """Return the answer where a query's source could not be asked; None for anything else."""
    query = split_query(error.url)
    if query is None or not isinstance(error, FeedRetrievalError) or error.kind in _OUR_OWN:
        return None
    return notice(
        f"{_SOURCES[query[0]]} {failure_words(error.kind).what}",
        "Nothing is watched yet. Please try again in a few minutes.",
        colour=colours.AMBER,
    )
