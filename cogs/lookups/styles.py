"""The style or the kind of file that stands behind a reference or a query."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from cogs.errors.input_errors import UnknownChoiceError
from wetread.domain.citations import Style

# Styles and files that other programs have, so that nobody means a word of a title by them.
_ELSEWHERE = re.compile(
    r"(?:chicago|harvard|mla|ieee|nlm|acs|turabian|endnote|enw|nbib|medline|refworks|zotero|mendeley|"
    r"csl|csv|tsv|xlsx?|json|xml|docx?|pdf|txt|html|ris|bib|bibtex|ama|apa)\d*",
    re.IGNORECASE,
)
_SHORTEST_SLIP = 5


def names_of(styles: Iterable[Style]) -> Mapping[str, Style]:
    """Return the styles by what can be typed for them: value and label."""
    return {style.value: style for style in styles} | {style.label.casefold(): style for style in styles}


def split_style(text: str, styles: Iterable[Style], what: str) -> tuple[str, Style | None]:
    """Split the style off the end of a text: "99001001 apa" is ("99001001", APA). None = there is none.

    Raises UnknownChoiceError for a last word that names another style, or one of these with a slip. `what`:
    what the words name ("citation style").
    """
    words = text.split()
    last = words[-1].casefold() if words else ""
    names = names_of(styles)
    if last in names:
        return " ".join(words[:-1]), names[last]
    is_slip = len(last) >= _SHORTEST_SLIP and any(OSA.distance(last, name) <= 1 for name in names_of(Style))
    if is_slip or _ELSEWHERE.fullmatch(last):
        raise UnknownChoiceError(what, words[-1], tuple(style.value for style in styles))
    return text.strip(), None
