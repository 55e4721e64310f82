"""Says that words were corrected, and looks them up as they were typed."""

from cogs.cards.buttons import show_card
from cogs.cards.open_buttons import several
from cogs.errors.panels import no_match
from cogs.kit.context import Interaction
from cogs.kit.escape import safe_cut
from cogs.kit.panels import Panel
from cogs.kit.presses import NUMBER, PersistentButton, actions_of, answer, typist_of
from wetread.domain.models import Article
from wetread.services.lookup import LookupResult, SeveralMatches

AS_TYPED = "Search as typed"
"""The label of the button that a corrected answer has."""

_LONGEST = 60


def corrected_line(words: str, typed: str) -> str:
    """Say what was searched in the place of what was typed."""
    shown, instead = safe_cut(words, _LONGEST), safe_cut(typed, _LONGEST)
    return f"Showing results for *{shown}*. Search for *{instead}* instead."


class AsTypedButton(PersistentButton, template=rf"wetread:typed:(?P<words_id>{NUMBER})"):
    """Looks words up without correcting them."""

    def __init__(self, words_id: int) -> None:
        super().__init__(AS_TYPED, f"wetread:typed:{words_id}")
        self.words_id = words_id

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with what is found. Raises as `ArticleLookup.look_up`, and WordsForgottenError."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        actions = actions_of(interaction)
        words = await actions.typed_words(self.words_id, typist_of(interaction))
        found = await actions.look_up_as_typed(words, interaction.guild_id)
        if isinstance(found, Article):
            await show_card(interaction, found)
        else:
            await answer(interaction, view=self._panel(found))

    def _panel(self, found: LookupResult) -> Panel:
        assert not isinstance(found, Article)  # noqa: S101  # a card is no panel
        if isinstance(found, SeveralMatches):
            return several(found.text, found.articles, is_capped=found.is_capped)
        return no_match(found.text, self.words_id, found.near, prefix=None)
