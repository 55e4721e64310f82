"""SQLite: the only users of sqlite-utils. Functions `fn(db, …) -> models`, one transaction a call."""

DOOR = (
    "articles",
    "backup",
    "bot_state",
    "database",
    "deliveries",
    "delivery_history",
    "edits",
    "feeds",
    "inspection",
    "lookups",
    "notices",
    "outbox",
    "overview",
    "questions",
    "records",
    "restore",
    "retraction_checks",
    "scheduling",
    "search",
    "settings",
    "shares",
    "subscriptions",
    "troubles",
    "typed_words",
)
"""The modules that other rooms may import."""
