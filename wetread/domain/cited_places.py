"""Finds a citation by journal, volume and page in a text, in whatever style it is written. Pure.

    Radiographics 2001;21:927                           AJR 2003;180(1):121-6
    Radiology. 2001 Jan;218(1):11-17.                   Eur Radiol (2001) 11:927–930
    Radiology, 218(1), 11–17.                           Radiology 218, no. 1 (2001): 11–17
    Radiology, vol. 218, no. 1, pp. 11-17, Jan. 2001    J Invent Imaging 12:S45-S50, 2026

Before it may stand authors and a title, as in a list of references.
"""

import re
import unicodedata
from dataclasses import dataclass

from wetread.domain.catalogue import Catalogue
from wetread.domain.issn import issn_in
from wetread.domain.models import Journal, JournalPlace
from wetread.domain.names import name_key

_LONGEST = 1_500  # characters of a text that are read
_MOST_WORDS = 14  # of a journal's name
_MOST_NAMES = 3
_MOST_ENDS = 7  # of a text that are read as a name: "J. Vasc. Interv. Radiol." has four

_YEAR = r"(?:1[89]|20)\d\d"
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)\b\.?"
)
_MONTH = rf"{_NAME}(?:\s*[-/]\s*{_NAME})?"
_DAY = r"(?:\s+\d{1,2}(?:\s*-\s*\d{1,2})?)?"
_PLACE = re.compile(
    rf"""
    (?: (?<![\w./:;-]) | (?<=[a-z.])(?={_YEAR}\s*;) )
    # A year before the volume: "2001;", "(2001) ", "2001 Jan 15;".
    (?: (?P<open>\()? (?P<year>{_YEAR})[a-z]?
        (?: \s*[,;]?\s*{_MONTH}{_DAY} (?(open)\)) \s*[.,;:]\s* | (?(open)\)) [\s.,;:]+ ) )?
    (?P<mark>vol(?:ume)?\.?\s*)?
    (?P<volume>[a-z]?\d{{1,4}}[a-z]?)(?![\d.%°])
    # Issue, supplement, part: "(1)", ", no. 1", " Suppl 1", "(3)(Suppl 1)"; a year in brackets, too.
    (?P<parts>
        (?: \s*[,;:]?\s*
            (?: \([^()]{{1,40}}\)
            |   (?:no|nr|num|number|issue|iss|n)\b\.?\s*[\w/-]{{1,12}}
            |   (?:suppl(?:ement)?|special|spec|pt|part|s)\b\.?
                (?:\s*(?:no|issue|suppl)\b\.?)?(?:\s*[a-z]?\d{{1,3}}\b)?
            |   s\d{{1,3}}\b
            )
        ){{0,3}}
    )
    (?: \s*[,;]?\s*(?:{_MONTH}\s*)?(?P<later>{_YEAR}) )?
    (?P<gap> \s*[:,;]\s* | \s+ | (?<=\)) )
    # The first page or the article's number: "121", "S12", "e241805", "121.e1", "xi"; then the last page.
    (?P<pages>(?:pp?|pages?|pgs?)\b\.?\s*)?
    (?P<page> (?:article\s+(?:no\.?\s*)?|art\.?\s+(?:no\.?\s*)?)?
        (?: (?P<number>[a-z]{{0,4}}\d{{1,20}}(?:\.e?\d{{1,4}})?[a-z]?)(?![\w%°])
        |   (?P<roman>[ivxl]{{1,7}})(?!\w)
        )
    )
    (?: \s*-\s*[a-z]{{0,4}}\d{{1,8}}(?:\.e?\d{{1,4}})? | \s*-\s*[ivxl]{{1,7}}\b )?
    (?! [\d:%°] )
    # A year behind the pages: ", 2001", " (2001)".
    (?: \s*[,;.]?\s*\(?(?:{_MONTH}\s*)?(?P<last>{_YEAR})\b\)? )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BARE = re.compile(
    r"(?P<name>[A-Z][A-Za-z.,& -]{2,100}) (?P<volume>\d{1,4}) ?: ?"
    r"(?P<page>[A-Za-z]{0,2}\d{1,7})(?: ?- ?\w{1,9})?\.?"
)
_MONTH_AT_END = re.compile(rf"(?:^|[\s,.;]){_MONTH}{_DAY}$", re.IGNORECASE)
_YEAR_IN_BRACKETS = re.compile(rf"\(({_YEAR})[a-z]?(?:,[^()]{{1,20}})?\)")
_ISSUE_LABEL = re.compile(r"^(?:no|nr|num|number|issue|iss|n)\b\.?\s*", re.IGNORECASE)
_QUERY_FIELD = re.compile(r"(?:^|\s)-?(?:author|journal|title|mesh|type|since|until|year):", re.IGNORECASE)

# The title of a notice ends with the citation of the article that it is about.
_NOTICE = re.compile(r"\W*(?:corrigend|errat|addend|correction to|retraction of)", re.IGNORECASE)

# Where a journal's name may begin: after a full stop, a question, a quotation, or a comma.
_BREAK = re.compile(r"""(?<=[.?!])["”’]?\s+|["”]\s*|[,;:]\s+""")
_STOP = re.compile(r"[.?!]\s")
_ABBREVIATED = re.compile(r"(?:[A-Z][\w-]*\.\s*)+(?:[A-Z][\w-]*(?:\s+|$)){1,4}$")
_AROUND = " .,;:\"“”'’()[]"


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation in a text. The text from `start` to `end` is the place; before it stands the journal."""

    place: JournalPlace
    start: int
    end: int


def find_cited_place(text: str, catalogue: Catalogue) -> CitedPlace | None:
    """Return the citation in `text`; None if there is none.

    Two numbers alone are a citation only after a journal of the catalogue: "Pain 12:34", but not "ratio 2:1".
    """
    plain = _plain(text[:_LONGEST])
    if _QUERY_FIELD.search(plain) or _NOTICE.match(plain):
        return None
    last: CitedPlace | None = None
    for match in _PLACE.finditer(plain):
        if found := _read(match, plain, catalogue):
            if not _is_plain(match):
                return found
            last = found  # a title may hold a ratio; the citation stands at the end
    return last


def bare_place(text: str) -> JournalPlace | None:
    """Return what a text means if it is a name and two numbers, and nothing else: "J Invent Imaging 12:345".

    It may as well be words ("Allocation 2:1"), so that words are tried first.
    """
    match = _BARE.fullmatch(_plain(text[:_LONGEST]).strip())
    return JournalPlace((match["name"].rstrip(" ,."),), match["volume"], match["page"]) if match else None


def _read(match: re.Match[str], plain: str, catalogue: Catalogue) -> CitedPlace | None:
    before = plain[: match.start()].rstrip(" .,;:(")
    if match["year"]:
        before = _MONTH_AT_END.sub("", before).rstrip(" .,;:(")
    issue, year = _parts(match)
    bracketed = _YEAR_IN_BRACKETS.findall(before)
    if bracketed and (year is None or match["open"]):  # "Example (2021). Title. Journal (1946), 171, 195"
        year = int(bracketed[0])
    colon = ":" in match["gap"]
    if match["gap"].isspace() and not (match["parts"] or match["pages"] or match["later"] or match["mark"]):
        return None
    if year is None and re.fullmatch(_YEAR, match["volume"]):  # "Radiology 2001;218": no page yet
        return None
    if match["roman"] and not (colon and year):
        return None
    journals = tuple(_journals(before, catalogue))
    if not journals or not _ends_well(match, plain, has_year=year is not None):
        return None
    is_plain = _is_plain(match)
    if is_plain and _named(before, catalogue) is None and not (year and _looks_cited(match, before)):
        return None
    if year is None and not is_plain and not (issue or match["mark"]):
        return None
    page = match["number"] or match["roman"]
    place = JournalPlace(journals, match["volume"].lower(), page, issue, year)
    return CitedPlace(place, match.start(), match.end())


def _is_plain(match: re.Match[str]) -> bool:
    """Whether nothing but two numbers says that this is a citation: no year, issue or "vol." with them."""
    return not (match["year"] or match["later"] or match["parts"] or match["mark"])


def _ends_well(match: re.Match[str], plain: str, *, has_year: bool) -> bool:
    """Whether numbers with nothing but commas between them are a citation, and not a list: "12, 24 weeks"."""
    if ":" in match["gap"] or match["parts"] or match["mark"] or match["pages"]:
        return True
    is_over = re.match(r"\s*(?:$|[.;(\[]|https?:|doi)", plain[match.end() :], re.IGNORECASE) is not None
    return is_over and (has_year or "-" in match[0] or len(match["page"]) > 2)


def _looks_cited(match: re.Match[str], before: str) -> bool:
    """Whether plain numbers belong to a reference with its year elsewhere: "(2001). Title. Journal, 2, 9"."""
    return bool(match["last"] or ":" in match["gap"] or _YEAR_IN_BRACKETS.search(before))


def _parts(match: re.Match[str]) -> tuple[str | None, int | None]:
    """Return the issue and the year among the parts of a citation."""
    year = match["year"] or match["later"] or match["last"]
    issues = []
    for part in re.findall(r"\(([^()]*)\)|([^\s,;()][^,;()]*)", match["parts"] or ""):
        text = " ".join("".join(part).split())
        found = re.fullmatch(rf"(?:.*\s)?({_YEAR})[a-z]?", text)
        if found:
            year = year or found[1]
        else:
            issues.append(_ISSUE_LABEL.sub("", text).strip(" .:"))
    return " ".join(filter(None, issues)) or None, int(year) if year else None


def _journals(before: str, catalogue: Catalogue) -> list[str]:
    """Return what the journal may be called whose name ends a text, the likeliest first.

    A journal of the catalogue comes as its abbreviation.
    """
    if issn := issn_in(before[-9:]):
        return [issn]
    ends = _ends(before)
    for name in ends:
        if journal := _named(name, catalogue):
            return [journal.abbreviation]
    words = before.split()[-_MOST_WORDS:]
    last = (" ".join(words[index:]) for index in range(1, len(words)))
    known = next((found.abbreviation for name in last if (found := catalogue.named(name))), None)
    return [*filter(None, [known]), *ends][:_MOST_NAMES]


def _named(name: str, catalogue: Catalogue) -> Journal | None:
    """Return the catalogue's journal of that name.

    A full stop within a name belongs to abbreviated words ("Clin. Radiol."); after whole words it ends the
    title of an article ("… physical and clinical. Radiology").
    """
    journal = catalogue.named(name) or catalogue.abbreviated(name)
    if journal is None or (_STOP.search(name) and name_key(name) == name_key(journal.title)):
        return None
    return journal


def _ends(before: str) -> list[str]:
    """Return the ends of a text that may be a journal's name, the likeliest first.

    A name begins after a full stop, a quotation or a comma; or several words with a full stop each are one.
    """
    starts = [0, *(match.end() for match in _BREAK.finditer(before))]
    ends = [before[start:].strip(_AROUND) for start in starts[::-1][:_MOST_ENDS]]
    names = [name for name in ends if len(name.split()) <= _MOST_WORDS and re.search(r"[^\W\d_]", name)]
    abbreviated = [name for name in names if _ABBREVIATED.match(name)]
    return list(dict.fromkeys([*abbreviated[::-1], *names]))[:_MOST_NAMES]


def _plain(text: str) -> str:
    """Return the text with ordinary digits, colons, hyphens and spaces, without stars, as long as it was."""
    return "".join(_SAME.get(character) or _narrow(character) for character in text)


_SAME = (
    dict.fromkeys("‐‑‒–—−―﹣", "-") | dict.fromkeys("*_\t\n\r\u00a0\u2009\u202f", " ") | {"“": '"', "”": '"'}
)


def _narrow(character: str) -> str:
    if character.isascii():
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
