"""How a command of Wetread is declared: in both forms, with an example that help and errors show.

Also the place where discord.py's decorators get plainer types: mypy cannot solve the unions of theirs.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from discord.ext import commands

Callback = Callable[..., Coroutine[Any, Any, None]]
Decorator = Callable[[Callback], Callback]
Command = commands.HybridCommand[Any, Any, Any]
Group = commands.HybridGroup[Any, Any, Any]


def command(example: str, **attributes: Any) -> Callable[[Callback], Command]:
    """Declare a command as `!` and `/`; `example` is without either."""
    return commands.hybrid_command(extras={"example": example}, **attributes)


def group(example: str, **attributes: Any) -> Callable[[Callback], Group]:
    """Declare a group. Its own callback, for `!` only, hears what is none of its sub-commands."""
    return commands.hybrid_group(
        extras={"example": example}, invoke_without_command=True, case_insensitive=True, **attributes
    )


def subcommand(parent: Group, example: str, **attributes: Any) -> Callable[[Callback], Command]:
    """Declare a sub-command of a group."""
    return parent.command(extras={"example": example}, **attributes)


def per_member() -> Decorator:
    """Allow each member `[limits] lookups_per_minute` of the configuration, over a minute."""

    def cooldown(ctx: commands.Context[Any]) -> commands.Cooldown:
        return commands.Cooldown(ctx.bot.config.limits.lookups_per_minute, 60)

    return commands.dynamic_cooldown(cooldown, commands.BucketType.user)
