"""What a server has chosen for itself, for its moderators."""

from datetime import timedelta

from cogs.kit import colours
from cogs.kit.escape import code
from cogs.kit.panels import Panel, rule, small, text
from cogs.kit.words import counted
from wetread.storage.settings import GuildSettings


def settings_panel(chosen: GuildSettings, usual_wait: timedelta) -> Panel:
    """Build the settings. `usual_wait`: how long an article waits for its abstract if nothing is chosen."""
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
            small("May choose feeds, beside those with Manage Channels"),
            f"**Moderator channel** {channel}",
            small("Where Wetread says what needs a moderator, such as a feed that is gone"),
            f"**No abstract yet** {wait}{' (as usual)' if is_usual else ''}",
            small("How long a new article waits for its abstract before it is posted without"),
            f"**Card offers** {'on' if chosen.offers_cards else 'off (as usual)'}",
            small("Under a member’s message that names an article: a button that shows its card"),
            f"**Library** {code(chosen.proxy_prefix) if chosen.proxy_prefix else 'not chosen'}",
            small("The prefix of its proxy, for articles without a free full text"),
        ),
        rule(),
        text(f"{code('/feed settings')} changes them; its option *reset* goes back to the usual."),
    )


def wait_words(wait: timedelta) -> str:
    """Return "Waits up to 24 hours, then posts"."""
    hours = wait.total_seconds() / 3600
    if not hours:
        return "Posts at once"
    if hours < 1:
        return f"Waits up to {counted(max(1, round(60 * hours)), 'minute')}, then posts"
    return f"Waits up to {counted(round(hours), 'hour')}, then posts"
