"""What every cog uses and what knows no feature: panels, words, checks, limits."""

DOOR = (
    "checks",
    "colours",
    "context",
    "declaring",
    "escape",
    "limits",
    "moderators_channel",
    "moments",
    "open_panel",
    "panels",
    "persistent",
    "presses",
    "replies",
    "words",
)
"""The modules that other rooms may import."""
