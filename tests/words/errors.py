"""Every error with its answer, for docs/words.md."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from discord.ext import commands

from cogs.errors import panels
from cogs.errors.explaining import Invocation, explain
from cogs.errors.feed_failures import FEED_FAILURES, UNKNOWN_FAILURE, failure_words
from cogs.errors.input_errors import (
    IncompleteError,
    NoArticleError,
    SeveralFeedsError,
    UnknownChoiceError,
    UnknownNameError,
    UnknownSubcommandError,
)
from cogs.kit.checks import ADDING, CHOOSING, SEEING, NotAModeratorError
from cogs.kit.presses import NoLongerWorksError
from tests.support import invented
from tests.words.page import Entry
from wetread.domain import errors as domain
from wetread.domain.models import JournalPlace
from wetread.domain.query_faults import read_query

URL = "https://journals.example/feed.xml"
INVOCATION = Invocation("!", '!search "epidural injection" since:2024', can_be_private=True)

UNCLEAR = "autor:Example since:yesterday until:soon type:revue has:pdf colour:red author:"
PLACE = JournalPlace(("J Invent Imaging",), "12", "999", "3", 2001)

ANSWERED: Mapping[str, tuple[BaseException, ...]] = {
    "A member uses a command for moderators": (
        NotAModeratorError(CHOOSING),
        NotAModeratorError(SEEING),
        NotAModeratorError(ADDING, can_suggest=True),
    ),
    "A command for servers, in a direct message": (commands.NoPrivateMessage(),),
    "Too many commands in a minute": (
        commands.CommandOnCooldown(commands.Cooldown(10, 60), 20, commands.BucketType.user),
    ),
    "Nothing after a command that needs something": (IncompleteError(),),
    "A word where a number belongs": (commands.BadArgument("soon"),),
    "A channel that is not there": (commands.ChannelNotFound("#nowhere"),),
    "A sub-command that is not there": (
        UnknownSubcommandError("export", "serach", ("search",)),
        UnknownSubcommandError("export", "xyzzy", ()),
    ),
    "A name of two feeds": (SeveralFeedsError("Example Spine Imaging", ((3, 1), (7, 2))),),
    "A citation style, a kind of file or a form that is not there": (
        UnknownChoiceError("citation style", "chicago", ("ama", "vancouver", "apa", "bibtex", "ris")),
    ),
    "A filter with something that is not understood": (
        domain.UnclearQueryError(
            UNCLEAR,
            read_query(UNCLEAR, date(2026, 3, 31), is_filter=True).faults,
            is_cut=True,
        ),
    ),
    "`!latest` with a name that nothing has": (
        UnknownNameError("Radiolgy", ("Radiology", "European Radiology")),
        UnknownNameError("Poultry Science", ()),
    ),
    "A reply to a message without an article": (NoArticleError(),),
    "A button of an article that is gone, or of another server": (domain.ArticleGoneError(7),),
    "A button that no longer works": (NoLongerWorksError(),),
    "Text that is no identifier": (domain.IdentifierError("fig3.png"),),
    "An address that does not say which article it leads to": (
        domain.AddressError("https://journals.example.org/invented/Fulltext/2003/05000/Title.4.aspx"),
    ),
    "A citation of which nothing is known": (
        domain.PlaceNotFoundError(PLACE, (), ("PubMed", "Crossref")),
        domain.PlaceNotFoundError(PLACE, (invented.TRIAL,), ("PubMed",)),
        domain.PlaceNotFoundError(PLACE, (invented.TRIAL, invented.LETTER), ("PubMed",)),
        domain.PlaceNotFoundError(PLACE, (), ()),
    ),
    "An identifier that no source has": (
        domain.ArticleNotFoundError("doi:10.5555/jer.2026", "10.5555/jer.2026.0101"),
        domain.ArticleNotFoundError("pmid:99999999", None),
    ),
    "A button of an old search, whose words are deleted": (domain.WordsForgottenError(),),
    "A search without a word": (domain.EmptyQueryError('"" --'),),
    "A source does not answer": (domain.RecordSourceError("PubMed", "server"),),
    "`!feed add` of something that is there already": (
        domain.AlreadySubscribedError("Example Spine Imaging", 1),
    ),
    "`!feed add` when the server is full": (domain.TooManySubscriptionsError("Radiology", 200),),
    "A feed that is not there": (
        domain.UnknownSubscriptionError("Exmple Spine", ("Example Spine Imaging",)),
        domain.UnknownSubscriptionError("#41", ()),
    ),
    "`!topic add` of a name that is taken": (domain.TopicNameTakenError("Knee embolization"),),
    "`!topic add` when the server has all the topics that it may have": (
        domain.TooManyTopicsError("Knee embolization", 50),
    ),
    "A topic that is not there": (
        domain.UnknownTopicError("Knee embolisation", ("Knee embolization",)),
        domain.UnknownTopicError("Stroke", ()),
    ),
    "A journal that is not in the catalogue": (
        domain.UnknownJournalError("Radiolgy", ("Radiology", "European Radiology")),
    ),
    "An ISSN that no journal has": (
        domain.UnknownIssnError("1051-0444", is_mistyped=True),
        domain.UnknownIssnError("1051-0443"),
    ),
    "A preprint category that is not there": (
        domain.UnknownCategoryError("radiolgy", "medRxiv", ("Radiology and imaging", "Pathology")),
    ),
    "A PubMed query with unknown words": (domain.FaultyQueryError("facett[tiab]", ("facett[tiab]",)),),
    "A PubMed query that finds too much": (domain.TooBroadQueryError("pain", 12_000, 1_000),),
    "The database cannot be written": (
        domain.StorageFailedError(domain.StorageFailure.FULL, "The disk is full."),
        domain.StorageFailedError(domain.StorageFailure.CORRUPT, "The database file is damaged."),
    ),
    "`!feed add` of a site that refuses programs": (
        domain.FeedBlockedError(URL, status=403, substitute="issn:1051-0443"),
    ),
    "`!feed add` of a page that is not a feed": (domain.FeedParseError(URL, "not_a_feed"),),
    "`!feed add` of an address that does not answer": (domain.FeedRetrievalError(URL, "timeout"),),
    "`!feed add` of a query while PubMed is down": (domain.FeedRetrievalError("pubmed:facet", "timeout"),),
    "An error that nobody expected": (RuntimeError("anything"),),
}
"""What brings it about → the errors with that cause."""

NEVER_ANSWERED: Mapping[type[domain.WetreadError], str] = {
    domain.ConfigError: "stops the start; each fault stands on the screen with what would be right",
    domain.FetchError: "becomes a FeedRetrievalError or a RecordSourceError before anybody sees it",
    domain.DeliveryRefusedError: "is shown by `/status` and in the moderators’ channel",
    domain.DeliveryDelayedError: "makes Wetread wait; `/status` says so",
    domain.DeliveryAmbiguousError: "makes Wetread look for the post, and ask moderators if it cannot",
    domain.MessageDeletedError: "is noted with the delivery; `/feed why` says so",
    domain.HistoryUnreadableError: "makes Wetread ask moderators whether the post is there",
    domain.StorageError: "stops the start with its own sentence on the screen; see StorageFailedError",
}
"""Errors that reach no reader as an answer, and what happens instead."""

BASES = (domain.WetreadError, domain.FeedError, domain.SubscriptionError, domain.DeliveryError)
"""Classes that are never raised themselves."""


def answers() -> Iterator[Entry]:
    """Return each error's answer."""
    for cause, found in ANSWERED.items():
        for error in found:
            panel = explain(error, INVOCATION)
            assert panel is not None  # every one of the table has an answer
            yield Entry(f"{cause} ({type(error).__name__})", panel)
    yield Entry(
        "Words that fit nothing (near ones are known)", panels.no_match("epidral", 1, [invented.TRIAL])
    )
    yield Entry("Words that fit nothing (nothing is near)", panels.no_match("marionettes", 1, []))
    yield Entry("Wetread lacks permissions", panels.missing_permissions(1, ["Embed Links", "View Channel"]))
    yield Entry("AutoMod stops an answer", panels.stopped_by_automod())
    yield Entry("Discord refuses something (Forbidden)", panels.forbidden())
    yield Entry("Discord refuses something, and a permission is missing", panels.forbidden("*Attach Files*"))


def failures() -> Iterator[str]:
    """Return each failure of a feed: what `/status` and a feed's page say, and what to do."""
    for kind, words in {**FEED_FAILURES, "anything else": UNKNOWN_FAILURE}.items():
        more = "" if words.when_adding == words.advice else f" When it is being added: {words.when_adding}"
        yield f"- `{kind}`: The feed {words.what} {words.advice}{more}"
    yield f"- `blocked`, with a substitute: {failure_words('blocked', 'issn:1051-0443').advice}"


def classes() -> set[type[Any]]:
    """Return the classes of errors that have an answer, or a reason why they have none."""
    return {type(error) for found in ANSWERED.values() for error in found} | set(NEVER_ANSWERED) | set(BASES)
