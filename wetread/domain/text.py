"""Cleans texts from outside: no markup, no invisible characters, one line, limited length. Pure."""

import re
import unicodedata
from functools import lru_cache

from wetread.domain.markup import (
    BLOCK,
    BOLD_END,
    BOLD_START,
    HEADING_END,
    HEADING_START,
    LINE,
    has_markup,
    render,
)
from wetread.domain.models import Record, Section

FIELD_LIMIT = 20_000
"""The most characters of one field that are kept (faults.md S13, S16)."""

_LONGEST_COMBINING_RUN = 4

# Control, format, private and lone surrogate characters: invisible or misleading. ASCII white space is
# not included; it is folded. Variation selectors stay: they only choose between two drawings of a character.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]"
)
# Separate, because a class that reaches beyond the basic plane is fifty times slower.
_UNWANTED_BEYOND = re.compile(
    "[\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_MAY_BE_MARKS = re.compile(f"[\u0300-\U0010ffff]{{{_LONGEST_COMBINING_RUN + 1}}}")


def clean(text: str, *, limit: int = FIELD_LIMIT) -> str:
    """Return `text` as one line that is safe to store and to show; at most `limit` characters.

    In NFC, without control, bidirectional, zero-width and private characters and lone surrogates; runs of
    combining marks are cut to four and white space is folded. Cleaning a cleaned text changes nothing.
    """
    text = " ".join(text[: limit * 8].split())
    if text.isascii() and text.isprintable():
        return text if len(text) <= limit else cut(text, limit)
    if not text.isascii():
        # Cut marks first, because normalize() needs quadratic time for a long run of them.
        text = _cap_marks(_without_unwanted(text))
        text = _cap_marks(unicodedata.normalize("NFC", text))
    text = _without_unwanted(text)
    text = " ".join(text.split())
    return text if len(text) <= limit else cut(text, limit)


def _without_unwanted(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _UNWANTED.sub("", text)
    return _UNWANTED_BEYOND.sub("", text) if max(text, default="") > "\uffff" else text


def _cap_marks(text: str) -> str:
    if _MAY_BE_MARKS.search(text) is None:
        return text
    return _mark_runs().sub(lambda run: run[0][:_LONGEST_COMBINING_RUN], text)


@lru_cache(maxsize=1)
def _mark_runs() -> re.Pattern[str]:
    """Match more combining marks in a row than are kept."""
    marks = "".join(
        chr(point)
        for block in (range(0x300, 0xD800), range(0xF900, 0x11000), range(0x11000, 0x1F000))
        for point in block
        if unicodedata.category(chr(point)).startswith("M")
    )
    return re.compile(f"[{marks}]{{{_LONGEST_COMBINING_RUN + 1},}}")


def utf16_length(text: str | None) -> int:
    """Return the length in UTF-16 code units, as Discord counts it; 0 for None."""
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return `text` in at most `limit` UTF-16 code units, cut after a whole word, with "…" if cut.

    Never divides a character from its marks, a surrogate pair or a joined emoji. A single word that is
    too long is cut inside. Empty for a limit below one.
    """
    if limit < 1:
        return ""
    if len(text) * 2 <= limit or utf16_length(text) <= limit:
        return text
    end, used = 0, 0
    while end < len(text):
        used += 2 if text[end] > "\uffff" else 1
        if used > limit - 1:
            break
        end += 1
    while end > 0 and _joins(text, end):
        end -= 1
    kept = text[:end]
    if not text[end : end + 1].isspace():
        words = kept.rstrip().rfind(" ")
        if words > end // 2:
            kept = kept[:words]
    return kept.rstrip().rstrip(",;:–—-([/").rstrip() + "…"


def _joins(text: str, index: int) -> bool:
    """Return whether text[index - 1] and text[index] are parts of one visible character."""
    if index >= len(text):
        return False
    before, after = text[index - 1], text[index]
    return (
        before == "\u200d"
        or after in "\u200d\ufe0e\ufe0f"
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or unicodedata.category(after).startswith("M")
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")  # flags
    )


def fold(text: str) -> str:
    """Return `text` for comparing: NFKC, lower case, letters and digits only. "" if there are none."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", folded)))


