"""What moderators change: by whom, what, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Value = str | int | float | None
"""A value as the database holds it."""


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changes something. `name`: their name in that server; `command`: "feed pause", for a button too."""

    id: int
    name: str
    command: str


class ChangeSubject(StrEnum):
    """What is changed, and what its id is the id of."""

    FEED = "feed"  # a subscription to a feed
    TOPIC = "topic"  # a subscription to a topic
    DESTINATION = "destination"  # a channel, thread or forum
    SETTINGS = "settings"  # the server
    ROLE = "role"  # a role of the server
    DECISION = "decision"  # the answer to a question


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to note. `name`: what moderators call its subject, "" if it needs no name.

    `before` and `after` hold the columns that differ: no `before` = it was added, no `after` = it is gone.
    """

    guild_id: int
    subject: ChangeSubject
    subject_id: int
    name: str = ""
    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undone:
    """That a change was undone, when and by whom."""

    by: ChangedBy
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it was noted. `undone` None = it was not; `undoes`: the id of the change that it undid."""

    id: int
    new: NewChange
    by: ChangedBy
    at: datetime
    undone: Undone | None = None
    undoes: int | None = None
