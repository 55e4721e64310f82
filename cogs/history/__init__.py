"""What became of each article: `/feed log` and `/feed why`."""

DOOR = ()
"""The modules that other rooms may import."""
