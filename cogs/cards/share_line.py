"""The text above a card: who shares the article, or which roles are told. Pure."""

from collections.abc import Sequence
from datetime import date

import discord

from cogs.cards.names import is_classic
from cogs.kit.escape import safe, safe_cut
from wetread.domain.models import Note, Record, Share
from wetread.domain.text import utf16_length

COMMENT_LIMIT = 600
NOTE_LIMIT = 400
_LINE_LIMIT = 1_300  # of the 2,000 that a message's text may have: made safe, a comment is longer
_NOTE_LINE_LIMIT = 600


def share_line(share: Share | None, record: Record, today: date) -> str | None:
    """Return who shares the article, the comment as a quote, and the note; None if no member shared it.

    Names are mentions, but Wetread's messages never ping.
    """
    if share is None:
        return None
    return "\n".join(filter(None, (_credit(share, record, today), note_line(share.note))))


def mention_line(roles: Sequence[discord.Role]) -> str | None:
    """Return the line that mentions roles; None for none."""
    return f"For {' and '.join(role.mention for role in roles)}:" if roles else None


def note_line(note: Note | None) -> str:
    """Return the note with the name of its author, and of whoever else changed it; "" without a note."""
    if note is None:
        return ""
    editor = f", edited by <@{note.editor_id}>" if note.editor_id else ""
    return _quoted(f"**Note** by <@{note.author_id}>{editor}:", note.text, _NOTE_LINE_LIMIT)


def _credit(share: Share, record: Record, today: date) -> str:
    if share.is_shown:
        return f"{safe(share.user_name)} shows an article:"
    what = "a classic" if is_classic(record, today) else "an article"
    return _quoted(f"<@{share.user_id}> shares {what}:", share.comment or "", _LINE_LIMIT)


def _quoted(heading: str, words: str, limit: int) -> str:
    """Return a heading and a member's words as a quote; words that are too long end in "…"."""
    lines = [line for line in (safe(line) for line in words.splitlines()) if line]
    whole = "\n".join([heading, *(f"> {line}" for line in lines)])
    if utf16_length(whole) <= limit:
        return whole
    return f"{heading}\n> {safe_cut(words, limit - 100)}"
