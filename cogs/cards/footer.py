"""The footer of a card: identifiers, who reported a retraction, source of the abstract, copyright. Pure."""

from datetime import datetime

from cogs.cards.abstract import is_pending, written_sections
from cogs.cards.links import article_url
from cogs.cards.publication_status import StatusWords
from cogs.kit.escape import doi_url, host_of, plain
from cogs.kit.words import day, source_words
from wetread.domain.models import Article, PartialDate, Record
from wetread.domain.text import cut, utf16_length

_FOOTER_LIMIT = 600  # six lines of a phone; Discord would take 2,048


def footer(article: Article, word: StatusWords, *, has_source: bool) -> list[str]:
    """Return the parts of an article's footer. `has_source`: say where the abstract is from."""
    parts = _identifiers(article.record)
    if article.record.published_on is None:
        parts.append(f"No date is published; first seen {_date(article.first_seen_at)}")
    if word.report:
        parts.append(plain(word.report))
    if is_pending(article) and article.next_enrichment_at:
        parts.append(f"Next check for the abstract: {_date(article.next_enrichment_at)}")
    if has_source and written_sections(article.record):
        added = f", added {_date(article.abstract_added_at)}" if article.abstract_added_at else ""
        parts.append(f"Abstract from {_source(article)}{added}")
    return _with_copyright(parts, article.record)


def notice_footer(article: Article) -> list[str]:
    """Return the parts of a retraction notice's footer."""
    parts = _identifiers(article.record)
    if written_sections(article.record):
        parts.append(f"Text of the notice from {_source(article)}")
    return _with_copyright(parts, article.record)


def _identifiers(record: Record) -> list[str]:
    parts = []
    if record.doi and doi_url(record.doi):
        parts.append(f"DOI\u00a0{plain(cut(record.doi, 200))}")
    if record.pmid:
        parts.append(f"PMID\u00a0{plain(cut(record.pmid, 20))}")
    url = article_url(record)
    # Without a DOI the host shows where the title leads, in letters that cannot deceive (faults.md S25).
    if url and not record.doi and (host := host_of(url)):
        parts.append(cut(host, 100))
    return parts


def _with_copyright(parts: list[str], record: Record) -> list[str]:
    if not record.copyright:
        return parts
    room = _FOOTER_LIMIT - utf16_length(" · ".join(parts))
    return [*parts, cut(plain(record.copyright), room)]


def _source(article: Article) -> str:
    return source_words(article.provenance.get("abstract", article.record.source))


def _date(instant: datetime) -> str:
    return day(PartialDate(instant.year, instant.month, instant.day))
