"""The query language of searches and filters. Pure.

    epidural injection          articles with any of the words, the best matches first
    "nerve root"                exactly these words in this order
    -veterinary                 not with this word (or phrase, or field)
    facet OR zygapophyseal      at least one of the two; AND asks for both
    inject*                     words with this beginning
    author:"Example A"  journal:AJR  title:stroke  mesh:"Injections, Epidural"  type:review
    since:2024  until:2025-06  year:2024  year:2020-2024  year:2020-  has:abstract  is:free

`query_fields` has the fields. Every text is a valid query: what is not a known field is searched as words.
For searches and new filters `query_faults.read_query` names it instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from wetread.domain.article_marks import Mark
from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import MONTHS
from wetread.domain.query_fields import MARKS, Field
from wetread.domain.typed_dates import DASHES, read_date, read_years

TEXT_LIMIT = 2_000
"""The most characters of a query that are read."""
TERM_LIMIT = 100
"""The most terms of a query that are searched."""
PRIVATE_MARK = "\ue000"
"""A character that occurs in no query and in no cleaned text."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase to search for. `text` contains at least one letter or digit."""

    text: str
    field: Field | None = None
    is_phrase: bool = False  # was quoted
    is_prefix: bool = False  # ended in "*"

    @property
    def is_plain(self) -> bool:
        """Return whether it is a word that may be anywhere, and spelt otherwise."""
        return self.field is None and not self.is_phrase and not self.is_prefix


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. At least one of its three parts is not empty.

    An article matches if it has any of `words` (more are better), at least one of each group of `required`,
    and none of `excluded`. `is_cut`: the text was too long, and its end was not read.
    """

    text: str
    words: tuple[Term, ...] = ()
    required: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    is_cut: bool = False

    @property
    def plain_words(self) -> list[Term]:
        """Return the words that the article may, or must, have; without those that OR joins."""
        alone = (group[0] for group in self.required if len(group) == 1)
        return [term for term in (*self.words, *alone) if term.is_plain]

    def describe(self) -> str:
        """Return the query in words for people: "epidural or injection, by Example, not veterinary"."""
        groups = [self.words, *self.required] if self.words else self.required
        parts = [" or ".join(map(described, group)) for group in groups]
        parts += [f"not {described(term)}" for term in self.excluded]
        return ", ".join(parts)

    def with_journals(self, resolve: Callable[[str], Sequence[str]]) -> "Query":
        """Return this query with each journal's name replaced by the names that `resolve` returns for it."""

        def resolved(terms: Iterable[Term]) -> tuple[Term, ...]:
            return tuple(
                each
                for term in terms
                for each in (
                    [replace(term, text=name) for name in resolve(term.text)]
                    if term.field is Field.JOURNAL
                    else [term]
                )
            )

        return replace(self, required=tuple(map(resolved, self.required)), excluded=resolved(self.excluded))

    def narrowed(
        self, *, since: PartialDate | None = None, until: PartialDate | None = None, kind: str | None = None
    ) -> "Query":
        """Return this query limited to dates of publication and to a publication type ("Review")."""
        limits = ((Field.SINCE, since), (Field.UNTIL, until), (Field.TYPE, kind))
        terms = tuple((Term(str(value), field),) for field, value in limits if value is not None)
        return replace(self, required=self.required + terms)


def parse_query(text: str) -> Query:
    """Parse what somebody typed. Raises EmptyQueryError if it contains nothing to search for."""
    clean = normalised(text)
    reading = _Reading()
    read = within_limit(clean)
    for match in TOKEN.finditer(read):
        reading.take(match)
    words, required = reading.split()
    if not (words or required or reading.excluded):
        raise EmptyQueryError(text)
    return Query(
        text=read,
        words=words,
        required=required,
        excluded=tuple(dict.fromkeys(reading.excluded)),
        is_cut=reading.is_full or len(clean) > TEXT_LIMIT,
    )


def all_words(text: str) -> Query:
    """Return the query for what has all words of a text; none of them is an operator or a field.

    Raises EmptyQueryError if it has no word.
    """
    clean = normalised(text)
    read = within_limit(clean)
    typed = [Term(_trimmed(word)) for word in read.replace('"', " ").split() if is_searchable(word)]
    terms = list(dict.fromkeys(term for term in typed if term.text.lower() not in STOP_WORDS)) or typed
    if not terms:
        raise EmptyQueryError(text)
    is_cut = len(clean) > TEXT_LIMIT or len(terms) > TERM_LIMIT
    return Query(text=read, required=tuple((term,) for term in terms[:TERM_LIMIT]), is_cut=is_cut)


def normalised(text: str) -> str:
    """Return a typed text as queries are read: plain quotes and spaces, one character more than the limit."""
    return unicodedata.normalize("NFC", text.translate(_TRANSLATION))[: TEXT_LIMIT + 1].strip()


def within_limit(clean: str) -> str:
    """Return a normalised text without what is too long; half a word would be another word."""
    return clean if len(clean) <= TEXT_LIMIT else clean[:TEXT_LIMIT].rpartition(" ")[0] or clean[:TEXT_LIMIT]


