"""Digests for tests, and their messages."""

from cogs.cards.digest import DigestLook, digest_hash, digest_view, plain_digest
from cogs.kit.limits import CONTENT
from cogs.posting.messenger import DigestMessage
from wetread.domain.digests import Digest
from wetread.domain.models import Delivery, Subject


def draw_digest(delivery: Delivery, digest: Digest) -> DigestMessage:
    """Draw a digest as the bot does, all of one subject."""
    look = DigestLook(delivery.marker, lambda _record: Subject.GENERAL)
    return DigestMessage(
        digest_view(digest, look), plain_digest(digest, look, CONTENT), digest_hash(digest, look)
    )
