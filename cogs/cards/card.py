"""An article as a card: the embed, and which buttons go under it. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import discord

from cogs.cards import abstract
from cogs.cards.abstract import is_pending, written_sections
from cogs.cards.card_colour import card_colour
from cogs.cards.footer import footer, notice_footer
from cogs.cards.links import Link, article_url, full_text_link, relation_url
from cogs.cards.names import is_classic
from cogs.cards.publication_status import StatusWords, notice_link, status_words
from cogs.kit.escape import chip, link, safe, safe_cut
from cogs.kit.limits import EMBED_AUTHOR, EMBED_DESCRIPTION, EMBED_TITLE
from cogs.kit.words import byline, counted, day, in_one_style, institution, journal_line
from wetread.domain.models import Article, Form, PartialDate, Record, RelationKind, Subject
from wetread.domain.publication_status import StatusKind
from wetread.domain.publication_types import type_label
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title

_CHIPS = 4
_TOPICS = 2
_VERSION_LIMIT = 250


class Opens(StrEnum):
    """What the first button of a card shows."""

    ABSTRACT = "abstract"
    AUTHORS = "authors"


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
    retracted: RetractedArticle | None = None,
    proxy_prefix: str | None = None,
    topics: Sequence[str] = (),
) -> Card:
    """Return the card of an article. `topics`: names of those on whose behalf it is posted.

    `today` decides what is a classic. `proxy_prefix` is that of the server's library, which is linked where
    there is no free full text. A retracted article never shows more than its conclusion.
    """
    record = article.record
    word = status_words(article)
    form = Form.CONCLUSION if word.is_warning and form is Form.WHOLE else form
    draft = _Draft(record)
    draft.add(word.statement)
    draft.add(_published_version(record))
    draft.add(_chips(article, word, subject, today, topics))
    if form is not Form.TITLE:
        draft.add(byline(record.authors, has_more=record.has_more_authors))
    if word.kind is StatusKind.RETRACTION_NOTICE:
        _add_notice(draft, article, retracted, form)
    elif form is Form.TITLE:
        draft.opens = Opens.ABSTRACT if written_sections(record) else None
    else:
        _add_abstract(draft, article, word, form)
    if form is Form.TITLE:
        draft.footer.clear()
    return Card(
        article_id=article.id,
        embed=_embed(draft, word, subject, is_short=form is Form.TITLE),
        opens=draft.opens,
        is_prominent=draft.opens is Opens.ABSTRACT and form is not Form.TITLE and not word.has_link,
        first_link=notice_link(word),
        free_link=full_text_link(record, proxy_prefix),
    )


def full_abstract(article: Article, *, subject: Subject, today: date) -> tuple[Card, list[discord.Embed]]:
    """Return the card with the whole abstract, and what did not fit on it as embeds for more messages."""
    record = article.record
    word = status_words(article)
    draft = _Draft(record)
    draft.add(word.statement)
    draft.add(_chips(article, word, subject, today))
    draft.add(byline(record.authors, has_more=record.has_more_authors))
    more: list[str] = []
    if sections := written_sections(record):
        first, *more = abstract.pages(sections, EMBED_DESCRIPTION - utf16_length(draft.text) - 2)
        draft.add(first)
        draft.opens = Opens.AUTHORS
    else:
        draft.add(_without_abstract(article))
    draft.footer += footer(article, word, has_source=True)
    colour = card_colour(word, subject)
    return (
        Card(
            article_id=article.id,
            embed=_embed(draft, word, subject, is_short=False),
            opens=draft.opens,
            is_prominent=False,
            first_link=notice_link(word),
            free_link=full_text_link(record, None),
        ),
        [discord.Embed(description=text, colour=colour) for text in more],
    )


def shown_hash(shown: Card, note: str = "") -> str:
    """Return a short hash of all that a reader sees of a card, so that a needless edit can be left out.

    `note`: what can change in the text above it.
    """
    links = [(each.label, each.url) for each in (shown.first_link, shown.free_link) if each]
    seen = [shown.embed.to_dict(), shown.opens, shown.is_prominent, links, *([note] if note else [])]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def _embed(draft: _Draft, word: StatusWords, subject: Subject, *, is_short: bool) -> discord.Embed:
    record = draft.record
    embed = discord.Embed(
        title=safe_cut(shown_title(record), EMBED_TITLE),
        url=article_url(record),
        description=draft.text or None,
        colour=card_colour(word, subject),
    )
    if line := journal_line(record, EMBED_AUTHOR, has_place=not is_short):
        embed.set_author(name=line)
    if draft.footer:
        embed.set_footer(text=" · ".join(draft.footer))
    return embed


# --- chips -----------------------------------------------------------------------------------------------


def _chips(
    article: Article, word: StatusWords, subject: Subject, today: date, topics: Sequence[str] = ()
) -> str:
    record = article.record
    chips = [
        "" if subject is Subject.GENERAL else str(subject),
        word.chip,
        "Abstract pending" if is_pending(article) else "",
        "" if word.kind is StatusKind.RETRACTION_NOTICE else type_label(record) or "",
        _classic(record, today),
        "Free full text" if record.free_url else "",
    ]
    named = [f"Topic: {name}" for name in topics[:_TOPICS]]
    if (others := len(topics) - _TOPICS) > 0:
        named.append(f"and {counted(others, 'topic')}")
    return " ".join(chip(text) for text in [*list(filter(None, chips))[:_CHIPS], *named])


def _classic(record: Record, today: date) -> str:
    on = record.published_on
    return f"Classic, {on.year}" if on and is_classic(record, today) else ""


# --- abstract --------------------------------------------------------------------------------------------


def _add_abstract(draft: _Draft, article: Article, word: StatusWords, form: Form) -> None:
    record = draft.record
    sections = written_sections(record)
    if not sections:
        draft.add(_without_abstract(article))
        draft.add(_preprint(record))
        draft.footer += footer(article, word, has_source=False)
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
    draft.footer += footer(article, word, has_source=is_whole_form or not word.report)


def _struck(markdown: str) -> str:
    """Strike through: for the eye only, because screen readers do not say it; the words stand above."""
    lines = (line.removeprefix("> ") for line in markdown.splitlines())
    marked = [f"~~{line}~~" if line else "" for line in lines]
    quote = "> " if markdown.startswith("> ") else ""
    return "\n".join(quote + line for line in marked)


def _without_abstract(article: Article) -> str:
    if not is_pending(article):
        return "Published without an abstract."
    return "No abstract is available yet. Wetread adds it to this card when PubMed or the publisher has it."


def _affiliations(record: Record, room: int) -> str:
    people = [author for author in record.authors if not author.is_collective]
    if not people:
        return ""
    shown = [("First, ", people[0]), ("Last, ", people[-1])] if len(people) > 1 else [("", people[0])]
    shown = shown[:1] if record.has_more_authors else shown
    name = in_one_style(record.authors)
    lines = [
        f"*{safe(f'{place}{name(author)}: {institution(author.affiliations[0])}')}*"
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
        draft.add(f"This is the retraction notice. The retracted article{appeared}{both}{posted}{end}")
    else:
        draft.add("This is the notice that retracts an article.")
    if form is Form.TITLE:
        return
    if sections := written_sections(record):
        text = abstract.whole(sections)
        words = "\n\n".join(filter(None, (text.conclusion, text.body)))
        draft.add("\n".join(f"> {line.removeprefix('> ')}" for line in f"“{words}”".splitlines()))
        draft.opens = None if text.is_whole else Opens.ABSTRACT
    draft.footer += notice_footer(article)


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
