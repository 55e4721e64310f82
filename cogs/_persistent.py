"""All buttons and menus that must work after a restart, for `bot.add_dynamic_items`."""

from cogs._card_buttons import CardButton
from cogs._citation_panel import StyleButton
from cogs._feed_troubles import TroubleButton
from cogs._help_panel import HelpButton
from cogs._item_buttons import OpenButton, PickMenu, PubMedButton
from cogs._log_panel import LogButton
from cogs._notices import RetryButton
from cogs._offer import OfferButton
from cogs._open_panel import OpenPanelButton
from cogs._questions import HeldButton, ShowQuestionsButton, UncertainButton, UndoButton
from cogs._search_panel import FilterMenu, TurnButton
from cogs._suggesting import SuggestButton
from cogs._types_panel import TypesMenu
from cogs._why_panel import WhyMenu

PERSISTENT_ITEMS = (
    CardButton,
    StyleButton,
    OpenButton,
    PickMenu,
    PubMedButton,
    TurnButton,
    FilterMenu,
    HelpButton,
    OpenPanelButton,
    OfferButton,
    TypesMenu,
    HeldButton,
    UncertainButton,
    UndoButton,
    ShowQuestionsButton,
    TroubleButton,
    RetryButton,
    SuggestButton,
    LogButton,
    WhyMenu,
)
