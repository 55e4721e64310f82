"""Record sources: bibliographic databases that complete what a feed leaves out."""

DOOR = (
    "asking",
    "crossref",
    "crossref_json",
    "europepmc",
    "merge",
    "openalex",
    "pubmed",
    "pubmed_xml",
    "record_source",
    "report",
    "schedule",
    "semantic_scholar",
    "unpaywall",
)
"""The modules that other rooms may import."""
