"""Values and pure rules: models, identifiers, texts, queries, citations, the journals."""

DOOR = (
    "backoff",
    "batches",
    "catalogue",
    "chance",
    "citations",
    "clock",
    "delivery_rules",
    "errors",
    "feed_address",
    "identifiers",
    "identity",
    "markup",
    "models",
    "names",
    "partial_dates",
    "preprints",
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
