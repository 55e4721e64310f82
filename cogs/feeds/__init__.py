"""`/feed …`: which journals are watched, where they post, and how."""

DOOR = (
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
    "step_choices",
    "types_panel",
)
"""The modules that other rooms may import."""
