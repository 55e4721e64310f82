"""Members suggest journals to their moderators."""

DOOR = ("suggest_journal",)
"""The modules that other rooms may import."""
