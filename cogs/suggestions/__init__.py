"""Members suggest journals to their moderators."""

DOOR = ("button",)
"""The modules that other rooms may import."""
