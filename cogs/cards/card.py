"""An article as a card: an embed, and what its buttons are to offer. Pure."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import discord

from cogs.cards import abstract
from cogs.cards.publication_status import StatusWords, status_words
from cogs.kit import colours
from cogs.kit.escape import button_url, chip, doi_url, host_of, link, plain, safe, safe_cut, safe_url
from cogs.kit.limits import EMBED_AUTHOR, EMBED_DESCRIPTION, EMBED_TITLE, THREAD_NAME
from cogs.kit.words import byline, day, institution, journal_line, short_name, source_words
from wetread.domain.models import Article, Form, PartialDate, Record, Relation, RelationKind, Section, Subject
from wetread.domain.publication_status import StatusKind
from wetread.domain.publication_types import expects_abstract, type_label
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title
from wetread.net.addresses import proxied

CLASSIC_YEARS = 10
_CHIPS = 4
_VERSION_LIMIT = 250
_FOOTER_LIMIT = 600  # six lines of a phone; Discord would take 2,048


class Opens(StrEnum):
    """What the first button of a card shows."""

    ABSTRACT = "abstract"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class Link:
    """A link button."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """An article as Discord shows it. `opens` None = no first button; `first_link` stands before it."""

    article_id: int
    embed: discord.Embed
    opens: Opens | None
    is_prominent: bool  # the first button is blurple
    first_link: Link | None = None
    free_link: Link | None = None


@dataclass(frozen=True, slots=True)
class RetractedArticle:
    """What is known here of the article that a notice withdraws."""

    published_on: PartialDate | None = None
    post_url: str | None = None


@dataclass(slots=True)
class _Draft:
    """A card's description in the order it is read; blocks are divided by blank lines."""

    record: Record
    blocks: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    opens: Opens | None = None

    def add(self, block: str) -> None:
        if block:
            self.blocks.append(block)

    @property
    def text(self) -> str:
        return "\n\n".join(self.blocks)


def card(
    article: Article,
    form: Form,
    *,
    subject: Subject,
    today: date,
    marker: str | None = None,
    retracted: RetractedArticle | None = None,
    proxy_prefix: str | None = None,
) -> Card:
    """Return the card of an article.

    `marker` is the delivery's short id, by which a post is found again; it ends the footer. `today`
    decides what is a classic. `proxy_prefix` is that of the server's library, which is linked where there is
    no free full text. A retracted article never shows more than its conclusion.
    """
    record = article.record
    word = status_words(article)
    form = Form.CONCLUSION if word.is_warning and form is Form.WHOLE else form
    draft = _Draft(record)
    draft.add(word.statement)
    draft.add(_published_version(record))
    draft.add(_chips(article, word, subject, today))
    if form is not Form.TITLE:
        draft.add(byline(record.authors))
    if word.kind is StatusKind.RETRACTION_NOTICE:
        _add_notice(draft, article, retracted, form)
    elif form is Form.TITLE:
        draft.opens = Opens.ABSTRACT if _sections(record) else None
    else:
        _add_abstract(draft, article, word, form)
    if form is Form.TITLE:
        draft.footer.clear()
    if marker:
        draft.footer.append(marker)
    return Card(
        article_id=article.id,
        embed=_embed(draft, word, subject, is_short=form is Form.TITLE),
        opens=draft.opens,
        is_prominent=draft.opens is Opens.ABSTRACT and form is not Form.TITLE and not word.has_link,
        first_link=_first_link(word),
        free_link=_full_text_link(record, proxy_prefix),
    )


def full_abstract(article: Article, *, subject: Subject, today: date) -> tuple[Card, list[discord.Embed]]:
    """Return the card with the whole abstract, and what did not fit on it as embeds for more messages."""
    record = article.record
    word = status_words(article)
    draft = _Draft(record)
    draft.add(word.statement)
    draft.add(_chips(article, word, subject, today))
    draft.add(byline(record.authors))
    more: list[str] = []
    if sections := _sections(record):
        first, *more = abstract.pages(sections, EMBED_DESCRIPTION - utf16_length(draft.text) - 2)
        draft.add(first)
        draft.opens = Opens.AUTHORS
    else:
        draft.add(_without_abstract(article))
    _add_footer(draft, article, word, has_source=True)
    colour = word.colour or colours.SUBJECTS[subject]
    return (
        Card(
            article_id=article.id,
            embed=_embed(draft, word, subject, is_short=False),
            opens=draft.opens,
            is_prominent=False,
            first_link=_first_link(word),
            free_link=_full_text_link(record, None),
        ),
        [discord.Embed(description=text, colour=colour) for text in more],
    )


