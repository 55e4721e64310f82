"""Values of fields as people type them, rewritten as `query.parse_query` reads them. Pure.

journal:pain medicine steroid   journal:"pain medicine" steroid    the longest known name
author:von Hessling             author:"von Hessling"              a name's small words belong to it
type:case report                type:"case report"
since:last month                since:2026-10                      see `typed_dates`
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from wetread.domain.publication_kinds import is_known_kind
from wetread.domain.query import OPERATORS, TOKEN
from wetread.domain.query_fields import Field
from wetread.domain.typed_dates import DASHES, read_typed_date

IsKnown = Callable[[Field, str], bool]
"""Whether an author, a journal, a MeSH heading or a kind of publication is stored or in the catalogue."""

_LONGEST = {
    Field.AUTHOR: 5,
    Field.JOURNAL: 10,
    Field.MESH: 6,
    Field.TYPE: 5,
    Field.SINCE: 5,
    Field.UNTIL: 5,
    Field.YEAR: 3,
}
"""The most words of a value without quotes."""
_MOST_LOOKUPS = 40
"""The most names of one query that are looked up, whatever is typed."""
_PARTICLE_WORDS = "van von der den dem ten ter zu zur zum vom della dello dos bin ibn af"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_SMALL_WORDS = "le la de del di da do das du des al el st san mac"  # can be whole names as well
_SMALL_NAMES = frozenset(_SMALL_WORDS.split())
_WITH_COMMAS = {Field.AUTHOR, Field.MESH}
"""Fields in whose values a comma may stand: "Injections, Epidural"."""
_YEARS_APART = re.compile(r"(\d{4}) ?(?:[-–]|to) ?(\d{4})[),;]?", re.IGNORECASE)
_NAMED_YEAR = re.compile(r"(?:this|last|past|previous) year[),;]?", re.IGNORECASE)
_FIELD_BEGINS = re.compile(r"([^\W\d_]+):(\S?)")


@dataclass(frozen=True, slots=True)
class RelativeDate:
    """A date that depends on today, with its field: as typed, and as it is today."""

    field: Field
    typed: str
    fixed: str


def settled(text: str, today: date, is_known: IsKnown) -> tuple[str, tuple[RelativeDate, ...]]:
    """Return a normalised query with quotes round values of several words and with dates as numbers.

    Beside it what was read as of today. What cannot be read stays as it was typed. Settling a settled text
    changes nothing.
    """
    return _Settling(text, today, is_known).done()


def is_next_term(word: str) -> bool:
    """Return whether what follows "author: " is another term and no value."""
    field = _FIELD_BEGINS.match(word)
    return word[0] in "-–−" or (field is not None and (bool(field[2]) or field[1].lower() in set(Field)))


class _Settling:
    def __init__(self, text: str, today: date, is_known: IsKnown) -> None:
        self._text = text
        self._today = today
        self._is_known = is_known
        self._lookups = 0
        self._relative: list[RelativeDate] = []

    def done(self) -> tuple[str, tuple[RelativeDate, ...]]:
        tokens = list(TOKEN.finditer(self._text))
        pieces, at, index = [], 0, 0
        while index < len(tokens):
            match = tokens[index]
            count, value = self._value(tokens, index) or (1, None)
            if value is not None:
                start = match.start("word") if match["phrase"] is None else match.start("phrase") - 1
                pieces += [self._text[at:start], value]
                at = tokens[index + count - 1].end()
            index += count
        return "".join([*pieces, self._text[at:]]), tuple(self._relative)

    def _value(self, tokens: Sequence[re.Match[str]], index: int) -> tuple[int, str] | None:
        """Return how many tokens are a field's value, and how it is written; None = as it is."""
        match = tokens[index]
        name = (match["field"] or "").lower()
        if name not in set(_LONGEST) or (match["gap"] and match["word"] and is_next_term(match["word"])):
            return None
        field = Field(name)
        if match["phrase"] is not None:
            value = self._read(field, [match["phrase"]])
            return (1, value) if value else None
        ends = ").;?!" if field in _WITH_COMMAS else "),;?!"
        words = _value_words(tokens[index : index + _LONGEST[field]], ends)
        for count in range(len(words), 0, -1):
            if value := self._read(field, words[:count]):
                return count, value
        return None

    def _read(self, field: Field, words: Sequence[str]) -> str | None:
        text = " ".join(words)
        match field:
            case Field.SINCE | Field.UNTIL:
                return self._date(field, text)
            case Field.YEAR:
                if match := _YEARS_APART.fullmatch(text):
                    return f"{match[1]}-{match[2]}"
                return self._date(field, text) if _NAMED_YEAR.fullmatch(text) else None
        name = text.strip(" ()[],;:.!?")
        if len(words) == 1 or not name:
            return None
        return f'"{name}"' if self._is_name(field, name) else None

    def _date(self, field: Field, text: str) -> str | None:
        read = read_typed_date(text, self._today, is_end=field is Field.UNTIL)
        if read is None:
            return None
        if read.is_relative:
            self._relative.append(RelativeDate(field, f"{field}:{text}", f"{field}:{read.date}"))
        return str(read.date)

    def _is_name(self, field: Field, name: str) -> bool:
        if field is Field.TYPE and is_known_kind(name):
            return True
        if field is Field.AUTHOR and _is_family_name(name.split()):
            return True
        self._lookups += 1
        return self._lookups <= _MOST_LOOKUPS and self._is_known(field, name)


def _is_family_name(words: Sequence[str]) -> bool:
    """Return whether these are particles and one name: "von der Heide", "Le Péchoux"."""
    *particles, last = words
    if {word.lower() for word in particles} <= _PARTICLES:
        return last.lower() not in _PARTICLES | _SMALL_NAMES
    are_small = {word.lower() for word in particles} <= _PARTICLES | _SMALL_NAMES
    return are_small and last[0].isupper() and last.lower() not in _SMALL_NAMES


def _value_words(tokens: Sequence[re.Match[str]], ends: str) -> list[str]:
    """Return the first word and those that follow and may belong to it, until something else begins."""
    words = [tokens[0]["word"]]
    for match in tokens[1:]:
        word = match["word"]
        if words[-1][-1] in ends or match["field"] or match["minus"] or word is None or word in OPERATORS:
            break
        if word[0] == "(" or (word[0] in DASHES and word not in DASHES):
            break
        words.append(word)
    return words
