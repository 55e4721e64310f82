"""`/feed …`: which journals are watched, where they post, and how."""

DOOR = ("failing_feed", "feed_health", "find_subscription", "panels", "types_panel")
"""The modules that other rooms may import."""
