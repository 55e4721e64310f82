"""What was asked for cannot be told from what was typed: errors that the explanations have sentences for."""

from discord.ext import commands


class IncompleteError(commands.UserInputError):
    """Something is missing in a command; the answer is its example."""


class UnknownSubcommandError(commands.UserInputError):
    """A group has no such sub-command; `near` are the closest."""

    def __init__(self, group: str, typed: str, near: tuple[str, ...]) -> None:
        super().__init__(f"no sub-command {typed!r}")
        self.group = group
        self.typed = typed
        self.near = near


class SeveralFeedsError(commands.UserInputError):
    """A name means several subscriptions: their numbers, each with its channel."""

    def __init__(self, name: str, found: tuple[tuple[int, int], ...]) -> None:
        super().__init__(f"{name!r} is watched {len(found)} times")
        self.name = name
        self.found = found


class UnknownNameError(commands.UserInputError):
    """No journal and no subject has this name; `near` are the closest."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(f"no journal or subject {name!r}")
        self.name = name
        self.near = near


class NoArticleError(commands.UserInputError):
    """The message that was pointed at names no article."""
