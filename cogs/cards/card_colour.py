"""Which colour a card has: that of its publication status, else that of its subject. Pure."""

from cogs.cards.publication_status import StatusWords
from cogs.kit import colours
from wetread.domain.models import Subject


def card_colour(word: StatusWords, subject: Subject) -> int:
    """Return the colour of the stripe: red or amber for a retraction or concern, else the subject's."""
    return word.colour or colours.SUBJECTS[subject]
