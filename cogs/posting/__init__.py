"""Posts articles to Discord, and runs the timed loops."""

DOOR = ("card_messages", "delivery_words", "loops", "messenger", "permissions", "rate_limits", "refusals")
"""The modules that other rooms may import."""
