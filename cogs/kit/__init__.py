"""What all cogs share and what belongs to no feature: panels, words, checks, limits."""

DOOR = (
    "changed_by",
    "checks",
    "colours",
    "context",
    "escape",
    "floods",
    "hybrid_commands",
    "limits",
    "moderators_channel",
    "open_panel",
    "panels",
    "permissions",
    "presses",
    "replies",
    "roles",
    "timestamps",
    "words",
)
"""The modules that other rooms may import."""
