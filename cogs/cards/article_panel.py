"""All details of an article on one panel. Long lists lose whole items, never a part of one."""

import re
from collections.abc import Iterable
from datetime import datetime

from cogs.cards.authors_panel import author_count, author_list
from cogs.cards.card_colour import card_colour
from cogs.cards.links import article_url, linked_title, relation_url
from cogs.cards.publication_status import status_words
from cogs.kit.escape import button_url, doi_url, link, pubmed_url, safe, safe_cut
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.panels import Item, Panel, fitted, link_button, rule, small, text
from cogs.kit.words import counted, day, issue_and_pages, source_words
from wetread.domain.languages import language_name
from wetread.domain.models import Article, PartialDate, Record, Relation, RelationKind, Subject
from wetread.domain.publication_types import type_label
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_journal, shown_title
from wetread.domain.trial_registries import is_trial_registry, registration_url
from wetread.net.addresses import proxied

_SLACK = 60
_SHARES = (1.0, 0.7, 0.4)  # of their limits: what lists may take, the first that leaves room for the authors
_FEWEST_FOR_STATEMENT = 120
_ROOM_FOR_REFERENCES = 240  # to the statements that find no room
_FEWEST_FOR_AUTHORS = 500
_TITLE_LIMIT = 420
_TYPES_LIMIT = 160
_MESH_LIMIT = 360
_IDENTIFIERS_LIMIT = 480
_LANGUAGES_LIMIT = 100
_RELATIONS_LIMIT = 600
_ACCESSIONS_LIMIT = 420
_MEETING_LIMIT = 300
_DISCLOSURES_LIMIT = 700
_FUNDING_LIMIT = 420
_SOURCES_LIMIT = 520

_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)")

_RELATIONS = {
    RelationKind.RETRACTED_BY: "Retraction notice",
    RelationKind.RETRACTS: "Retracts",
    RelationKind.CONCERN_IN: "Expression of concern",
    RelationKind.EXPRESSES_CONCERN_ABOUT: "Expresses concern about",
    RelationKind.CORRECTED_BY: "Corrected by",
    RelationKind.CORRECTS: "Corrects",
    RelationKind.RETRACTED_AND_REPUBLISHED_IN: "Retracted and published again in",
    RelationKind.PREPRINT_OF: "Now published in",
    RelationKind.HAS_PREPRINT: "Preprint",
    RelationKind.UPDATED_BY: "Updated by",
    RelationKind.UPDATES: "Updates",
    RelationKind.COMMENT_IN: "Comment in",
    RelationKind.COMMENTS_ON: "Comments on",
    RelationKind.SUMMARY_FOR_PATIENTS_IN: "Summary for patients in",
    RelationKind.ORIGINAL_REPORT_IN: "Summary for patients of",
}
_FIELDS = {
    "title": "title",
    "authors": "authors",
    "abstract": "abstract",
    "journal": "journal",
    "volume": "volume",
    "pages": "pages",
    "online_on": "online date",
    "issue_on": "issue date",
    "types": "types",
    "mesh": "MeSH",
    "relations": "relations",
    "free_url": "free full text",
    "licence": "licence",
    "copyright": "copyright",
    "correspondence": "correspondence",
    "accessions": "registrations",
    "disclosures": "disclosures",
    "funding": "funding",
}


def article_panel(article: Article, subject: Subject) -> Panel:
    """Build the panel; its text is within what Discord takes, whatever the record holds."""
    record = article.record
    word = status_words(article)
    heads = [_heading(record), word.statement, _kinds(record), _dates(record), _languages(record)]
    for share in _SHARES:
        feet = [
            _mesh(record, share),
            *_relations(record, share),
            _accessions(record, "Trial registration", share, is_trial=True),
            _accessions(record, "Data", share, is_trial=False),
            _identifiers(record),
            _rights(record),
            *_sources(article, share),
        ]
        room = LAYOUT_TEXT - _length([*heads, *feet]) - _SLACK
        if room >= _FEWEST_FOR_AUTHORS + _ROOM_FOR_REFERENCES:
            break
    statements = _statements(record, room - _FEWEST_FOR_AUTHORS)
    room = max(room - _length(statements), _FEWEST_FOR_AUTHORS)
    return Panel(
        card_colour(word, subject),
        text(*heads),
        *_divided(_authors(article, room)),
        *_divided(*statements),
        *_divided(*feet[:-1]),
        *_divided(feet[-1]),
    )


