"""For the operator: configuration, logs, lock, health, backups, versions."""

DOOR = (
    "collector",
    "config",
    "config_check",
    "health",
    "health_file",
    "lock",
    "logs",
    "loops",
    "maintenance",
    "memory",
    "upkeep",
    "versions",
)
"""The modules that other rooms may import."""
