"""The panel of a server's settings."""

from datetime import timedelta

from cogs.kit import colours
from cogs.kit.escape import code
from cogs.kit.panels import Panel, rule, small, text
from cogs.kit.words import counted
from wetread.storage.settings import GuildSettings


def settings_panel(chosen: GuildSettings, usual_wait: timedelta) -> Panel:
    """Build the panel. `usual_wait`: the standard wait for an abstract."""
    role = f"<@&{chosen.moderator_role_id}>" if chosen.moderator_role_id else "not chosen"
    channel = f"<#{chosen.moderator_channel_id}>" if chosen.moderator_channel_id else "not chosen"
    is_usual = chosen.abstract_wait is None
    wait = wait_words(usual_wait if chosen.abstract_wait is None else chosen.abstract_wait)
    return Panel(
        colours.TEAL,
        text("### Settings of this server"),
        rule(),
        text(
            f"**Moderator role** {role}",
            small("May choose feeds, besides members with Manage Channels"),
            f"**Moderator channel** {channel}",
            small("Where Wetread posts alerts, for example that a feed cannot be read"),
            f"**No abstract yet** {wait}{' (standard)' if is_usual else ''}",
            small("How long a new article waits for its abstract before it is posted without one"),
            f"**Card offers** {'on' if chosen.offers_cards else 'off (standard)'}",
            small("A button under a member’s message that names an article; it shows the card"),
            f"**Posts about changes** {'on' if chosen.tells_changes else 'off (standard)'}",
            small(f"What moderators change, in the moderator channel; {code('/history')} always shows it"),
            f"**Library** {code(chosen.proxy_prefix) if chosen.proxy_prefix else 'not chosen'}",
            small("The prefix of your library’s proxy, for articles without a free full text"),
        ),
        rule(),
        text(f"To change one: {code('/feed settings')}. Its option *reset* restores the standard value."),
    )


def wait_words(wait: timedelta) -> str:
    """Return "Waits up to 24 hours, then posts"."""
    hours = wait.total_seconds() / 3600
    if not hours:
        return "Posts at once"
    if hours < 1:
        return f"Waits up to {counted(max(1, round(60 * hours)), 'minute')}, then posts"
    return f"Waits up to {counted(round(hours), 'hour')}, then posts"
