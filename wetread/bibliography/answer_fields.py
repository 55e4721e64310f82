"""Reads the fields of answers, JSON or XML: a value of the expected type, whatever the bytes are.

No shape is trusted. `mapping`, `sequence`, `raw` and the others return the part of an answer if it has the
expected type, else an empty value of that type.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Author, Section
from wetread.domain.text import clean, from_html, real_abstract, sections_from_html, sentences

Json = Mapping[str, object]

MOST_ITEMS = 5_000
"""The most authors, sections, types … of one record that are read; no article has more."""

_MAY_HOLD_MARKUP = re.compile(r"[<&{]")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])\s*/?$")
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])$")
_CREATIVE_COMMONS = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:[ -]nc)?(?:[ -](?:nd|sa))?)\b/?(\d\.\d)?"
)
_PAGES = re.compile(r"(?:pp?\.\s*)?([A-Za-z]{0,3})(\d+)\s*[-–]\s*([A-Za-z]{0,3})(\d+)((?:\.\w+)?)")
_BESIDE = re.compile(
    r"(?:plain[- ]language|lay|graphical|visual|video) (?:summary|abstract)|key ?words?$", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LONGEST_MAIL = 300
# Patients, too, are "presented at a conference": only the work itself counts.
_PRESENTED = re.compile(
    r"(?:(?:\w+ ){0,3}of )?(?:(?:this|these|the present) (?:\w+ )?(?:abstract|article|data|findings|"
    r"manuscript|material|paper|project|report|research|results|review|study|work) "
    r"(?:has been|have been|was|were) (?:\w+ )?)?presented (?:\w+ ){0,8}?(?:at|to|during)\b"
    r".*\b(?:assembly|conference|congress|convention|meeting|sessions?|symposium)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 500
_DEGREE = re.compile(r"(?:[A-Z][a-z]{0,3}\.?){2,6}|[A-Z]{2,8}")  # MD, PhD, M.D., FRCR, not Jr or 3rd
_WORD_LIMIT = 300  # characters of an identifier, a volume or a type


def read_json(source: str, body: bytes) -> Json:
    """Return the JSON object in `body`. Raises RecordSourceError "unreadable" if it is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RecordSourceError(source, "unreadable") from error
    if not isinstance(value, dict):
        raise RecordSourceError(source, "unreadable")
    return value


def read_xml(source: str, body: bytes) -> etree._Element:
    """Return the root of the XML in `body`. Entities are not expanded and nothing is fetched.

    Raises RecordSourceError "unreadable" if it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RecordSourceError(source, "unreadable") from error


def mapping(value: object) -> Json:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[object]:
    """Return `value` if it is a JSON list, else an empty one."""
    return value[:MOST_ITEMS] if isinstance(value, list) else ()


def mappings(value: object) -> list[Json]:
    """Return the JSON objects in the list `value`."""
    return [item for item in sequence(value) if isinstance(item, dict)]


def raw(value: object) -> str:
    """Return a string unchanged, a number as a string, "" for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def word(value: object) -> str | None:
    """Return a short text cleaned (a volume, a type, an id), None if there is none."""
    return clean(raw(value), limit=_WORD_LIMIT) or None


def prose(value: object) -> str:
    """Return a text that may hold HTML, JATS or MathML as one clean line; "" if there is none."""
    return from_html(raw(value))


def first_prose(value: object) -> str:
    """Return the first text of a list that is not empty; of a single text that text."""
    items = sequence(value) if isinstance(value, list) else (value,)
    return next((text for text in map(prose, items) if text), "")


def texts(element: etree._Element, path: str) -> list[str]:
    """Return the texts of all elements at `path` that have one, cleaned and with their mark-up read."""
    found = (element_text(each) for each in element.findall(path)[:MOST_ITEMS])
    return [text for text in found if text]


def first_text(element: etree._Element, *paths: str) -> str | None:
    """Return the first text that one of `paths` has, tried in order; None if there is none."""
    return next((found[0] for path in paths if (found := texts(element, path))), None)


def element_text(element: etree._Element) -> str:
    """Return an element's whole text as one clean line: H<sub>2</sub>O is H₂O, MathML is read."""
    if len(element) == 0:
        text = element.text or ""
        if not _MAY_HOLD_MARKUP.search(text):
            return clean(text)  # nine of ten elements; five times as fast
    return from_html(etree.tostring(element, encoding="unicode", with_tail=False))


