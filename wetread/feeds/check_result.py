"""The result of one check of a feed: a retrieval, "not modified", or an error. Pure."""

from dataclasses import dataclass

from wetread.domain.errors import FeedError
from wetread.domain.models import NotModified, ParsedFeed, RetrievedFeed
from wetread.feeds.windows import Span


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was retrieved. `parsed` None: the same body as last time, so it was not parsed (faults.md B24).

    For a query there is no body; `seen` is the time span for which `parsed` has every new article, and
    `has_more` says that more articles came after it, so the next check is soon.
    """

    retrieved: RetrievedFeed
    body_hash: str
    parsed: ParsedFeed | None
    was_unconditional: bool = False
    seen: Span | None = None
    has_more: bool = False


CheckResult = Retrieval | NotModified | FeedError
