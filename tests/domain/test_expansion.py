"""What a query means beside what was typed."""

import pytest

from wetread.domain.abbreviations import abbreviations, long_forms
from wetread.domain.expansion import expanded, groups
from wetread.domain.query import parse_query


def meanings(text: str) -> list[set[str]]:
    """What each word of a query may stand for."""
    return [{term.text.lower() for term in group} for group in groups(parse_query(text).words)]


def test_an_abbreviation_means_its_long_form_and_the_reverse() -> None:
    [short, _] = meanings("RFA liver")
    assert "radiofrequency ablation" in short
    assert all("rfa" in word for word in meanings("radiofrequency ablation"))


def test_a_long_form_is_recognised_in_other_spelling_and_number() -> None:
    assert all("ufe" in word for word in meanings("uterine fibroid embolisation"))
    assert all("vcf" in word for word in meanings("vertebral compression fractures"))
    assert "uterine fibroid embolisation" in meanings("UFE outcome")[0]


def test_an_abbreviation_may_stand_in_the_plural() -> None:
    assert "vertebral compression fracture" in meanings("VCFs")[0]


def test_an_ambiguous_abbreviation_has_several_meanings() -> None:
    assert {"hepatocellular adenoma"} <= meanings("HCA")[0]
    assert {"computer aided detection", "coronary artery disease"} <= meanings("CAD")[0]


def test_what_is_a_word_too_is_an_abbreviation_in_capitals_only() -> None:
    assert "positron emission tomography" in meanings("PET")[0]
    assert "positron emission tomography" not in meanings("pet")[0]
    assert "radiofrequency ablation" in meanings("rfa")[0]


@pytest.mark.parametrize("typed", ["intra articular", "intraarticular", "intra-articular"])
def test_words_are_the_same_apart_joined_and_with_a_hyphen(typed: str) -> None:
    for word in meanings(typed):
        assert "intraarticular" in word
    # The index reads a hyphen as a space.
    assert typed != "intraarticular" or "intra articular" in meanings(typed)[0]


@pytest.mark.parametrize(
    "typed", ['"tumour board"', "title:tumour", "author:Tumour", "tumour*", "cancer -tumour", 'NOT "RFA"']
)
def test_phrases_fields_beginnings_and_excluded_words_stay_as_typed(typed: str) -> None:
    query = parse_query(typed)
    found = expanded(query)
    texts = [term.text for group in (*found.required, found.words, found.excluded) for term in group]
    assert not {"tumor", "tumor board", "radiofrequency ablation"} & set(texts)
    assert found.excluded == query.excluded
    assert set(query.words) <= set(found.words)


def test_each_of_words_that_must_all_be_there_may_be_spelt_otherwise() -> None:
    found = expanded(parse_query("tumour AND RFA"))
    first, second = ({term.text for term in group} for group in found.required)
    assert "tumor" in first
    assert "radiofrequency ablation" in second


def test_the_table_has_what_the_field_uses_each_with_its_source() -> None:
    found = abbreviations()
    assert len(found.long_forms) >= 250
    assert all(len(source) > 5 for source in found.sources.values())
    for short in ("RFA", "UFE", "TACE", "ESI", "DRG", "CRPS", "VCF", "PRP", "MRgFUS", "GAE", "BI-RADS"):
        assert long_forms(short), short


def test_every_long_form_is_recognised_as_what_it_is_short_for() -> None:
    for short, long in abbreviations().sources:
        key = short.lower().replace("-", "")
        assert all(key in word for word in meanings(long)), (short, long)
