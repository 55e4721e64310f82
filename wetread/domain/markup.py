"""HTML, JATS and MathML to text with a few private marks for structure. Linear in the input. Pure.

A tokenizer of our own, because HTML libraries repair whole documents and read "p <0.05 and n> 3" as a tag.
Feeds and records contain text with some tags in it.
"""

import html as html_entities
import re
from collections import Counter

BOLD_START, BOLD_END = "\ue000", "\ue001"
HEADING_START, HEADING_END = "\ue002", "\ue003"
BLOCK = "\ue004"
"""Stands between paragraphs."""
LINE = "\ue005"
"""Stands for a line break inside one."""

_MOST_CHARACTERS = (
    150_000  # of markup, so that a field takes milliseconds; at most 20,000 of its text are kept
)
_DEEPEST = 256
_LONGEST_SHIFT = 40

_MARKS = re.compile("[\ue000-\ue005]")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_TAG_NAME = re.compile(r"</?\s*(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_TAG_SIGN = re.compile("[<>\"']")
_ALT = re.compile(r"""\balt\s*=\s*["']?\{?([A-Za-z]+)\}?""")
_HEADING_CLASS = re.compile(r"""class\s*=\s*["']?[^"'>]*\b\w*[tT]itle\b""")
_BRACED_GREEK = re.compile(r"\{([A-Za-z]+)\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_INVISIBLE = _names(
    "script style head template noscript iframe object svg annotation annotation-xml tex-math"
)
_RAW = frozenset({"script", "style"})  # their content is not markup (HTML, 13.2.5)
_RAW_END = {kind: re.compile(f"</{kind}", re.IGNORECASE) for kind in _RAW}
_BLOCKS = _names(
    "p div section sec article ul ol li dl dt dd table tr td th blockquote pre header footer abstract "
    "disp-formula fig hr"
)
_HEADINGS = _names("h1 h2 h3 h4 h5 h6 title")
_BOLDS = _names("b strong bold")
_VOID = _names("br hr img wbr input meta link col area base embed source break none mprescripts")
# Tags that count in a second pass over text that was escaped twice; everything else is text there.
_SURE = (
    _BOLDS
    | _HEADINGS
    | _BLOCKS
    | _names(
        "i em italic sub sup inf u span a br small sc scp tt math mi mn mo mrow msub msup mfrac msubsup "
        "mtext mstyle font inline-formula"
    )
)

_GREEK_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma "
    "tau upsilon phi chi psi omega"
)
GREEK = {name: chr(0x3B1 + index) for index, name in enumerate(_GREEK_LETTERS.split())} | {
    name.capitalize(): chr(0x391 + index)
    for index, name in enumerate(_GREEK_LETTERS.split())
    if name != "sigmaf"
}

