"""Turns every error into an answer: one ordered table for commands, menus and buttons.

| error | answer |
|---|---|
| not a moderator, a direct message, too many requests | says so |
| something missing or not understood in a command | the command's example |
| IdentifierError, AddressError, ArticleNotFoundError, PlaceNotFoundError, EmptyQueryError | what would work |
| RecordSourceError | an outage: the article may well exist |
| FeedError, SubscriptionError | what is wrong with the feed or the name, and what to do |
| StorageFailedError | nothing can be stored at the moment, for example because the disk is full |
| a missing permission | says which one, if it is known |
| AutoMod or Discord's link filter stopped an answer | says so, and what a moderator can do |
| a rate limit of Discord | says how long to wait, if the answer can be private; else it could not arrive |
| an interaction that expired or was answered already | no answer, because nobody would see it; it is logged |
| everything else | an apology with a reference; the log has the traceback under it |
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands
from rapidfuzz.distance import OSA

from cogs.errors import panels
from cogs.errors.feed_failures import failure_words
from cogs.errors.input_errors import (
    IncompleteError,
    NoArticleError,
    SeveralFeedsError,
    UnknownChoiceError,
    UnknownNameError,
    UnknownSubcommandError,
)
from cogs.errors.query_errors import query_failure, source_failure
from cogs.errors.query_words import unclear
from cogs.kit import colours
from cogs.kit.checks import NotAModeratorError
from cogs.kit.escape import code, safe
from cogs.kit.panels import Panel, notice, quoted
from cogs.kit.presses import NoLongerWorksError
from cogs.kit.words import counted
from wetread.domain.errors import (
    AddressError,
    AlreadySubscribedError,
    ArticleGoneError,
    ArticleNotFoundError,
    EmptyQueryError,
    FaultyQueryError,
    FeedBlockedError,
    FeedError,
    FeedParseError,
    FeedRetrievalError,
    IdentifierError,
    PlaceNotFoundError,
    RecordSourceError,
    StorageFailedError,
    StorageFailure,
    SubscriptionError,
    TooBroadQueryError,
    TooManySubscriptionsError,
    TooManyTopicsError,
    TopicNameTakenError,
    UnclearQueryError,
    UnknownCategoryError,
    UnknownIssnError,
    UnknownJournalError,
    UnknownSubscriptionError,
    UnknownTopicError,
    WetreadError,
    WordsForgottenError,
)
from wetread.domain.text import cut
from wetread.net.addresses import without_secrets

log = logging.getLogger(__name__)

_UNKNOWN_INTERACTION = 10062
_ALREADY_ANSWERED = 40060
_BY_AUTOMOD = (200000, 200001, 240000)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no characters that look alike
_NEAR_LIMIT = 3
_LONGEST_NAME = 120
_LONG_WORD = 6
_FOR_EXAMPLE = "For example:"


@dataclass(frozen=True, slots=True)
class Invocation:
    """How a command was invoked: the prefix, and an example of the command ("" if there is none).

    `can_be_private`: by `/` or a press. Such an answer arrives even where Wetread may not write. `missing`:
    permissions that Wetread lacks there, as Discord names them.
    """

    prefix: str = "!"
    example: str = ""
    can_be_private: bool = False
    missing: str = ""


def near_words(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return up to three command names that `typed` may be a misspelling of, the closest first.

    One letter may be added, missing, wrong or swapped; two in words of six letters or more. A sub-command
    is also found by its last word.
    """
    typed = typed.casefold()
    most = 1 if len(typed) < _LONG_WORD else 2
    slips = sorted(
        (min(whole, OSA.distance(typed, name.split()[-1])), whole, name)
        for name in names
        for whole in (OSA.distance(typed, name),)
    )
    return tuple(name for count, _, name in slips if count <= most)[:_NEAR_LIMIT]


def unwrapped(error: BaseException) -> BaseException:
    """Return the error inside discord.py's wrappers."""
    while True:
        inner = getattr(error, "original", None)
        if not isinstance(inner, BaseException):
            return error
        error = inner


