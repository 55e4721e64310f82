"""The panel "How articles arrive in #channel": its menus hold the choice until it is saved."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import discord

from cogs.cards.digest import DigestLook, digest_view
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.limits import SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Item, Panel, notice, rows, rule, small, text
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, PersistentMenu, answer
from cogs.kit.timestamps import date_time
from cogs.kit.words import counted
from cogs.pace.typed import EVENING, MORNING
from cogs.posting.permissions import PostableChannel, kind_of
from wetread.domain.changes import ChangedBy
from wetread.domain.models import DestinationKind
from wetread.domain.next_article import minute_words, next_article_words
from wetread.domain.pace import AT_ONCE, LARGE_ISSUE, Pace, QuietHours, When
from wetread.domain.text import cut
from wetread.domain.time_zones import city_of, zone_named
from wetread.services.services import Services
from wetread.storage import digests, paces
from wetread.storage.paces import Arrival, Waiting

CODE = r"[odw]-\d-\d{1,4}-[01]-(?:\d{1,4}_\d{1,4})?-\d{0,3}"
FORUM = "A forum has no digests: each article is a post of its own, with its own discussion."
_LETTERS = {When.AT_ONCE: "o", When.DAILY: "d", When.WEEKLY: "w"}
_WHEN_WORDS = {
    When.AT_ONCE: "each article at once",
    When.DAILY: "daily digest",
    When.WEEKLY: "weekly digest",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUIET = (None, QuietHours(22 * 60, 7 * 60), QuietHours(21 * 60, 7 * 60), QuietHours(23 * 60, 6 * 60))
_MOST = (None, 3, 5, 8, 10, 15, 20, 30)


def encoded(pace: Pace) -> str:
    """Return a pace as a custom_id holds it."""
    quiet = f"{pace.quiet.start}_{pace.quiet.end}" if pace.quiet else ""
    most = pace.most_a_day or ""
    when = _LETTERS[pace.when]
    return f"{when}-{pace.weekday}-{pace.digest_minute}-{int(pace.joins_issues)}-{quiet}-{most}"


def decoded(code: str) -> Pace:
    """Return the pace that a custom_id holds."""
    when, weekday, minute, joins, quiet, most = code.split("-")
    start, _, end = quiet.partition("_")
    return Pace(
        when=next(each for each, letter in _LETTERS.items() if letter == when),
        weekday=min(int(weekday), 6),
        digest_minute=int(minute) % (24 * 60),
        joins_issues=joins == "1",
        quiet=QuietHours(int(start) % (24 * 60), int(end) % (24 * 60)) if quiet else None,
        most_a_day=int(most) if most and int(most) else None,
    )


def for_kind(pace: Pace, kind: DestinationKind) -> Pace:
    """Return what a destination of this kind can have of a pace: forums have no digests."""
    if kind is not DestinationKind.FORUM:
        return pace
    return replace(AT_ONCE, quiet=pace.quiet)


def changed(pace: Pace, field: str, value: str) -> Pace:
    """Return a pace with the choice of one menu; as it was, if the value is none of the menu's."""
    number = int(value) if re.fullmatch(r"\d{1,4}", value) else None
    match field:
        case "when":
            when = next((each for each in When if each == value), pace.when)
            is_new = pace.when is When.AT_ONCE and when is not When.AT_ONCE
            return replace(pace, when=when, digest_minute=MORNING if is_new else pace.digest_minute)
        case "issue":
            return replace(pace, joins_issues=value == "1")
        case "quiet":
            start, _, end = value.partition("_")
            is_span = start.isdecimal() and end.isdecimal()
            return replace(pace, quiet=QuietHours(int(start), int(end)) if is_span else None)
        case "most":
            minute = pace.digest_minute if pace.most_a_day else EVENING
            return replace(
                pace, most_a_day=number or None, digest_minute=minute if number else pace.digest_minute
            )
        case "day":
            return replace(pace, weekday=number if number is not None and number < 7 else pace.weekday)
        case _:
            return replace(pace, digest_minute=number if number is not None else pace.digest_minute)


def arrival_panel(
    channel: PostableChannel,
    kind: DestinationKind,
    found: Arrival,
    now: datetime,
    draft: Pace | None = None,
) -> Panel:
    """Build the panel of a destination. `draft`: a choice that is not saved yet, None = what is saved."""
    pace = for_kind(found.pace if draft is None else draft, kind)
    zone = zone_named(found.zone) if found.zone else UTC
    name = safe(cut(channel.name, 60))
    return Panel(
        colours.TEAL,
        text(small(f"Feeds › #{name}"), f"### How articles arrive in #{name}", _what_posts(found)),
        *rows(_menus(channel.id, kind, pace, found)),
        rule(),
        text(
            f"**{next_article_words(pace, now, zone, found.posted_today, is_paused=found.is_paused)}**",
            small(_notes(pace, kind, found)),
            small(_saved(found, is_draft=draft is not None)),
        ),
        *rows(_buttons(channel.id, pace, found, is_draft=draft is not None)),
    )


