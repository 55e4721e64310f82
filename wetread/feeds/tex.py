"""Turns the TeX in arXiv's titles and abstracts into HTML: "MoS$_2$" becomes "MoS<sub>2</sub>"."""

import re

from wetread.domain.markup import GREEK

_MATH = re.compile(r"\$\$?([^$]{1,400})\$\$?")
_HREF = re.compile(r"\\href\s?\{[^{}]{0,500}\}\s?\{([^{}]{0,500})\}")
_STYLE = re.compile(
    r"\\(?:textit|textbf|texttt|textsc|emph|text|url|mathrm|mathbf|mathcal)\s?\{([^{}]{0,500})\}"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_SHIFT = re.compile(r"([_^])\s*(?:\{([^{}]{0,120})\}|([^\s{}\\]))")
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


def html_from_tex(text: str) -> str:
    """Return `text` with the formulas between dollar signs as HTML; prices ("$5 and $6") stay."""
    text = _STYLE.sub(r"\1", _HREF.sub(r"\1", text)) if "\\" in text else text
    return _MATH.sub(_formula, text) if text.count("$") > 1 else text


def _formula(match: re.Match[str]) -> str:
    inner = match[1]
    if not re.search(r"[\\_^{}]|^.{1,3}$", inner):
        return match[0]
    inner = _COMMAND.sub(lambda command: _SIGNS.get(command[1]) or GREEK.get(command[1], ""), inner)
    for _ in range(3):  # innermost first
        inner = _SHIFT.sub(_shifted, inner)
    return inner.replace("{", "").replace("}", "").replace("\\", "")


def _shifted(match: re.Match[str]) -> str:
    tag = "sub" if match[1] == "_" else "sup"
    return f"<{tag}>{match[2] if match[2] is not None else match[3]}</{tag}>"
