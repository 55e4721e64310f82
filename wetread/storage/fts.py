"""Queries and facets in the spelling of the full-text index (SQLite's FTS5). Pure.

Facets are tokens in a column of the index: a private-use character that no query can hold, a letter that
says what it is, then letters and digits. So nobody meets a facet by accident, and words need no filter by
column, which would cost a tenth of each search.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator

from wetread.domain.article_marks import marks_of
from wetread.domain.catalogue import names_of
from wetread.domain.front_matter import Aside, aside_of
from wetread.domain.journal_places import first_page_key
from wetread.domain.letters import plain_letters
from wetread.domain.models import Author, Journal, PartialDate, Record
from wetread.domain.names import name_key, names_within, words_of
from wetread.domain.publication_kinds import kind_words
from wetread.domain.publication_types import type_label
from wetread.domain.query import PRIVATE_MARK, Query, Term
from wetread.domain.query_fields import Field
from wetread.domain.typed_dates import FIRST_YEAR, LAST_YEAR, read_date, read_years

_MARK = PRIVATE_MARK
EVERY_ARTICLE = f"{_MARK}a"  # on each article, so that "everything but …" has something to start from
GUILD = f"{_MARK}g"
JOURNAL = f"{_MARK}j"  # a whole name, an ISSN or an NLM id
TYPE_WORD = f"{_MARK}t"
MESH_WORD = f"{_MARK}m"
PUBLISHED = f"{_MARK}y"  # century, decade, year, month, day: 20 202 2026 202601 20260114
ASIDE = f"{_MARK}x"  # what lists leave out unless it is asked for
FIRST_PAGE = f"{_MARK}p"
AUTHOR = f"{_MARK}n"  # family name with initials: examplea exampleab
FACT = f"{_MARK}h"  # article_marks.Mark
CHARACTER = f"{_MARK}c"  # of a script that writes no spaces between words

# Kana, Han and Bopomofo, with their extensions. Korean writes spaces.
_UNSPACED = re.compile(
    "[\u3041-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_AUTHORS_LIMIT = 100
_TITLE_LENGTH, _TITLE_WORDS = 200, 20
"""How much of what is typed for a title is compared."""
_SHORTEST_STEM = 3
_ENDINGS = (
    "ization ation ational ative ate able ible ance ence ability ibility ic ical icity ism ist ity ive ize "
    "ized izing ion ing ed er es ement ment ent ness ous ousness ful fulness al ally"
)
"""Endings that Porter's algorithm, by which the index stems words, takes off."""
_ERRATUM_WORDS = frozenset({"erratum", "errata", "corrigendum", "corrigenda"})


def facets_of(record: Record, guild_ids: Iterable[int]) -> str:
    """Return the facets of an article (journal, type …) for the indexed column `facets`.

    `guild_ids` are the servers that know the article.
    """
    tokens = [EVERY_ARTICLE, *(f"{GUILD}{guild_id}" for guild_id in sorted(set(guild_ids)))]
    if record.published_on:
        digits = str(record.published_on).replace("-", "")
        tokens += [PUBLISHED + digits[:length] for length in (2, 3, 4, 6, 8) if length <= len(digits)]
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    numbers = [*record.issns, record.nlm_id or ""]
    whole_names = [part for name in names for part in names_within(name)] + numbers
    tokens += _tokens(JOURNAL, map(name_key, whole_names))
    if record.pages:
        tokens += _tokens(FIRST_PAGE, [name_key(first_page_key(record.pages))])
    aside = aside_of(record)
    if aside is not None:
        tokens.append(aside_token(aside))
    kinds = [*record.types, type_label(record) or "", aside or ""]
    tokens += _tokens(TYPE_WORD, (word for kind in kinds for word in words_of(kind)))
    tokens += _tokens(
        AUTHOR, (name for author in record.authors[:_AUTHORS_LIMIT] for name in _short_names(author))
    )
    tokens += [MESH_WORD + word for heading in record.mesh for word in words_of(heading)]
    text = " ".join((record.title, *(section.text for section in record.abstract)))
    tokens += [CHARACTER + character for character in _unspaced(text)]
    tokens += [FACT + mark for mark in marks_of(record)]
    return " ".join(tokens)


def _short_names(author: Author) -> list[str]:
    """A person as bibliographies name one: family name with the first initial, and with all."""
    given, family = author.given, author.family
    if given is None:
        given, _, family = family.rpartition(" ")  # the whole name as a feed gives it
    initials = _initials(re.split(r"[\s.-]+", given))
    if author.is_collective or not initials:
        return []
    return [name_key(family) + initials[0], name_key(family) + initials]


