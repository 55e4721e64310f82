"""What moderators type, taken apart."""

import pytest

from cogs.errors.input_errors import UnknownChoiceError
from cogs.feeds.arguments import Typed, read_typed, unknown_option
from wetread.domain.models import Form


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("jvir", Typed("jvir")),
        ("J Vasc Interv Radiol <#100000000000000001>", Typed("J Vasc Interv Radiol", "100000000000000001")),
        ("jvir #interventional conclusion 3", Typed("jvir", "interventional", Form.CONCLUSION, 3)),
        ("jvir 3 title #interventional", Typed("jvir", "interventional", Form.TITLE, 3)),
        ("Spine 0", Typed("Spine", newest=0)),
        ("2352-0477", Typed("2352-0477")),
        ("Radiology 2001", Typed("Radiology 2001")),
        ('"Example Spine Imaging"', Typed("Example Spine Imaging")),
        ("https://journal.example.org/feed.xml 10", Typed("https://journal.example.org/feed.xml", newest=10)),
        ("title", Typed("title")),
        ("", Typed("")),
    ],
)
def test_choices_stand_behind_the_name_in_any_order(text: str, typed: Typed) -> None:
    assert read_typed(text) == typed


@pytest.mark.parametrize(
    ("what", "option"),
    [
        ("jvir digest", "digest"),
        ("jvir #papers digest", "digest"),
        ("jvir conclusion 3 digest", "digest"),
        ("jvir conclsion", "conclsion"),
        ("jvir 99", "99"),
        ("digest", None),
        ("nonesuch digest", None),
        ("jvir daily digest", None),
    ],
)
def test_a_word_behind_a_known_name_is_no_option(what: str, option: str | None) -> None:
    error = unknown_option(what, {"jvir"}.__contains__)

    assert (error.typed if isinstance(error, UnknownChoiceError) else error) == option