def shown_hash(shown: Card) -> str:
    """Return a short hash of all that a reader sees of a card, so that a needless edit can be left out."""
    links = [(each.label, each.url) for each in (shown.first_link, shown.free_link) if each]
    seen = [shown.embed.to_dict(), shown.opens, shown.is_prominent, links]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def article_url(record: Record) -> str | None:
    """Return where an article's title leads: the DOI, else its page, else PubMed; None if nowhere."""
    return (
        (doi_url(record.doi) if record.doi else None)
        or (safe_url(record.url) if record.url else None)
        or (f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else None)
    )


def linked_title(record: Record, limit: int) -> str:
    """Return the title, cut to `limit` characters, as a markdown link to the article."""
    return link(cut(shown_title(record), limit), article_url(record))


def thread_name(record: Record) -> str:
    """Return the name of an article's post in a forum."""
    return cut(plain(shown_title(record)), THREAD_NAME)


def discussion_name(record: Record, today: date) -> str:
    """Return the name of an article's discussion: its title, and the year of a classic."""
    on = record.published_on
    year = f" ({on.year})" if on and is_classic(record, today) else ""
    return cut(plain(shown_title(record)), THREAD_NAME - utf16_length(year)) + year


def _sections(record: Record) -> list[Section]:
    return [section for section in record.abstract if section.text.strip()]


def _embed(draft: _Draft, word: StatusWords, subject: Subject, *, is_short: bool) -> discord.Embed:
    record = draft.record
    embed = discord.Embed(
        title=safe_cut(shown_title(record), EMBED_TITLE),
        url=article_url(record),
        description=draft.text or None,
        colour=word.colour or colours.SUBJECTS[subject],
    )
    if line := journal_line(record, EMBED_AUTHOR, has_place=not is_short):
        embed.set_author(name=line)
    if draft.footer:
        embed.set_footer(text=" · ".join(draft.footer))
    return embed


# --- chips -----------------------------------------------------------------------------------------------


def _chips(article: Article, word: StatusWords, subject: Subject, today: date) -> str:
    record = article.record
    chips = [
        "" if subject is Subject.GENERAL else str(subject),
        word.chip,
        "Abstract pending" if is_pending(article) else "",
        "" if word.kind is StatusKind.RETRACTION_NOTICE else type_label(record) or "",
        _classic(record, today),
        "Free full text" if record.free_url else "",
    ]
    return " ".join(chip(text) for text in list(filter(None, chips))[:_CHIPS])


def _classic(record: Record, today: date) -> str:
    on = record.published_on
    return f"Classic, {on.year}" if on and is_classic(record, today) else ""


def is_classic(record: Record, today: date) -> bool:
    """Say whether an article has stood for so long that it is called a classic."""
    on = record.published_on
    return on is not None and today.year - on.year >= CLASSIC_YEARS


def is_pending(article: Article) -> bool:
    """Say whether an abstract is missing that may still come."""
    record = article.record
    return not (
        _sections(record)
        or record.has_no_abstract
        or article.next_enrichment_at is None
        or not expects_abstract(record)
    )


# --- abstract --------------------------------------------------------------------------------------------


def _add_abstract(draft: _Draft, article: Article, word: StatusWords, form: Form) -> None:
    record = draft.record
    sections = _sections(record)
    if not sections:
        draft.add(_without_abstract(article))
        draft.add(_preprint(record))
        _add_footer(draft, article, word, has_source=False)
        return
    is_whole_form = form is Form.WHOLE
    shown = abstract.whole(sections) if is_whole_form else abstract.conclusion_only(sections)
    draft.add(_struck(shown.conclusion) if word.is_retracted else shown.conclusion)
    draft.add(_struck(shown.body) if word.is_retracted else shown.body)
    draft.add(_preprint(record))
    draft.opens = Opens.AUTHORS if shown.is_whole else Opens.ABSTRACT
    if is_whole_form:
        draft.add(_affiliations(record, EMBED_DESCRIPTION - utf16_length(draft.text) - 2))
    # Who reported it takes the place of where the conclusion comes from; a whole abstract names both.
    _add_footer(draft, article, word, has_source=is_whole_form or not word.report)


def _struck(markdown: str) -> str:
    """Strike through: for the eye only, because screen readers do not say it; the words stand above."""
    lines = (line.removeprefix("> ") for line in markdown.splitlines())
    marked = [f"~~{line}~~" if line else "" for line in lines]
    quote = "> " if markdown.startswith("> ") else ""
    return "\n".join(quote + line for line in marked)


def _without_abstract(article: Article) -> str:
    if not is_pending(article):
        return "Published without an abstract."
    return "No abstract is available yet. This card fills in by itself when PubMed or the publisher has one."