def _initials(names: Iterable[str]) -> str:
    """Return the initials of forenames ("Ada", "B") and of runs of initials ("AB")."""
    words = (("".join(words_of(name)), _is_initials(name)) for name in names)
    return "".join(word if is_initials else word[:1] for word, is_initials in words)


def _is_initials(name: str) -> bool:
    return len(name) == 1 or (len(name) <= 3 and name.isalpha() and name.isupper())


def _tokens(facet: str, values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(facet + value for value in values if value))


def _unspaced(text: str) -> list[str]:
    return [] if text.isascii() else _UNSPACED.findall(text)


def guild_facet(guild_id: int) -> str:
    """Return the expression for everything that a server knows."""
    return _quoted(GUILD + str(guild_id))


def fts_expression(query: Query, *, within: str = f'"{EVERY_ARTICLE}"') -> str:
    """Return the query as FTS5 reads it. Every word stands quoted; the expression is always well formed.

    `within` is the expression to start from where the query only says what is not wanted.
    """
    parts = [any_of(query.words)] if query.words else []
    parts += [any_of(group) for group in query.required]
    wanted = both(*parts) or within
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT ({any_of(query.excluded)})"


def listed_expression(query: Query, *, within: str) -> str:
    """Return `fts_expression` without front matter and errata, unless the query asks for them.

    It asks with `type:` in any spelling, or with the word itself ("erratum").
    """
    return without_asides(fts_expression(query, within=within), unasked_asides(query))


def unasked_asides(query: Query) -> list[Aside]:
    """Return what lists leave out because the query does not ask for it."""
    terms = [*query.words, *(term for group in query.required for term in group)]
    asked = {word for term in terms if term.field is Field.TYPE for word in kind_words(term.text)}
    if any(names_erratum(term.text) for term in terms if term.field in {None, Field.TITLE}):
        asked.add(Aside.ERRATUM)
    return [aside for aside in Aside if not asked.issuperset(words_of(aside))]


def names_erratum(text: str) -> bool:
    """Return whether a word for a correction is among the words; not "correction", which is a method, too."""
    return not _ERRATUM_WORDS.isdisjoint(words_of(text))


def without_asides(expression: str, hidden: Iterable[Aside] = tuple(Aside)) -> str:
    """Return the expression for what of `expression` is none of these."""
    tokens = " OR ".join(_quoted(aside_token(aside)) for aside in hidden)
    return f"({expression}) NOT ({tokens})" if tokens else expression


def aside_token(aside: Aside) -> str:
    """Return the token of front matter or of errata."""
    return ASIDE + name_key(aside)


def text_expression(query: Query) -> str | None:
    """Return the expression for what of the query can stand in an abstract, to mark it; None = nothing."""
    terms = [*query.words, *(term for group in query.required for term in group)]
    return any_of(term for term in terms if term.field in {None, Field.TITLE}) or None


def prefix_expression(text: str) -> str | None:
    """Return the expression for titles with all the words typed so far, the last perhaps unfinished.

    None if there is no word yet. Only single tokens: the index of titles knows no phrases.
    """
    words = words_of(text[:_TITLE_LENGTH])[:_TITLE_WORDS]
    return " AND ".join(map(_quoted, words)) + "*" if words else None


def title_expression(words: Iterable[str]) -> str:
    """Return the expression for titles with all of these words, for the index of titles alone."""
    return " AND ".join(map(_quoted, words))


def journal_expression(journals: Iterable[Journal]) -> str:
    """Return the expression for everything in any of the journals."""
    return journal_names_expression(name for journal in journals for name in names_of(journal))


def journal_names_expression(names: Iterable[str]) -> str:
    """Return the expression for everything in a journal that has any of these whole names or ISSNs."""
    return _any_facet(JOURNAL, names)


def page_expression(journal_names: Iterable[str], first_page: str) -> str:
    """Return the expression for what begins on this page of a journal with any of these names."""
    page = _any_facet(FIRST_PAGE, [first_page_key(first_page)])
    return f"{journal_names_expression(journal_names)} AND {page}"


def both(*expressions: str) -> str:
    """Return the expression for what all of these find; '' if there is none."""
    return " AND ".join(f"({expression})" for expression in expressions)


def any_of(terms: Iterable[Term]) -> str:
    """Return the expression for what has at least one of the terms."""
    return " OR ".join(_COMPILERS[term.field](term) for term in terms)


def _text(term: Term) -> str:
    expression = _quoted(term.text) + "*" * term.is_prefix
    if term.is_prefix:
        expression = " OR ".join([expression, *map(_quoted, _cut_by_stemming(term.text))])
    if characters := _unspaced(term.text):
        expression += f" OR {_quoted(' '.join(CHARACTER + character for character in characters))}"
    return expression


