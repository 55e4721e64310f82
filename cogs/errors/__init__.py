"""Turns every error into an answer."""

DOOR = ("explaining", "feed_failures", "input_errors", "panels", "query_words")
"""The modules that other rooms may import."""
