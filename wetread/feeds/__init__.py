"""Feeds: retrieved, parsed, compared with what is known, and scheduled for the next check."""

DOOR = (
    "check_result",
    "conditional_get",
    "delivery_plan",
    "discovery",
    "entry_identity",
    "feed_lists",
    "list_reader",
    "parser_pool",
    "planner",
    "query_feeds",
    "report",
    "retrievers",
    "schedule",
    "windows",
)
"""The modules that other rooms may import."""
