"""Hands the articles of a feed's document out: every subscription gets its deliveries.

What is too much for one transaction is done in parts, so that nobody waits long for the database. A row of
`handouts`, written together with the articles, says what is still to be done, whatever happens meanwhile.
All in the caller's transaction.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from wetread.domain.models import DeliveryState, Reason, Record, Subscription
from wetread.feeds import delivery_plan
from wetread.feeds.delivery_plan import Candidate
from wetread.storage import arrivals, articles, restore, scheduling, settings, twins
from wetread.storage.rows import to_instant, to_subscription, to_text

DELIVERIES_AT_ONCE = 150
"""So many deliveries are made in one transaction: about 15 ms."""

SERVERS_AT_ONCE = 500
"""So many servers learn of an article in one transaction: indexing it anew takes longer than noting them."""

_STARTS = "starts_with IS NOT NULL AND paused_at IS NULL"


@dataclass(frozen=True, slots=True)
class Document:
    """What is handed out of a document.

    `candidates`: its articles that anybody may get, newest first. `skipped_types` and `abstract_wait` are
    those of `planner.UpdatePolicy`. `must_look`: as `restore.must_look` says. `is_whole`: whoever waited for
    a document runs from now on.
    """

    feed_id: int
    candidates: tuple[Candidate, ...]
    recorded_at: datetime
    skipped_types: tuple[str, ...]
    abstract_wait: timedelta
    must_look: bool = False
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """How many deliveries were made that are pending or held. `is_last`: the document is handed out."""

    pending_count: int = 0
    held_count: int = 0
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class _Turn:
    """How far it is: so many articles are done, and the next one up to this subscription."""

    article_count: int
    subscription_id: int


@dataclass(frozen=True, slots=True)
class _Handout:
    """A row of `handouts`: first all servers learn of the articles, then each subscription gets them."""

    id: int
    document: Document
    known: _Turn
    given: _Turn


# A document -------------------------------------------------------------------------------------------


def concerned(db: sqlite_utils.Database, feed_id: int, *, has_new: bool) -> list[Subscription]:
    """Return whom a document concerns, over all servers: all if it has new articles, else who starts with it.

    Of more than one transaction can serve, one more than that.
    """
    rows = db.query(
        f"SELECT * FROM subscriptions WHERE feed_id = ? AND removed_at IS NULL AND (? OR {_STARTS})"  # noqa: S608  # a constant
        " ORDER BY id LIMIT ?",
        [feed_id, has_new, DELIVERIES_AT_ONCE + 1],
    )
    return [to_subscription(row) for row in rows]


def is_starting(subscription: Subscription) -> bool:
    """Return whether a subscription waits for a document."""
    return subscription.starts_with is not None and subscription.paused_at is None


def has_starting(db: sqlite_utils.Database, feed_id: int) -> bool:
    """Return whether a subscription waits for a document of this feed."""
    row = db.conn.execute(
        f"SELECT 1 FROM subscriptions WHERE feed_id = ? AND removed_at IS NULL AND {_STARTS} LIMIT 1",  # noqa: S608  # a constant
        [feed_id],
    ).fetchone()
    return row is not None


def is_much(
    db: sqlite_utils.Database, feed_id: int, wanted_by: Sequence[Subscription], count: int, new_count: int
) -> bool:
    """Return whether a document is to be handed out in parts to all whom it concerns.

    It has `count` articles, `new_count` of them new. Whoever waits for an earlier one gets that first.
    """
    deliveries = sum(count if is_starting(each) else new_count for each in wanted_by)
    return (len(wanted_by) > 1 and deliveries > DELIVERIES_AT_ONCE) or last(db, feed_id) > 0


def at_once(
    db: sqlite_utils.Database,
    document: Document,
    wanted_by: Sequence[Subscription],
    new: Mapping[int, Record],
) -> Part:
    """Hand a document out to all whom it concerns, who then run (`feed_entries.start`).

    `new`: the articles that their servers know already."""
    if not (document.candidates and wanted_by):
        return Part()
    _catch_up_beside(db, wanted_by)
    guild_ids = {subscription.guild_id for subscription in wanted_by}
    ids = [each.article_id for each in document.candidates if each.article_id not in new]
    twins.make_known(db, guild_ids, ids, document.recorded_at)
    return _give(db, document, document.candidates, wanted_by, new)


def in_parts(db: sqlite_utils.Database, document: Document) -> Part:
    """Note that a document is to be handed out by `next_part`."""
    db.conn.execute(
        """
        INSERT INTO handouts (
            feed_id, candidates, recorded_at, skipped_types, abstract_wait_seconds, must_look, is_whole
        ) VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            document.feed_id,
            json.dumps([[each.article_id, each.is_new, each.is_suspect] for each in document.candidates]),
            to_text(document.recorded_at),
            json.dumps(document.skipped_types),
            document.abstract_wait.total_seconds(),
            document.must_look,
            document.is_whole,
        ],
    )
    return Part(is_last=False)


