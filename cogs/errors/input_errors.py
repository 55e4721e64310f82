"""Input errors: what somebody typed does not say what they want. `explaining` has the answers."""

from discord.ext import commands


class IncompleteError(commands.UserInputError):
    """Something is missing after a command; the answer shows its example."""


class UnknownSubcommandError(commands.UserInputError):
    """A group has no such sub-command; `near` are the closest."""

    def __init__(self, group: str, typed: str, near: tuple[str, ...]) -> None:
        super().__init__(f"no sub-command {typed!r}")
        self.group = group
        self.typed = typed
        self.near = near


class SeveralFeedsError(commands.UserInputError):
    """A name fits several subscriptions; `found` has their numbers, each with its channel."""

    def __init__(self, name: str, found: tuple[tuple[int, int], ...]) -> None:
        super().__init__(f"{name!r} has {len(found)} subscriptions")
        self.name = name
        self.found = found


class UnknownNameError(commands.UserInputError):
    """No journal and no subject has this name; `near` are the closest."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(f"no journal or subject {name!r}")
        self.name = name
        self.near = near


class UnknownChoiceError(commands.UserInputError):
    """A word is none of the styles, kinds of file or forms that a command has.

    `what`: what such a word names ("citation style"); `choices`: what can be typed.
    """

    def __init__(self, what: str, typed: str, choices: tuple[str, ...]) -> None:
        super().__init__(f"no {what} {typed!r}")
        self.what = what
        self.typed = typed
        self.choices = choices


class NoArticleError(commands.UserInputError):
    """The message that was pointed at names no article."""
