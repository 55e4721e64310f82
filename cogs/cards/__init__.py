"""How an article looks: the card, its buttons, and the panels behind them."""

DOOR = (
    "buttons",
    "card",
    "citation_panel",
    "digest",
    "digest_items",
    "discussion",
    "links",
    "names",
    "open_buttons",
    "publication_status",
    "share_line",
)
"""The modules that other rooms may import."""
