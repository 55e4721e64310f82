"""Decorators that declare a command for both `!` and `/`, with an example for help and errors.

They also give discord.py's decorators simpler types: mypy cannot solve the original unions.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from discord.ext import commands

Callback = Callable[..., Coroutine[Any, Any, None]]
Decorator = Callable[[Callback], Callback]
Command = commands.HybridCommand[Any, Any, Any]
Group = commands.HybridGroup[Any, Any, Any]


def command(example: str, **attributes: Any) -> Callable[[Callback], Command]:
    """Declare a command for `!` and `/`; `example` is without either."""
    return commands.hybrid_command(extras={"example": example}, **attributes)


def group(example: str, **attributes: Any) -> Callable[[Callback], Group]:
    """Declare a group. Its own callback, for `!` only, gets what is not a sub-command."""
    return commands.hybrid_group(
        extras={"example": example}, invoke_without_command=True, case_insensitive=True, **attributes
    )


def subcommand(parent: Group, example: str, **attributes: Any) -> Callable[[Callback], Command]:
    """Declare a sub-command of a group."""
    return parent.command(extras={"example": example}, **attributes)
