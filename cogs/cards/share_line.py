"""The text above the card of an article that a member shares. Pure."""

from datetime import date

from cogs.cards.names import is_classic
from cogs.kit.escape import safe, safe_cut
from wetread.domain.models import Record, Share
from wetread.domain.text import utf16_length

COMMENT_LIMIT = 600
_LINE_LIMIT = 1_500  # of the 2,000 that a message's text may have: made safe, a comment is longer


def share_line(share: Share | None, record: Record, today: date) -> str | None:
    """Return who shares the article, and the comment as a quote; None if no member shared it.

    The name is a mention, but Wetread's messages never ping.
    """
    if share is None:
        return None
    if share.is_shown:
        return f"{safe(share.user_name)} shows an article:"
    what = "a classic" if is_classic(record, today) else "an article"
    credit = f"<@{share.user_id}> shares {what}:"
    lines = [line for line in (safe(line) for line in (share.comment or "").splitlines()) if line]
    whole = "\n".join([credit, *(f"> {line}" for line in lines)])
    if utf16_length(whole) <= _LINE_LIMIT:
        return whole
    return f"{credit}\n> {safe_cut(share.comment or '', _LINE_LIMIT - 100)}"