def abstract_sections(markup: object, title: str) -> tuple[Section, ...]:
    """Return the sections of an abstract in HTML or JATS, without keywords and summaries for patients.

    () if it says that there is none, or repeats the article's title.
    """
    sections = sections_from_html(raw(markup))
    return real_abstract(tuple(each for each in sections if not _BESIDE.match(each.label or "")), title)


def licence_name(value: object) -> str | None:
    """Return "CC BY-NC 4.0" from a Creative Commons address or tag ("cc-by-nc"); None for any other licence.

    Other licences ("elsevier-specific", for text mining) give readers no rights.
    """
    text = raw(value).strip().lower()
    if "publicdomain/zero" in text or text in ("cc0", "cc 0", "public-domain"):
        return "CC0"
    match = _CREATIVE_COMMONS.search(text)
    if match is None:
        return None
    name = f"CC {match[1].upper().replace(' ', '-')}"
    return f"{name} {match[2]}" if match[2] else name


def orcid(value: object) -> str | None:
    """Return the ORCID "0000-0000-0000-0000" of an ORCID or its address, None if it is none."""
    match = _ORCID.search(raw(value).strip())
    return "-".join(match.groups()).upper() if match else None


def issn(value: object) -> str | None:
    """Return the ISSN as "0000-000X", None if it is none."""
    match = _ISSN.match(raw(value).strip())
    return f"{match[1]}-{match[2].upper()}" if match else None


def distinct(values: Sequence[str | None]) -> tuple[str, ...]:
    """Return the values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))


def correspondence_of(authors: Iterable[Author]) -> str | None:
    """Return the corresponding authors with their e-mail addresses, as published; None if not known.

    They are those whose affiliation has an address. If three or more have one, nobody is marked.
    """
    found = [
        f"{author.name}, {address}"
        for author in authors
        if (address := next(filter(None, map(_mail_in, author.affiliations)), None))
    ]
    return "; ".join(found) if 0 < len(found) <= 2 else None


def _mail_in(text: str) -> str | None:
    """Return the first e-mail address in a text. Word by word: over a whole text the search is quadratic."""
    words = (word for word in text.split() if "@" in word and len(word) <= _LONGEST_MAIL)
    match = next(filter(None, map(_MAIL.search, words)), None)
    return match[0] if match else None


def suffix_and_degrees(value: object) -> tuple[str | None, str | None]:
    """Return what a source gives behind a name as suffix and degrees: "Jr, MD, PhD" is ("Jr", "MD, PhD")."""
    words = [part for part in re.split(r"[,;\s]+", word(value) or "") if part]
    degrees = [part for part in words if _DEGREE.fullmatch(part) and not re.fullmatch("[IVX]+", part)]
    suffix = " ".join(part for part in words if part not in degrees)
    return suffix or None, ", ".join(degrees) or None


def presentation_in(paragraphs: Iterable[str]) -> str | None:
    """Return the sentence that names the meeting at which the work was presented, None without one."""
    for paragraph in paragraphs:
        if "presented" not in paragraph.casefold():
            continue
        for sentence in sentences(paragraph):
            if _PRESENTED.match(sentence):
                return sentence[:_LONGEST_SENTENCE]
    return None


def grouped_awards(awards: Iterable[tuple[str | None, str | None]]) -> tuple[str, ...]:
    """Return each funder once, with the numbers of its awards: "Invented Fund: A-1, A-2"."""
    by_funder: dict[str, list[str]] = {}
    for funder, number in awards:
        if funder or number:
            by_funder.setdefault(funder or "", []).extend([number] if number else [])
    return tuple(
        ": ".join(filter(None, (funder, ", ".join(dict.fromkeys(numbers)))))
        for funder, numbers in by_funder.items()
    )


def web_address(value: object) -> str | None:
    """Return `value` if it is an http or https address without spaces; None otherwise."""
    text = raw(value).strip()
    is_address = re.fullmatch(r"https?://[^\s<>\"]{3,2000}", text, re.IGNORECASE)
    return text if is_address else None


def page_range(text: str | None) -> str | None:
    """Return "101–110" for "101-10", "101-110" or "pp. 101 - 110"; any other text unchanged.

    MEDLINE shortens the last page to the digits that differ: "113-25" is 113 to 125.
    """
    if text is None:
        return None
    match = _PAGES.fullmatch(text)
    if match is None:
        return text
    prefix, first, last_prefix, last, supplement = match.groups()
    if len(last) < len(first) and last_prefix in ("", prefix):
        last_prefix, last = prefix, first[: len(first) - len(last)] + last
    if (prefix, first) == (last_prefix, last) and not supplement:
        return prefix + first
    return f"{prefix}{first}–{last_prefix}{last}{supplement}"
