"""`/feed …`: which journals are watched, where they post, and how."""

DOOR = (
    "add_steps",
    "arguments",
    "changes",
    "destination_check",
    "failing_feed",
    "feed_health",
    "feed_reference",
    "find_subscription",
    "page_buttons",
    "panels",
    "settings_changes",
    "sample",
    "settings_panel",
    "starting",
    "types_panel",
)
"""The modules that other rooms may import."""
