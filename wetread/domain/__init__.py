"""Values and pure rules: models, identifiers, texts, queries, citations, the journals."""

DOOR = (
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
    "places",
    "query",
    "search_request",
    "serialise",
    "standing",
    "text",
    "titles",
)
"""The modules that other rooms may import."""
