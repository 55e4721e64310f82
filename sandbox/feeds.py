"""The feeds of the invented journals, each in the format of a real platform."""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from sandbox.library import SampleArticle, SampleJournal

RSS, ATOM = "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8"


def feed_of(journal: SampleJournal, articles: Sequence[SampleArticle], base_url: str) -> tuple[str, str]:
    """Return the feed and its content type. `base_url` is the address of the sandbox's web server."""
    render, content_type = _SHAPES[journal.shape]
    return render(journal, articles, base_url), content_type


def page_of(article: SampleArticle, base_url: str) -> str:
    """Return the address of an article's page at its invented publisher."""
    if article.journal.shape == "sciencedirect":
        return f"{base_url}science/article/pii/{article.pii}"
    return f"{base_url}doi/abs/{article.doi}"


def _pubmed(journal: SampleJournal, articles: Sequence[SampleArticle], _base_url: str) -> str:
    items = "\n".join(map(_pubmed_item, articles))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"><channel>'
        f"<title>{escape(journal.title)}</title><link>https://pubmed.ncbi.nlm.nih.gov/</link>"
        f"<description>{escape(journal.title)}: latest results (sandbox)</description>"
        f"<language>en-us</language>\n{items}\n</channel></rss>"
    )


def _pubmed_item(article: SampleArticle) -> str:
    citation = f"<b>{article.journal.abbreviation}</b>. {_day(article)}. doi: {article.doi}."
    if article.is_letter or article.late:
        text, summary = "<p><b>NO ABSTRACT</b></p>", "No abstract"
    else:
        sections = "".join(
            f"<p>{f'{label}: ' if label else ''}{escape(words)}</p>" for label, words in article.abstract
        )
        text, summary = f"<p><b>ABSTRACT</b></p>{sections}", article.abstract[-1][1]
    ids = (
        f"PMID:<a href=https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/>{article.pmid}</a> | DOI:{article.doi}"
    )
    html = f'<div><p style="color: #4aa564;">{citation}</p>{text}<p style="color: lightgray">{ids}</p></div>'
    creators = "".join(f"<dc:creator>{escape(f'{a.given} {a.family}')}</dc:creator>" for a in article.authors)
    return (
        f"<item><title>{escape(article.marked_title)}</title>"
        f"<link>https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/?utm_source=wetread&amp;v=1</link>"
        f"<description><![CDATA[{summary}]]></description>"
        f'<guid isPermaLink="false">pubmed:{article.pmid}</guid>'
        f"<pubDate>{format_datetime(article.published_at)}</pubDate>"
        f"<content:encoded><![CDATA[{html}]]></content:encoded>{creators}"
        f"<dc:date>{article.published_at:%Y-%m-%d}</dc:date>"
        f"<dc:identifier>pmid:{article.pmid}</dc:identifier><dc:identifier>doi:{article.doi}</dc:identifier>"
        f"<dc:source>{escape(article.journal.title)}</dc:source></item>"
    )


def _atypon(journal: SampleJournal, articles: Sequence[SampleArticle], base_url: str) -> str:
    links = [f"{page_of(article, base_url)}?af=R" for article in articles]
    order = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "\n".join(_atypon_item(article, link) for article, link in zip(articles, links, strict=True))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
        f"<channel rdf:about={quoteattr(base_url)}><title>{escape(journal.title)}: Table of Contents</title>"
        f"<link>{escape(base_url)}</link><description>Table of Contents (sandbox)</description>"
        f"<prism:publicationName>{escape(journal.title)}</prism:publicationName>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>"
    )


def _atypon_item(article: SampleArticle, link: str) -> str:
    month = f"{article.published_at:%B %Y}"
    place = f"Volume {article.volume}, Issue {article.issue}, Page {article.pages}"
    where = f"{article.journal.title}, {place}, {month}. <br/>"
    people = ", ".join(f"{author.given} {author.family}" for author in article.authors)
    return (
        f"<item rdf:about={quoteattr(link)}><title>{escape(article.marked_title)}</title>"
        f"<link>{escape(link)}</link><description>{escape(where)}</description>"
        f"<dc:title>{escape(article.marked_title)}</dc:title><dc:identifier>doi:{article.doi}</dc:identifier>"
        f"<dc:source>{escape(article.journal.title)}</dc:source>"
        f"<dc:date>{article.published_at:%Y-%m-%dT%H:%M:%SZ}</dc:date><dc:creator>{escape(people)}</dc:creator>"
        f"<prism:publicationName>{escape(article.journal.title)}</prism:publicationName>"
        f"<prism:doi>{article.doi}</prism:doi><prism:volume>{article.volume}</prism:volume>"
        f"<prism:number>{article.issue}</prism:number></item>"
    )


def _sciencedirect(journal: SampleJournal, articles: Sequence[SampleArticle], base_url: str) -> str:
    items = "\n".join(_sciencedirect_item(article, page_of(article, base_url)) for article in articles)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>ScienceDirect Publication: {escape(journal.title)}</title><link>{escape(base_url)}</link>"
        f"<description>Sandbox</description>\n{items}\n</channel></rss>"
    )


def _sciencedirect_item(article: SampleArticle, link: str) -> str:
    people = ", ".join(f"{author.given} {author.family}" for author in article.authors)
    about = (
        f"<p>Publication date: {article.published_at:%B %Y}</p>"
        f"<p><b>Source:</b> {article.journal.title}, Volume 4</p><p>Author(s): {people}</p>"
    )
    return (
        f"<item><title><![CDATA[{article.marked_title}]]></title>"
        f"<link>{escape(link)}?dgcid=rss_sd_all</link><guid>{escape(link)}</guid>"
        f"<description><![CDATA[{about}]]></description></item>"
    )


def _atom(journal: SampleJournal, articles: Sequence[SampleArticle], base_url: str) -> str:
    entries = "\n".join(_atom_entry(article, page_of(article, base_url)) for article in articles)
    updated = _instant(articles[0].published_at) if articles else "2026-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<title>{escape(journal.title)}</title><id>tag:example.org,2026:{journal.key}</id>"
        f"<updated>{updated}</updated>\n{entries}\n</feed>"
    )


def _atom_entry(article: SampleArticle, link: str) -> str:
    people = "".join(
        f"<author><name>{escape(f'{a.given} {a.family}')}</name></author>" for a in article.authors
    )
    words = " ".join(f"{label}: {text}" if label else text for label, text in article.abstract)
    instant = _instant(article.published_at)
    return (
        f"<entry><title>{escape(article.title)}</title><id>https://doi.org/{article.doi}</id>"
        f"<link href={quoteattr(link)}/><published>{instant}</published><updated>{instant}</updated>"
        f"<dc:identifier>doi:{article.doi}</dc:identifier>{people}<summary>{escape(words)}</summary></entry>"
    )


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _day(article: SampleArticle) -> str:
    return f"{article.published_at:%Y %b} {article.published_at.day}"


_SHAPES: dict[str, tuple[Callable[[SampleJournal, Sequence[SampleArticle], str], str], str]] = {
    "pubmed": (_pubmed, RSS),
    "atypon": (_atypon, RSS),
    "sciencedirect": (_sciencedirect, RSS),
    "atom": (_atom, ATOM),
}
