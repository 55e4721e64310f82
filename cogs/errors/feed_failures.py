"""What is wrong with a feed or a source, in words, and what somebody can do."""

from collections.abc import Mapping
from dataclasses import dataclass

from cogs.kit.escape import code

AGAIN = "Wetread tries again automatically."
_LATER = "The feed was not added. Please check the address, or try again later."


@dataclass(frozen=True, slots=True)
class FailureWords:
    """`what` is a sentence without its subject; `advice` says what to do about a subscribed feed.

    `when_adding`: what to do when somebody tries to add the feed.
    """

    what: str
    advice: str = AGAIN
    when_adding: str = _LATER


def _lasting(what: str, advice: str) -> FailureWords:
    """Return words for a failure that time does not solve: the same advice for new and subscribed feeds."""
    return FailureWords(what, advice, advice)


_UNREACHABLE = FailureWords("could not be reached.")
_NO_FEED = _lasting(
    "is not in a format that Wetread can read.",
    "Please check the address, or add the journal by name: `/feed add`.",
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
    "server": FailureWords("answered with a server error."),
    "circuit_open": _UNREACHABLE,
    "too_many": _lasting(
        "finds more than 9,999 articles in one day. PubMed lists no more than that.",
        "Please use a narrower query: `/feed add`.",
    ),
    "switched_off": _lasting(
        "needs PubMed or Crossref, which are switched off.",
        "The operator can switch them on with `[sources] enabled` in config.toml.",
    ),
    "throttled": FailureWords("asked Wetread to wait longer.", "Wetread waits, then tries again."),
    "blocked": _lasting(
        "refuses automated readers.",
        "Add the journal with `/feed add` and its name, or with `issn:` and its ISSN. "
        "Wetread then gets its articles from PubMed.",
    ),
    "not_found": FailureWords(
        "is no longer at this address.",
        "Please look for the new address, or add the journal by name: `/feed add`.",
        "Please check the address, or add the journal by name.",
    ),
    "gone": FailureWords(
        "was removed permanently by its site.",
        "Wetread no longer asks for it. Please remove it, or add the journal by name: `/feed add`.",
        "Please add the journal by name.",
    ),
    "too_large": _lasting(
        "is larger than 10 MB, the most that Wetread reads.", "Please use a shorter feed of the journal."
    ),
    "not_a_feed": _NO_FEED,
    "empty": _NO_FEED,
    "error_page": FailureWords("contains an error message instead of articles."),
    "truncated": _BROKEN,
    "entities": _lasting(
        "contains XML entities, which Wetread refuses for safety.", "Please use another feed."
    ),
    "crashed": _BROKEN,
    "quarantined": _lasting(
        "crashed Wetread’s feed reader three times, so Wetread stopped reading it.",
        "`/feed check` tries once more. You can also use another feed.",
    ),
}

UNKNOWN_FAILURE = FailureWords("could not be read.")


def failure_words(kind: str, substitute: str | None = None) -> FailureWords:
    """Return the words for a feed's failure, by the `kind` of its error.

    `substitute`: what to add in place of a feed that refuses Wetread (`Catalogue.substitute`), or None.
    """
    if kind == "blocked" and substitute is not None:
        command = code(f"/feed add {substitute}")
        return _lasting(FEED_FAILURES[kind].what, f"PubMed can replace it: {command}")
    return FEED_FAILURES.get(kind, UNKNOWN_FAILURE)
