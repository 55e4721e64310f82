"""The results of a search: five a page, each one tap from its abstract, filters below.

All that a press needs stands in the panel itself: who asked, the page, the order and the filters in the
custom_ids, the words in the heading. So the buttons work after a restart, and nothing is kept for them.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Self

import discord

from cogs.cards.links import article_url
from cogs.cards.open_buttons import OpenButton, not_yours
from cogs.cards.publication_status import status_words
from cogs.errors.panels import no_match
from cogs.errors.query_words import left_out_line
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import link, safe, safe_cut
from cogs.kit.panels import Item, Panel, first_that_fits, quoted, rows, rule, small, text
from cogs.kit.presses import NUMBER, PersistentButton, PersistentMenu, actions_of, answer, typist_of
from cogs.kit.words import counted, day, month
from cogs.lookups.as_typed import AS_TYPED, corrected_line
from wetread.domain.publication_status import publication_status
from wetread.domain.publication_types import type_label
from wetread.domain.search_request import KINDS, YEARS, Hit, Order, SearchRequest, SearchResults
from wetread.domain.text import cut
from wetread.domain.titles import shown_title

LIVES_FOR = timedelta(minutes=15)
"""After this a panel only offers to search again."""

_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes
_LONGEST_QUERY = 200
_LONGEST_TITLE = 150
_LONGEST_SNIPPET = 140
_HIT_LIMIT = 540  # five of them, a heading of 1,150 and a line are within the 4,000 of a panel
_WHEN = {"any": "any year", "1y": "the last year", "2y": "the last 2 years"} | {
    code: f"the last {years} years" for code, years in YEARS.items() if years > 2
}
_CODE = rf"(?P<code>{NUMBER}:{NUMBER}:\d{{1,9}}:(?:best|newest):\w+:\w+(?::typed)?)"

_TURNS: dict[str, Callable[[SearchRequest], SearchRequest]] = {
    "previous": lambda request: request.turned(-1),
    "next": lambda request: request.turned(1),
    "newest": lambda request: replace(request, page=0, order=Order.NEWEST),
    "best": lambda request: replace(request, page=0, order=Order.BEST),
    "again": lambda request: replace(request, page=0),
    "typed": lambda request: replace(request, page=0, as_typed=True),
}
_LABELS = {
    "previous": "Previous",
    "next": "Next",
    "newest": "Newest first",
    "best": "Best match first",
    "again": "Search again",
    "typed": AS_TYPED,
}


class SearchPanel(Panel):
    """A page of results. `message` is the one that shows it, so that it can be closed after its time."""

    def __init__(self, request: SearchRequest, found: SearchResults) -> None:
        super().__init__(colours.TEAL, *_items(request, found, is_closed=False), timeout=_TIMEOUT)
        self.request = request
        self.found = found
        self.message: discord.Message | None = None

    async def on_timeout(self) -> None:
        """Leave the results, take the buttons away."""
        if self.message is None:
            return
        _watched.pop(self.message.id, None)
        with suppress(discord.DiscordException):  # it was deleted: nothing is lost
            closed = closed_panel(self.request, self.found)
            await self.message.edit(view=closed, allowed_mentions=discord.AllowedMentions.none())


def search_panel(request: SearchRequest, found: SearchResults) -> Panel:
    """Build a page of results, or say that nothing fits. Give a SearchPanel its message once it is sent."""
    if found.hits or request.page:
        return SearchPanel(request, found)
    panel = no_results(request)
    panel.add_small_print(left_out_line(found.faults, is_cut=found.is_cut))
    return panel


def closed_panel(request: SearchRequest, found: SearchResults) -> Panel:
    """Build the page as it stands when its time is over."""
    return Panel(colours.TEAL, *_items(request, found, is_closed=True))


def no_results(request: SearchRequest) -> Panel:
    """Nothing fits. A filter that may be why can be taken away."""
    if (request.when, request.kind) == ("any", "all"):
        return no_match(request.text, request.words_id, (), prefix=None)
    free = replace(request, when="any", kind="all", page=0)
    return Panel(
        colours.GREY,
        text(
            f"### No articles for {quoted(cut(request.text, _LONGEST_QUERY))}",
            "The filters *When* and *Kind* exclude all results. *Search again* searches without them.",
        ),
        *rows([TurnButton("again", free)]),
    )


class TurnButton(
    PersistentButton,
    template=rf"wetread:search:(?P<turn>{'|'.join(_TURNS)}):{_CODE}",
):
    """Turns the page, or changes the order."""

    def __init__(self, turn: str, request: SearchRequest, *, is_disabled: bool = False) -> None:
        custom_id = f"wetread:search:{turn}:{request.encoded()}"
        super().__init__(_LABELS[turn], custom_id, is_disabled=is_disabled)
        self.turn = turn
        self.request = request

    @classmethod
    def restored(cls, groups: Mapping[str, Any]) -> Self:
        """See `PersistentItem`."""
        return cls(groups["turn"], SearchRequest.decoded(groups["code"]))

    async def pressed(self, interaction: Interaction) -> None:
        """Show the other page in place of this one."""
        await _turn(interaction, _TURNS[self.turn](self.request), is_again=self.turn == "again")


class FilterMenu(
    PersistentMenu,
    template=rf"wetread:search:(?P<name>when|kind):{_CODE}",
):
    """Limits the results to a time or to a kind of study."""

    def __init__(self, name: str, request: SearchRequest) -> None:
        words = {code: f"When: {text}" for code, text in _WHEN.items()}
        chosen = request.when
        if name == "kind":
            words = {code: f"Kind: {text.lower() or 'all'}" for code, text in KINDS.items()}
            chosen = request.kind
        options = [
            discord.SelectOption(label=label, value=code, default=code == chosen)
            for code, label in words.items()
        ]
        super().__init__(f"wetread:search:{name}:{request.encoded()}", options)
        self.name = name
        self.request = request

    @classmethod
    def restored(cls, groups: Mapping[str, Any]) -> Self:
        """See `PersistentItem`."""
        return cls(groups["name"], SearchRequest.decoded(groups["code"]))

    async def pressed(self, interaction: Interaction) -> None:
        """Search again with the filter."""
        chosen = self.item.values[0]
        is_kind = self.name == "kind"
        request = replace(self.request, page=0)
        await _turn(interaction, replace(request, kind=chosen) if is_kind else replace(request, when=chosen))


async def _turn(interaction: Interaction, request: SearchRequest, *, is_again: bool = False) -> None:
    if interaction.user.id != request.asker_id:
        await answer(interaction, view=not_yours(request.asker_id))
        return
    actions = actions_of(interaction)
    request = replace(request, text=await actions.typed_words(request.words_id, typist_of(interaction)))
    found = await actions.search(request, interaction.guild_id)
    shown = request
    if request.page and not found.hits:  # there are fewer than there were
        shown = replace(request, page=0)
        found = await actions.search(shown, interaction.guild_id)
    message = interaction.message
    if message and not is_again and actions.now() - _shown_at(message) > LIVES_FOR:
        # Its time ended while the bot was away.
        await interaction.response.edit_message(view=closed_panel(shown, found))
        return
    panel = search_panel(shown, found)
    _end_timer(message)
    await interaction.response.edit_message(view=panel)
    watch(panel, message)


_watched: dict[int, SearchPanel] = {}


def watch(panel: Panel, message: discord.Message | None) -> None:
    """Remember which message shows a panel, so that it is closed after its time."""
    if isinstance(panel, SearchPanel) and message is not None:
        panel.message = message
        _watched[message.id] = panel


def _end_timer(message: discord.Message | None) -> None:
    """The page before must not close the one that takes its place."""
    if message and (before := _watched.pop(message.id, None)):
        before.stop()


def _shown_at(message: discord.Message) -> Any:
    return message.edited_at or message.created_at


# --- what it shows ---------------------------------------------------------------------------------------


def _items(request: SearchRequest, found: SearchResults, *, is_closed: bool) -> list[Item]:
    first = request.offset + 1
    last = request.offset + len(found.hits)
    count = f"More than {found.total:,} articles" if found.is_capped else counted(found.total, "article")
    related = f" · {found.related_count:,} only resemble the best matches" if found.related_count else ""
    order = "Best match first" if request.order is Order.BEST else "Newest first"
    words = cut(found.corrected or request.text, _LONGEST_QUERY)
    left_out = left_out_line(found.faults, is_cut=found.is_cut)
    items: list[Item] = [
        text(
            f"### {count} for {quoted(words)}",
            small(corrected_line(words, request.text)) if found.corrected else "",
            small(f"{order} · {first:,} to {last:,} of {found.total:,}{related}"),
            small(left_out) if left_out else "",
        ),
        rule(),
    ]
    items += [_hit(number, hit) for number, hit in enumerate(found.hits, first)]
    items.append(rule())
    if is_closed:
        return [*items, *rows([TurnButton("again", request)])]
    numbers = [
        OpenButton(hit.article.id, request.asker_id, number=number)
        for number, hit in enumerate(found.hits, first)
    ]
    other = "newest" if request.order is Order.BEST else "best"
    return [
        *items,
        text("To read an abstract, press its number:"),
        *rows(numbers),
        *rows([FilterMenu("when", request)]),
        *rows([FilterMenu("kind", request)]),
        *rows(
            [
                TurnButton("previous", request, is_disabled=request.page == 0),
                TurnButton("next", request, is_disabled=last >= found.total),
                TurnButton(other, request),
                *([TurnButton("typed", request)] if found.corrected else []),
            ]
        ),
    ]


def _hit(number: int, hit: Hit) -> discord.ui.TextDisplay[Any]:
    record = hit.article.record
    title = shown_title(record)
    name = f"**{number}.** {link(cut(title, _LONGEST_TITLE), hit.post_url or article_url(record))}"
    facts = small(" · ".join(filter(None, _facts(hit))))
    # An address can be long, and a text can double by being made safe: the snippet goes first.
    return first_that_fits(
        _HIT_LIMIT,
        (name, _snippet(hit), facts),
        (name, facts),
        (f"**{number}.** {safe_cut(title, _LONGEST_TITLE)}", facts),
    )


def _snippet(hit: Hit) -> str:
    room = _LONGEST_SNIPPET
    parts = []
    for words, is_match in hit.snippet:
        kept = cut(words, room) if len(words) > room else words
        room -= len(kept)
        escaped = safe(kept)
        if escaped and is_match:
            escaped = f"**{escaped}**"
        # The white space at the ends of a run divides it from its neighbours; a run may be nothing else.
        before, after = (" " if end.isspace() else "" for end in (kept[:1], kept[-1:]))
        parts.append(f"{before}{escaped}{after}" if escaped else before)
        if room <= 0 or kept != words:
            break
    return "".join(parts).strip()


def _facts(hit: Hit) -> list[str]:
    record = hit.article.record
    word = status_words(hit.article)
    return [
        safe_cut(record.journal_abbreviation or record.journal or "", 60),
        month(record.published_on) if record.published_on else "",
        _standing(hit) if word.is_warning else type_label(record) or "",
        "Free full text" if record.free_url and not word.is_warning else "",
        f"shared by {safe_cut(hit.shared_by, 40)}" if hit.shared_by else "",
        "" if hit.post_url else "not posted here, the link opens the journal",
    ]


def _standing(hit: Hit) -> str:
    found = publication_status(hit.article.record)
    word = "Retracted" if status_words(hit.article).is_retracted else "Expression of concern"
    return f"{word} {day(found.on)}" if found.on else word
