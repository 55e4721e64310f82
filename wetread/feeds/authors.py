"""Parses authors of feeds: one element each, or one string for all, divided only if that is certain."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from wetread.domain.models import Author
from wetread.domain.text import clean, fold, from_html

MOST_AUTHORS = 500
_LONGEST_NAME = 80
_LONGEST_WHOLE = 300  # of a string that could not be divided

_DEGREE = re.compile(
    r"(?:M\.?D|Ph\.?D|D\.?O|M\.?P\.?H|M\.?S|M\.?Sc|B\.?S|B\.?Sc|M\.?A|B\.?A|M\.?B\.?A|MBBS|MBChB|MB|BCh|FRCR|FRCPC|FRCP|"
    r"FRCS|FACR|FSIR|FACS|FIPP|DABR|EDiR|EBIR|PharmD|RN|DPT|PT|DDS|DMD|DVM|R\.?T|MHS|MSCE|MSCR|MEng|Dr)\.?"
)
_SEPARATOR = re.compile(r",(?: and\b| &)?| and | & ")
_COMMA = re.compile(r",(?: and\b| &)?")
_AND = re.compile(r" and | & ")
_FOR = re.compile(r" (?:and )?(?:for|on behalf of) (?=the\b)| and (?=the\b)")
_DOTTED = re.compile(r"(?:[A-ZÀ-ÖØ-Þ]\.[ -]?|[A-ZÀ-ÖØ-Þ] ?){1,4}")
_INITIALS = r"(?:[A-ZÀ-ÖØ-Þ]\.?[ -]?){1,4}"
_IN_THE_MIDDLE = re.compile(rf"{_INITIALS}|[(\"“]\w+[)\"”]")  # "Ada B. Example", "Ada (Addie) Example"
_BARE_INITIALS = re.compile(r"[A-ZÀ-ÖØ-Þ]{1,3}")
_PARTICLES = frozenset(
    [
        *("van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "la", "le"),
        *("el", "al", "ter", "ten", "bin", "ibn", "zu", "zur", "af", "av", "vom", "ben"),
    ]
)
_AND_OTHERS = re.compile(r"et al\.?|others", re.IGNORECASE)
_ENDS_IN_OTHERS = re.compile(r"(?:[\s,;]+(?:and )?(?:et al\b\.?|and others))[\s.,;]*$", re.IGNORECASE)
_ON_BEHALF = re.compile(r"^(?:and )?(?:(?:for|on behalf of) )?the (?=\S)|^(?:for|on behalf of) (?=\S)")
_LAST_STOP = re.compile(r"(?<=[a-zß-öø-ÿ]{3})\.$")  # of a list, not of "Jr."
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|2nd|3rd)\.?")
_COLLECTIVE = re.compile(
    r"\b(?:group|consortium|investigators?|collaborators?|collaboration|network|society|committee|initiative|"
    r"team|association|college of|working party|task force|registry|panel|study|trial|program(?:me)?)\b",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"\b(?:universit\w*|department\w*|dept|hospital\w*|institut\w*|school|college|clinic\w*|cent(?:er|re)|"
    r"faculty|laborator\w*|division|medical|academy|foundation|ministry|gmbh|inc|ltd|e-?mail|corresponding)\b",
    re.IGNORECASE,
)
# Aggregators put the journal or the feed's title where an author should be.
_PERIODICAL = re.compile(
    r"\b(?:journals?|reviews?|annals|letters|proceedings|transactions|archives|bulletin|quarterly|"
    r"communications|sciences?|studies|publications?|table of contents|arxiv(?:\.org)?|toc|current issue|"
    r"phys\. rev|latest results|rss|feed|publishers?|wiley|elsevier|springer|sciencedirect)\b",
    re.IGNORECASE,
)
# "Ada ExampleBen Sample": a small letter, then a capital, inside what looks like one word.
_GLUED = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_CAPITAL_INSIDE = re.compile(r"(?:\b(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|O'|D'|L')$)", re.IGNORECASE)


def parse_authors(names: Sequence[str], *, not_names: Sequence[str] = ()) -> tuple[Author, ...]:
    """Return the authors in a feed's strings, in order, each once.

    Several strings are one name each. A single string is divided if its separators are unambiguous. If names
    and affiliations cannot be separated with certainty, the result is empty rather than wrong. `not_names`:
    the journal's or the feed's title, which some feeds give as the author.
    """
    cleaned = [_plain(name) for name in names[:MOST_AUTHORS]]
    unwanted = {fold(name) for name in not_names if name}
    cleaned = [name for name in cleaned if name and fold(name) not in unwanted]
    if len(cleaned) == 1:
        return _from_one_string(_LAST_STOP.sub("", _ENDS_IN_OTHERS.sub("", cleaned[0])))
    return _unique([parse_name(name) for name in cleaned if not _AND_OTHERS.fullmatch(name)])


def have_more(names: Sequence[str]) -> bool:
    """Return whether a feed's strings say that there are more authors than they name: "et al."."""
    last = _plain(names[-1]) if names else ""
    return _AND_OTHERS.fullmatch(last) is not None or _ENDS_IN_OTHERS.search(last) is not None


def _plain(name: str) -> str:
    return (from_html if "<" in name or "&" in name else clean)(name, limit=5_000).strip(" ,;")


def parse_name_list(text: str) -> tuple[Author, ...]:
    """Return the authors of a list: "Ada Example, Ben Sample and Cleo Model", "Example, Ada; Sample, Ben"."""
    text = clean(text, limit=10_000).strip(" ,;.")
    names = text.split(";") if ";" in text else _listed(text)
    return _unique([parse_name(name) for name in names]) if text else ()


