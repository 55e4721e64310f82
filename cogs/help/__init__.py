"""`/help`: every command with an example."""

DOOR = ("panel",)
"""The modules that other rooms may import."""
