"""An entry as the parser took it from the document, before it is interpreted (record.py)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Markup:
    """A text, and whether its tags are markup ("p <.001" in a plain text is not)."""

    value: str = ""
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class RawFeed:
    """The feed's own data. `issns` and `publication` are PRISM's."""

    url: str
    title: str
    home_url: str | None
    publication: str = ""
    relayed: frozenset[str] = frozenset()  # journals that it names where authors should be
    issns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry. Empty texts = not in the document. Links may be relative or unsafe."""

    guid: str = ""
    link: str = ""
    title: Markup = field(default_factory=Markup)
    summary: Markup = field(default_factory=Markup)
    content: tuple[Markup, ...] = ()  # content:encoded, and dc:description where that is another text
    authors: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # prism:doi, dc:doi and every dc:identifier
    source: str = ""  # dc:source, or RSS's <source>
    publication: str = ""  # prism:publicationName, prism:publicationTitle
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    published: str = ""  # the text of pubDate and similar elements
    updated: str = ""  # dc:date, atom:updated
    cover_date: str = ""  # prism:coverDate
    publication_date: str = ""  # prism:publicationDate
    categories: tuple[str, ...] = ()
    language: str = ""
    announce_type: str = ""  # arXiv's: "new", "replace"
