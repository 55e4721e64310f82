"""Why an article was posted, was not, or never came: for moderators."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cogs.alerts.question_words import name_words
from cogs.cards.links import linked_title
from cogs.cards.open_buttons import PickMenu
from cogs.kit import colours
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, safe, safe_cut
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.panels import Panel, fitted, link_button, quoted, rows, rule, small, text
from cogs.kit.presses import PersistentMenu, answer, chosen_number
from cogs.kit.timestamps import date_time, relative_time
from cogs.kit.words import journal_line
from cogs.posting.delivery_words import delivery_status, unpublished_words
from cogs.topics.words import PLACES
from wetread.domain.errors import ArticleGoneError
from wetread.domain.models import Article, DeliveryState, Reason, Record, Subscription
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title
from wetread.services.services import Services
from wetread.storage import delivery_history
from wetread.storage.delivery_history import ArticleHistory, DeliveryDetails, SourceFeed
from wetread.storage.lookups import url_of
from wetread.storage.subscriptions import Watched
from wetread.storage.topic_previews import Match

_SLACK = 60
_TITLE_LIMIT = 300
_FEEDS_LIMIT = 900
_LONGEST_STATUS = 300
_MOST_FEEDS = 8
_MOST_WRONG = 3
_MOST_TOPICS = 5

TopicMatch = tuple[Subscription, Match]


@dataclass(frozen=True, slots=True)
class NotReceived:
    """An article that no feed of the server has listed.

    `record`: what record sources know, None = nothing, for the reason `unknown`. `watching`: the server's
    subscriptions to its journal. `journal`: what to type to add the journal, None = not known.
    """

    reference: str
    record: Record | None = None
    watching: tuple[Watched, ...] = ()
    journal: str | None = None
    unknown: str = "No article here has these words in its title. A DOI, PMID or link finds it for certain."


async def draw_why(services: Services, guild_id: int, article_id: int) -> Panel:
    """Draw everything that happened to an article in a server. Raises ArticleGoneError."""
    try:
        history = await services.database.run(delivery_history.article_history, guild_id, article_id)
    except LookupError:
        raise ArticleGoneError(article_id) from None
    if history.deliveries or history.source_feeds:
        return why_panel(history, await services.topics.explain(guild_id, history.article.id))
    record = history.article.record
    named = f"doi:{record.doi}" if record.doi else f"article:{article_id}"
    return not_received_panel(await not_received(services, guild_id, named, record))


async def not_received(services: Services, guild_id: int, reference: str, record: Record) -> NotReceived:
    """Find out why an article may not have appeared."""
    journal = services.catalogue.journal_of(record)
    if journal is None:
        return NotReceived(reference, record)
    watched = await services.subscriptions.of_guild(guild_id)
    watching = tuple(
        each
        for each in watched
        if each.feed.journal_key == journal.key or services.catalogue.at_address(each.feed.url) == journal
    )
    return NotReceived(reference, record, watching, services.catalogue.typed(journal))


def why_panel(history: ArticleHistory, topics: Sequence[TopicMatch] | None = None) -> Panel:
    """Build the explanation for an article that a feed listed.

    `topics`: those that it matches; None = the server has no topics.
    """
    head = [
        f"**{_title(history.article.record)}**",
        small(safe_cut(journal_line(history.article.record, 200), 300)),
    ]
    feeds, more = fitted(map(_feed_line, history.source_feeds), _FEEDS_LIMIT)
    tail = ["**Listed by**", *(feeds or [_nobody(history)]), small(f"and {more:,} more") if more else ""]
    tail += _topic_lines(history, topics)
    tail += map(_wrong_line, history.wrong[:_MOST_WRONG])
    room = LAYOUT_TEXT - _SLACK - sum(map(utf16_length, [*head, *tail])) - len(tail)
    blocks = [_delivery_block(each) for each in history.deliveries] + list(_duplicates(history))
    kept, left_out = fitted(blocks, room)
    left = [small(f"and {left_out:,} more")] if left_out else []
    urls = [url for each in history.deliveries if (url := url_of(each.delivery))]
    return Panel(
        colours.TEAL,
        text(*head),
        rule(),
        text(*(kept or ["It is not scheduled for any channel here."]), *left),
        rule(),
        text(*tail),
        *(rows([link_button("Go to the post", urls[-1])]) if urls else []),
    )


def _title(record: Record) -> str:
    """Return the title as a link, or without one if the address is too long."""
    linked = linked_title(record, _TITLE_LIMIT)
    return linked if utf16_length(linked) <= 2 * _TITLE_LIMIT else safe_cut(shown_title(record), _TITLE_LIMIT)


def not_received_panel(found: NotReceived) -> Panel:
    """Build the answer for an article that no feed here has listed, with what to try."""
    record = found.record
    named = f"**{_title(record)}**" if record else quoted(cut(found.reference, 100))
    lines = [f"{named}", "**No feed of this server has listed it.**", *_reasons(found)]
    if record is not None and (record.doi or record.pmid):
        name = record.doi or f"PMID {record.pmid}"
        lines.append(f"- To post it now: {code(cut(f'/share {name}', 100))}.")
    return Panel(colours.GREY, text(*lines))


def choose_panel(words: str, found: Sequence[Article]) -> Panel:
    """Build the choice where words fit several articles."""
    return Panel(
        colours.GREY,
        text(f"**Several articles match {quoted(cut(words, 100))}.**", "Which one do you mean?"),
        *rows([WhyMenu(found)]),
    )


class WhyMenu(PersistentMenu, template=r"wetread:why"):
    """A menu of articles; the choice is explained privately."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        """Offer at most 25 articles, each once."""
        options = PickMenu(articles).item.options
        super().__init__("wetread:why", options, placeholder="Explain an article")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the explanation."""
        guild = (await moderator_of(interaction)).guild
        chosen = chosen_number(self.item)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, view=await draw_why(interaction.client.services, guild.id, chosen))


