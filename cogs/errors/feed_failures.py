"""Failures in words: what is wrong with a feed or a source, and what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from cogs.kit.escape import code

AGAIN = "Wetread tries again by itself."
_LATER = "Nothing is watched yet. Please check the address, or try again later."


@dataclass(frozen=True, slots=True)
class FailureWords:
    """`what` is a sentence without a subject's name; `advice` says what helps a feed that is watched.

    `when_adding`: what helps while it is only being tried.
    """

    what: str
    advice: str = AGAIN
    when_adding: str = _LATER


def _lasting(what: str, advice: str) -> FailureWords:
    """Time does not help, so the advice is the same for a feed that is only being tried."""
    return FailureWords(what, advice, advice)


_UNREACHABLE = FailureWords("could not be reached.")
_NO_FEED = _lasting(
    "does not answer with a feed.", "Please check the address, or name the journal instead: `/feed add`."
)
_BROKEN = FailureWords("is damaged and cannot be read.")

FEED_FAILURES: Mapping[str, FailureWords] = {
    # One text for all that could tell an outsider what stands behind an address (faults.md S01, S34).
    "address_refused": _UNREACHABLE,
    "connection": _UNREACHABLE,
    "timeout": _UNREACHABLE,
    "tls": _UNREACHABLE,
    "redirects": _UNREACHABLE,
    "unreadable": _UNREACHABLE,
    "status": _UNREACHABLE,
    "server": FailureWords("is out of order at the moment."),
    "circuit_open": _UNREACHABLE,
    "too_many": _lasting(
        "brings more in one day than PubMed tells of.", "Please watch a narrower query instead: `/feed add`."
    ),
    "switched_off": _lasting(
        "needs PubMed or Crossref, which this Wetread does not ask.",
        "Its operator can switch them on, in `[sources] enabled`.",
    ),
    "throttled": FailureWords("asks for a longer pause.", "Wetread keeps to it."),
    "blocked": _lasting(
        "refuses automated readers.",
        "Name the journal instead, and PubMed takes its place: `/feed add`, with its name or "
        "`issn:` and its ISSN.",
    ),
    "not_found": FailureWords(
        "is not at this address any more.",
        "Please look for the new one, or name the journal: `/feed add`.",
        "Please check the address, or name the journal instead.",
    ),
    "gone": FailureWords(
        "is gone for good.",
        "Wetread no longer asks. Please remove it, or name the journal instead.",
        "Please name the journal instead.",
    ),
    "too_large": _lasting(
        "is larger than Wetread reads (10 MB).", "Please use a shorter feed of the journal."
    ),
    "not_a_feed": _NO_FEED,
    "empty": _NO_FEED,
    "error_page": FailureWords("describes an error of its own instead of articles."),
    "truncated": _BROKEN,
    "entities": _lasting("contains definitions that Wetread refuses to read.", "Please use another feed."),
    "crashed": _BROKEN,
    "quarantined": _lasting(
        "has stopped its reader three times and is left alone.",
        "`/feed check` tries once more; otherwise use another feed.",
    ),
}

UNKNOWN_FAILURE = FailureWords("could not be read.")


def failure_words(kind: str, substitute: str | None = None) -> FailureWords:
    """Return the words for a feed's failure, by the `kind` of its error.

    `substitute`: what to watch in place of a feed that refuses us (`Catalogue.substitute`), None = unknown.
    """
    if kind == "blocked" and substitute is not None:
        command = code(f"/feed add {substitute}")
        return _lasting(FEED_FAILURES[kind].what, f"PubMed takes its place: {command}")
    return FEED_FAILURES.get(kind, UNKNOWN_FAILURE)