def _what_posts(found: Arrival) -> str:
    kinds = [
        counted(found.feed_count, "journal") if found.feed_count else "",
        counted(found.topic_count, "topic") if found.topic_count else "",
    ]
    what = " and ".join(filter(None, kinds))
    if not what:
        return "No journal posts here yet."
    verb = "posts" if found.feed_count + found.topic_count == 1 else "post"
    return f"{what} {verb} here, {counted(found.week_count, 'article')} in the last 7 days."


def _notes(pace: Pace, kind: DestinationKind, found: Arrival) -> str:
    parts = []
    if kind is DestinationKind.FORUM:
        parts.append(FORUM)
    if pace.when is When.AT_ONCE and pace.quiet:
        parts.append(f"What comes in quiet hours is posted at {minute_words(pace.quiet.end)}.")
    if found.waiting_count:
        verb = "waits" if found.waiting_count == 1 else "wait"
        parts.append(
            f"{counted(found.waiting_count, 'article')} {verb} for a digest. Search finds them already."
        )
    parts.append("Retractions and corrections are always marked at once.")
    return " ".join(parts)


def _saved(found: Arrival, *, is_draft: bool) -> str:
    if is_draft:
        return "Not saved yet."
    if found.change is None:
        return "Nobody has changed this yet."
    return f"Saved by {safe(cut(found.change.by.name, 60))}, {date_time(found.change.at)}"


def _menus(channel_id: int, kind: DestinationKind, pace: Pace, found: Arrival) -> list[Item]:
    code = encoded(pace)

    def menu(field: str, options: Sequence[tuple[str, str]], chosen: str) -> Item:
        return ArrivalMenu(field, channel_id, code, options, chosen)

    time = f"{city_of(found.zone)} time" if found.zone else "UTC"
    quiet = menu("quiet", _quiet_options(pace, time), _quiet_value(pace.quiet))
    if kind is DestinationKind.FORUM:
        return [quiet]
    when = menu(
        "when", [(f"When: {words}", str(each)) for each, words in _WHEN_WORDS.items()], str(pace.when)
    )
    hour = menu("hour", _hour_options(pace, time), str(pace.digest_minute))
    match pace.when:
        case When.WEEKLY:
            days = [(f"Day: {name}", str(number)) for number, name in enumerate(_WEEKDAYS)]
            return [when, menu("day", days, str(pace.weekday)), hour]
        case When.DAILY:
            return [when, hour]
        case When.AT_ONCE:
            issues = [
                (f"A whole issue: one post, if more than {LARGE_ISSUE}", "1"),
                ("A whole issue: each article for itself", "0"),
            ]
            most = sorted({*_MOST, pace.most_a_day}, key=lambda number: number or 0)
            limits = [(_most_words(number, pace), str(number or 0)) for number in most]
            return [
                when,
                menu("issue", issues, str(int(pace.joins_issues))),
                quiet,
                menu("most", limits, str(pace.most_a_day or 0)),
            ]


def _quiet_options(pace: Pace, time: str) -> list[tuple[str, str]]:
    spans = dict.fromkeys((*_QUIET, pace.quiet))
    return [
        (
            f"Quiet hours: {minute_words(span.start)} to {minute_words(span.end)}, {time}"
            if span
            else "Quiet hours: none",
            _quiet_value(span),
        )
        for span in spans
    ]


def _quiet_value(span: QuietHours | None) -> str:
    return f"{span.start}_{span.end}" if span else "none"


def _hour_options(pace: Pace, time: str) -> list[tuple[str, str]]:
    minutes = sorted({*(hour * 60 for hour in range(24)), pace.digest_minute})
    return [(f"Hour: {minute_words(minute)}, {time}", str(minute)) for minute in minutes]


def _most_words(number: int | None, pace: Pace) -> str:
    if number is None:
        return "As many a day as come"
    minute = pace.digest_minute if pace.most_a_day else EVENING
    return f"At most {number:,} a day, the rest in a digest at {minute_words(minute)}"


def _buttons(channel_id: int, pace: Pace, found: Arrival, *, is_draft: bool) -> list[Item]:
    code = encoded(pace)
    buttons: list[Item] = []
    if is_draft:
        buttons.append(ArrivalButton("save", channel_id, code, is_prominent=True))
    elif found.can_undo:
        buttons.append(ArrivalButton("undo", channel_id, code))
    if pace.has_digests:
        buttons.append(ArrivalButton("digest", channel_id, code))
    return [*buttons, OpenPanelButton("list", label="Back", is_prominent=False)]


def waiting_panel(channel_id: int, code: str, count: int) -> Panel:
    """Ask what becomes of articles that wait, because there are to be no digests any more."""
    verb = "waits" if count == 1 else "wait"
    return Panel(
        colours.AMBER,
        text(
            f"**{counted(count, 'article')} {verb}. Post them as a last digest, or count them as seen?**",
            "What counts as seen is not posted. Search finds it.",
        ),
        *rows(
            [
                ArrivalButton("last", channel_id, code),
                ArrivalButton("seen", channel_id, code),
                OpenPanelButton("arrival", channel_id, label="Change nothing", is_prominent=False),
            ]
        ),
    )


