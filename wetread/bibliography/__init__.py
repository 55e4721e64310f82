"""Record sources: bibliographic databases that complete what a feed leaves out."""

DOOR = (
    "answer_parsing",
    "crossref",
    "enrichment_schedule",
    "merge",
    "pubmed",
    "record_report",
    "record_source",
    "registry",
)
"""The modules that other rooms may import."""