def from_html(html: str, *, limit: int = FIELD_LIMIT) -> str:
    """Return HTML, JATS or MathML as one clean line: "H<sub>2</sub>O" is "H₂O".

    A tag begins with "<" and a letter, "/" or "!", so "p <.001" is text. Entities are resolved, also if they
    were escaped twice; script, style and comments are removed.
    """
    return clean(_without_markers(_render(html)), limit=limit)


def _render(html: str) -> str:
    """Render markup, repeatedly if the text was escaped once or twice too often."""
    rendered = render(html)
    for _ in range(2):
        if not has_markup(rendered):
            break
        rendered = render(rendered, is_second_pass=True)
    return rendered


_AS_SPACES = str.maketrans({BLOCK: " ", LINE: " "})
_MARKERS = re.compile(f"[{BOLD_START}{BOLD_END}{HEADING_START}{HEADING_END}]")


def _without_markers(rendered: str) -> str:
    return rendered if rendered.isascii() else _MARKERS.sub("", rendered).translate(_AS_SPACES)


def lines_from_html(html: str) -> list[str]:
    """Return the visible lines of HTML (paragraphs, and what `<br>` divides), each clean; no empty ones."""
    lines = re.split(f"[{BLOCK}{LINE}]", _MARKERS.sub("", _render(html)))
    return [line for line in map(clean, lines) if line]


# --- sections --------------------------------------------------------------------------------------------

# Labels of abstracts. Compared word for word, in any case, singular and plural.
_LABEL_WORDS = (
    r"(?:background|context|introduction|rationale|importance|significance|objectives?|aims?|purposes?|"
    r"goals?|hypothes[ie]s|(?:key |research |study )?questions?|study (?:design|type|population|objective)|"
    r"design|settings?|(?:research )?design|materials?|patients?|participants?|subjects?|population|"
    r"animal model|methods?|methodology|procedures?|interventions?|exposures?|"
    r"(?:main |primary )?outcomes?(?: measures?)?|main outcomes? and measures?|measurements?|measures|"
    r"field strengths?/sequences?|assessment|statistical (?:tests?|analys[ie]s)|analys[ie]s|"
    r"data sources?|data extraction|data synthesis|data collection|study selection|search strategy|"
    r"evidence acquisition|evidence synthesis|(?:main |key )?results?|(?:main |key )?findings?|"
    r"data conclusion|(?:main )?conclusions?|interpretations?|discussion|summary|limitations?|"
    r"clinical (?:impact|relevance|significance|implications?)(?: statement)?|relevance(?: statement)?|"
    r"implications?(?: for (?:practice|patient care))?|advances? in knowledge|key points?|"
    r"(?:level of )?evidence(?: level)?|level of evidence|technical efficacy(?: stage)?|"
    r"trial registration(?: number)?|(?:clinical )?trial (?:registration|number)|registration|funding|"
    r"case (?:presentation|report|description)s?|presentation|recent findings|purpose of (?:the )?review|"
    r"perspective|what is known|what this study adds|contributions?|novelty|keywords?|take-?home points?)"
)
_LABEL = rf"{_LABEL_WORDS}(?:(?:\s*[/,&]\s*|\s+and\s+|\s*,\s*and\s+|\s+or\s+){_LABEL_WORDS}){{0,3}}"
_KNOWN_LABEL = re.compile(rf"^{_LABEL}$", re.IGNORECASE)
# At the start of a paragraph, a colon suffices after known words and after capitals.
_PARAGRAPH_LABEL = re.compile(rf"^({_LABEL})\s*[:.](?=\s|$)\s*", re.IGNORECASE)
_CAPITALS_LABEL = re.compile(r"^([A-Z][A-Z0-9 /&,()'’-]{2,70}):(?=\s|$)\s*")
# In running text, a label is at the start or after the end of a sentence, and begins with a capital.
_AFTER_SENTENCE = r"(?:^|(?<=[.!?)\]%;”] ))"
_RUNNING_LABEL = re.compile(
    rf"{_AFTER_SENTENCE}(?=[A-Z])({_LABEL})(\s*:|\s*\.|\s+[-–—])\s+(?=\S)", re.IGNORECASE
)
# Radiology writes "Purpose To quantify … Results The study …": capitals on both sides, no mark between.
_BARE_LABEL = re.compile(
    rf"{_AFTER_SENTENCE}(?:(Background|Introduction|Importance)|(Purpose|Objectives?|Aims?|Hypothesis)|"
    r"((?:Materials|Patients) and Methods|Methods|Study (?:Design|Type))|(Results|Findings)|"
    r"(Conclusions?|Interpretation)) (?=[a-z]{0,4}[A-Z0-9(])"
)
_BOLD = re.compile(f"{BOLD_START}([^{BOLD_START}{BOLD_END}]{{2,80}}){BOLD_END}")
_ALONE_BOLD = re.compile(f"^{BOLD_START}([^{BOLD_START}{BOLD_END}]+){BOLD_END}$")
_PARAGRAPH_BREAK = re.compile(rf"{LINE}\s*{LINE}")
_AFTER_LABEL = re.compile(r"^[:.]?\s*(?:[-–—]\s+)?")
_HEADING = re.compile(f"{HEADING_START}(.*?){HEADING_END}", re.DOTALL)
_TITLE_OF_ABSTRACT = re.compile(
    r"^(?:graphical |structured |original )?"
    r"(?:abstract|summary|r[ée]sum[ée]|zusammenfassung|resumen|(?:原始)?摘要)$",
    re.IGNORECASE,
)


