"""Wetread's domain: feeds become articles, articles become cards, questions find answers.

Nothing in this package imports discord; `cogs/` is Discord's side.
"""

__version__ = "0.3.0"
