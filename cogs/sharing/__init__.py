"""`/share`: a member posts an article, with a comment."""

DOOR = ()
"""The modules that other rooms may import."""