def links_of(record: Record, proxy_prefix: str | None = None) -> list[Item]:
    """Return the link buttons of an article: the journal's page, the library's way to it, the free text."""
    page = article_url(record)
    links = (
        ("Journal", page),
        ("Through the library", proxied(proxy_prefix, page) if proxy_prefix and page else None),
        ("Free full text", record.free_url),
    )
    return [link_button(label, url) for label, address in links if (url := button_url(address))]


def _divided(*lines: str) -> list[Item]:
    kept = [line for line in lines if line]
    return [rule(), text(*kept)] if kept else []


def _length(lines: Iterable[str]) -> int:
    return sum(utf16_length(line) + 1 for line in lines)


def _heading(record: Record) -> str:
    title = linked_title(record, 250)
    if utf16_length(title) > _TITLE_LIMIT:
        title = safe_cut(shown_title(record), _TITLE_LIMIT)
    place = safe_cut(issue_and_pages(record), 80)
    journal = safe_cut(shown_journal(record) or record.journal_abbreviation or "", 120)
    return "\n".join(filter(None, (f"### {title}", " · ".join(filter(None, (journal, place))))))


def _kinds(record: Record) -> str:
    shown = type_label(record)
    others = [safe(each) for each in record.types if each != shown]
    kept, left_out = fitted(others, _TYPES_LIMIT, joint=" · ")
    more = [f"{left_out} more"] if left_out else []
    return _labelled("Kind", [*([safe(shown)] if shown else []), *kept, *more])


def _dates(record: Record) -> str:
    known = (
        ("received", record.received_on),
        ("revised", record.revised_on),
        ("accepted", record.accepted_on),
        ("online", record.online_on),
        ("in the issue of", record.issue_on),
    )
    words = [f"{what} {day(on)}" for what, on in known if on]
    ahead = ["published ahead of its issue"] if record.is_ahead_of_print and not record.volume else []
    return _labelled("Dates", [*words, *ahead])


def _languages(record: Record) -> str:
    """The languages, unless the article is in English alone, as nearly all are."""
    codes = (record.language, *record.other_languages[:10])
    names = list(dict.fromkeys(language_name(code) for code in codes if code))
    kept, left_out = fitted(map(safe, names), _LANGUAGES_LIMIT, joint=" · ")
    shown = [*kept, *([f"{left_out} more"] if left_out else [])]
    return _labelled("Language", shown) if names != ["English"] else ""


def _statements(record: Record, room: int) -> list[str]:
    """What authors state beside the abstract; a long statement is shortened, and says so."""
    named = (
        ("Presented", record.presented_at, _MEETING_LIMIT),
        ("Disclosures", record.disclosures, _DISCLOSURES_LIMIT),
        ("Funding", "; ".join(record.funding), _FUNDING_LIMIT),
    )
    lines: list[str] = []
    for label, statement, limit in named:
        if not statement:
            continue
        fits = min(limit, room - _length(lines) - _ROOM_FOR_REFERENCES)
        lines.append(_statement(label, statement, fits, _where(record)))
    return lines


def _statement(label: str, statement: str, limit: int, where: str) -> str:
    if utf16_length(whole := safe(statement)) <= limit:
        return f"**{label}** {whole}"
    if limit < _FEWEST_FOR_STATEMENT:
        return f"**{label}** There is no room for it here; it is {where}."
    return f"**{label}** {safe_cut(statement, limit)} (shortened; the whole text is {where})"


def _where(record: Record) -> str:
    return "in PubMed" if record.pmid else "with the article"


def _accessions(record: Record, label: str, share: float, *, is_trial: bool) -> str:
    found = [
        f"{safe(cut(each.bank, 40))} {link(cut(each.number, 60), button_url(registration_url(each.number)))}"
        for each in record.accessions
        if is_trial_registry(each.bank) is is_trial
    ]
    kept, left_out = fitted(found, int(_ACCESSIONS_LIMIT * share), joint=" · ")
    return _labelled(label, [*kept, *([f"{left_out} more"] if left_out else [])])


