"""Runs parsers in child processes with limits, so that no document stalls or ends the bot."""

DOOR = ("child", "pool")
"""The modules that other rooms may import."""
