"""Panels that say what went wrong and what to do next.

Grey: nothing is broken. Amber: something outside Wetread failed. Red: Wetread failed.
"""

from collections.abc import Sequence

from cogs.cards.open_buttons import OpenButton, PubMedButton
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.panels import Item, Panel, link_button, notice, quoted, small
from cogs.kit.words import journal_and_month, span
from cogs.suggestions.suggest_journal import SuggestButton
from wetread.domain.models import Article, JournalPlace
from wetread.domain.text import cut
from wetread.domain.titles import shown_title

_LONGEST_QUOTE = 100
_CITATION = "Radiographics 2001;21:927"


def no_match(words: str, words_id: int, near: Sequence[Article], *, prefix: str | None = "!") -> Panel:
    """Build the answer to words that match no stored article, with the closest ones and a button for PubMed.

    `words_id`: where the words are stored. `prefix` None: leave out the hint about `search`.
    """
    if near:
        help_ = "Did you mean one of these?" if len(near) > 1 else "Did you mean this one?"
    else:
        search = "" if prefix is None else f" {code(f'{prefix}search')} finds any of your words."
        help_ = f"You can also type a DOI, a PMID, a link or a citation.{search}"
    return notice(
        f"No article on this server matches {quoted(cut(words, _LONGEST_QUOTE))}.",
        help_,
        *_numbered(near),
        buttons=[*_openers(near), PubMedButton(words_id)],
    )


def unknown_identifier(kind: str, example: str | None) -> Panel:
    """Build the answer to an identifier that no source has.

    `kind`: "DOI", "PMID" …; `example`: a DOI of the same journal.
    """
    if kind != "DOI":
        return notice(
            f"No source has an article with this {kind}.",
            f"Please check the {kind}. You can also use a DOI or the article’s link.",
        )
    similar = f" DOIs of this journal look like {code(example)}." if example else ""
    return notice(
        "No source has an article with this DOI.",
        f"Part of the DOI may be missing.{similar} You can also use a PMID or the article’s link.",
    )


def not_an_identifier(words: str, *, prefix: str = "!") -> Panel:
    """Build the answer to something that is neither an identifier nor words of a title."""
    return notice(
        f"{quoted(cut(words, _LONGEST_QUOTE))} is not a DOI, PMID or link.",
        "You can also type a few words of the title:",
        example=f"{prefix}abstract disc height cohort",
    )


def article_gone() -> Panel:
    """Build the answer to a button of an article that is not stored here."""
    return notice(
        "This article is no longer stored here.", "You can find it again with `/abstract` and its DOI."
    )


def no_longer_works(prefix: str) -> Panel:
    """Build the answer to a button, menu or form that no longer works."""
    return notice(
        "This no longer works.", f"Please use the command again. {code(f'{prefix}help')} lists all commands."
    )


def no_article_address(address: str, *, prefix: str = "!") -> Panel:
    """Build the answer to an address that does not say which article it leads to."""
    return notice(
        f"{quoted(cut(address, _LONGEST_QUOTE))} does not say which article it leads to.",
        "Please open the page and copy its DOI, which begins with 10. You can also type journal, volume and "
        "first page:",
        example=f"{prefix}abstract {_CITATION}",
    )


def nothing_at_place(
    place: JournalPlace, near: Sequence[Article], asked: Sequence[str], *, prefix: str = "!"
) -> Panel:
    """Build the answer to a citation by volume and page that no source knows.

    `near`: what stands on this page in another year or issue. `asked`: the sources' names.
    """
    understood = small(f"Understood: {place_words(place)}")
    if near:
        one_or_more = "Did you mean one of these?" if len(near) > 1 else "Did you mean this one?"
        title = "No article stands there in that year or issue."
        return notice(title, understood, one_or_more, *_numbered(near), buttons=_openers(near))
    if not asked:
        title = "Wetread cannot look up an article by its page at the moment."
        return notice(
            title, understood, "PubMed and Crossref are switched off. You can type a DOI, a PMID or a link."
        )
    return notice(
        f"{' and '.join(asked)} {'has' if len(asked) == 1 else 'have'} no article there.",
        understood,
        "Please check the journal’s name, volume and first page. You can also type a DOI, a PMID or a few "
        "words of the title. A citation looks like this:",
        example=f"{prefix}abstract {_CITATION}",
    )