_NO_ABSTRACT = re.compile(
    r"\W*(?:(?:null|none|n ?/? ?a|not available|no abstract(?: (?:is )?(?:available|provided|found))?|"
    r"abstract(?: is)? not available|(?:this|the) article has no abstract|"
    r"(?:figure|table|text)s?:? see (?:text|full text|pdf|article))\W*)*",
    re.IGNORECASE,
)


def is_no_abstract(text: str, title: str = "") -> bool:
    """Return whether a text stands where no abstract is: "-", "n/a", "[Figure: see text].", or the title."""
    if len(text) <= 100 and _NO_ABSTRACT.fullmatch(text):
        return True
    folded = fold(text) if len(text) <= len(title) + 100 else ""
    return bool(folded) and folded == fold(title)


def real_abstract(sections: tuple[Section, ...], title: str = "") -> tuple[Section, ...]:
    """Return the sections of an abstract, () if they only stand where no abstract is (`is_no_abstract`)."""
    return () if is_no_abstract(" ".join(section.text for section in sections), title) else sections


def split_sections(text: str) -> tuple[Section, ...]:
    """Divide running text by its labels ("OBJECTIVE: … METHODS: …") if they are certain; else one section.

    Certain: the text begins with a label of abstracts, and at least one more follows. If no mark follows the
    labels, results and a conclusion must be among them, in this order. `()` for "".
    """
    text = clean(text)
    if not text:
        return ()
    # Before a full stop or a dash, only a word in capitals is a label.
    labels = [each for each in _RUNNING_LABEL.finditer(text) if ":" in each[2] or each[1].isupper()]
    if len(labels) < 2 or labels[0].start() != 0:
        labels = _bare_labels(text)
    if not labels:
        return (Section(text),)
    ends = [label.start() for label in labels[1:]] + [len(text)]
    parts = [(text[label.end() : end].strip(), label) for label, end in zip(labels, ends, strict=True)]
    return tuple(Section(part, label[0].rstrip(" :.-–—")) for part, label in parts if part)