# Quotes as phones and word processors type them; control characters and lone surrogates, which no
# index can store, count as spaces.
_TRANSLATION = str.maketrans(
    dict.fromkeys("“”„‟«»＂", '"')
    | dict.fromkeys([PRIVATE_MARK, *map(chr, (*range(32), 127, *range(0xD800, 0xE000)))], " ")
    | {"：": ":"}
    | dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # invisible within a word
)
TOKEN = re.compile(
    r"""
    (?P<minus>[-–−](?=[^\s-]))?
    (?:\(+(?=[^\W\d_]+:[^\s:]))?
    (?:(?P<field>[^\W\d_]+):(?P<gap>\s*)(?=[^\s:]))?
    (?: "(?P<phrase>[^"]*)(?:"|$) | (?P<word>[^\s"]+) )
    """,
    re.VERBOSE,
)
_FIELDS = frozenset(Field)
OPERATORS = {"OR": "or", "|": "or", "AND": "and", "&": "and", "NOT": "not"}
_STOPS = """
    a an and are as at be but by for from in into is it of on or that the to was were with
    what which who whom whose when where why how do does did can could should would there this these those
    i me my we our you your he she they them their has have had been being if then than so
"""
STOP_WORDS = frozenset(_STOPS.split())
_SHORTEST_PREFIX = 3


class _Reading:
    """The terms read so far. The terms of a group are joined by OR; a strict group must match."""

    def __init__(self) -> None:
        self.groups: list[list[Term]] = []
        self.strict: set[int] = set()
        self.excluded: list[Term] = []
        self.is_full = False
        self._operator = ""
        self._count = 0

    def take(self, match: re.Match[str]) -> None:
        """Read one token: an operator, or a term with its prefix."""
        word = match["word"]
        if word in OPERATORS and not match["field"] and not match["minus"]:
            self._operator = OPERATORS[word]
            return
        for term in _terms(match):
            if self._count == TERM_LIMIT:
                self.is_full = True
                return
            self._count += 1
            self._add(term, is_excluded=bool(match["minus"]))

    def _add(self, term: Term, *, is_excluded: bool) -> None:
        operator, self._operator = self._operator, ""
        if is_excluded or operator == "not":
            self.excluded.append(term)
        elif operator == "or" and self.groups:
            self.groups[-1].append(term)
        else:
            if operator == "and" and self.groups:
                self.strict |= {len(self.groups) - 1, len(self.groups)}
            self.groups.append([term])

    def split(self) -> tuple[tuple[Term, ...], tuple[tuple[Term, ...], ...]]:
        """Return (words of which any may match, groups that must all match)."""
        words: list[Term] = []
        required: list[tuple[Term, ...]] = []
        for number, group in enumerate(self.groups):
            is_strict = number in self.strict or len(group) > 1 or group[0].is_phrase or group[0].field
            if is_strict:
                required.append(tuple(dict.fromkeys(group)))
            else:
                words += group
        telling = [term for term in words if not _is_stop_word(term.text)]
        if telling or required or self.excluded:
            words = telling
        return tuple(dict.fromkeys(words)), tuple(required)


def _is_stop_word(text: str) -> bool:
    """Return whether a word tells nothing; in capitals it is an abbreviation: "AS", "WHO"."""
    return text.lower() in STOP_WORDS and not (len(text) > 1 and text.isupper())


def _terms(match: re.Match[str]) -> list[Term]:
    """Return the terms of one token; none if it contains nothing that an index can find."""
    is_phrase = match["phrase"] is not None
    value = match["phrase"] if is_phrase else match["word"]
    name = (match["field"] or "").lower()
    if name in _FIELDS and _fits(Field(name), value):
        field = Field(name)
        text = value.strip(" ()[],;") if field is Field.YEAR else _trimmed(value)  # "2020-" is open
        return [Term(text.lower() if field in MARKS else text, field, is_phrase)]
    terms = [Term(match["field"])] if match["field"] else []
    if is_searchable(value):
        is_prefix = not is_phrase and value.endswith("*") and len(_trimmed(value)) >= _SHORTEST_PREFIX
        terms.append(Term(_trimmed(value), None, is_phrase, is_prefix))
    return terms


def _fits(field: Field, value: str) -> bool:
    if field is Field.YEAR:
        return read_years(value) is not None
    if field in {Field.SINCE, Field.UNTIL}:
        return read_date(value) is not None
    if field in MARKS:
        return _trimmed(value).lower() in MARKS[field]
    return is_searchable(value)


def is_searchable(text: str) -> bool:
    """Return whether the index makes a token of it: its tokens are runs of letters and digits."""
    return any(map(str.isalnum, text))


def _trimmed(text: str) -> str:
    """Return the text without punctuation around it, with single spaces."""
    first = next((index for index, character in enumerate(text) if is_searchable(character)), 0)
    last = next((index for index in range(len(text), 0, -1) if is_searchable(text[index - 1])), len(text))
    return " ".join(text[first:last].split())


def described(term: Term) -> str:
    """Return a term in words for people."""
    if term.field in {Field.SINCE, Field.UNTIL} and (date := read_date(term.text)):
        day = str(date.day) if date.day else ""
        month = MONTHS[date.month - 1] if date.month else ""
        return " ".join(filter(None, (term.field, day, month, str(date.year))))
    if term.field is Field.YEAR and term.text[0] in DASHES:
        return f"up to {term.text[1:]}"
    if term.field is Field.YEAR and term.text[-1] in DASHES:
        return f"from {term.text[:-1]} on"
    if term.field in MARKS:
        return _MARKS[Mark(term.text)]
    if term.field:
        return _DESCRIPTIONS[term.field].format(term.text)
    if term.is_phrase:
        return f"“{term.text}”"
    return term.text + "…" * term.is_prefix


_DESCRIPTIONS = {
    Field.AUTHOR: "by {}",
    Field.JOURNAL: "in {}",
    Field.TITLE: "“{}” in the title",
    Field.MESH: "MeSH “{}”",
    Field.TYPE: "of the kind “{}”",
    Field.SINCE: "since {}",
    Field.UNTIL: "until {}",
    Field.YEAR: "of {}",
}
_MARKS = {
    Mark.ABSTRACT: "with an abstract",
    Mark.FREE: "free to read",
    Mark.RETRACTED: "retracted",
    Mark.PREPRINT: "preprints",
}
