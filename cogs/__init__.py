"""Discord's side of Wetread. A module whose name begins with an underscore is no extension."""

EXTENSIONS = (
    "cogs.error_handler",
    "cogs.help",
    "cogs.articles",
    "cogs.details",
    "cogs.citations",
    "cogs.exports",
    "cogs.sharing",
    "cogs.feeds",
    "cogs.fates",
    "cogs.status",
    "cogs.news",
    "cogs.destinations",
    "cogs.upkeep",
    "cogs.polling",
)
"""The load order. Errors first, so that whatever follows is answered; the loops last."""
