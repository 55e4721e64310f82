"""`/status`: whether Wetread works, what fails and since when, what waits for a decision."""

DOOR = ()
"""The modules that other rooms may import."""
