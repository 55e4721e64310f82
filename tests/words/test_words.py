"""docs/words.md shows what Wetread says today, and every error has its answer there."""

import inspect
from pathlib import Path

import pytest

from cogs.errors import input_errors
from tests.words import errors
from tests.words.document import document
from wetread.domain import errors as domain

PAGE = Path(__file__).parents[2] / "docs" / "words.md"

pytestmark = pytest.mark.no_cover  # it prints what other tests prove


async def test_the_page_says_what_the_bot_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == await document(), "python scripts/words.py writes it anew"


@pytest.mark.parametrize("module", [domain, input_errors])
def test_every_error_has_its_answer_on_the_page(module: object) -> None:
    raised = {each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Exception)}
    page = PAGE.read_text(encoding="utf-8")

    assert raised - errors.classes() == set()
    for each in raised - set(errors.BASES):
        assert each.__name__ in page
