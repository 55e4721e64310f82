"""What a server sees first: the welcome, setting up step by step, and what happens when Wetread is back."""

DOOR: tuple[str, ...] = ()
"""The modules that other rooms may import: none."""
