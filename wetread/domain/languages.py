"""Names of the languages that articles are written in. Pure."""

_NAMES = {
    "English": "eng en",
    "Arabic": "ara ar",
    "Bulgarian": "bul bg",
    "Chinese": "chi zho zh",
    "Croatian": "hrv scr hr",
    "Czech": "cze ces cs",
    "Danish": "dan da",
    "Dutch": "dut nld nl",
    "Finnish": "fin fi",
    "French": "fre fra fr",
    "German": "ger deu de",
    "Greek": "gre ell el",
    "Hebrew": "heb he",
    "Hungarian": "hun hu",
    "Icelandic": "ice isl is",
    "Italian": "ita it",
    "Japanese": "jpn ja",
    "Korean": "kor ko",
    "Lithuanian": "lit lt",
    "Norwegian": "nor no nb nn",
    "Persian": "per fas fa",
    "Polish": "pol pl",
    "Portuguese": "por pt",
    "Romanian": "rum ron ro",
    "Russian": "rus ru",
    "Serbian": "srp scc sr",
    "Slovak": "slo slk sk",
    "Slovenian": "slv sl",
    "Spanish": "spa es",
    "Swedish": "swe sv",
    "Turkish": "tur tr",
    "Ukrainian": "ukr uk",
}
_NAME_OF = {code: name for name, codes in _NAMES.items() for code in codes.split()}


def language_name(code: str) -> str:
    """Return "Spanish" for "spa", "es" or "es-MX"; an unknown code, or a name, unchanged."""
    return _NAME_OF.get(code.casefold().partition("-")[0], code)
