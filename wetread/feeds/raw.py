"""An entry as a feed's document has it: what the parser took out, before anybody made sense of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Markup:
    """A text and whether tags in it are markup ("p <.001" in a plain text is not)."""

    value: str = ""
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class RawFeed:
    """The channel. `issns` and `publication` are PRISM's."""

    url: str
    title: str
    home_url: str | None
    publication: str = ""
    issns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item. Empty texts mean that the document did not say. Links may be relative or unsafe."""

    guid: str = ""
    link: str = ""
    title: Markup = field(default_factory=Markup)
    summary: Markup = field(default_factory=Markup)
    content: tuple[Markup, ...] = ()
    authors: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # every dc:identifier, prism:doi and the like
    source: str = ""  # dc:source, or RSS's <source>
    publication: str = ""  # prism:publicationName
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    published: str = ""  # the text of pubDate and its like
    updated: str = ""  # dc:date, atom:updated
    cover_date: str = ""  # prism:coverDate
    publication_date: str = ""  # prism:publicationDate
    categories: tuple[str, ...] = ()
    language: str = ""
    announce_type: str = ""  # arXiv's: "new", "replace"
