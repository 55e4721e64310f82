"""How the answer of a record source is parsed: in this process, or in a child process that may die of it.

A parser is marked with `answer_parser`. Sources call it through a `ParseAnswer`, which decides where it runs
(`services/record_parsing.py`). What it returns crosses the border of the process as a head and records.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from wetread.domain.models import Record

T = TypeVar("T")

Split = tuple[dict[str, Any], tuple[Record, ...]]
"""Head (JSON values) and records."""


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """How a parser's result is split for the border, and put together again.

    `join` raises ValueError, TypeError or KeyError for what `split` does not make.
    """

    split: Callable[[T], Split]
    join: Callable[[dict[str, Any], tuple[Record, ...]], T]


@dataclass(frozen=True, slots=True)
class AnswerParser(Generic[T]):
    """A parser of one source's answers: a function of this room, found again by its `name`."""

    source: str
    parse: Callable[[bytes], T]
    shape: Shape[T]

    @property
    def name(self) -> str:
        """The module and the function: "wetread.bibliography.pubmed_xml:parse_efetch"."""
        return f"{self.parse.__module__}:{self.parse.__name__}"

    def __call__(self, body: bytes) -> T:
        """Parse in this process. Raises RecordSourceError."""
        return self.parse(body)


class ParseAnswer(Protocol):
    """Parses an answer somewhere. Raises RecordSourceError, also if parsing was given up."""

    async def __call__(self, parser: AnswerParser[T], body: bytes, /) -> T:
        """Return what the parser returns."""
        ...


async def parse_here(parser: AnswerParser[T], body: bytes, /) -> T:
    """Parse in this process: for tests and tools. A `ParseAnswer`."""
    return parser(body)


def _join_records(_head: dict[str, Any], records: tuple[Record, ...]) -> tuple[Record, ...]:
    return records


def _join_one(_head: dict[str, Any], records: tuple[Record, ...]) -> Record:
    [record] = records
    return record


RECORDS: Shape[tuple[Record, ...]] = Shape(lambda records: ({}, records), _join_records)
ONE_RECORD: Shape[Record] = Shape(lambda record: ({}, (record,)), _join_one)


def answer_parser(source: str, shape: Shape[T]) -> Callable[[Callable[[bytes], T]], AnswerParser[T]]:
    """Mark a function as the parser of a source's answers; `shape` is that of its result."""

    def mark(parse: Callable[[bytes], T]) -> AnswerParser[T]:
        return AnswerParser(source, parse, shape)

    return mark