# Pressing ---------------------------------------------------------------------------------------------


def channel_of(guild: discord.Guild, channel_id: int) -> PostableChannel:
    """Return a channel of the server in which a menu was pressed. Raises NoLongerWorksError."""
    channel = guild.get_channel_or_thread(channel_id)
    if not isinstance(channel, PostableChannel):
        raise NoLongerWorksError
    return channel


async def draw_arrival(services: Services, channel: PostableChannel, draft: Pace | None = None) -> Panel:
    """Draw the panel of a channel; `draft` as for `arrival_panel`."""
    now = services.seams.clock()
    found = await services.database.run(paces.arrival, channel.guild.id, channel.id, now)
    if draft == for_kind(found.pace, kind_of(channel)):
        draft = None
    return arrival_panel(channel, kind_of(channel), found, now, draft)


class ArrivalMenu(
    PersistentMenu,
    template=rf"wetread:arrival:(?P<field>when|issue|quiet|most|day|hour):(?P<channel_id>{NUMBER}):(?P<code>{CODE})",
):
    """One choice of the panel. A press draws the panel with it; nothing is saved yet."""

    def __init__(
        self,
        field: str,
        channel_id: int,
        code: str,
        options: Sequence[tuple[str, str]] = (),
        chosen: str = "",
    ) -> None:
        """Offer (label, value)."""
        super().__init__(
            f"wetread:arrival:{field}:{channel_id}:{code}",
            [
                discord.SelectOption(label=label, value=value, default=value == chosen)
                for label, value in options[:SELECT_OPTIONS]
            ],
        )
        self.field = field
        self.channel_id = channel_id
        self.code = code

    async def pressed(self, interaction: Interaction) -> None:
        """Show what the choice would mean. Raises NoLongerWorksError."""
        guild = (await moderator_of(interaction)).guild
        channel = channel_of(guild, self.channel_id)
        await begin(interaction)
        [value] = self.item.values or [""]
        draft = changed(decoded(self.code), self.field, value)
        await show(interaction, {"view": await draw_arrival(interaction.client.services, channel, draft)})


_LABELS = {
    "save": "Save",
    "last": "Post them as a last digest",
    "seen": "Count them as seen",
    "undo": "Undo",
    "digest": "Show a digest",
}


class ArrivalButton(
    PersistentButton,
    template=rf"wetread:arrival:(?P<act>save|last|seen|undo|digest):(?P<channel_id>{NUMBER}):(?P<code>{CODE})",
):
    """Saves a choice, undoes the last one, or shows what a digest would look like now."""

    def __init__(self, act: str, channel_id: int, code: str, *, is_prominent: bool = False) -> None:
        super().__init__(
            _LABELS[act], f"wetread:arrival:{act}:{channel_id}:{code}", is_prominent=is_prominent
        )
        self.act = act
        self.channel_id = channel_id
        self.code = code

    async def pressed(self, interaction: Interaction) -> None:
        """Do it and draw the panel again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        channel = channel_of(member.guild, self.channel_id)
        services = interaction.client.services
        await begin(interaction)
        by = pressed_by(member, "feed schedule")
        match self.act:
            case "undo":
                now = services.seams.clock()
                await services.database.run(paces.undo, member.guild.id, channel.id, now, by=by)
                panel = await draw_arrival(services, channel)
            case "digest":
                await answer(interaction, view=await draw_sample(services, channel))
                return
            case _:
                waiting = {"last": Waiting.POST, "seen": Waiting.SEEN}.get(self.act)
                panel = await save(services, channel, decoded(self.code), by, waiting)
        await show(interaction, {"view": panel})


async def save(
    services: Services, channel: PostableChannel, pace: Pace, by: ChangedBy, waiting: Waiting | None = None
) -> Panel:
    """Save how articles arrive in a channel and return the panel, or the question about those that wait.

    `waiting`: the answer to that question, None = it was not asked yet.
    """
    pace = for_kind(pace, kind_of(channel))
    run, now = services.database.run, services.seams.clock()
    guild_id = channel.guild.id
    count = await run(paces.waiting_count, channel.id)
    if count and not pace.has_digests and waiting is None:
        return waiting_panel(channel.id, encoded(pace), count)
    await run(paces.save, guild_id, channel.id, pace, now, by=by, waiting=waiting or Waiting.POST)
    return await draw_arrival(services, channel)


async def draw_sample(services: Services, channel: PostableChannel) -> Panel:
    """Draw, for one moderator, the digest of what waits in a channel, or of its last articles."""
    now = services.seams.clock()
    sample = await services.database.run(digests.sample, channel.guild.id, channel.id, now)
    if not sample.articles:
        return notice("No article has come here yet, so there is nothing to show.")
    return digest_view(sample, DigestLook("wr-0", services.actions.subject))
