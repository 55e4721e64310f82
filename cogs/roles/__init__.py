"""Roles that posts mention: moderators choose one for a feed or topic, members take those they want."""

DOOR = ()
"""The modules that other rooms may import."""
