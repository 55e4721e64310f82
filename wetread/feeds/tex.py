"""Turns the TeX in titles and abstracts into HTML: "MoS$_2$" becomes "MoS<sub>2</sub>"."""

import re
from functools import lru_cache

from wetread.domain.markup import GREEK

_MATH = re.compile(r"\$\$?([^$]{1,400})\$\$?")
_HREF = re.compile(r"\\href\s?\{[^{}]{0,500}\}\s?\{([^{}]{0,500})\}")
_STYLE = re.compile(
    r"\\(?:textit|textbf|textrm|texttt|textsc|emph|text|url|mathrm|mathbf|mathit|mathcal|ensuremath)"
    r"\s?\{([^{}]{0,500})\}"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_SHIFT = re.compile(r"([_^])\s*(?:\{([^{}]{0,120})\}|([^\s{}\\]))")
_FRACTION = re.compile(r"\\[dt]?frac\s?\{([^{}]{0,120})\}\s?\{([^{}]{0,120})\}")
_UNSEEN = re.compile(
    r"\\(?:phantom|hspace|vspace|label|rule)\*?\s?(?:\{(?:[^{}]|\{[^{}]{0,40}\}){0,80}\}){1,2}"
)
_EITHER = re.compile(r"\\ifmmode(.{0,80}?)\\else.{0,80}?\\fi(?:\s?\{\})?")
_SPACE = re.compile(r"\\[,;: ]|~")
_TEX = re.compile(r"\\[A-Za-z]|[_^](?:\{|\w(?!\w))")
_SIGNS = {
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "neq": "≠",
    "approx": "≈",
    "sim": "∼",
    "times": "×",
    "pm": "±",
    "cdot": "·",
    "infty": "∞",
    "to": "→",
    "rightarrow": "→",
    "degree": "°",
    "circ": "°",
    "ell": "ℓ",
    "hbar": "ℏ",
    "partial": "∂",
    "nabla": "∇",
    "ldots": "…",
    "dots": "…",
    "varepsilon": "ε",
    "ll": "≪",
    "gg": "≫",
    "varphi": "φ",
    "in": "∈",
    "sqrt": "√",
    "sum": "∑",
    "int": "∫",
    "propto": "∝",
}


def has_formula(text: str) -> bool:
    """Return whether a text contains a formula beyond doubt; "$5_000 and $6" is none."""
    return "$" in text and any("<" not in each[1] and _TEX.search(each[1]) for each in _MATH.finditer(text))


def html_from_tex(text: str) -> str:
    """Return `text` with the formulas between dollar signs as HTML; prices ("$5 and $6") stay."""
    text = _MATH.sub(_formula, text) if text.count("$") > 1 else text
    return _STYLE.sub(r"\1", _HREF.sub(r"\1", text)) if "\\" in text else text


def _formula(match: re.Match[str]) -> str:
    inner = match[1]
    if not re.search(r"[\\_^{}]|^.{1,3}$", inner):
        return match[0]
    for _ in range(2):  # styles inside styles
        inner = _STYLE.sub(r"\1", inner)
    inner = _FRACTION.sub(_divided, _SPACE.sub(" ", _EITHER.sub(r"\1 ", _UNSEEN.sub("", inner))))
    inner = _COMMAND.sub(_meaning, inner)
    for _ in range(3):  # innermost first
        inner = _SHIFT.sub(_shifted, inner)
    return inner.replace("{", "").replace("}", "").replace("\\", "")


def _meaning(command: re.Match[str]) -> str:
    sign = _sign(command[1])
    is_word = sign.isascii() and sign.isalpha()  # "ln 2"
    return f"{sign} " if is_word and command[0][-1].isspace() else sign


def _divided(match: re.Match[str]) -> str:
    return "/".join(part if len(part) < 3 or part.isalnum() else f"({part})" for part in match.groups())


@lru_cache(maxsize=1_000)
def _sign(name: str) -> str:
    """Return the character that a command means, "" for commands that only change how others look."""
    known = _SIGNS.get(name) or GREEK.get(name)
    if known:
        return known
    # Imported here, because that takes 0.2 seconds, and few formulas need more than the signs above.
    from pylatexenc.latex2text import get_default_latex_context_db  # type: ignore[import-untyped]  # no types

    meaning = getattr(get_default_latex_context_db().get_macro_spec(name), "simplify_repl", None)
    return meaning if isinstance(meaning, str) and "%" not in meaning else ""


def _shifted(match: re.Match[str]) -> str:
    tag = "sub" if match[1] == "_" else "sup"
    return f"<{tag}>{match[2] if match[2] is not None else match[3]}</{tag}>"
