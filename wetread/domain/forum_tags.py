"""What a forum's tags can name: the subjects of journals, and the kinds of studies. Pure."""

from wetread.domain.models import Subject

KINDS = (
    "Randomized trial",
    "Clinical trial",
    "Guideline",
    "Consensus statement",
    "Meta-analysis",
    "Systematic review",
    "Review",
    "Observational study",
    "Case report",
)
"""Kinds that are worth a tag, the most telling first; each is a `publication_types.type_label`."""

SUBJECTS = tuple(str(subject) for subject in Subject if subject is not Subject.GENERAL)

LABELS = (*SUBJECTS, *KINDS)
"""Everything that a tag can stand for."""

MOST_TAGS = 20
"""Tags that Discord lets a forum have (Channel Resource, available_tags)."""


def label_meant(typed: str) -> str | None:
    """Return the label that a moderator types, in any case; None if there is no such label."""
    return next((label for label in LABELS if label.casefold() == typed.strip().casefold()), None)
