"""The card in every form and publication status, for docs/words.md."""

from collections.abc import Iterator

from cogs.cards.buttons import card_view
from cogs.cards.card import card
from tests.support import invented
from tests.words.page import Entry, Page
from wetread.domain.models import Article, Form, Subject

CARDS: tuple[tuple[str, Article, Form], ...] = (
    ("Whole abstract", invented.TRIAL, Form.WHOLE),
    ("Conclusion only", invented.TRIAL, Form.CONCLUSION),
    ("Title only", invented.TRIAL, Form.TITLE),
    ("The abstract is pending", invented.PENDING, Form.WHOLE),
    ("The abstract came later", invented.COMPLETED, Form.CONCLUSION),
    ("A letter, which has no abstract", invented.LETTER, Form.WHOLE),
    ("Retracted", invented.RETRACTED, Form.WHOLE),
    ("Expression of concern", invented.CONCERN, Form.WHOLE),
    ("Corrected", invented.CORRECTED, Form.CONCLUSION),
    ("A retraction notice", invented.NOTICE, Form.WHOLE),
    ("A classic", invented.CLASSIC, Form.CONCLUSION),
)


def add_cards(page: Page) -> None:
    """Add the cards, each with its buttons."""
    page.heading("Cards")
    page.add(_cards())


def _cards() -> Iterator[Entry]:
    for cause, article, form in CARDS:
        shown = card(article, form, subject=Subject.SPINE_AND_PAIN, today=invented.TODAY)
        yield Entry(cause, shown.embed)
        yield Entry(f"{cause}: the buttons", card_view(shown, can_discuss=True))