def place_words(place: JournalPlace) -> str:
    """Return a place in a journal in words: “Radiographics”, volume 21, issue 4, page 927, 2001."""
    parts = [
        quoted(cut(place.journal, _LONGEST_QUOTE)),
        f"volume {safe(place.volume)}",
        f"issue {safe(place.issue)}" if place.issue else "",
        f"page {safe(place.first_page)}",
        str(place.year or ""),
    ]
    return ", ".join(filter(None, parts))


def _numbered(articles: Sequence[Article]) -> list[str]:
    """Return titles with their numbers, and journal and month in small print."""
    return [
        line
        for number, article in enumerate(articles, 1)
        for line in (
            f"**{number}.** {safe(cut(shown_title(article.record), 150))}",
            small(safe(journal_and_month(article.record))),
        )
    ]


def _openers(articles: Sequence[Article]) -> list[Item]:
    """Return the buttons that open numbered articles."""
    return [OpenButton(article.id, number=number) for number, article in enumerate(articles, 1)]


def outage(source: str, url: str | None, *, next_step: str = "Please try again in a few minutes.") -> Panel:
    """Build the answer when a source is down, which says nothing about whether the article exists."""
    name = safe(source)
    return notice(
        f"{name} does not answer at the moment.",
        f"The article may exist. {next_step}",
        colour=colours.AMBER,
        buttons=[link_button(f"Open in {source}", url)] if url else [],
    )


def not_a_moderator(doing: str = "Adding journals", *, can_suggest: bool = False) -> Panel:
    """Build the answer to members who are no moderators.

    `can_suggest`: there is a channel in which moderators would read a suggestion.
    """
    then = "You can suggest a journal to the moderators." if can_suggest else "Please ask a moderator."
    return notice(
        "Only moderators can do this.",
        f"{doing} needs the *Manage Channels* permission or this server’s moderator role. {then}",
        buttons=[SuggestButton()] if can_suggest else [],
    )


def missing_permissions(channel_id: int, missing: Sequence[str], buttons: Sequence[Item] = ()) -> Panel:
    """Build the answer when Wetread lacks permissions in a channel. `missing`: as Discord names them."""
    names = ", ".join(f"*{name}*" for name in missing)
    what, them = ("This permission is", "it") if len(missing) == 1 else ("These permissions are", "them")
    then = ", then press the button." if buttons else "."
    return notice(
        f"Wetread cannot post in <#{channel_id}> yet.",
        f"{what} missing there: {names}. Please give {them} to the Wetread role{then}",
        colour=colours.AMBER,
        buttons=buttons,
    )


def forbidden(missing: str = "") -> Panel:
    """Build the answer when Discord refused something. `missing`: the permissions, "" = not known."""
    what = f"Wetread lacks {missing}." if missing else "A permission is missing."
    return notice(
        "Discord does not let Wetread do this here.",
        f"{what} Please ask a moderator to check the permissions of the Wetread role here.",
        colour=colours.AMBER,
    )


def stopped_by_automod() -> Panel:
    """Build the answer when AutoMod or Discord's filter for links stopped an answer."""
    return notice(
        "AutoMod stopped Wetread’s answer.",
        "A moderator can exempt the Wetread role: Server Settings → AutoMod.",
        colour=colours.AMBER,
    )


def wait(seconds: float) -> Panel:
    """Build the answer to too many requests."""
    return notice(f"Please wait {span(seconds)}, then try again.")


def unexpected(reference: str) -> Panel:
    """Build the answer to an unexpected error; the log has it under the same reference."""
    return notice(
        "Wetread made an error.",
        f"The operator finds the details in the log as **{safe(reference)}**. Please try again in a minute.",
        colour=colours.RED,
    )
