"""Record sources: bibliographic databases that complete what a feed leaves out."""

DOOR = ("asking", "crossref", "merge", "pubmed", "record_source", "registry", "report", "schedule")
"""The modules that other rooms may import."""