# What happened to it ------------------------------------------------------------------------------------


def _delivery_block(each: DeliveryDetails) -> str:
    delivery = each.delivery
    status = safe(cut(delivery_status(delivery), _LONGEST_STATUS))
    on_behalf = f" · {name_words(each.name)}" if each.name else ""
    shared = f" · shared by {name_words(delivery.share.user_name)}" if delivery.share else ""
    lines = [f"**<#{delivery.channel_id}>**{on_behalf}{shared}", f"{status}.", *_details(each)]
    return "\n".join(lines)


def _details(each: DeliveryDetails) -> Iterator[str]:
    """Yield more about a delivery, a line each."""
    delivery, record = each.delivery, each.article.record
    first = "Recorded" if delivery.state is DeliveryState.SKIPPED else "Scheduled"
    yield small(f"{first} {date_time(delivery.scheduled_at)}")
    if delivery.state is DeliveryState.PENDING and delivery.waits_for_abstract:
        yield small(f"Posted {date_time(delivery.next_try_at)} at the latest, then without the abstract")
    elif delivery.state in (DeliveryState.PENDING, DeliveryState.SENDING) and delivery.reason:
        yield small(f"Next try: {relative_time(delivery.next_try_at)}")
    if delivery.state is DeliveryState.SENT and delivery.settled_at:
        yield small(f"Posted {date_time(delivery.settled_at)}")
    if delivery.reason == Reason.FILTER and each.filter:
        yield small(f"Filter: {code(cut(each.filter, 200))}")
    if delivery.reason == Reason.TYPE and record.types:
        yield small(f"Kind: {safe(cut(', '.join(record.types), 200))} ({code('/feed types')})")
    if each.decided is not None:
        yield small(f"Decided by {name_words(each.decided.by)}, {date_time(each.decided.at)}")
    if each.unedited is not None:
        yield small(f"Wetread cannot update the post: {safe(cut(each.unedited, 200))}")
    if each.unpublished is not None:
        yield small(unpublished_words(each.unpublished))


