"""Use cases: what the cogs ask for, and the composition of all parts."""

DOOR = (
    "article_actions",
    "check_commands",
    "delivery",
    "exchange",
    "feed_check",
    "lookup",
    "retraction_sweep",
    "seams",
    "services",
    "subscriptions",
)
"""The modules that other rooms may import."""
