"""The lists of the newest articles and of a server's journals."""

from collections.abc import Sequence
from typing import Any

import discord

from cogs.cards.links import article_url
from cogs.cards.open_buttons import OpenButton
from cogs.cards.publication_status import status_words
from cogs.kit import colours
from cogs.kit.escape import code, link, safe, safe_cut
from cogs.kit.panels import Item, Panel, first_that_fits, fitted, rows, rule, small, text
from cogs.kit.words import counted, published
from wetread.domain.models import Article
from wetread.domain.publication_types import type_label
from wetread.domain.text import cut
from wetread.domain.titles import shown_title

LATEST_LIMIT = 10
_LONGEST_TITLE = 150
_LINE_LIMIT = 370  # ten of them, a heading and a line are within the 4,000 of a panel
_JOURNALS_LIMIT = 3_500  # of the 4,000 that a panel takes


def not_watched_panel(name: str, prefix: str, *, typed: str) -> Panel:
    """Build the answer to a journal or subject that no feed here posts and no article here is of.

    `typed`: what adds or suggests it.
    """
    suggest, add = code(f"{prefix}suggest {typed}"), code(f"{prefix}feed add {typed}")
    return Panel(
        colours.GREY,
        text(
            f"**{safe(cut(name, 100))} is not watched here.**",
            f"To suggest it to the moderators: {suggest}. A moderator can add it with {add}.",
        ),
    )


def latest_panel(articles: Sequence[tuple[Article, str | None]], subject: str | None = None) -> Panel:
    """Build the list of the newest articles, each with the link to its post, None = not posted here.

    `subject`: the journal or subject that was asked for, as it is called; None = all.
    """
    of = f" in {safe(cut(subject, 100))}" if subject else ""
    if not articles:
        return Panel(
            colours.GREY,
            text(
                f"**Nothing has come yet{of}.**" if subject else "**There are no articles yet.**",
                "`/journals` lists the journals of this server. Wetread posts new articles automatically.",
            ),
        )
    shown = articles[:LATEST_LIMIT]
    buttons: list[Item] = [OpenButton(each.id, number=number) for number, (each, _) in enumerate(shown, 1)]
    lines = [_line(number, article, url) for number, (article, url) in enumerate(shown, 1)]
    return Panel(
        colours.TEAL,
        text(f"### Newest articles{of}"),
        rule(),
        *lines,
        rule(),
        text("To read an abstract, press its number:"),
        *rows(buttons),
    )


def _line(number: int, article: Article, post_url: str | None) -> discord.ui.TextDisplay[Any]:
    record = article.record
    facts = (
        safe_cut(record.journal_abbreviation or record.journal or "", 60),
        published(record),
        "" if status_words(article).is_warning else type_label(record) or "",
        "Free full text" if record.free_url else "",
        "" if post_url else "not posted here, the link opens the journal",
    )
    title = shown_title(record)
    below = small(" · ".join(filter(None, facts)))
    return first_that_fits(
        _LINE_LIMIT,
        (f"**{number}.** {link(cut(title, _LONGEST_TITLE), post_url or article_url(record))}", below),
        (f"**{number}.** {safe_cut(title, _LONGEST_TITLE)}", below),
    )


def journals_panel(journals: Sequence[tuple[str, int]], *, is_moderator: bool = False) -> Panel:
    """Build the list of a server's journals with how many articles of each are stored."""
    if not journals:
        step = "You can add one" if is_moderator else "A moderator can add one"
        return Panel(colours.GREY, text("**This server has no journals yet.**", f"{step} with `/feed add`."))
    lines = [
        f"**{safe(cut(name, 100))}** · {counted(count, 'article') if count else 'no articles yet'}"
        for name, count in journals
    ]
    kept, left_out = fitted(lines, _JOURNALS_LIMIT)
    return Panel(
        colours.TEAL,
        text("### Journals in this server", small(counted(len(journals), "journal"))),
        rule(),
        text(*kept, small(f"and {left_out:,} more") if left_out else ""),
        text(small("`/latest` with a journal’s name shows its newest articles.")),
    )
