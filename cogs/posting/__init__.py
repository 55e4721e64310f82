"""Puts articles into Discord, and runs the timed loops."""

DOOR = ("delivery_words", "drawing", "loops", "messenger", "permissions", "refusals")
"""The modules that other rooms may import."""
