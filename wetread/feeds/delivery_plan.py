"""Decides which articles of a document each subscription posts, holds or skips. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from wetread.domain.models import DeliveryState, Reason, Record, Subscription
from wetread.domain.publication_types import expects_abstract


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article of the document. `is_new` and `is_suspect`: see `planner.Sighting`."""

    article_id: int
    is_new: bool
    is_suspect: bool = False


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """The state of one article's delivery to one subscription's destination. `reason` None = it is posted."""

    subscription: Subscription
    article_id: int
    state: DeliveryState
    reason: Reason | None = None


SkipReason = Callable[[Subscription, int], Reason | None]
"""Returns why a subscription skips an article (by id): its filter, the server's types. None = it posts it."""


def plan_deliveries(
    candidates: Sequence[Candidate], subscriptions: Iterable[Subscription], skip_reason: SkipReason
) -> list[PlannedDelivery]:
    """Return the deliveries of each subscription, oldest article first.

    `candidates` are newest first, each article once. A new subscription posts its `starts_with` newest
    matching articles and skips the rest. A running one posts new articles; a paused one skips them.
    """
    planned: list[PlannedDelivery] = []
    for subscription in subscriptions:
        if subscription.paused_at is not None:
            planned += _skipped(subscription, candidates, Reason.PAUSED)
        elif subscription.starts_with is not None:
            planned += _starting(subscription, subscription.starts_with, candidates, skip_reason)
        else:
            planned += _running(subscription, candidates, skip_reason)
    age = {candidate.article_id: rank for rank, candidate in enumerate(reversed(candidates))}
    return sorted(planned, key=lambda each: age[each.article_id])


def _skipped(
    subscription: Subscription, candidates: Sequence[Candidate], reason: Reason
) -> list[PlannedDelivery]:
    return [
        PlannedDelivery(subscription, each.article_id, DeliveryState.SKIPPED, reason)
        for each in candidates
        if each.is_new
    ]


def _starting(
    subscription: Subscription, wanted: int, candidates: Sequence[Candidate], skip_reason: SkipReason
) -> list[PlannedDelivery]:
    planned = []
    for each in candidates:
        reason = skip_reason(subscription, each.article_id) if wanted else Reason.BEFORE
        if reason is None:
            wanted -= 1
            planned.append(PlannedDelivery(subscription, each.article_id, DeliveryState.PENDING))
        else:
            planned.append(PlannedDelivery(subscription, each.article_id, DeliveryState.SKIPPED, reason))
    return planned


def _running(
    subscription: Subscription, candidates: Sequence[Candidate], skip_reason: SkipReason
) -> list[PlannedDelivery]:
    planned = []
    for each in candidates:
        if not each.is_new:
            continue
        reason = skip_reason(subscription, each.article_id)
        if reason is not None:
            planned.append(PlannedDelivery(subscription, each.article_id, DeliveryState.SKIPPED, reason))
        elif each.is_suspect:
            planned.append(PlannedDelivery(subscription, each.article_id, DeliveryState.HELD, Reason.FLOOD))
        else:
            planned.append(PlannedDelivery(subscription, each.article_id, DeliveryState.PENDING))
    return planned


def is_skipped_type(record: Record, skipped_types: Collection[str]) -> bool:
    """Return whether a publication is skipped for its type; see `UpdatePolicy.skipped_types`."""
    types = {each.casefold() for each in record.types}
    for skipped in skipped_types:
        name, condition, _ = skipped.casefold().partition(" without abstract")
        if name in types and not (condition and record.abstract):
            return True
    return False


def waits_for_abstract(record: Record) -> bool:
    """Return whether an abstract may still come: there is none, and articles of this type have one."""
    return not record.abstract and not record.has_no_abstract and expects_abstract(record)
