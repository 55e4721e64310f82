"""`/topic …`: words that all feeds of a server are searched for, and where what they find is posted."""

DOOR: tuple[str, ...] = ()
"""The modules that other rooms may import: none."""
