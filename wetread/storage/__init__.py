"""SQLite: the only users of sqlite-utils. Functions `fn(db, …) -> models`, one transaction a call."""

DOOR = (
    "articles",
    "backup",
    "checks",
    "database",
    "deliveries",
    "edits",
    "fates",
    "feeds",
    "inspection",
    "lookups",
    "notices",
    "outbox",
    "overview",
    "owing",
    "questions",
    "records",
    "restore",
    "search",
    "settings",
    "shares",
    "state",
    "subscriptions",
    "troubles",
    "typed_words",
)
"""The modules that other rooms may import."""
