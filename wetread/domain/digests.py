"""Several articles in one post."""

from dataclasses import dataclass
from datetime import date

from wetread.domain.models import Article
from wetread.domain.pace import DigestKind
from wetread.domain.titles import shown_title


@dataclass(frozen=True, slots=True)
class Discussed:
    """An article that members discuss under its post, with the number of their messages."""

    article: Article
    reply_count: int
    shared_by: str | None = None  # the name of the member who posted it


@dataclass(frozen=True, slots=True)
class Digest:
    """Articles in one post, oldest first, about the days from `first_day` to `last_day`.

    A weekly one tells of other posts of its destination, too: `noted` are those whose publication status
    changed in the week, `discussed` those that members wrote most about. `posted_count`: how many articles
    were posted by themselves on its last day.
    """

    kind: DigestKind
    first_day: date
    last_day: date
    articles: tuple[Article, ...]
    noted: tuple[Article, ...] = ()
    discussed: tuple[Discussed, ...] = ()
    posted_count: int = 0


Content = Article | Digest
"""What a delivery posts."""


def content_name(content: Content) -> str:
    """Return what moderators call what a delivery posts: an article's title, or "a digest of 23 articles"."""
    if isinstance(content, Digest):
        count = len(content.articles)
        return f"a digest of {count:,} {'article' if count == 1 else 'articles'}"
    return shown_title(content.record)
