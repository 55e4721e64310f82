"""The library of ready topics: queries for subjects of radiology that a server can start from. Pure.

How to read it: `subjects()` are the choices of the first menu, `about(subject)` those of the second (never
more than Discord's 25), `get(key)` the topic that was chosen. `name` is a fit name for the topic of a server,
`finds` the description under it in the menu, and `query` its words, ready for `filter`; whoever takes a topic
may change both. Neither menu needs the database.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wetread.domain.models import Subject

_FILE = Path(__file__).with_name("ready_topics.toml")


@dataclass(frozen=True, slots=True)
class ReadyTopic:
    """A topic of the library. `sources`: the headings and documents that its words come from."""

    key: str
    name: str
    subject: Subject
    finds: str
    sources: tuple[str, ...]
    query: str


@lru_cache(maxsize=1)
def ready_topics() -> tuple[ReadyTopic, ...]:
    """Return the topics that come with Wetread, subject by subject."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["topic"]
    order = list(Subject)
    return tuple(sorted(map(_topic, rows), key=lambda topic: order.index(topic.subject)))


def subjects() -> tuple[Subject, ...]:
    """Return the subjects that have topics, in the order of the menus."""
    return tuple(dict.fromkeys(topic.subject for topic in ready_topics()))


def about(subject: Subject) -> tuple[ReadyTopic, ...]:
    """Return the topics of a subject in the order of the file."""
    return tuple(topic for topic in ready_topics() if topic.subject is subject)


def get(key: str) -> ReadyTopic | None:
    """Return the topic with this key; None if the library has none."""
    return next((topic for topic in ready_topics() if topic.key == key), None)


def _topic(row: Mapping[str, Any]) -> ReadyTopic:
    """Make a topic of its row. Raises TypeError for a wrong key, ValueError for a wrong subject."""
    words = " ".join(row["query"].split())
    return ReadyTopic(
        **{**row, "subject": Subject(row["subject"]), "sources": tuple(row["sources"]), "query": words}
    )