def last(db: sqlite_utils.Database, feed_id: int) -> int:
    """Return the last document of a feed that is being handed out; 0 = none.

    A subscription that is added now gets nothing of it.
    """
    [[handout_id]] = db.conn.execute("SELECT coalesce(max(id), 0) FROM handouts WHERE feed_id = ?", [feed_id])
    return int(handout_id)


# A part -----------------------------------------------------------------------------------------------


def next_part(db: sqlite_utils.Database, feed_id: int | None = None) -> Part | None:
    """Hand out the next part of what is noted, of one feed or of all; None if there is none."""
    for handout in _handouts(db, "? IS NULL OR feed_id = ? ORDER BY id LIMIT 1", [feed_id, feed_id]):
        return _make_known(db, handout) or _give_to_starting(db, handout) or _give_to_running(db, handout)
    return None


def catch_up(db: sqlite_utils.Database, subscription_ids: Collection[int]) -> None:
    """Hand out to these subscriptions what waits for them, before anything about them changes."""
    ids = json.dumps(list(subscription_ids))
    feeds = "SELECT feed_id FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))"
    for handout in _handouts(db, f"feed_id IN ({feeds}) ORDER BY id", [ids]):  # a constant
        late = _subscriptions(db, handout, "id IN (SELECT value FROM json_each(?)) ORDER BY id", [ids])
        if late:
            _learn(db, handout, handout.document.candidates, late)
            _give(db, handout.document, handout.document.candidates, late)
            _mark_given(db, handout, late)


def _catch_up_beside(db: sqlite_utils.Database, subscriptions: Sequence[Subscription]) -> None:
    """Let channels get first what waits for them of other feeds.

    What a subscription that starts leaves out is not posted there later; what came before is.
    """
    channels = {each.channel_id for each in subscriptions if is_starting(each)}
    if not channels:
        return
    rows = db.conn.execute(
        """
        SELECT DISTINCT subscriptions.id FROM handouts
        JOIN subscriptions ON subscriptions.feed_id = handouts.feed_id
        WHERE channel_id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL
            AND handed_out < handouts.id AND subscriptions.id NOT IN (SELECT value FROM json_each(?))
        """,
        [json.dumps(list(channels)), json.dumps([each.id for each in subscriptions])],
    )
    catch_up(db, [subscription_id for (subscription_id,) in rows.fetchall()])


def _make_known(db: sqlite_utils.Database, handout: _Handout) -> Part | None:
    """Let servers know the articles that they are going to get."""
    oldest_first = handout.document.candidates[::-1]
    if handout.known.article_count >= len(oldest_first):
        return None
    some, to, turn = _chunk(db, handout, oldest_first, handout.known, SERVERS_AT_ONCE)
    _learn(db, handout, some, to)
    db.conn.execute(
        "UPDATE handouts SET known_count = ?, known_to = ? WHERE id = ?",
        [turn.article_count, turn.subscription_id, handout.id],
    )
    return Part(is_last=False)