def _authors(article: Article, room: int) -> str:
    record = article.record
    heading = f"**{author_count(record)}**"
    correspondence = (
        f"**Correspondence** {safe_cut(record.correspondence, 200)}" if record.correspondence else ""
    )
    if not record.authors:
        return "\n".join(filter(None, (heading, correspondence)))
    left = room - utf16_length(heading) - utf16_length(correspondence) - 40
    people, missing = author_list(article, left)
    more = small(f"and {counted(missing, 'more', 'more')} in PubMed") if missing else ""
    return "\n".join(filter(None, (heading, people, more, correspondence)))


def _mesh(record: Record, share: float) -> str:
    kept, left_out = fitted(map(safe, record.mesh), int(_MESH_LIMIT * share), joint=" · ")
    return _labelled("MeSH", [*kept, *([f"{left_out} more"] if left_out else [])])


def _identifiers(record: Record) -> str:
    found = [
        f"DOI {link(record.doi, doi_url(record.doi))}" if record.doi else "",
        f"PMID {link(record.pmid, pubmed_url(record.pmid))}" if record.pmid else "",
        f"{link(record.pmcid, f'https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/')}"
        if record.pmcid
        else "",
        f"arXiv {link(record.arxiv, f'https://arxiv.org/abs/{record.arxiv}')}" if record.arxiv else "",
        f"PII {safe(record.pii)}" if record.pii else "",
        f"ISSN {', '.join(map(safe, record.issns[:3]))}" if record.issns else "",
    ]
    kept, _ = fitted(filter(None, found), _IDENTIFIERS_LIMIT, joint=" · ")
    probable = ["found by its title, so this is probably the article"] if record.is_probable else []
    return _labelled("Identifiers", [*kept, *probable])


def _relations(record: Record, share: float) -> list[str]:
    lines = [_relation(each) for each in record.relations]
    kept, left_out = fitted(lines, int(_RELATIONS_LIMIT * share))
    return [*kept, *([small(f"and {counted(left_out, 'more relation')}")] if left_out else [])]


def _relation(relation: Relation) -> str:
    label = _RELATIONS[relation.kind]
    name = relation.text or relation.doi or f"PMID {relation.pmid}"
    rest = [day(relation.on) if relation.on else "", _reporter(relation)]
    return " · ".join(filter(None, (f"**{label}** {link(cut(name, 120), relation_url(relation))}", *rest)))


def _reporter(relation: Relation) -> str:
    return f"reported by {safe(source_words(relation.reported_by))}" if relation.reported_by else ""


def _rights(record: Record) -> str:
    return _labelled(
        "Rights",
        [safe_cut(record.copyright or "", 220), _licence(record.licence) if record.licence else ""],
    )


def _licence(licence: str) -> str:
    commons = _COMMONS.match(licence)
    name = f"CC {commons[1].upper()} {commons[2]}" if commons else cut(licence, 80)
    return f"licence {link(name, button_url(licence))}"


def _sources(article: Article, share: float) -> list[str]:
    """Each source with its time and what of it is shown, as one text."""
    lines = [
        small(
            f"{safe(source_words(each.source))} · {_instant(each.fetched_at)}{_given(article, each.source)}"
        )
        for each in article.sources
    ]
    kept, left_out = fitted(lines, int(_SOURCES_LIMIT * share))
    more = [small(f"and {counted(left_out, 'more source')}")] if left_out else []
    return ["\n".join(["**Sources**", *kept, *more])]


def _given(article: Article, source: str) -> str:
    fields = [words for name, words in _FIELDS.items() if article.provenance.get(name) == source]
    return f": {', '.join(fields)}" if fields else ""


def _instant(at: datetime) -> str:
    return f"{day(PartialDate(at.year, at.month, at.day))}, {at:%H:%M} UTC"


def _labelled(label: str, parts: Iterable[str]) -> str:
    words = " · ".join(filter(None, parts))
    return f"**{label}** {words}" if words else ""
