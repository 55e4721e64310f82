"""Retracted, concern, corrected, notice: the words, the stripe and the link that say so on a card. Pure."""

from dataclasses import dataclass

from cogs.cards.links import Link, relation_url
from cogs.kit import colours
from cogs.kit.escape import button_url
from cogs.kit.words import day
from wetread.domain.models import Article, PartialDate
from wetread.domain.publication_status import PublicationStatus, StatusKind, publication_status
from wetread.domain.record_sources import PUBLISHER, RETRACTION_WATCH
from wetread.domain.text import cut

# Who says it, when it reaches us through Crossref rather than from themselves.
_THROUGH_CROSSREF = {
    PUBLISHER: "the publisher through Crossref",
    RETRACTION_WATCH: "Retraction Watch through Crossref",
}


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a card says about its article's publication status; "" and None = nothing."""

    kind: StatusKind
    statement: str = ""  # markdown, stands first
    chip: str = ""
    colour: int | None = None  # None = the subject's
    report: str = ""  # who says so, for the footer
    link_label: str = ""
    url: str | None = None  # where the notice, statement or correction is

    @property
    def is_retracted(self) -> bool:
        """Whether the conclusion no longer stands."""
        return self.kind in (StatusKind.RETRACTED, StatusKind.REPUBLISHED)

    @property
    def is_warning(self) -> bool:
        """Whether a reader must be told before reading."""
        return self.is_retracted or self.kind is StatusKind.CONCERN

    @property
    def has_link(self) -> bool:
        """Whether the link to the notice is the likely next step."""
        return bool(self.link_label)


def notice_link(word: StatusWords) -> Link | None:
    """Return the link to the notice, statement or correction; None if there is none."""
    url = button_url(word.url)
    return Link(word.link_label, url) if url else None


def status_words(article: Article) -> StatusWords:
    """Return what the card of `article` says about its publication status."""
    found = publication_status(article.record)
    reporter = _reporter(article, found)
    url = relation_url(found.notice) if found.notice else None
    match found.kind:
        case StatusKind.RETRACTED:
            return StatusWords(
                found.kind,
                statement=f"**This article was retracted{_on(found.on)}.**",
                colour=colours.RED,
                report=f"Retraction reported by {reporter}" if reporter else "",
                link_label="Retraction notice",
                url=url,
            )
        case StatusKind.REPUBLISHED:
            return StatusWords(
                found.kind,
                statement="**This article was retracted and published again in a corrected version.**",
                colour=colours.RED,
                report=f"Retraction reported by {reporter}" if reporter else "",
                link_label="Corrected version",
                url=url,
            )
        case StatusKind.CONCERN:
            return StatusWords(
                found.kind,
                statement=f"**The editors published an expression of concern{_on(found.on)}.**\n"
                "The article is not retracted.",
                colour=colours.AMBER,
                report=f"Reported by {reporter}" if reporter else "",
                link_label="Editors’ statement",
                url=url,
            )
        case StatusKind.CORRECTED:
            return StatusWords(
                found.kind,
                chip=f"Corrected, {day(found.on)}" if found.on else "Corrected",
                report=f"Correction reported by {reporter}" if reporter else "",
                link_label="Correction",
                url=url,
            )
        case StatusKind.RETRACTION_NOTICE:
            return StatusWords(
                found.kind,
                chip="Retraction notice",
                colour=colours.RED,
                link_label="Retracted article",
                url=url,
            )
        case _:
            return StatusWords(found.kind)


def discussion_news(article: Article) -> str:
    """Return the sentence for those who discuss an article whose publication status has changed."""
    found = publication_status(article.record)
    if found.kind is StatusKind.RETRACTED:
        return f"The article discussed here was retracted{_on(found.on)}."
    if found.kind is StatusKind.REPUBLISHED:
        return "The article discussed here was retracted and published again in a corrected version."
    return "The retraction of the article discussed here was withdrawn."


def _on(on: PartialDate | None) -> str:
    if on is None:
        return ""
    return f" on {day(on)}" if on.day else f" in {day(on)}"


def _reporter(article: Article, found: PublicationStatus) -> str:
    field = "relations" if found.notice else "types"
    reporter = (found.notice and found.notice.reported_by) or article.provenance.get(field, "")
    return _THROUGH_CROSSREF.get(reporter, cut(reporter, 60))
