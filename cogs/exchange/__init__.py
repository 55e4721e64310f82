"""In and out: lists of feeds (`/feed export`, `/feed import`) and settings (`/settings`)."""

DOOR = ()
"""The modules that other rooms may import."""
