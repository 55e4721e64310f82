"""Values and pure rules: models, identifiers, texts, queries, citations, the journals."""

DOOR = (
    "batches",
    "catalogue",
    "citations",
    "clock",
    "delivery_rules",
    "errors",
    "identifiers",
    "identity",
    "markup",
    "models",
    "names",
    "partial_dates",
    "places",
    "publication_status",
    "publication_types",
    "query",
    "record_sources",
    "search_request",
    "serialise",
    "text",
    "titles",
)
"""The modules that other rooms may import."""