def _affiliations(record: Record, room: int) -> str:
    people = [author for author in record.authors if not author.is_collective]
    if not people:
        return ""
    shown = [("First, ", people[0]), ("Last, ", people[-1])] if len(people) > 1 else [("", people[0])]
    lines = [
        f"*{safe(f'{place}{short_name(author)}: {institution(author.affiliations[0])}')}*"
        for place, author in shown
        if author.affiliations and institution(author.affiliations[0])
    ]
    text = "\n".join(lines)
    return text if utf16_length(text) <= room else ""


def _add_notice(draft: _Draft, article: Article, retracted: RetractedArticle | None, form: Form) -> None:
    """A retraction's notice: what it is, what it withdraws, its text."""
    record = draft.record
    appeared = f" appeared on {day(retracted.published_on)}" if retracted and retracted.published_on else ""
    posted = f" was [posted here]({retracted.post_url})" if retracted and retracted.post_url else ""
    if appeared or posted:
        end = "; that post is now marked." if posted else "."
        both = " and" if appeared and posted else ""
        draft.add(f"This is the notice. The article it withdraws{appeared}{both}{posted}{end}")
    else:
        draft.add("This is the notice that withdraws an article.")
    if form is Form.TITLE:
        return
    if sections := _sections(record):
        text = abstract.whole(sections)
        words = "\n\n".join(filter(None, (text.conclusion, text.body)))
        draft.add("\n".join(f"> {line.removeprefix('> ')}" for line in f"“{words}”".splitlines()))
        draft.opens = None if text.is_whole else Opens.ABSTRACT
    _add_identifiers(draft)
    if sections:
        draft.footer.append(f"Text of the notice from {_source(article)}")
    _add_copyright(draft)


# --- footer ----------------------------------------------------------------------------------------------


def _add_footer(draft: _Draft, article: Article, word: StatusWords, *, has_source: bool) -> None:
    record = draft.record
    _add_identifiers(draft)
    if word.report:
        draft.footer.append(plain(word.report))
    if is_pending(article) and article.next_enrichment_at:
        draft.footer.append(f"Next look for the abstract: {_date(article.next_enrichment_at)}")
    if has_source and _sections(record):
        added = f", added {_date(article.abstract_added_at)}" if article.abstract_added_at else ""
        draft.footer.append(f"Abstract from {_source(article)}{added}")
    _add_copyright(draft)


def _add_identifiers(draft: _Draft) -> None:
    record = draft.record
    if record.doi and doi_url(record.doi):
        draft.footer.append(f"DOI\u00a0{plain(cut(record.doi, 200))}")
    if record.pmid:
        draft.footer.append(f"PMID\u00a0{plain(cut(record.pmid, 20))}")
    url = article_url(record)
    # Where there is no DOI, the host says where the title leads, in letters that cannot deceive (S25).
    if url and not record.doi and (host := host_of(url)):
        draft.footer.append(cut(host, 100))


def _add_copyright(draft: _Draft) -> None:
    if draft.record.copyright:
        room = _FOOTER_LIMIT - utf16_length(" · ".join(draft.footer))
        draft.footer.append(cut(plain(draft.record.copyright), room))


def _source(article: Article) -> str:
    return source_words(article.provenance.get("abstract", article.record.source))


def _date(instant: datetime) -> str:
    return day(PartialDate(instant.year, instant.month, instant.day))


# --- links -----------------------------------------------------------------------------------------------


def _first_link(word: StatusWords) -> Link | None:
    url = button_url(word.url)
    return Link(word.link_label, url) if url else None


def _full_text_link(record: Record, proxy_prefix: str | None) -> Link | None:
    """The legal free full text, else the journal's page through the server's library."""
    if url := button_url(record.free_url):
        return Link("Free full text", url)
    page = article_url(record)
    url = button_url(proxied(proxy_prefix, page)) if proxy_prefix and page else None
    return Link("Through the library", url) if url else None


# --- versions --------------------------------------------------------------------------------------------


def _published_version(record: Record) -> str:
    """That a preprint is published by now, and where."""
    return _version(record, RelationKind.PREPRINT_OF, "**Now published in {}.**")


def _preprint(record: Record) -> str:
    return _version(record, RelationKind.HAS_PREPRINT, "Preprint: {}")


def _version(record: Record, kind_: RelationKind, words: str) -> str:
    relation = next((each for each in record.relations if each.kind is kind_), None)
    if relation is None:
        return ""
    name = cut(relation.text or relation.doi or f"PMID {relation.pmid}", 100).rstrip(".")
    linked = link(name, relation_url(relation))
    return words.format(linked if utf16_length(linked) <= _VERSION_LIMIT else safe_cut(name, _VERSION_LIMIT))


def relation_url(relation: Relation) -> str | None:
    """Return where a related publication is; None if nothing leads there."""
    if relation.doi:
        return doi_url(relation.doi)
    return f"https://pubmed.ncbi.nlm.nih.gov/{relation.pmid}/" if relation.pmid else None
