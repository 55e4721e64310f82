"""Trial registries: whose number it is, and where it leads."""

import pytest

from wetread.domain.trial_registries import is_trial_registry, registration_url, registry_name, registry_of


@pytest.mark.parametrize(
    ("number", "registry", "url"),
    [
        ("NCT00000001", "ClinicalTrials.gov", "https://clinicaltrials.gov/study/NCT00000001"),
        ("nct00000001", "ClinicalTrials.gov", "https://clinicaltrials.gov/study/nct00000001"),
        ("ISRCTN00000001", "ISRCTN", "https://www.isrctn.com/ISRCTN00000001"),
        ("ACTRN12600000000001", "ANZCTR", "https://www.anzctr.org.au/ACTRN12600000000001.aspx"),
        ("DRKS00000001", "DRKS", "https://drks.de/search/en/trial/DRKS00000001"),
        (
            "ChiCTR-IOR-00000001",
            "ChiCTR",
            "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR-IOR-00000001",
        ),
        (
            "CTRI/2026/01/000001",
            "CTRI",
            "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI%2F2026%2F01%2F000001",
        ),
        ("NCT1", None, None),
        ("GSE1", None, None),
        ("NCT00000001](https://elsewhere.example)", None, None),
        ("NCT٠٠٠٠٠٠٠١", None, None),
    ],
)
def test_a_number_leads_to_its_registry(number: str, registry: str | None, url: str | None) -> None:
    assert registry_of(number) == registry
    assert registration_url(number) == url


def test_data_banks_are_no_trial_registries() -> None:
    assert is_trial_registry("clinicaltrials.gov")
    assert not is_trial_registry("GEO")
    assert registry_name("isrctn") == "ISRCTN"
    assert registry_name("Invented Registry") == "Invented Registry"
