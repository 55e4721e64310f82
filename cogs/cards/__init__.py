"""How an article looks: the card, its buttons, and the panels behind them."""

DOOR = ("buttons", "card", "citation_panel", "discussion", "open_buttons", "share_line", "standing")
"""The modules that other rooms may import."""
