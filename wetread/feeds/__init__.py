"""From an address or a query to a parsed feed, and what is new in it."""

DOOR = (
    "discovery",
    "outcome",
    "parser_pool",
    "planner",
    "queries",
    "report",
    "retrieval",
    "retriever",
    "schedule",
    "windows",
)
"""The modules that other rooms may import."""
