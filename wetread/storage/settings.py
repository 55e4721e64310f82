"""What servers and members have chosen for themselves."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from wetread.domain.changes import ChangedBy, ChangeSubject
from wetread.storage import changes


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's settings; None = not chosen, so config.toml decides.

    `abstract_wait`: how long a post waits for an abstract. `skipped_types`: publication types that are
    not posted (see `planner.UpdatePolicy`). `proxy_prefix`: the address of its library's proxy.
    `offers_cards`: under a message that names an article, its card is offered. `tells_changes`: what
    moderators change is posted in their channel. `time_zone`: IANA's name.
    """

    moderator_role_id: int | None = None
    moderator_channel_id: int | None = None
    abstract_wait: timedelta | None = None
    proxy_prefix: str | None = None
    skipped_types: tuple[str, ...] | None = None
    offers_cards: bool = False
    tells_changes: bool = False
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class MemberSettings:
    """A member's own choices, the same in every server; None = not chosen yet."""

    citation_style: str | None = None


def guild_settings(db: sqlite_utils.Database, guild_id: int) -> GuildSettings:
    """Return what a server has chosen; all None for one that has not."""
    row = db.conn.execute(
        "SELECT moderator_role_id, moderator_channel_id, abstract_wait_seconds, proxy_prefix, skipped_types,"
        " offers_cards, tells_changes, time_zone FROM guild_settings WHERE guild_id = ?",
        [guild_id],
    ).fetchone()
    if row is None:
        return GuildSettings()
    role_id, channel_id, wait, prefix, types, offers_cards, tells_changes, time_zone = row
    return GuildSettings(
        role_id,
        channel_id,
        None if wait is None else timedelta(seconds=wait),
        prefix,
        None if types is None else tuple(json.loads(types)),
        bool(offers_cards),
        bool(tells_changes),
        time_zone,
    )


def save_guild_settings(db: sqlite_utils.Database, guild_id: int, settings: GuildSettings) -> None:
    """Replace a server's settings; change one with `dataclasses.replace`."""
    wait, types = settings.abstract_wait, settings.skipped_types
    db.conn.execute(
        """
        INSERT INTO guild_settings (
            guild_id, moderator_role_id, moderator_channel_id, abstract_wait_seconds, proxy_prefix,
            skipped_types, offers_cards, tells_changes, time_zone
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (guild_id) DO UPDATE SET
            moderator_role_id = excluded.moderator_role_id,
            moderator_channel_id = excluded.moderator_channel_id,
            abstract_wait_seconds = excluded.abstract_wait_seconds,
            proxy_prefix = excluded.proxy_prefix,
            skipped_types = excluded.skipped_types,
            offers_cards = excluded.offers_cards,
            tells_changes = excluded.tells_changes,
            time_zone = excluded.time_zone
        """,
        [
            guild_id,
            settings.moderator_role_id,
            settings.moderator_channel_id,
            None if wait is None else int(wait.total_seconds()),
            settings.proxy_prefix,
            None if types is None else json.dumps(types),
            settings.offers_cards,
            settings.tells_changes,
            settings.time_zone,
        ],
    )


def change_guild_settings(
    db: sqlite_utils.Database,
    guild_id: int,
    change: Callable[[GuildSettings], GuildSettings],
    by: ChangedBy,
    now: datetime,
) -> GuildSettings:
    """Change a server's settings in one transaction, note it, and return them."""
    after = change(guild_settings(db, guild_id))
    db.conn.execute("INSERT OR IGNORE INTO guild_settings (guild_id) VALUES (?)", [guild_id])
    with changes.noting(db, by, now, ChangeSubject.SETTINGS, guild_id=guild_id, subject_id=guild_id):
        save_guild_settings(db, guild_id, after)
    return after


def member_settings(db: sqlite_utils.Database, user_id: int) -> MemberSettings:
    """Return what a member has chosen; all None for one who has not."""
    row = db.conn.execute(
        "SELECT citation_style FROM member_settings WHERE user_id = ?", [user_id]
    ).fetchone()
    return MemberSettings(row[0]) if row else MemberSettings()


def save_member_settings(db: sqlite_utils.Database, user_id: int, settings: MemberSettings) -> None:
    """Replace a member's settings."""
    db.conn.execute(
        "INSERT INTO member_settings (user_id, citation_style) VALUES (?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET citation_style = excluded.citation_style",
        [user_id, settings.citation_style],
    )
