"""The names of the record sources, and of everybody else whose word an article may rest on. Pure.

How each source is asked, read and weighed stands in `bibliography/registry.py`.
"""

from collections.abc import Mapping
from enum import StrEnum


class SourceName(StrEnum):
    """A record source. The value is the name that readers see and that the database stores."""

    @property
    def key(self) -> str:
        """The name in config.toml: "europepmc"."""
        return self.name.lower()


class Source(SourceName):
    """The record sources that Wetread knows."""

    PUBMED = "PubMed"
    EUROPEPMC = "Europe PMC"
    CROSSREF = "Crossref"
    OPENALEX = "OpenAlex"
    SEMANTIC_SCHOLAR = "Semantic Scholar"
    UNPAYWALL = "Unpaywall"


FEED = "feed"
"""The source of what a feed says. A stored record of a feed is called "feed:" and the feed's id."""

MERGED = "merged"
"""The source of a record that `merge_records` made. Its publication status was decided there."""

PUBLISHER = "publisher"
RETRACTION_WATCH = "Retraction Watch"
"""Who reported a retraction or correction that Crossref passes on."""

ISSUERS: Mapping[str, frozenset[str]] = {
    "doi": frozenset({Source.CROSSREF, Source.PUBMED, Source.EUROPEPMC}),
    "pmid": frozenset({Source.PUBMED, Source.EUROPEPMC}),
    "pmcid": frozenset({Source.PUBMED, Source.EUROPEPMC}),
    "arxiv": frozenset(),
}
"""Whose word an article's identifier is not doubted, by the identifier's kind."""

AUTHORITIES = frozenset({Source.PUBMED, PUBLISHER, MERGED})
"""Whose word alone is enough to mark an article as retracted; of others it takes two
(sources.md, Retractions)."""
