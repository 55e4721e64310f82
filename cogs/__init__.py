"""Discord's side of Wetread, a room (package) for each feature or layer."""

EXTENSIONS = (
    "cogs.errors.cog",
    "cogs.help.cog",
    "cogs.lookups.articles",
    "cogs.lookups.details",
    "cogs.lookups.citations",
    "cogs.lookups.exports",
    "cogs.sharing.cog",
    "cogs.suggestions.cog",
    "cogs.feeds.cog",
    "cogs.topics.cog",
    "cogs.pace.cog",
    "cogs.welcome.cog",
    "cogs.roles.cog",
    "cogs.history.cog",
    "cogs.exchange.cog",
    "cogs.exchange.settings_commands",
    "cogs.history.changes_cog",
    "cogs.status.cog",
    "cogs.alerts.cog",
    "cogs.posting.destinations",
    "cogs.posting.upkeep",
    "cogs.posting.polling",
)
"""The load order. Errors first, so that whatever follows is answered; the loops last."""
