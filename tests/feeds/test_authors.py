"""Authors are divided where that is certain, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.models import Author
from wetread.feeds.authors import have_more, parse_authors, parse_name, parse_name_list

ADA, BEN = Author("Example", "Ada"), Author("Sample", "Ben")


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        (["Ada Example", "Ben Sample", "Ada Example"], (ADA, BEN)),
        (["Example, A., Sample, B. C."], (Author("Example", "A."), Author("Sample", "B. C."))),
        (["Hines Example, P. J."], (Author("Hines Example", "P. J."),)),
        (["A. Example, B.C. Sample"], (Author("Example", "A."), Author("Sample", "B.C."))),
        (["Example A, Sample BC"], (Author("Example", "A"), Author("Sample", "BC"))),
        (["Ada Example, Ben Sample, and Cleo Model"], (ADA, BEN, Author("Model", "Cleo"))),
        (["Ada Example and Ben Sample"], (ADA, BEN)),
        (["Example, Ada; Sample, Ben"], (ADA, BEN)),
        (["Example, Ada"], (ADA,)),
        (["Ada Example, MD, PhD, Ben Sample, FRCR"], (ADA, BEN)),
        (["Ada Example, et al."], (ADA,)),
        (["Example A, Sample BC. "], (Author("Example", "A"), Author("Sample", "BC"))),
        (["Example A. "], (Author("Example", "A"),)),
        (["Example A, van der Sample JH, et al. "], (Author("Example", "A"), Author("van der Sample", "JH"))),
        (["Ada Example, B. Sample."], (ADA, Author("Sample", "B."))),
        (["Ada Example", "Ben Sample", "et al."], (ADA, BEN)),
        (
            ["The Invented Flora Group, Ada Example"],
            (Author("The Invented Flora Group", is_collective=True), ADA),
        ),
        (
            ["Ada Example for the Bone and Joint Group"],
            (ADA, Author("Bone and Joint Group", is_collective=True)),
        ),
        (
            ["Ada Example, Maria de Fátima de Araújo Exemplo"],
            (ADA, Author("de Fátima de Araújo Exemplo", "Maria")),
        ),
        (["<b>Ada</b> Example"], (ADA,)),
        (["Ada ExampleBen Sample"], (ADA, BEN)),
        (["Ada ExampleBen SampleInvented University, Department of Imaging"], (ADA, BEN)),
        (["Ann MacDonaldBo McDuff"], (Author("MacDonald", "Ann"), Author("McDuff", "Bo"))),
        # Who works where, and who is a person at all, is in doubt: better no byline than a wrong one.
        (["Ada ExampleInvented UniversityBen SampleAnother Hospital, Room 5"], ()),
        (["Journal of Invented Imaging"], ()),
        (["The Editors"], ()),
        ([], ()),
        (["", " ,"], ()),
    ],
)
def test_a_byline_is_read(names: list[str], authors: tuple[Author, ...]) -> None:
    assert parse_authors(names, not_names=["The Editors"]) == authors


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Ada Example", ADA),
        ("Ada B Example", Author("Example", "Ada B")),
        ("Ada B. (Addie) Example", Author("Example", "Ada B. (Addie)")),
        ("Ada Example Jr", Author("Example", "Ada", "Jr")),
        ("Ada Example, III", Author("Example", "Ada", "III")),
        ("Cleo van der Model", Author("van der Model", "Cleo")),
        ("Example AB", Author("Example", "AB")),
        ("Ana Lopez Garcia", Author("Ana Lopez Garcia")),  # where the family name begins is not certain
        ("Plato", Author("Plato")),
        ("Invented Trial Group", Author("Invented Trial Group", is_collective=True)),
    ],
)
def test_a_name_is_divided_only_when_certain(name: str, author: Author) -> None:
    assert parse_name(name) == author


@pytest.mark.parametrize(
    ("names", "has_more"),
    [
        (["Example A, Sample BC, et al. "], True),
        (["Ada Example and others"], True),
        (["Ada Example", "et al"], True),
        (["Example A, Sample BC. "], False),
        (["Ada Petal"], False),
        ([], False),
    ],
)
def test_a_list_says_that_it_is_longer(names: list[str], has_more: bool) -> None:
    assert have_more(names) is has_more


def test_a_list_that_says_it_is_one_is_divided_at_its_commas() -> None:
    assert parse_name_list("ShiNa Model, “Jenna” Example, Ben Sample") == (
        Author("Model", "ShiNa"),
        Author("Example", "“Jenna”"),
        BEN,
    )
    assert parse_name_list("") == ()


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_texts_are_authors_or_none(names: list[str]) -> None:
    for author in parse_authors(names):
        assert author.family
        assert author.name == author.name.strip()


@pytest.mark.parametrize("unit", ["a.", "Aa", "A, ", "A., ", "Ab Cd, ", "Ab CdEf Gh", "; "])
def test_hostile_bylines_cost_little(unit: str) -> None:
    start = time.process_time()
    parse_authors([unit * 20_000])
    assert time.process_time() - start < 1