def parse_name(name: str) -> Author:
    """Return one name, divided into given and family name if that is certain, else undivided."""
    name = clean(name, limit=200).strip(" ,;")
    if _COLLECTIVE.search(name) and "," not in name:
        return Author(_ON_BEHALF.sub("", name), is_collective=True)
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma:
        if _SUFFIX.fullmatch(given) or _DEGREE.fullmatch(given):
            author = parse_name(family)
            return Author(author.family, author.given, given if _SUFFIX.fullmatch(given) else None)
        if family and given and "," not in given:
            return Author(family, given)
        return Author(name)
    return _in_reading_order(name)


def _in_reading_order(name: str) -> Author:
    words = name.split()
    suffix = None
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) < 2:
        return Author(name)
    initials = words[-1].rstrip(".")
    if _BARE_INITIALS.fullmatch(initials) and not re.fullmatch(_INITIALS, words[0]):
        return Author(" ".join(words[:-1]), initials, suffix)  # "Example AB", as MEDLINE has it
    particle = next((index for index in range(1, len(words) - 1) if words[index] in _PARTICLES), None)
    if particle is not None:
        return Author(" ".join(words[particle:]), " ".join(words[:particle]), suffix)
    if len(words) == 2 or all(_IN_THE_MIDDLE.fullmatch(word) for word in words[1:-1]):
        return Author(words[-1], " ".join(words[:-1]), suffix)
    # "Ana Lopez Garcia", "Kim Min Jun": only libraries know which words are the family name.
    return Author(name)


def _from_one_string(text: str) -> tuple[Author, ...]:
    if ";" in text:
        return _unique([parse_name(part) for part in text.split(";") if part.strip()])
    if pairs := _family_and_initials(text):
        return _unique(pairs)
    names = _listed(text)
    if len(names) == 1 and _PERIODICAL.search(text):
        return ()
    if names and all(_is_full_name(name) or _is_group(name) for name in names):
        return _unique([parse_name(name) for name in names])
    glued = _glued_names(text)
    if glued:
        return _unique([parse_name(name) for name in glued])
    if _is_short_name(text):
        return (parse_name(text),)
    if _INSTITUTION.search(text) or len(text) > _LONGEST_WHOLE or re.search(r"\d", text):
        return ()
    return (Author(text),)


def _family_and_initials(text: str) -> list[Author]:
    """Return the authors of "Example, A., Sample, B. C." (HighWire); [] for other forms."""
    parts = [part.strip() for part in _SEPARATOR.split(text)]
    families, initials = parts[::2], parts[1::2]
    if len(families) != len(initials) or not all(map(_DOTTED.fullmatch, initials)) or not all(families):
        return []
    return [Author(family, given) for family, given in zip(families, initials, strict=True)]


def _listed(text: str) -> list[str]:
    names: list[str] = []
    for part in filter(None, _parts(text)):
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f", {part}"
        elif not (_DEGREE.fullmatch(part) or _AND_OTHERS.fullmatch(part)):
            names.append(part)
    return names


def _parts(text: str) -> Iterator[str]:
    """Yield what commas and "and" divide; the "and" of "Bone and Joint Group" does not."""
    for part in (each for between in _COMMA.split(text) for each in _FOR.split(between)):
        first, *others = _AND.split(part)
        is_one_group = bool(others) and _COLLECTIVE.search(others[-1]) and not _is_person(first.strip())
        yield from [part.strip()] if is_one_group else [each.strip() for each in (first, *others)]


def _is_person(name: str) -> bool:
    return _is_full_name(name) and not name.startswith(("The ", "the ")) and not _COLLECTIVE.search(name)


def _is_group(name: str) -> bool:
    is_group = _COLLECTIVE.search(name) is not None and _INSTITUTION.search(name) is None
    return is_group and " " in name and len(name) <= 2 * _LONGEST_NAME


def _is_full_name(name: str) -> bool:
    """Return whether a text looks like a name: two to five words, the first and the last with a capital.

    Particles ("de") are not counted.
    """
    words = name.partition(",")[0].split()
    count = sum(word not in _PARTICLES for word in words)
    if not 2 <= count <= 5 or len(name) > _LONGEST_NAME or _INSTITUTION.search(name):
        return False
    if re.search(r"[^\w\s.'’`()‐‑-]|\d", name.partition(",")[0]) or _is_glued(name):
        return False
    if _BARE_INITIALS.fullmatch(words[-1].rstrip(".")):
        return len(words[0]) > 1 and words[0][0].isalpha()
    last = words[-1].lstrip("'’`")
    return words[0][0].isupper() and last[:1].isupper() and len(last.rstrip(".")) > 1


def _is_short_name(text: str) -> bool:
    return (
        len(text.split()) <= 6
        and len(text) <= _LONGEST_NAME
        and not _is_glued(text)
        and not re.search(r"\d", text)
    )


def _is_glued(text: str) -> bool:
    return len(_seams(text)) > 0


def _seams(text: str) -> list[int]:
    return [
        seam.start()
        for seam in _GLUED.finditer(text)
        if not _CAPITAL_INSIDE.search(text[: seam.start()][-6:])
    ]


def _glued_names(text: str) -> list[str]:
    """Return names that follow each other without separators, perhaps with affiliations; [] if uncertain."""
    seams = [0, *_seams(text), len(text)]
    parts = [text[start:end].strip(" ,;") for start, end in pairwise(seams)]
    names: list[str] = []
    for index, part in enumerate(parts):
        listed = _listed(part)
        if all(_is_full_name(name) for name in listed):
            names.extend(listed)
        elif all(_INSTITUTION.search(rest) for rest in parts[index:]):
            break
        else:
            return []
    return names if len(names) > 1 or len(parts) > 1 else []


def _unique(authors: list[Author]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys(author for author in authors if author.family))[:MOST_AUTHORS]
