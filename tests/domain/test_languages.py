"""Names of languages."""

from wetread.domain.languages import language_name


def test_codes_of_both_kinds_have_one_name() -> None:
    assert {language_name(code) for code in ("spa", "es", "ES", "es-MX")} == {"Spanish"}
    assert {language_name(code) for code in ("ger", "deu", "de")} == {"German"}
    assert language_name("xxx") == "xxx"
