"""The state of a feed in words: for its line in the list and for its page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cogs.errors.feed_failures import failure_words
from cogs.feeds.panels import FORM_WORDS, FeedLine, FeedPage, Health, Retry, next_try_words
from cogs.feeds.settings_panel import wait_words
from cogs.kit.escape import code, safe
from cogs.kit.timestamps import time_only
from cogs.kit.words import counted, day
from wetread.domain.catalogue import Catalogue
from wetread.domain.feed_address import CROSSREF, PUBMED, split_query
from wetread.domain.models import DestinationKind, Form, PartialDate, Subscription
from wetread.domain.rhythm import Silence, silence
from wetread.storage.notices import NOTIFIED_AT_ONCE
from wetread.storage.subscriptions import Watched
from wetread.storage.troubles import GoneChannel

Arrivals = Mapping[int, Mapping[datetime, int]]
"""How many articles came in when, by feed."""

NO_ARRIVALS: Arrivals = {}

SHORT_TROUBLE = timedelta(hours=6)
"""A failure younger than this usually ends by itself and needs no moderator."""

_SOURCES = {PUBMED: "PubMed query", CROSSREF: "Crossref, by ISSN"}


def usual_form(watched: Sequence[Watched]) -> Form | None:
    """Return the form that most feeds of a server have; None for fewer than three feeds."""
    if len(watched) < 3:
        return None
    [(form, _)] = Counter(each.subscription.form for each in watched).most_common(1)
    return form


def feed_line(
    watched: Watched,
    now: datetime,
    catalogue: Catalogue,
    *,
    week_count: int | None = None,
    usual: Form | None = None,
    arrivals: Arrivals = NO_ARRIVALS,
    gone: GoneChannel | None = None,
) -> FeedLine:
    """Return the line of a subscription in the list.

    `week_count`: how many of its articles were posted in a week, None = it is not said. `usual`: the form
    that most feeds of the server have; another one is said. `arrivals`: as `rhythms.arrivals` returns them.
    `gone`: its channel was deleted.
    """
    health, state = _health(watched, now, catalogue, week_count, arrivals)
    if gone is not None:
        health, state = Health.NEEDS_YOU, gone_words(gone, watched.subscription.id)
    subscription, feed = watched.subscription, watched.feed
    retry = None
    if health is Health.RETRYING and feed.failing_since is not None:
        retry = Retry(feed.failing_since, feed.next_check_at if feed.next_check_at > now else None)
        state = f"{state} {next_try_words(retry)}; there is nothing to do yet."
    differs = subscription.form is not usual if usual else False
    state += " · filtered" * bool(subscription.filter) * (health is Health.WELL)
    state += f" · {FORM_WORDS[subscription.form].lower()}" * differs * (health is Health.WELL)
    name = f"{subscription.name} · #{subscription.id}"
    return FeedLine(name, subscription.channel_id, health, state, retry, subscription_id=subscription.id)


def thread_words(subscription: Subscription, delay: str | None) -> str:
    """Return when a thread is opened under a post. `delay`: why it is not possible at the moment."""
    if subscription.kind is not DestinationKind.TEXT:
        return ""
    if not subscription.opens_threads:
        return "Only when somebody presses Discuss"
    if delay is None:
        return "One opens under each post"
    return f"One opens under each post; not at the moment: {safe(delay)}. Posts go on, and Discuss works."


def feed_facts(watched: Watched, line: FeedLine, wait: timedelta, last: list[str], thread: str) -> FeedPage:
    """Return the page of a subscription, under its line.

    `last`: the newest articles, each with its delivery status, safe in markdown.
    """
    subscription = watched.subscription
    query = split_query(watched.feed.url)
    return FeedPage(
        line,
        subscription.form,
        subscription.filter,
        wait_words(wait),
        last,
        query=(_SOURCES[query[0]], query[1]) if query else None,
        thread=thread,
    )


def _health(
    watched: Watched, now: datetime, catalogue: Catalogue, week_count: int | None, arrivals: Arrivals
) -> tuple[Health, str]:
    subscription, feed = watched.subscription, watched.feed
    if subscription.paused_at is not None:
        by = f" by <@{subscription.paused_by}>" if subscription.paused_by else ""
        return Health.PAUSED, f"Paused{by}, {on(subscription.paused_at)}"
    if feed.failure is not None and feed.failing_since is not None:
        trouble = failure_words(feed.failure, catalogue.substitute(feed.url))
        what = safe(trouble.what).removesuffix(".").capitalize()
        is_lasting = feed.is_gone or feed.failure in NOTIFIED_AT_ONCE
        if not is_lasting and now - feed.failing_since < SHORT_TROUBLE:
            return Health.RETRYING, f"{what}, since {time_only(feed.failing_since)}."
        return Health.NEEDS_YOU, f"{what}, since {on(feed.failing_since)}. {trouble.advice}".strip()
    if feed.last_checked_at is None:
        return Health.WELL, "Well · first check in a moment"
    newest = f" · newest {on(feed.last_new_at)}" if feed.last_new_at else ""
    silent = silence(arrivals.get(feed.id, {}), feed.last_new_at, subscription.created_at, now)
    if silent is not None:
        return Health.QUIET, f"Quiet: {silence_words(silent)}{newest}"
    this_week = "" if week_count is None else f" · {week_count:,} this week"
    return Health.WELL, f"Well{this_week}{newest}"


def gone_words(gone: GoneChannel, subscription_id: int) -> str:
    """Return that a channel was deleted, what waits, and what to do."""
    wait = "1 article waits." if gone.waiting_count == 1 else f"{gone.waiting_count or 'no'} articles wait."
    command = code(f"/feed move #{subscription_id}")
    return f"Its channel was deleted on {on(gone.since)}. {wait[0].upper()}{wait[1:]} To move it: {command}."


def silence_words(silent: Silence) -> str:
    """Return "usually 4 a week, none for 19 days"."""
    none = f"none for {counted(silent.days, 'day')}"
    if silent.a_month is None:
        return none
    a_week = silent.a_month * 7 / 30
    if a_week >= 1:
        return f"usually {round(a_week):,} a week, {none}"
    if silent.a_month >= 1:
        return f"usually {round(silent.a_month)} a month, {none}"
    return f"usually 1 in {counted(max(2, round(1 / silent.a_month)), 'month')}, {none}"


def on(instant: datetime) -> str:
    """Return the day of an instant: "14 Jan 2026"."""
    return day(PartialDate(instant.year, instant.month, instant.day))
