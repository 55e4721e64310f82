"""Use cases: what the cogs ask for, and the composition of all parts."""

DOOR = ("article_actions", "delivery", "feed_check", "lookup", "services", "subscriptions")
"""The modules that other rooms may import."""
