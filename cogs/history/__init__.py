"""What became of each article, and what moderators changed: `/feed log`, `/feed why`, `/history`."""

DOOR = ()
"""The modules that other rooms may import."""