def _bare_labels(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for label in _BARE_LABEL.finditer(text):
        if not found or (label.lastindex or 0) > (found[-1].lastindex or 0):
            found.append(label)
    kinds = {label.lastindex for label in found}
    is_certain = bool(found) and found[0].start() == 0 and len(found) >= 3 and kinds >= {4, 5}
    return found if is_certain else []


def sections_from_html(html: str, *, skip_lines: int = 0) -> tuple[Section, ...]:
    """Return an abstract's paragraphs with their labels. `()` if there is no text.

    `skip_lines`: how many of the first visible lines (see `lines_from_html`) to leave out.

    Reads headings (Wiley, Europe PMC), bold labels inside a paragraph (AJR), labels before a colon
    (PubMed) and plain paragraphs. A heading that only says "Abstract" is dropped.
    """
    rendered = _PARAGRAPH_BREAK.sub(BLOCK, _after_lines(_render(html), skip_lines))
    sections: list[Section] = []
    pending: str | None = None
    for block in _HEADING.sub(f"{BLOCK}{HEADING_START}\\1{BLOCK}", rendered).split(BLOCK):
        heading = _heading(block)
        if heading is not None:
            pending = None if _TITLE_OF_ABSTRACT.match(heading) else heading or None
            continue
        for section in _paragraph_sections(block):
            sections.append(Section(section.text, section.label or pending))
            pending = None
    return tuple(sections)


def _after_lines(rendered: str, count: int) -> str:
    if not count:
        return rendered
    parts = re.split(f"([{BLOCK}{LINE}])", rendered)
    seen = 0
    for index in range(0, len(parts), 2):
        if seen == count:
            return "".join(parts[index:])
        seen += bool(clean(_without_markers(parts[index])))
    return ""


def _heading(block: str) -> str | None:
    """Return the words of a heading, None if the block is a paragraph."""
    if block.startswith(HEADING_START):
        return _label(block)
    bold = _ALONE_BOLD.match(block.strip())
    if bold and (words := _label(bold[1])) and (_is_label(words) or _TITLE_OF_ABSTRACT.match(words)):
        return words
    return None


def _label(text: str) -> str:
    return clean(_without_markers(text), limit=200).rstrip(":. ")


def _is_label(words: str) -> bool:
    return _KNOWN_LABEL.match(words) is not None


def _paragraph_sections(block: str) -> list[Section]:
    """Return one paragraph's sections; several if it has several bold labels."""
    labels = [match for match in _BOLD.finditer(block) if _is_bold_label(block, match)]
    sections: list[Section] = []
    start, label = 0, None
    for match in [*labels, None]:
        end = match.start() if match else len(block)
        sections.extend(_labelled(clean(_without_markers(block[start:end])), label))
        if match:
            start, label = match.end(), _label(match[1])
    return sections


def _is_bold_label(block: str, match: re.Match[str]) -> bool:
    """Return whether bold words are a label: at the start or after a sentence, and in a label's form."""
    before = clean(_without_markers(block[: match.start()]))[-1:]
    if before and before not in ".!?)]:":
        return False
    words = _label(match[1])
    has_colon = match[1].rstrip().endswith(":") or block[match.end() :].lstrip().startswith(":")
    return bool(words) and (_is_label(words) or (has_colon and len(words.split()) <= 6))


def _labelled(text: str, label: str | None) -> tuple[Section, ...]:
    """Return a paragraph's sections by the labels before colons in its text."""
    if label is not None:
        text = _AFTER_LABEL.sub("", text)
        return (Section(text, label),) if text else ()
    sections = split_sections(text)
    if len(sections) == 1 and (match := _PARAGRAPH_LABEL.match(text) or _CAPITALS_LABEL.match(text)):
        rest = text[match.end() :]
        return (Section(rest, match[1]),) if rest else ()
    return sections


# --- sentences -------------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[©]*[A-Z0-9À-ÖØ-ÞΑ-Ω©])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs?|et al|cf|ca|approx|resp|figs?|tabs?|refs?|eqs?|nos?|vols?|pp?|eds?|st|dr|prof|mr|"
    r"mrs|ms|jr|sr|inc|ltd|co|corp|univ|dept|spp?|var|aff|viz|al|incl|max|min|avg)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a clean text in order; joined, they are the whole text.

    An abbreviation ("et al.", "S. aureus") does not end a sentence. `[]` for "".
    """
    found = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        sentence = text[start : match.end()].rstrip()
        is_long_word = len(sentence) > 7 and sentence[-8:-1].isalpha()  # longer than what `_NO_END` knows
        if (
            not is_long_word
            and _NO_END.search(sentence[-12:])
            and not re.search(r"\b(?:I|vitamin [A-Z])\.$", sentence)
        ):
            continue
        found.append(sentence)
        start = match.end()
    if rest := text[start:].strip():
        found.append(rest)
    return found


def abstract_text(record: Record) -> str | None:
    """Return the abstract as plain text, one line per paragraph with its label; None without an abstract."""
    lines = (f"{part.label}: {part.text}" if part.label else part.text for part in record.abstract)
    return "\n".join(lines) or None
