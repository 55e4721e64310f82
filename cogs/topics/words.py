"""What a topic's words mean, and what they find, as sentences. Pure."""

import re
from collections.abc import Iterable, Sequence

from cogs.cards.links import article_url
from cogs.kit.escape import button_url, safe
from cogs.kit.panels import small
from cogs.kit.words import counted, day
from wetread.domain.models import Record
from wetread.domain.query import Query, Term, described
from wetread.storage.topic_previews import Comparison, Match, NearMiss, Place, Preview, Runs

TITLE_LIMIT = 120

PLACES = {
    Place.TITLE: "in the title",
    Place.ABSTRACT: "in the abstract",
    Place.HEADINGS: "in PubMed’s headings",
    Place.QUERY: "by its own PubMed query",
    Place.RECORD: "in what is known of it",
}
KINDS = {
    "rct": "Randomized trials",
    "review": "Reviews",
    "meta-analysis": "Meta-analyses",
    "guideline": "Guidelines",
    "observational study": "Observational studies",
    "case report": "Case reports",
}
"""Kinds of publication to which the menu limits a topic, by their name in a query."""

_KIND = rf'type:(?:{"|".join(re.escape(name) for name in KINDS if " " not in name)}|"[a-z ]+")'
_LIMITED = re.compile(rf"\s+{_KIND}(?: OR {_KIND})*$")


def kinds_in(words: str) -> tuple[str, ...]:
    """Return the kinds to which the menu has limited these words."""
    found = _LIMITED.search(words)
    named = re.findall(r'type:(?:"([^"]+)"|(\S+))', found[0]) if found else []
    return tuple(name for pair in named for name in pair if name in KINDS)


def with_kinds(words: str, kinds: Iterable[str]) -> str:
    """Return words limited to these kinds, instead of those that the menu has chosen before; () = all."""
    rest = _LIMITED.sub("", words)
    limit = " OR ".join(f'type:"{kind}"' if " " in kind else f"type:{kind}" for kind in kinds)
    return f"{rest} {limit}" if limit else rest


def meaning(query: Query) -> str:
    """Return what a query asks for: a word that begins with “emboli”, and “knee” or “genicular”; not “x”."""
    groups = [_any(group) for group in (query.words, *query.required) if group]
    wanted = ", and ".join(groups) or "every article"
    unwanted = f"; not {_any(query.excluded)}" if query.excluded else ""
    return f"{wanted}{unwanted}"


def _any(terms: Sequence[Term]) -> str:
    return " or ".join(map(_term, terms))


def _term(term: Term) -> str:
    if term.field is not None:
        return described(term)
    return f"a word that begins with “{term.text}”" if term.is_prefix else f"“{term.text}”"


def found_line(preview: Preview) -> str:
    """Return how many of the last articles match, as a sentence."""
    if not preview.total:
        return "No article of this server’s journals is stored yet, so nothing can be tried."
    of_last = f"the last {counted(preview.total, 'article')} of your journals"
    if not preview.count:
        return f"None of {of_last} matches."
    return f"Of {of_last}, {preview.count} {'matches' if preview.count == 1 else 'match'}."


def match_lines(match: Match, number: int = 0) -> str:
    """Return an article that matches: its title, the words that match in bold, and where they stand."""
    place = " · ".join([*_about(match.record), PLACES[match.place]])
    shown = _bold(match.shown) if match.shown else ""
    first = f"**{number}.** " if number else ""
    return "\n".join(filter(None, (first + linked(match.title, match.record), shown, small(safe(place)))))


def near_lines(miss: NearMiss) -> str:
    """Return an article that nearly matches, and why it does not."""
    return f"{linked(miss.title, miss.record)}\n{small(safe(_why(miss)))}"


def _why(miss: NearMiss) -> str:
    if miss.excluded is not None:
        return f"Left out by -{described(miss.excluded)}"
    has = f"Has {_term(miss.has)}, but " if miss.has else "It has "
    if len(miss.missing) > 1:
        few = _any(miss.missing[:3]) + (" …" if len(miss.missing) > 3 else "")
        return f"{has}none of {few}"
    [missing] = miss.missing
    no_word = f"no word that begins with “{missing.text}”" if missing.is_prefix else f"not {_term(missing)}"
    return f"{has}{no_word}"


def compared_line(comparison: Comparison) -> str:
    """Return how many articles new words find, and how many the old ones found."""
    return (
        f"**Of the last {counted(comparison.total, 'article')}, {comparison.new_count} "
        f"{'matches' if comparison.new_count == 1 else 'match'}.** "
        f"With the old words it {'was' if comparison.old_count == 1 else 'were'} {comparison.old_count}."
    )


def linked(title: Runs, record: Record) -> str:
    """Return a title with the words that matched in bold, cut, as a link to the article."""
    words = _bold(_cut(title, TITLE_LIMIT))
    url = button_url(article_url(record))
    return f"[{words}]({url})" if url and "://" not in words else words


def _bold(runs: Runs) -> str:
    return "".join(f"**{safe(text)}**" if is_marked else _kept_spaces(text) for text, is_marked in runs)


def _kept_spaces(text: str) -> str:
    """As `safe`, which takes off the spaces between the pieces of a text."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{safe(text)}{after}"


def _cut(runs: Runs, limit: int) -> Runs:
    kept: list[tuple[str, bool]] = []
    room = limit
    for text, is_marked in runs:
        if len(text) > room:
            kept.append((f"{text[:room].rpartition(' ')[0]}…", is_marked and room == limit))
            break
        kept.append((text, is_marked))
        room -= len(text)
    return tuple(kept)


def _about(record: Record) -> list[str]:
    journal = record.journal_abbreviation or record.journal or ""
    return [*([journal] if journal else []), *([day(record.published_on)] if record.published_on else [])]
