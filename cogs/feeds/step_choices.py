"""What the steps of adding a feed or a topic share: the choices in each custom_id, and the menus for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

import discord

from cogs.feeds.page_buttons import PLACES
from cogs.feeds.panels import FORM_WORDS
from cogs.kit.presses import NUMBER, NoLongerWorksError
from wetread.domain.models import Form

CHOICES = (
    rf"(?P<source_id>{NUMBER}):(?P<channel_id>{NUMBER}):(?P<form>{'|'.join(Form)}):(?P<newest>\d{{1,2}})"
)
"""The choices at the end of a custom_id's template."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a moderator has chosen so far.

    `source_id`: the typed words that say what is added, 0 = nothing yet. `channel_id` 0 = where it is asked.
    """

    source_id: int = 0
    channel_id: int = 0
    form: str = Form.WHOLE
    newest: int = 3

    @property
    def custom_id(self) -> str:
        """The choices as the end of a custom_id, in the form of `CHOICES`."""
        return f"{self.source_id}:{self.channel_id}:{self.form}:{self.newest}"


class Stepwise:
    """A button or menu whose custom_id ends with choices, perhaps after the name of a step."""

    choices_type: ClassVar[type] = Choices

    @classmethod
    def restored(cls, groups: Mapping[str, Any]) -> Self:
        """Build it from its custom_id; its label and its options do not matter any more."""
        groups = dict(groups)
        step = [groups.pop("step")] if "step" in groups else []
        return cast(Callable[..., Self], cls)(*step, cls.choices_type(**groups))


def place_select(custom_id: str, channel_id: int) -> discord.ui.ChannelSelect[Any]:
    """Return the menu of channels, with this one chosen."""
    chosen = discord.SelectDefaultValue(id=channel_id, type=discord.SelectDefaultValueType.channel)
    return discord.ui.ChannelSelect(custom_id=custom_id, channel_types=PLACES, default_values=[chosen])


def form_options(chosen: str) -> list[discord.SelectOption]:
    """Return the options of how much of each article is shown."""
    return [
        discord.SelectOption(label=f"Form: {words}", value=form, default=form == chosen)
        for form, words in FORM_WORDS.items()
    ]


def form_chosen(menu: discord.ui.Select[Any]) -> Form:
    """Return the form that was chosen from a menu. Raises NoLongerWorksError for anything else."""
    [value] = menu.values or [""]
    if value not in list(Form):
        raise NoLongerWorksError
    return Form(value)


def newest_options(counts: Sequence[int], chosen: int) -> list[discord.SelectOption]:
    """Return the options of how many articles are posted at once, the chosen number among them."""
    return [
        discord.SelectOption(label=newest_words(count), value=str(count), default=count == chosen)
        for count in sorted({*counts, chosen})
    ]


def newest_chosen(menu: discord.ui.Select[Any], counts: Sequence[int]) -> int:
    """Return the number that was chosen from a menu. Raises NoLongerWorksError for one not offered."""
    [value] = menu.values or [""]
    if value not in map(str, counts):
        raise NoLongerWorksError
    return int(value)


def newest_words(count: int) -> str:
    """Return a choice of how many articles are posted at once: "Start with the newest 3"."""
    if count == 0:
        return "Start with the next new article"
    return "Start with the newest" if count == 1 else f"Start with the newest {count}"