def _duplicates(history: ArticleHistory) -> Iterator[str]:
    """Yield the feeds that listed it for a channel which already had it."""
    by_channel = {each.delivery.channel_id: each for each in history.deliveries}
    owners = {each.delivery.subscription_id for each in history.deliveries}
    for feed in history.source_feeds:
        had = by_channel.get(feed.channel_id)
        if feed.subscription_id in owners or feed.is_removed:
            continue
        name = name_words(feed.name)
        if had is not None:
            through = f" through {name_words(had.name)}" if had.name else ""
            channel = f"<#{feed.channel_id}>"
            yield f"**{name}** listed it too. {channel} already had it{through}, so it is posted there once."
        elif feed.created_at > feed.seen_at:
            yield f"**{name}** was added after its feed had listed it."


def _feed_line(feed: SourceFeed) -> str:
    state = ", since removed" if feed.is_removed else ", paused" if feed.is_paused else ""
    name = f"{name_words(feed.name)} (#{feed.subscription_id})"
    return f"{name} → <#{feed.channel_id}>, first seen {date_time(feed.seen_at)}{state}"


def _topic_lines(history: ArticleHistory, topics: Sequence[TopicMatch] | None) -> list[str]:
    if topics is None:
        return []
    if not topics:
        return ["**Topics**", "No topic of this server matches."]
    lines = [_topic_line(history, topic, match) for topic, match in topics[:_MOST_TOPICS]]
    more = len(topics) - _MOST_TOPICS
    return ["**Topics**", *lines, *([small(f"and {more:,} more")] if more > 0 else [])]


def _topic_line(history: ArticleHistory, topic: Subscription, match: Match) -> str:
    came_at = min((feed.seen_at for feed in history.source_feeds), default=None)
    is_old = came_at is not None and topic.looks_since is not None and came_at < topic.looks_since
    state = ", paused" if topic.paused_at else ", but it came before this topic looked" if is_old else ""
    return f"Matches {name_words(topic.name)} {PLACES[match.place]} → <#{topic.channel_id}>{state}"


def _wrong_line(key: str) -> str:
    kind, _, value = key.partition(":")
    said = f"{kind.upper()} {code(cut(value, 100))}"
    return f"The feed gives it {said}, which belongs to another article. Wetread left that out."


def _nobody(history: ArticleHistory) -> str:
    if any(each.delivery.share for each in history.deliveries):
        return "No feed: a member shared it."
    return "No feed of this server."


# Why it never came ------------------------------------------------------------------------------------


def _reasons(found: NotReceived) -> Iterator[str]:
    record = found.record
    if record is None:
        yield f"- {found.unknown}"
        yield f"- To see the feeds and whether they can be read: {code('/feed list')}."
        return
    for each in found.watching[:_MOST_FEEDS]:
        subscription, feed = each.subscription, each.feed
        checked = (
            f", checked {relative_time(feed.last_checked_at)}"
            if feed.last_checked_at
            else ", not checked yet"
        )
        paused = ", paused" if subscription.paused_at else ""
        where = f"#{subscription.id} → <#{subscription.channel_id}>"
        yield f"- This server has its journal ({where}{checked}{paused})."
    if found.watching:
        yield "- A feed lists only its latest articles: this one may be older, or not listed yet."
        number = found.watching[0].subscription.id
        yield f"- To check the journal now: {code(f'/feed check #{number}')}."
    elif found.journal:
        yield f"- This server does not have its journal. To add it: {code(f'/feed add {found.journal}')}."
    else:
        journal = name_words(record.journal or record.journal_abbreviation or "")
        known = f", {journal}," if journal else ""
        yield f"- This server may not have its journal{known}. To see the feeds: {code('/feed list')}."
