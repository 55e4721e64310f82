"""What one check of a feed ended with: a body, "not modified", or an error. Pure."""

from dataclasses import dataclass

from wetread.domain.errors import FeedError
from wetread.domain.models import NotModified, ParsedFeed, RetrievedFeed
from wetread.feeds.windows import Span


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A body that came. `parsed` None: it is the body that was parsed last time (faults.md B24).

    `seen`: of a query, from when until when `parsed` has everything that is not known yet; there is no body.
    `has_more`: what came after that is to be asked for soon.
    """

    retrieved: RetrievedFeed
    body_hash: str
    parsed: ParsedFeed | None
    was_unconditional: bool = False
    seen: Span | None = None
    has_more: bool = False


Outcome = Retrieval | NotModified | FeedError
