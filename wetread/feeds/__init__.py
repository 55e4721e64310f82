"""From an address or a query to a parsed feed, and what is new in it."""

DOOR = (
    "check_result",
    "conditional_get",
    "delivery_plan",
    "discovery",
    "entry_identity",
    "parser_pool",
    "planner",
    "query_feeds",
    "report",
    "retrievers",
    "schedule",
    "windows",
)
"""The modules that other rooms may import."""
