"""`/topic …`: words that all feeds of a server are searched for, and where what they find is posted."""

DOOR = ("words",)
"""The modules that other rooms may import."""