def explain(error: BaseException, invocation: Invocation) -> Panel | None:
    """Return the answer to an error; None where nobody could see one. Log what is not expected."""
    error = unwrapped(error)
    if isinstance(error, discord.NotFound) and error.code == _UNKNOWN_INTERACTION:
        log.warning("An interaction expired before Wetread answered it.")
        return None
    if isinstance(error, discord.HTTPException) and error.code == _ALREADY_ANSWERED:
        log.warning("An interaction had been answered already.")
        return None
    if isinstance(error, discord.HTTPException) and error.code in _BY_AUTOMOD:
        log.warning("AutoMod or Discord's link filter stopped an answer: %s", error.text)
        return panels.stopped_by_automod()
    if isinstance(error, discord.Forbidden):
        log.warning("Discord does not let Wetread do this here: %s (code %d).", error.text, error.code)
        return panels.forbidden(invocation.missing)
    if isinstance(error, discord.RateLimited):
        log.warning("Discord asks Wetread to wait %.0f s.", error.retry_after)
        return panels.wait(error.retry_after) if invocation.can_be_private else None
    panel = _expected(error, invocation)
    return _unexpected(error) if panel is None else panel


def _expected(error: BaseException, invocation: Invocation) -> Panel | None:
    if isinstance(error, commands.CommandError | app_commands.AppCommandError):
        return _refused(error, invocation) or _misunderstood(error, invocation)
    if isinstance(error, FeedError):
        return _feed(error)
    if isinstance(error, IdentifierError | ArticleNotFoundError | ArticleGoneError):
        return _unknown_article(error, invocation.prefix)
    if isinstance(error, SubscriptionError):
        return _subscription(error, invocation)
    if isinstance(error, WetreadError):
        return _domain(error, invocation)
    return None


def _refused(
    error: commands.CommandError | app_commands.AppCommandError, invocation: Invocation
) -> Panel | None:
    """Answer what was understood and cannot be done, here or for this member."""
    if isinstance(error, NotAModeratorError):
        return panels.not_a_moderator(error.doing, can_suggest=error.can_suggest)
    if isinstance(error, commands.NoPrivateMessage | app_commands.NoPrivateMessage):
        return notice("This works only on a server.", "Please type it in a channel of the server.")
    if isinstance(error, commands.CommandOnCooldown | app_commands.CommandOnCooldown):
        return panels.wait(error.retry_after)
    if isinstance(error, NoLongerWorksError):
        return panels.no_longer_works(invocation.prefix)
    return None


def _misunderstood(
    error: commands.CommandError | app_commands.AppCommandError, invocation: Invocation
) -> Panel | None:
    if isinstance(error, UnknownSubcommandError):
        return _unknown_subcommand(error, invocation)
    if isinstance(error, SeveralFeedsError):
        return _several_feeds(error)
    if isinstance(error, UnknownChoiceError):
        known = " · ".join(map(code, error.choices))
        return notice(f"There is no {error.what} {_quoted(error.typed)}.", f"You can type: {known}")
    if isinstance(error, UnknownNameError):
        lists = f"{code(f'{invocation.prefix}journals')} lists the journals of this server."
        return _near(f"There is no journal or subject {_quoted(error.name)}.", error.near, lists)
    if isinstance(error, NoArticleError):
        return notice(
            "That message does not name an article.",
            "Wetread looks for one of its posts, a DOI, a PMID or a link in it.",
        )
    if isinstance(error, commands.MissingRequiredArgument | IncompleteError):
        return notice("Something is missing after the command.", _FOR_EXAMPLE, example=invocation.example)
    if isinstance(error, commands.ChannelNotFound | commands.ThreadNotFound):
        return notice(
            f"There is no channel {_quoted(str(error.argument))} here.",
            "Please choose a text channel, a thread or a forum that you and Wetread can see.",
        )
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return notice(
            "This command has changed.",
            "Discord shows the new version in a few minutes. Until then you can type it as a message: "
            f"{code(invocation.prefix + 'help')} lists all commands.",
        )
    if isinstance(error, commands.UserInputError | app_commands.TransformerError):
        return notice("Wetread did not understand that.", _FOR_EXAMPLE, example=invocation.example)
    return None


def _unknown_subcommand(error: UnknownSubcommandError, invocation: Invocation) -> Panel:
    command = f"{invocation.prefix}{error.group}"
    title = f"There is no command {_quoted(f'{command} {error.typed}')}."
    if error.near:
        return notice(title, f"Did you mean {code(f'{command} {error.near[0]}')}?")
    return notice(title, f"{code(f'{invocation.prefix}help {error.group}')} lists all its commands.")


def _several_feeds(error: SeveralFeedsError) -> Panel:
    places = " · ".join(f"{code(f'#{number}')} in <#{channel}>" for number, channel in error.found)
    return notice(
        f"{_quoted(error.name)} names {len(error.found)} feeds here.", f"Please use the number: {places}"
    )


