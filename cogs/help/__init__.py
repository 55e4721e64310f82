"""`/help`: every command with an example."""

DOOR = ()
"""The modules that other rooms may import."""
