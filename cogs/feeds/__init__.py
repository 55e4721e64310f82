"""`/feed …`: which journals are watched, where they post, and how."""

DOOR = ("failing", "finding", "panels", "types_panel", "words")
"""The modules that other rooms may import."""
