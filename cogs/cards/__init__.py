"""How an article looks: the card, its buttons, and the panels behind them."""

DOOR = (
    "buttons",
    "card",
    "citation_panel",
    "discussion",
    "links",
    "names",
    "open_buttons",
    "share_line",
    "publication_status",
)
"""The modules that other rooms may import."""
