"""Other spellings of a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.variants import GREEK, LIMIT, variants

SAME = """
    tumour tumor
    tumours tumors
    haemorrhage hemorrhage
    oedema edema
    lymphoedema lymphedema
    oesophageal esophageal
    transoesophageal transesophageal
    paediatric pediatric
    orthopaedic orthopedic
    anaesthesia anesthesia
    anaesthetised anesthetized
    ischaemia ischemia
    leukaemia leukemia
    haematoma hematoma
    gynaecology gynecology
    caecum cecum
    faecal fecal
    aetiology etiology
    foetal fetal
    diarrhoea diarrhea
    dyspnoea dyspnea
    coeliac celiac
    oestrogen estrogen
    homoeostasis homeostasis
    centre center
    fibres fibers
    centred centered
    calibre caliber
    catheterisation catheterization
    randomised randomized
    analyse analyze
    labelled labeled
    signalling signaling
    behaviour behavior
    manoeuvre maneuver
    grey gray
    artefacts artifacts
    disc disk
    programme program
    ageing aging
    sulphur sulfur
    judgement judgment
"""
ONE_AND_MANY = """
    metastasis metastases
    diagnosis diagnoses
    vertebra vertebrae
    bursa bursae
    thrombus thrombi
    radius radii
    embolus emboli
    diverticulum diverticula
    ovum ova
    haematoma haematomata
    index indices
    appendix appendices
    cortex cortices
    calyx calyces
    phalanx phalanges
    foramen foramina
    criterion criteria
    ganglion ganglia
    virus viruses
    lens lenses
    arthritis arthritides
    pelvis pelves
    foot feet
    tooth teeth
    woman women
"""


def pairs(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), [*pairs(SAME), *pairs(ONE_AND_MANY)])
def test_each_of_two_spellings_leads_to_the_other(one: str, other: str) -> None:
    assert other in variants(one)
    assert one in variants(other)


def test_british_and_american_meet_across_one_and_many() -> None:
    assert "hematoma" in variants("haematomata")
    assert "foetus" in variants("fetuses")


@pytest.mark.parametrize(("letter", "name"), GREEK.items())
def test_each_greek_letter_and_its_name_are_the_same(letter: str, name: str) -> None:
    assert name in variants(letter)
    assert letter in variants(name)


def test_a_greek_letter_in_a_word_is_written_out_in_each_way() -> None:
    assert {"tnf alpha", "tnfalpha", "tnf α"} <= set(variants("TNFα"))
    assert {"tnf alpha", "tnfα", "tnf α"} <= set(variants("TNFalpha"))


def test_the_sign_of_a_millionth_is_the_letter() -> None:
    assert "mu" in variants("µ")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Łoś", "loś"),
        ("Weiß", "weiss"),
        ("Sørensen", "sorensen"),
        ("Sørensen", "soerensen"),
        ("ﬁbrosis", "fibrosis"),
    ],
)
def test_letters_without_an_accent_to_lose_are_written_plainly(written: str, plain: str) -> None:
    assert plain in variants(written)


@pytest.mark.parametrize(
    "word",
    ["injection", "patients", "images", "four", "hour", "magnetic", "ultrasound", "disease", "data", "the"],
)
def test_most_words_have_one_spelling(word: str) -> None:
    assert all(len(other) > 3 for other in variants(word))
    assert not {"for", "hor"} & set(variants(word))


@given(st.text(max_size=40))
def test_any_text_has_few_variants_and_never_itself(word: str) -> None:
    found = variants(word)
    assert len(found) <= LIMIT
    assert word.lower() not in found
    assert all(each.strip() for each in found)