def _give_to_starting(db: sqlite_utils.Database, handout: _Handout) -> Part | None:
    """Give all articles to some who start with this document: each takes the newest, so it needs all."""
    document = handout.document
    most = max(1, DELIVERIES_AT_ONCE // max(1, len(document.candidates)))
    starting = _subscriptions(db, handout, f"{_STARTS} ORDER BY id LIMIT ?", [most])
    if not starting:
        return None
    _catch_up_beside(db, starting)
    part = _give(db, document, document.candidates, starting)
    _mark_given(db, handout, starting)
    return replace(part, is_last=False)


def _give_to_running(db: sqlite_utils.Database, handout: _Handout) -> Part:
    """Give new articles to some of those who run or are paused."""
    new = [each for each in handout.document.candidates[::-1] if each.is_new]
    some, to, turn = _chunk(db, handout, new, handout.given, DELIVERIES_AT_ONCE)
    part = _give(db, handout.document, some[::-1], to)
    if turn.article_count >= len(new):
        db.conn.execute("DELETE FROM handouts WHERE id = ?", [handout.id])
        return part
    db.conn.execute(
        "UPDATE handouts SET given_count = ?, given_to = ? WHERE id = ?",
        [turn.article_count, turn.subscription_id, handout.id],
    )
    return replace(part, is_last=False)


def _chunk(
    db: sqlite_utils.Database, handout: _Handout, candidates: Sequence[Candidate], turn: _Turn, most: int
) -> tuple[Sequence[Candidate], list[Subscription], _Turn]:
    """Return what is done next: articles, for whom, and how far it is then.

    One article after the other; several at once for few subscriptions.
    """
    done = turn.article_count
    to = _subscriptions(db, handout, "id > ? ORDER BY id LIMIT ?", [turn.subscription_id, most])
    if len(to) == most:
        return candidates[done : done + 1], to, _Turn(done, to[-1].id)
    count = 1 if turn.subscription_id else most // max(1, len(to))
    return candidates[done : done + count], to, _Turn(done + count, 0)


def _subscriptions(
    db: sqlite_utils.Database, handout: _Handout, where: str, values: list[object]
) -> list[Subscription]:
    """Return those of a document's subscriptions that fit `where` and have not got it out of turn."""
    rows = db.query(
        "SELECT * FROM subscriptions"  # noqa: S608  # the functions of this file write it
        f" WHERE feed_id = ? AND removed_at IS NULL AND handed_out < ? AND {where}",
        [handout.document.feed_id, handout.id, *values],
    )
    return [to_subscription(row) for row in rows]


def _mark_given(db: sqlite_utils.Database, handout: _Handout, to: Sequence[Subscription]) -> None:
    """Note that these have got the whole document; if it is all, they run from now on."""
    db.conn.execute(
        f"""
        UPDATE subscriptions SET handed_out = ?,
            starts_with = CASE WHEN ? AND {_STARTS} THEN NULL ELSE starts_with END
        WHERE id IN (SELECT value FROM json_each(?))
        """,  # noqa: S608  # a constant
        [handout.id, handout.document.is_whole, json.dumps([each.id for each in to])],
    )


def _learn(
    db: sqlite_utils.Database,
    handout: _Handout,
    candidates: Sequence[Candidate],
    subscriptions: Sequence[Subscription],
) -> None:
    guild_ids = {subscription.guild_id for subscription in subscriptions}
    ids = [each.article_id for each in _living(db, candidates)]
    twins.make_known(db, guild_ids, ids, handout.document.recorded_at)


def _living(db: sqlite_utils.Database, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates as the articles that they have become meanwhile, each once."""
    living = [replace(each, article_id=articles.living(db, each.article_id)) for each in candidates]
    return list({each.article_id: each for each in living}.values())


def _handouts(db: sqlite_utils.Database, where: str, values: list[object]) -> list[_Handout]:
    return [_to_handout(row) for row in db.query(f"SELECT * FROM handouts WHERE {where}", values)]  # noqa: S608  # the functions of this file write it


def _to_handout(row: Mapping[str, Any]) -> _Handout:
    document = Document(
        feed_id=row["feed_id"],
        candidates=tuple(
            Candidate(article_id, is_new, is_suspect)
            for article_id, is_new, is_suspect in json.loads(row["candidates"])
        ),
        recorded_at=to_instant(row["recorded_at"]),
        skipped_types=tuple(json.loads(row["skipped_types"])),
        abstract_wait=timedelta(seconds=row["abstract_wait_seconds"]),
        must_look=bool(row["must_look"]),
        is_whole=bool(row["is_whole"]),
    )
    known = _Turn(row["known_count"], row["known_to"])
    return _Handout(row["id"], document, known, _Turn(row["given_count"], row["given_to"]))


# Deliveries -------------------------------------------------------------------------------------------


def _give(
    db: sqlite_utils.Database,
    document: Document,
    candidates: Sequence[Candidate],
    subscriptions: Sequence[Subscription],
    new: Mapping[int, Record] | None = None,
) -> Part:
    """Put the deliveries of these articles to these subscriptions into the outbox.

    `candidates`: newest first. `new`: the records of some of them, so that they need not be read.
    """
    candidates = candidates if new is not None else _living(db, candidates)
    guild_ids = {subscription.guild_id for subscription in subscriptions}
    own = twins.own_of_all(db, guild_ids, [each.article_id for each in candidates])
    given = new or {}
    found = {**given, **articles.merged_records(db, {*own.values()} - given.keys())}
    judge = scheduling.skip_rule(db, document.skipped_types)

    def skip_check(subscription: Subscription, article_id: int) -> Reason | None:
        mine = own[subscription.guild_id, article_id]
        return judge(subscription, mine, found[mine])

    planned = [
        replace(each, article_id=own[each.subscription.guild_id, each.article_id])
        for each in delivery_plan.plan_deliveries(candidates, subscriptions, skip_check)
    ]
    waits = _waits(db, guild_ids, document.abstract_wait)
    new_deliveries = scheduling.schedule(
        db,
        [
            scheduling.to_new_delivery(
                each,
                found[each.article_id],
                waits[each.subscription.guild_id],
                document.recorded_at,
            )
            for each in planned
        ],
        document.recorded_at,
    )
    if document.must_look:
        restore.look_first(db, new_deliveries, document.recorded_at)
    _note_arrivals(db, candidates, subscriptions, document.recorded_at, own)
    states = [new_delivery.state for new_delivery in new_deliveries]
    return Part(states.count(DeliveryState.PENDING), states.count(DeliveryState.HELD))


def _note_arrivals(
    db: sqlite_utils.Database,
    candidates: Sequence[Candidate],
    subscriptions: Sequence[Subscription],
    now: datetime,
    own: Mapping[tuple[int, int], int],
) -> None:
    """Let topics look at what is new, in the servers in which this feed runs."""
    guild_ids = {
        each.guild_id for each in subscriptions if each.paused_at is None and each.starts_with is None
    }
    brought = {
        (guild_id, own[guild_id, each.article_id]): each.is_suspect
        for guild_id in guild_ids
        for each in reversed(candidates)
        if each.is_new
    }
    arrivals.note(db, brought, now)


def _waits(
    db: sqlite_utils.Database, guild_ids: Collection[int], usual: timedelta
) -> Mapping[int, timedelta]:
    """Return how long each server waits for an abstract."""
    chosen = {guild_id: settings.guild_settings(db, guild_id).abstract_wait for guild_id in guild_ids}
    return {guild_id: usual if wait is None else wait for guild_id, wait in chosen.items()}
