"""In and out: `/feed export` and `/feed import`."""

DOOR = ()
"""The modules that other rooms may import."""
