"""What went wrong, in words, with a next step. Grey: nothing is wrong. Amber: outside. Red: ours."""

from collections.abc import Sequence

from cogs.cards.open_buttons import OpenButton, PubMedButton
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.panels import Item, Panel, link_button, notice, quoted, small
from cogs.kit.words import span
from cogs.suggestions.button import SuggestButton
from wetread.domain.models import Article
from wetread.domain.text import cut
from wetread.domain.titles import shown_title

_LONGEST_QUOTE = 100


def no_match(words: str, near: Sequence[Article], *, prefix: str | None = "!") -> Panel:
    """Nothing here fits; perhaps one of these does, or PubMed knows it. `prefix` None: no search helps."""
    numbered = [
        line
        for number, article in enumerate(near, 1)
        for line in (f"**{number}.** {safe(cut(shown_title(article.record), 150))}", small(_place(article)))
    ]
    if near:
        help_ = "Perhaps one of these:" if len(near) > 1 else "Perhaps this one:"
    else:
        search = "" if prefix is None else f" {code(f'{prefix}search')} looks for any of the words."
        help_ = f"A DOI, PMID or link works too.{search}"
    buttons: list[Item] = [OpenButton(number, article.id) for number, article in enumerate(near, 1)]
    return notice(
        f"No article here matches {quoted(cut(words, _LONGEST_QUOTE))}.",
        help_,
        *numbered,
        buttons=[*buttons, PubMedButton()],
    )


def unknown_identifier(kind: str, example: str | None) -> Panel:
    """No source knows it. `kind`: "DOI", "PMID" …; `example`: a DOI of the same journal."""
    if kind != "DOI":
        return notice(
            f"No source knows this {kind}.", "Please check it. A DOI or the article’s link works too."
        )
    looks = (
        f"It may be cut off: this journal’s DOIs look like {code(example)}. "
        if example
        else "It may be cut off. "
    )
    return notice("No source knows this DOI.", f"{looks}A PMID or the article’s link works too.")


def not_an_identifier(words: str, *, prefix: str = "!") -> Panel:
    """What was typed is no identifier, and no words either."""
    return notice(
        f"{quoted(cut(words, _LONGEST_QUOTE))} is not a DOI, PMID or link.",
        "A few words of the title work too:",
        example=f"{prefix}abstract contrast flow patterns",
    )


def outage(source: str, url: str | None, *, next_step: str = "Please try again in a few minutes.") -> Panel:
    """A source does not answer, which says nothing about the article."""
    name = safe(source)
    return notice(
        f"{name} does not answer just now.",
        f"The article may well exist. {next_step}",
        colour=colours.AMBER,
        buttons=[link_button(f"Open in {source}", url)] if url else [],
    )


def not_a_moderator(doing: str = "Adding journals", *, can_suggest: bool = False) -> Panel:
    """Only moderators may do that. `can_suggest`: they would read a suggestion."""
    then = "You can suggest a journal to the moderators here." if can_suggest else "Please ask one of them."
    return notice(
        "This is for moderators.",
        f"{doing} needs *Manage Channels*. {then}",
        buttons=[SuggestButton()] if can_suggest else [],
    )


def missing_permissions(channel_id: int, missing: Sequence[str], buttons: Sequence[Item] = ()) -> Panel:
    """Wetread lacks permissions in a channel. `missing`: as Discord names them."""
    names = ", ".join(f"*{name}*" for name in missing)
    what = {1: "it", 2: "both"}.get(len(missing), "all of them")
    then = ", then press the button." if buttons else "."
    return notice(
        f"Wetread may not post in <#{channel_id}> yet.",
        f"Missing there: {names}. Please allow {what} for the Wetread role{then}",
        colour=colours.AMBER,
        buttons=buttons,
    )


def forbidden() -> Panel:
    """Discord lacks a permission for what was asked, and did not say which."""
    return notice(
        "Wetread may not do that here yet.",
        "A permission is missing. Please ask a moderator to look at what the Wetread role may do here.",
        colour=colours.AMBER,
    )


def wait(seconds: float) -> Panel:
    """Too many at once."""
    return notice(f"Ready again in {span(seconds)}.")


def unexpected(reference: str) -> Panel:
    """A fault of ours, under a reference that the log has, too."""
    return notice(
        "Something went wrong on our side.",
        f"It is written down for the operator as **{safe(reference)}**. "
        "Trying again in a minute often helps.",
        colour=colours.RED,
    )


def _place(article: Article) -> str:
    record = article.record
    name = safe(record.journal_abbreviation or record.journal or record.source)
    return f"{name} · {record.published_on.year}" if record.published_on else name
