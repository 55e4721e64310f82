"""How a digest looks: a day's, a week's, what was over the most of a day, and a whole issue."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import discord

from cogs.cards.digest_items import DigestButton, DigestMenu, SubjectMenu
from cogs.cards.links import linked_title
from cogs.kit import colours
from cogs.kit.escape import chip, safe, unbroken
from cogs.kit.limits import LAYOUT_TEXT, SELECT_OPTIONS
from cogs.kit.panels import Item, Panel, Row, fitted, rows, rule, small, text
from cogs.kit.words import counted, day, month
from wetread.domain.batches import batches
from wetread.domain.digests import Content, Digest, Discussed
from wetread.domain.issue_sections import Placed, Section, placed
from wetread.domain.models import Article, Record, Subject
from wetread.domain.pace import DigestKind
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.domain.publication_types import type_label
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_journal, shown_title

MENU_COUNT = 2
"""So many menus a digest has; more articles than they hold are behind its button."""

_ROOM = LAYOUT_TEXT - 100  # what Discord counts, and we do not, may be a little
_TRIALS_COUNT = 5
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PLURALS = {"news": "news", "erratum": "errata", "biography": "biographies", "address": "addresses"}
_TRIALS = ("Randomized trial", "Clinical trial")

SubjectOf = Callable[[Record], Subject]


@dataclass(frozen=True, slots=True)
class DigestLook:
    """What the view of a digest needs beside the digest. `marker`: of its delivery."""

    marker: str
    subject_of: SubjectOf
    can_discuss: bool = False


def digest_view(digest: Digest, look: DigestLook) -> Panel:
    """Build the message of a digest."""
    match digest.kind:
        case DigestKind.ISSUE:
            return _issue(digest, look)
        case DigestKind.WEEKLY:
            return _week(digest, look)
        case _:
            return _list(digest, look)


def digest_title(digest: Digest) -> str:
    """Return what a digest is called, plain."""
    count = len(digest.articles)
    match digest.kind:
        case DigestKind.ISSUE:
            return _issue_name(digest)
        case DigestKind.WEEKLY:
            return "The week in articles"
        case DigestKind.REST:
            return f"{count:,} more {'article' if count == 1 else 'articles'} today"
        case DigestKind.LAST:
            return f"{counted(count, 'article')} that waited for a digest"
        case DigestKind.DAILY:
            return counted(count, "new article")


def content_title(content: Content) -> str:
    """Return what a delivery posts, plain: a title, or "12 new articles, 12 to 18 January 2026"."""
    if isinstance(content, Digest):
        return f"{digest_title(content)}, {days_words(content.first_day, content.last_day)}"
    return shown_title(content.record)


def days_words(first: date, last: date) -> str:
    """Return "12 to 18 January 2026", or of one day "Thursday, 15 January 2026"."""
    if first == last:
        return f"{_WEEKDAYS[last.weekday()]}, {_long_day(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_long_day(last)}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start}{'' if first.year == last.year else f' {first.year}'} to {_long_day(last)}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _long_day(on: date) -> str:
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


# A list -----------------------------------------------------------------------------------------------


def _list(digest: Digest, look: DigestLook) -> Panel:
    entries = placed(digest.articles)
    listed = [each for each in entries if each.section is not Section.ALSO]
    also = [each for each in entries if each.section is Section.ALSO]
    head = text(f"**{digest_title(digest)}**", _list_subtitle(digest))
    foot = _also_words(also)
    room = _ROOM - utf16_length(head.content) - utf16_length(foot) - 100
    blocks, left_out = _that_fit(listed, room)
    more = [small(f"and {left_out:,} more")] if left_out else []
    return Panel(
        colours.TEAL,
        head,
        rule(),
        *([text("\n".join(blocks))] if blocks else []),
        *([text(*more, small(foot) if foot else "")] if more or foot else []),
        *_menus(entries, look.marker, f"Open one of the {len(entries):,}"),
        *rows(_buttons(digest, look, entries)),
    )


def _list_subtitle(digest: Digest) -> str:
    days = days_words(digest.first_day, digest.last_day)
    if digest.kind is not DigestKind.REST or not digest.posted_count:
        return days
    verb = "is" if digest.posted_count == 1 else "are"
    return f"{days} · {digest.posted_count:,} {verb} posted above, the rest is here."


def _that_fit(entries: Sequence[Placed], room: int) -> tuple[list[str], int]:
    """Return a block for each entry, the fullest for which all have room; else as many as have it.

    Also returns how many were left out.
    """
    for write in (_full, _short, _bare):
        blocks = [write(each) for each in entries]
        if sum(utf16_length(block) + 1 for block in blocks) <= room:
            return blocks, 0
    kept: list[str] = []
    for block in blocks:
        room -= utf16_length(block) + 1
        if room < 0:
            break
        kept.append(block)
    return kept, len(blocks) - len(kept)


def _full(entry: Placed) -> str:
    record = entry.article.record
    facts = " · ".join(filter(None, (_journal(record), type_label(record), _free(record))))
    return f"{chip(str(entry.number))} {linked_title(record, 150)}\n{small(safe(facts))}"


def _short(entry: Placed) -> str:
    return f"{chip(str(entry.number))} {linked_title(entry.article.record, 100)}"


def _bare(entry: Placed) -> str:
    return _numbered(entry, 60)


def _journal(record: Record) -> str:
    return cut(record.journal_abbreviation or shown_journal(record), 60)


def _free(record: Record) -> str:
    return "Free full text" if record.free_url else ""


def _also_words(also: Sequence[Placed]) -> str:
    """Return "and 2 letters, 1 erratum", "" for none."""
    kinds = Counter(_kind(each) for each in also)
    return f"and {', '.join(_plural(count, kind) for kind, count in kinds.items())}" if kinds else ""


def _kind(entry: Placed) -> str:
    return (type_label(entry.article.record) or "article").casefold()


def _plural(count: int, kind: str) -> str:
    return counted(count, kind, _PLURALS.get(kind))


# An issue ---------------------------------------------------------------------------------------------


def _issue(digest: Digest, look: DigestLook) -> Panel:
    entries = placed(digest.articles)
    head = [f"**{safe(_issue_name(digest))}**", _issue_facts(digest)]
    foot = small(f"One post, because {len(entries):,} came on one day. Search finds each of them.")
    room = _ROOM - sum(utf16_length(each) + 2 for each in (*head, foot))
    body = _issue_body(entries, room)
    panel = Panel(look_colour(digest.articles, look), text(*head), text(body), text(foot))
    for row in (
        *_menus(entries, look.marker, "Open {first} to {last}"),
        *rows(_buttons(digest, look, entries)),
    ):
        panel.add_item(row)
    return panel


def _issue_body(entries: Sequence[Placed], room: int) -> str:
    """Return the sections, with titles as long as there is room for; what has none becomes a range."""
    for limit, ranged in (
        (70, (Section.ALSO,)),
        *((limit, (Section.ALSO, Section.TECHNICAL)) for limit in (70, 60, 50, 40)),
    ):
        body = _sections(entries, limit, ranged)
        if utf16_length(body) <= room:
            return body
    kept = len(entries)
    while utf16_length(body) > room:
        kept -= 1
        body = _sections(entries[:kept], 40, (Section.ALSO, Section.TECHNICAL))
        body = f"{body}\n\nand {len(entries) - kept:,} more"
    return body


def _sections(entries: Sequence[Placed], limit: int, ranged: Sequence[Section]) -> str:
    blocks = []
    for section, group in groupby(entries, key=lambda each: each.section):
        members = list(group)
        if section not in ranged:
            lines = [_numbered(each, limit) for each in members]
            blocks.append("\n".join((f"**{section}** ({len(members):,})", *lines)))
    others = [each for each in entries if each.section in ranged]
    ranges = []
    for kind, group in groupby(others, key=_range_kind):
        members = list(group)
        numbers = f"{members[0].number}–{members[-1].number}" if len(members) > 1 else f"{members[0].number}"
        words = _PLURALS.get(kind, f"{kind}s") if len(members) > 1 else kind
        ranges.append(unbroken(f"{numbers} {words}"))
    if ranges:
        blocks.append(f"**{Section.ALSO}** {' · '.join(ranges)}")
    return "\n\n".join(blocks)


def _range_kind(entry: Placed) -> str:
    return "technical note" if entry.section is Section.TECHNICAL else _kind(entry)


def _numbered(entry: Placed, limit: int) -> str:
    record = entry.article.record
    facts = ", ".join(
        filter(None, ("trial" if _is_trial(record) else "", _guideline(record), _free_word(record)))
    )
    title = safe(cut(shown_title(record), limit))
    return f"{chip(str(entry.number))} {title}" + (f" · *{facts}*" if facts else "")


def _is_trial(record: Record) -> bool:
    return type_label(record) in _TRIALS


def _guideline(record: Record) -> str:
    return "guideline" if type_label(record) == "Guideline" else ""


def _free_word(record: Record) -> str:
    return "free" if record.free_url else ""


def _issue_name(digest: Digest) -> str:
    """Return "Journal of Example Radiology, volume 318, issue 1", as far as all its articles agree."""
    records = [each.record for each in digest.articles]
    journal = cut(shown_journal(records[0]), 150) if records else "A journal"
    volumes, issues = {each.volume for each in records}, {each.issue for each in records}
    name = journal
    if len(volumes) == 1 and (volume := volumes.pop()):
        name += f", volume {cut(volume, 20)}"
        if len(issues) == 1 and (issue := issues.pop()):
            name += f", issue {cut(issue, 20)}"
    return name


def _issue_facts(digest: Digest) -> str:
    records = [each.record for each in digest.articles]
    months = {(on.year, on.month) for each in records if (on := each.issue_on or each.published_on)}
    labels = Counter(type_label(each) for each in records)
    trials = labels["Randomized trial"]
    free = sum(each.free_url is not None for each in records)
    parts = [
        f"**{counted(len(records), 'article')}**",
        _long_month(*months.pop()) if len(months) == 1 else "",
        counted(trials, "randomized trial") if trials else "",
        f"{free:,} free" if free else "",
    ]
    return " · ".join(filter(None, parts))


def _long_month(year: int, number: int) -> str:
    return f"{_MONTHS[number - 1]} {year}" if number else str(year)


# A week -----------------------------------------------------------------------------------------------


def _week(digest: Digest, look: DigestLook) -> Panel:
    articles = digest.articles
    by_subject = Counter(_subject(each, look) for each in articles)
    counts = " · ".join(unbroken(f"{subject} {count:,}") for subject, count in by_subject.most_common())
    head, foot = ["### The week in articles", _week_facts(digest)], ["**By subject**", counts]
    room = _ROOM - sum(utf16_length(each) + 2 for each in (*head, *foot))
    parts = _week_parts(digest, room)
    menus: Sequence[Item] = _menus(placed(articles), look.marker, "Open {first} to {last}")
    if len(by_subject) > 1:
        menus = rows([SubjectMenu(look.marker, by_subject, articles)])
    return Panel(
        colours.TEAL,
        text(*head),
        *(item for part in parts for item in (rule(), text(part))),
        rule(),
        text(*foot),
        *menus,
        *rows([DigestButton("all", 0, look.marker, f"All {len(articles):,}", is_prominent=True)]),
    )


def _week_facts(digest: Digest) -> str:
    journals = len({each.record.journal for each in digest.articles if each.record.journal})
    count = f"{len(digest.articles):,} new"
    news = f"{count}, {counted(journals, 'journal')}" if journals else count
    return f"{days_words(digest.first_day, digest.last_day)} · {news}"


def _week_parts(digest: Digest, room: int) -> list[str]:
    """Return what a week tells of single articles, with titles as long as there is room for.

    Without room for links they are left out; retractions come first, so that they always have room.
    """
    parts: list[str] = []
    for limit, has_links in ((150, True), (100, True), (100, False), (60, False)):
        lists = {
            "Please note": [_Line(each, _noted_facts(each)) for each in digest.noted[:5]],
            "Most discussed": [_Line(each.article, _discussed_facts(each)) for each in digest.discussed],
            "Trials and guidelines": [_Line(each, _best_facts(each)) for each in _best(digest.articles)],
        }
        parts = [
            "\n".join([f"**{heading}**", *(line.words(limit, has_link=has_links) for line in lines)])
            for heading, lines in lists.items()
            if lines
        ]
        if sum(map(utf16_length, parts)) <= room:
            return parts
    return fitted(parts, room)[0]


@dataclass(frozen=True, slots=True)
class _Line:
    """An article of a week, with what is told of it."""

    article: Article
    facts: Sequence[str | None]

    def words(self, limit: int, *, has_link: bool) -> str:
        record = self.article.record
        title = linked_title(record, limit) if has_link else safe(cut(shown_title(record), limit))
        return f"{title}\n{small(' · '.join(safe(each) for each in self.facts if each))}"


def _subject(article: Article, look: DigestLook) -> str:
    subject = look.subject_of(article.record)
    return "Other" if subject is Subject.GENERAL else str(subject)


def _best(articles: Sequence[Article]) -> list[Article]:
    """Return up to five trials and guidelines, the strongest kind first."""
    order = ("Guideline", *_TRIALS)
    found = [each for each in articles if type_label(each.record) in order]
    return sorted(found, key=lambda each: order.index(type_label(each.record) or ""))[:_TRIALS_COUNT]


def _best_facts(article: Article) -> list[str | None]:
    record = article.record
    return [_journal(record), type_label(record), _free(record)]


def _discussed_facts(found: Discussed) -> list[str | None]:
    shared = f"shared by {cut(found.shared_by, 40)}" if found.shared_by else None
    return [type_label(found.article.record), shared, counted(found.reply_count, "reply", "replies")]


def _noted_facts(article: Article) -> list[str | None]:
    record = article.record
    status = publication_status(record)
    words = {
        StatusKind.CONCERN: "expression of concern",
        StatusKind.RETRACTION_NOTICE: "retraction notice",
    }.get(status.kind, "retracted")
    on = record.published_on
    where = ", ".join(filter(None, (_journal(record), month(on) if on else "")))
    return [where, f"{words} {day(status.on)}" if status.on else words]


# Menus and buttons --------------------------------------------------------------------------------------


def _menus(entries: Sequence[Placed], marker: str, placeholder: str) -> list[Row]:
    """Return menus that open each article, as many as a digest has."""
    return [
        row
        for number, part in enumerate(batches(entries, SELECT_OPTIONS)[:MENU_COUNT])
        for row in rows(
            [DigestMenu(number, marker, part, placeholder.format(first=part[0].number, last=part[-1].number))]
        )
    ]


def _buttons(digest: Digest, look: DigestLook, entries: Sequence[Placed]) -> list[Item]:
    records = [each.record for each in digest.articles]
    buttons: list[Item] = []
    if len(entries) > MENU_COUNT * SELECT_OPTIONS:
        buttons.append(DigestButton("all", 0, look.marker, f"All {len(entries):,}"))
    if digest.kind is DigestKind.ISSUE:
        if any(map(_is_trial, records)):
            buttons.append(DigestButton("trials", 0, look.marker))
        if any(each.free_url for each in records):
            buttons.append(DigestButton("free", 0, look.marker))
        if look.can_discuss:
            buttons.append(DigestButton("discuss", 0, look.marker))
    return buttons


def look_colour(articles: Sequence[Article], look: DigestLook) -> int:
    """Return the colour of the subject that all articles have."""
    subjects = {look.subject_of(each.record) for each in articles}
    return colours.SUBJECTS[subjects.pop()] if len(subjects) == 1 else colours.GREY


def digest_hash(digest: Digest, look: DigestLook) -> str:
    """Return a short hash of all that a reader sees of a digest, so that a needless edit can be left out."""
    seen = digest_view(digest, look).to_components()  # type: ignore[no-untyped-call]  # discord.py left it so
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def plain_digest(digest: Digest, look: DigestLook, limit: int) -> tuple[str, discord.ui.View]:
    """Return a digest as a plain message, for where Discord refuses it: titles, and one button."""
    head = f"**{safe(digest_title(digest))}**"
    lines, left_out = fitted(
        [linked_title(each.article.record, 100) for each in placed(digest.articles)],
        limit - utf16_length(head) - 50,
    )
    view = discord.ui.View(timeout=None)
    view.add_item(DigestButton("all", 0, look.marker, f"All {len(digest.articles):,}"))
    more = [f"and {left_out:,} more"] if left_out else []
    return "\n".join([head, *lines, *more]), view
