"""Retracted, concern, corrected, notice: the words, the stripe and the link that say so on a card. Pure."""

from dataclasses import dataclass

from cogs.kit import colours
from cogs.kit.escape import doi_url
from cogs.kit.words import day
from wetread.domain.models import Article, PartialDate
from wetread.domain.standing import Standing, StandingKind, standing
from wetread.domain.text import cut

# Who says it, when it reaches us through Crossref rather than from themselves.
_THROUGH_CROSSREF = {
    "publisher": "the publisher through Crossref",
    "Retraction Watch": "Retraction Watch through Crossref",
}


@dataclass(frozen=True, slots=True)
class Word:
    """What a card says about its article's standing; "" and None = nothing."""

    kind: StandingKind
    statement: str = ""  # markdown, stands first
    chip: str = ""
    colour: int | None = None  # None = the subject's
    report: str = ""  # who says so, for the footer
    link_label: str = ""
    url: str | None = None  # where the notice, statement or correction is

    @property
    def is_retracted(self) -> bool:
        """Whether the conclusion no longer stands."""
        return self.kind in (StandingKind.RETRACTED, StandingKind.REPUBLISHED)

    @property
    def is_warning(self) -> bool:
        """Whether a reader must be told before reading."""
        return self.is_retracted or self.kind is StandingKind.CONCERN

    @property
    def has_link(self) -> bool:
        """Whether the link to the notice is the likely next step."""
        return bool(self.link_label)


def word_on(article: Article) -> Word:
    """Return what the card of `article` says about its standing."""
    found = standing(article.record)
    reporter = _reporter(article, found)
    url = _url(found)
    match found.kind:
        case StandingKind.RETRACTED:
            return Word(
                found.kind,
                statement=f"**This article was retracted{_on(found.on)}.**",
                colour=colours.RED,
                report=f"Retraction reported by {reporter}" if reporter else "",
                link_label="Retraction notice",
                url=url,
            )
        case StandingKind.REPUBLISHED:
            return Word(
                found.kind,
                statement="**This article was retracted and published again in a corrected version.**",
                colour=colours.RED,
                report=f"Retraction reported by {reporter}" if reporter else "",
                link_label="Corrected version",
                url=url,
            )
        case StandingKind.CONCERN:
            return Word(
                found.kind,
                statement=f"**The editors published an expression of concern{_on(found.on)}.**\n"
                "The article is not retracted.",
                colour=colours.AMBER,
                report=f"Reported by {reporter}" if reporter else "",
                link_label="Editors’ statement",
                url=url,
            )
        case StandingKind.CORRECTED:
            return Word(
                found.kind,
                chip=f"Corrected, {day(found.on)}" if found.on else "Corrected",
                report=f"Correction reported by {reporter}" if reporter else "",
                link_label="Correction",
                url=url,
            )
        case StandingKind.NOTICE:
            return Word(
                found.kind,
                chip="Retraction notice",
                colour=colours.RED,
                link_label="Retracted article",
                url=url,
            )
        case _:
            return Word(found.kind)


def discussion_news(article: Article) -> str:
    """Return the sentence for those who discuss an article whose standing has changed."""
    found = standing(article.record)
    if found.kind is StandingKind.RETRACTED:
        return f"The article discussed here was retracted{_on(found.on)}."
    if found.kind is StandingKind.REPUBLISHED:
        return "The article discussed here was retracted and published again in a corrected version."
    return "The retraction of the article discussed here was withdrawn."


def _on(on: PartialDate | None) -> str:
    if on is None:
        return ""
    return f" on {day(on)}" if on.day else f" in {day(on)}"


def _reporter(article: Article, found: Standing) -> str:
    field = "relations" if found.notice else "types"
    reporter = (found.notice and found.notice.reported_by) or article.provenance.get(field, "")
    return _THROUGH_CROSSREF.get(reporter, cut(reporter, 60))


def _url(found: Standing) -> str | None:
    notice = found.notice
    if notice is None:
        return None
    if notice.doi:
        return doi_url(notice.doi)
    return f"https://pubmed.ncbi.nlm.nih.gov/{notice.pmid}/" if notice.pmid else None