def _unknown_article(error: IdentifierError | ArticleNotFoundError | ArticleGoneError, prefix: str) -> Panel:
    match error:
        case AddressError():
            return panels.no_article_address(error.text, prefix=prefix)
        case IdentifierError():
            return panels.not_an_identifier(error.text, prefix=prefix)
        case ArticleGoneError():
            return panels.article_gone()
        case PlaceNotFoundError():
            return panels.nothing_at_place(error.place, error.near, error.asked, prefix=prefix)
    kind = error.reference.partition(":")[0].upper()
    return panels.unknown_identifier("arXiv id" if kind == "ARXIV" else kind, error.example)


def _domain(error: WetreadError, invocation: Invocation) -> Panel | None:
    match error:
        case UnclearQueryError():
            return unclear(error.faults, is_cut=error.is_cut, example=invocation.example)
        case EmptyQueryError():
            return notice(
                "Please type at least one word to search for.", _FOR_EXAMPLE, example=invocation.example
            )
        case WordsForgottenError():
            return notice(
                "The words of this search are no longer stored.",
                f"Please type them again: {code(f'{invocation.prefix}search')} and the words.",
            )
        case RecordSourceError():
            return panels.outage(error.source, None)
        case StorageFailedError():
            until = (
                "until the operator restores it."
                if error.kind is StorageFailure.CORRUPT
                else "until this is solved; then it continues by itself."
            )
            return notice(
                "Wetread cannot store anything at the moment.",
                f"{safe(str(error))} The log tells the operator. Wetread fetches and posts nothing {until}",
                colour=colours.RED,
            )
    return None


def _subscription(error: SubscriptionError, invocation: Invocation) -> Panel | None:
    match error:
        case AlreadySubscribedError():
            return notice(
                f"{_quoted(error.name)} already posts to <#{error.channel_id}>.",
                f"{code(f'{invocation.prefix}feed show')} with its name shows the details.",
            )
        case TooManySubscriptionsError():
            return notice(
                f"This server already has {counted(error.limit, 'feed')}, which is the limit.",
                f"Please remove one first, with {code(f'{invocation.prefix}feed remove')}.",
            )
        case UnknownSubscriptionError():
            shows = f"{code(f'{invocation.prefix}feed list')} shows all feeds."
            is_number = error.name.lstrip("#").isdecimal()  # similar numbers mean nothing
            near = () if is_number else error.near
            return _near(f"This server has no feed {_quoted(error.name)}.", near, shows)
        case UnknownTopicError():
            shows = f"{code(f'{invocation.prefix}topic list')} shows all topics."
            return _near(f"This server has no topic {_quoted(error.name)}.", error.near, shows)
        case TopicNameTakenError():
            return notice(
                f"This server already has a topic {_quoted(error.name)}.", "Please choose another name."
            )
        case TooManyTopicsError():
            return notice(
                f"This server already has {counted(error.limit, 'topic')}, which is the limit.",
                f"Please remove one first, with {code(f'{invocation.prefix}topic remove')}.",
            )
        case UnknownJournalError():
            return _near(
                f"Wetread does not know a journal called {_quoted(error.name)}.",
                error.near,
                "You can also use the address of its feed, or of a page that links to its feed.",
            )
        case UnknownIssnError() | UnknownCategoryError() | FaultyQueryError() | TooBroadQueryError():
            return query_failure(error)
    return None


def _near(title: str, near: tuple[str, ...], else_: str) -> Panel:
    if not near:
        return notice(title, else_)
    one_or_more = "Did you mean this one?" if len(near) == 1 else "Did you mean one of these?"
    return notice(title, one_or_more, *(f"- {safe(cut(name, _LONGEST_NAME))}" for name in near))


def _feed(error: FeedError) -> Panel:
    """Answer about a feed that somebody tries to add. A subscribed feed fails in its loop, not here."""
    log.info("a feed that somebody asked for failed: %s", error)  # details are for the operator only (S34)
    if panel := source_failure(error):
        return panel
    kind = error.kind if isinstance(error, FeedRetrievalError | FeedParseError) else ""
    trouble = failure_words(kind, error.substitute if isinstance(error, FeedBlockedError) else None)
    return notice(f"The feed {trouble.what}", trouble.when_adding, colour=colours.AMBER)


def _unexpected(error: BaseException) -> Panel:
    reference = "W-" + "".join(secrets.choice(_ALPHABET) for _ in range(4))
    log.error("%s: unexpected error", reference, exc_info=error)
    return panels.unexpected(reference)


def _quoted(text: str) -> str:
    return quoted(cut(without_secrets(text), 100))
