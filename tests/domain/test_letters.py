"""Letters that a keyboard may not have, as they are typed without them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.letters import PLAIN, held_letters, plain_letters, released_letters, written_out


def test_every_letter_has_a_plain_spelling_in_both_cases() -> None:
    assert plain_letters("Sørensen, Ærø, Łoś, Weiß, Đorđe, Œuvre, Yıldız") == (
        "Sorensen, Aero, Loś, Weiss, Dorde, Oeuvre, Yildiz"
    )
    assert plain_letters("".join(PLAIN)).isascii()
    assert plain_letters("STRAẞE") == "STRASSE"


@given(st.text(alphabet=[*PLAIN, "Ø", "Æ", "o", "é", " ", "x"]))
def test_letters_that_are_held_come_back_as_they_were(text: str) -> None:
    assert released_letters(held_letters(text)) == text


@pytest.mark.parametrize(
    ("written", "also"),
    [("Ada Sørensen", "soerensen"), ("Müller; Ångström", "mueller; aangstroem"), ("Ada Example", "")],
)
def test_names_are_also_written_with_two_letters(written: str, also: str) -> None:
    assert written_out(written) == also
    assert written_out("Mu\u0308ller") == "mueller"