def _cut_by_stemming(beginning: str) -> list[str]:
    """Return words with this beginning of which the index keeps less than it.

    It keeps "embol" of "embolization", in which "emboli*" alone finds nothing.
    """
    cut = [
        beginning + ending[length:]
        for ending in _ENDINGS.split()
        for length in range(1, len(ending))
        if beginning.lower().endswith(ending[:length]) and len(beginning) - length >= _SHORTEST_STEM
    ]
    return list(dict.fromkeys(cut))


def _title(term: Term) -> str:
    return f"title : {_quoted(term.text)}"


def _author(term: Term) -> str:
    """A name in any order; "Example A" and "AB Example" by their initials."""
    parts = [part for part in re.split(r"[\s,.]+", term.text) if any(map(str.isalnum, part))]
    for family, given in ((parts[:1], parts[1:]), (parts[:-1], parts[-1:]), (parts[-1:], parts[:-1])):
        if family and given and all(map(_is_initials, given)):
            return _any_facet(AUTHOR, [" ".join(family) + _initials(given)])
    whole = f"authors : {_near(list(map(_quoted, parts)))}"
    if len(parts) > 1 and len(parts[-1]) == 2 and term.text.islower():  # "example ab"
        return f"({whole} OR {_any_facet(AUTHOR, [term.text])})"
    return whole


def _journal(term: Term) -> str:
    """Exactly this name; a search has replaced what was typed by the journal's names."""
    return _any_facet(JOURNAL, [term.text])


def _type(term: Term) -> str:
    words = kind_words(term.text)
    return f"({' AND '.join(_quoted(TYPE_WORD + word) for word in words or ('',))})"


def _mesh(term: Term) -> str:
    """A heading's words in any order, near each other: headings are written "Injections, Epidural"."""
    return _near([_quoted(MESH_WORD + word) for word in words_of(term.text) or [""]])


def _since(term: Term) -> str:
    date = read_date(term.text)
    return _any_facet(PUBLISHED, _days_since(date) if date else ())


def _until(term: Term) -> str:
    date = read_date(term.text)
    return _any_facet(PUBLISHED, _days_until(date) if date else ())


def _year(term: Term) -> str:
    first, last = read_years(term.text) or (None, None)
    if first is None or last is None:
        return _any_facet(PUBLISHED, ())
    if first == last:
        return _any_facet(PUBLISHED, [str(first).replace("-", "")])
    return _any_facet(PUBLISHED, _years(first.year, last.year))


def _fact(term: Term) -> str:
    return _any_facet(FACT, [term.text])


_COMPILERS = {
    None: _text,
    Field.TITLE: _title,
    Field.AUTHOR: _author,
    Field.JOURNAL: _journal,
    Field.TYPE: _type,
    Field.MESH: _mesh,
    Field.SINCE: _since,
    Field.UNTIL: _until,
    Field.YEAR: _year,
    Field.HAS: _fact,
    Field.IS: _fact,
}


def _days_since(date: PartialDate) -> Iterator[str]:
    """The shortest list of days, months, years, decades and centuries that is everything from `date` on."""
    year, month, day = date.year, date.month, date.day
    if day == 1:
        day = 0  # from the first of a month: the whole month, also what is known to the month only
    if month == 1 and not day:
        month = 0
    if day:
        yield from (f"{year}{month:02}{each:02}" for each in range(day, 32))
    if month:
        yield from (f"{year}{each:02}" for each in range(month + bool(day), 13))
    yield from _years(year + bool(month), LAST_YEAR)


def _days_until(date: PartialDate) -> Iterator[str]:
    year, month, day = date.year, date.month, date.day
    if day and day >= monthrange(year, month)[1]:
        day = 0
    if month == 12 and not day:
        month = 0
    if day:
        yield from (f"{year}{month:02}{each:02}" for each in range(1, day + 1))
    if month:
        yield from (f"{year}{each:02}" for each in range(1, month + (not day)))
    yield from _years(FIRST_YEAR, year - bool(month))


def _years(first: int, last: int) -> Iterator[str]:
    year = first
    while year <= last:
        size = next(size for size in (100, 10, 1) if year % size == 0 and year + size - 1 <= last)
        yield str(year)[: 5 - len(str(size))]
        year += size


def _any_facet(facet: str, values: Iterable[str]) -> str:
    tokens = _tokens(facet, (name_key(value) for value in values))
    return f"({' OR '.join(map(_quoted, tokens or [facet]))})"


def _near(quoted: list[str]) -> str:
    return f"NEAR({' '.join(quoted)}, 1)" if len(quoted) > 1 else quoted[0]


def _quoted(text: str) -> str:
    return '"' + plain_letters(text).replace('"', '""') + '"'