_SUPERSCRIPT = str.maketrans(
    "0123456789+-−–=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)
_SUBSCRIPT = str.maketrans("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def has_markup(text: str) -> bool:
    """Return whether rendered text still contains tags or entities, because it was escaped twice."""
    if "<" not in text:
        return "&" in text and _ENTITY.search(text) is not None
    return _ENTITY.search(text) is not None or any(
        (name := _TAG_NAME.match(text, start.start())) and name[1].lower() in _SURE
        for start in _TAG_START.finditer(text)
    )


def render(markup: str, *, is_second_pass: bool = False) -> str:
    """Return the visible text, with BLOCK between paragraphs and marks around bold words and headings.

    `is_second_pass`: `markup` is itself a rendered text; its marks stay, and only well-known tags count.
    """
    markup = markup[:_MOST_CHARACTERS]
    if not is_second_pass and not markup.isascii():
        markup = _MARKS.sub("", markup)
    if not ("<" in markup or "&" in markup or "{" in markup):
        return markup
    return _Renderer(markup, is_second_pass).run()


def _resolved(entity: re.Match[str]) -> str:
    return _MARKS.sub("", html_entities.unescape(entity[0]))


class _Renderer:
    """A stack of open elements; each collects its children's text and renders it when it closes."""

    def __init__(self, markup: str, is_second_pass: bool) -> None:
        self._markup = markup
        self._is_second_pass = is_second_pass
        self._last: dict[str, int] = {}
        self._names: list[str] = []  # of the open elements, outermost first
        self._roles: list[str] = []  # their rendered text
        self._parts: list[list[str]] = [[]]
        self._open: Counter[str] = Counter()

    def run(self) -> str:
        markup, position = self._markup, 0
        while match := _TAG_START.search(markup, position):
            start = match.start()
            end = self._tag_end(start)
            if end == 0:
                self._add_text(markup[position : start + 1])
                position = start + 1
                continue
            self._add_text(markup[position:start])
            position = self._take_tag(markup[start:end], end)
        self._add_text(markup[position:])
        while self._names:
            self._close_last()
        return "".join(self._parts[0])

    def _tag_end(self, start: int) -> int:
        """Return the index after the tag that begins at `start`; 0 if it is text."""
        markup = self._markup
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            return end + 3 if end >= 0 else len(markup)
        if markup.startswith("<![CDATA[", start):
            return start + 9
        if markup[start + 1] in "!?":
            return markup.find(">", start) + 1 if start < self._last_index(">") else 0
        name = _TAG_NAME.match(markup, start)
        if name is None or (self._is_second_pass and name[1].lower() not in _SURE):
            return 0
        end = self._closing_bracket(name.end())
        rest = markup[name.end() : end]
        # "x<y and z>w" is text: a tag has nothing after its name, or attributes with "=".
        if end < 0 or (rest.strip(" \t\r\n/") and not ("=" in rest and rest[0].isspace())):
            return 0
        return end + 1

    def _closing_bracket(self, position: int) -> int:
        """Return the index of the ">" outside quotes, or -1 if the next "<" or the end comes first."""
        markup = self._markup
        while match := _TAG_SIGN.search(markup, position):
            sign, index = match[0], match.start()
            if sign == ">":
                return index
            if sign == "<":
                return -1
            # A quote that is never closed is an apostrophe.
            position = (markup.find(sign, index + 1) if index < self._last_index(sign) else index) + 1
        return -1

    def _last_index(self, sign: str) -> int:
        """Return where a sign stands last, -1 = nowhere, so that none is searched for where there is none."""
        if sign not in self._last:
            self._last[sign] = self._markup.rfind(sign)
        return self._last[sign]

    def _add_text(self, text: str) -> None:
        if not text or (self._names and self._names[-1] in _INVISIBLE):
            return
        if "&" in text:
            text = _ENTITY.sub(_resolved, text)
        if "{" in text:
            text = _BRACED_GREEK.sub(lambda match: GREEK.get(match[1], match[0]), text)
        if self._open["math"] and not text.strip():
            return
        self._parts[-1].append(text)

    def _take_tag(self, tag: str, end: int) -> int:
        """Handle one tag; return the index at which to continue."""
        name = _TAG_NAME.match(tag)
        if tag[1] in "!?" or name is None:
            return end
        kind = name[1].lower()
        if tag[1] == "/":
            if self._open[kind]:
                while self._close_last() != kind:
                    pass
            elif kind in _BLOCKS:
                self._parts[-1].append(BLOCK)
        elif kind in _VOID or tag.endswith("/>"):
            self._parts[-1].append(_void(kind, tag))
        elif kind in _RAW:
            closing = _RAW_END[kind].search(self._markup, end)
            return closing.start() if closing else len(self._markup)
        elif len(self._names) < _DEEPEST:
            self._names.append(kind)
            # Silverchair writes headings as <div class="boxTitle">.
            self._roles.append("title" if kind == "div" and _HEADING_CLASS.search(tag) else kind)
            self._parts.append([])
            self._open[kind] += 1
        return end

    def _close_last(self) -> str:
        kind = self._names.pop()
        self._open[kind] -= 1
        text = _element(self._roles.pop(), self._parts.pop(), is_math=self._open["math"] > 0)
        if text:
            self._parts[-1].append(text)
        return kind


def _void(kind: str, tag: str) -> str:
    if kind == "img" and (alt := _ALT.search(tag)):
        return GREEK.get(alt[1], " ")  # HighWire draws Greek letters as pictures
    return {"br": LINE, "break": LINE, "hr": BLOCK}.get(kind, "")


def _element(kind: str, parts: list[str], *, is_math: bool) -> str:
    text = "".join(parts)
    if kind in _INVISIBLE:
        return ""
    if kind in {"sub", "inf"}:
        return _shifted(text, _SUBSCRIPT, "_")
    if kind == "sup":
        return _shifted(text, _SUPERSCRIPT, "^")
    if kind in _BOLDS:
        return f"{BOLD_START}{text}{BOLD_END}" if text.strip() else text
    if kind in _HEADINGS:
        return f"{HEADING_START}{text}{HEADING_END}"
    if kind in _BLOCKS:
        return f"{BLOCK}{text}{BLOCK}"
    if not is_math or len(parts) < 2:
        return f"√{_grouped(text)}" if kind == "msqrt" else text
    if kind == "mfrac":
        return f"{_grouped(parts[0])}/{_grouped(''.join(parts[1:]))}"
    if kind in ("msup", "mover"):
        return parts[0] + _shifted("".join(parts[1:]), _SUPERSCRIPT, "^")
    if kind in ("msub", "munder"):
        return parts[0] + _shifted("".join(parts[1:]), _SUBSCRIPT, "_")
    if kind in ("msubsup", "munderover") and len(parts) == 3:
        return parts[0] + _shifted(parts[1], _SUBSCRIPT, "_") + _shifted(parts[2], _SUPERSCRIPT, "^")
    return text


def _grouped(text: str) -> str:
    text = text.strip()
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _shifted(text: str, table: dict[int, int], sign: str) -> str:
    """Return superscript or subscript in Unicode, else as people type it ("^", "_").

    Words stay unchanged ("SUVmax", "Ktrans", "2nd"), because people write and search them so.
    """
    inner = text.strip()
    if not inner or not inner.strip("*†‡§®™©°′″∘"):
        return inner
    if len(inner) > _LONGEST_SHIFT:
        return text
    if len(inner) > 1 and inner.isalpha() and inner.isascii():
        return inner
    if len(inner) == 1 and inner.isalpha() and inner not in "ni":
        return sign + inner
    if all(ord(character) in table for character in inner):
        return inner.translate(table)
    if _MARKS.search(inner):
        return text
    return f"{sign}{inner}" if len(inner) == 1 or inner.isalnum() else f"{sign}({inner})"
