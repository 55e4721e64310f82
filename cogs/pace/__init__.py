"""`/feed schedule` and `/feed zone`: when articles are posted; and the buttons of digests."""

DOOR = ()
"""The modules that other rooms may import."""
