"""Buttons and menus that work after a restart are built anew from their custom_ids."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import cogs
from cogs.alerts.notice_panels import RetryButton
from cogs.alerts.questions import HeldButton, ShowQuestionsButton, UncertainButton, UndoButton
from cogs.cards.buttons import CardButton
from cogs.cards.citation_panel import StyleButton
from cogs.cards.digest_items import DigestButton, DigestMenu, SubjectMenu
from cogs.cards.open_buttons import OpenButton, PickMenu, PubMedButton
from cogs.exchange.import_buttons import ImportButton
from cogs.exchange.settings_panels import SettingsButton
from cogs.feeds import add_steps
from cogs.feeds.add_steps import JournalMenu, LooksMenu, NewestMenu, PlaceMenu, StepButton
from cogs.feeds.confirmations import BundleButton, RemoveButton, UndoBundleButton
from cogs.feeds.failing_feed import FailureButton
from cogs.feeds.forum_tags import LabelMenu, MakeTagsButton, TagMenu
from cogs.feeds.page_buttons import FeedButton, FeedMenu, FormMenu, MoveMenu
from cogs.feeds.page_feeds import PageFeedButton
from cogs.feeds.several import CopyMenu, RemoveSeveralButton
from cogs.feeds.step_choices import Choices
from cogs.feeds.types_panel import TypesMenu
from cogs.help.panel import HelpButton
from cogs.history import changes_panel
from cogs.history.changes_panel import FileButton, WhatMenu, WhoMenu
from cogs.history.log_panel import LogButton
from cogs.history.undo_change import UndoChangeButton
from cogs.history.why_panel import WhyMenu
from cogs.kit.limits import CUSTOM_ID
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.presses import NUMBER, PersistentButton, PersistentItem, PersistentMenu
from cogs.lookups.as_typed import AsTypedButton
from cogs.lookups.offer import OfferButton
from cogs.lookups.search_panel import FilterMenu, TurnButton
from cogs.pace.arrival_panel import ArrivalButton, ArrivalMenu
from cogs.roles.letting_choose import WhereMenu
from cogs.roles.member_topics import ChooseTopicsButton, LeaveAllButton, RoleButton
from cogs.roles.mention_page import MentionButton, MostMenu, RoleMenu
from cogs.sharing.notes import NoteButton
from cogs.suggestions.suggest_journal import SuggestButton
from cogs.topics import add_steps as topic_steps
from cogs.topics.add_steps import (
    ReadyTopicMenu,
    TopicKindsMenu,
    TopicLooksMenu,
    TopicNewestMenu,
    TopicPlaceMenu,
    TopicStep,
    TopicSubjectMenu,
)
from cogs.topics.page_buttons import RemoveTopicButton, TopicButton, TopicKinds, TopicMenu, WordsButton
from cogs.welcome import steps as setup_steps
from cogs.welcome.buttons import BackButton, WelcomeButton
from cogs.welcome.steps import SetupButton
from wetread.domain.identifiers import Identifier, IdentifierKind
from wetread.domain.models import Form
from wetread.domain.search_request import Order, SearchRequest

MOST = 9 * 10**18 - 1  # the greatest number that a template takes
REQUEST = SearchRequest(MOST, "", MOST, 10**9 - 1, Order.NEWEST, "10y", "editorial", as_typed=True)


def examples() -> Iterator[PersistentItem[Any]]:
    """Build each kind of button and menu, with the longest numbers."""
    yield from (CardButton(action, MOST) for action in ("abstract", "cite", "discuss", "show", "article"))
    yield from (StyleButton(style, MOST) for style in ("ama", "vancouver", "apa", "bibtex", "ris"))
    yield from (
        OpenButton(MOST, MOST),
        OpenButton(1, number=3),
        PickMenu(),
        PubMedButton(MOST),
        AsTypedButton(MOST),
    )
    yield from (TurnButton("previous", REQUEST), FilterMenu("when", REQUEST), FilterMenu("kind", REQUEST))
    yield from (OpenPanelButton("list"), OpenPanelButton("show", MOST))
    yield from (FailureButton(act, MOST) for act in ("pubmed", "check", "pause"))
    yield from (HeldButton(MOST, 1_800_000_000, choice) for choice in ("all", "newest", "none", "see"))
    yield from (UncertainButton(MOST, "there"), UncertainButton(MOST, "post"), UndoButton(MOST))
    yield from (ShowQuestionsButton(), RetryButton(MOST, 50_013), TypesMenu(), WhyMenu(), SuggestButton())
    yield from (NoteButton(MOST), NoteButton(1, has_note=True))
    yield from (LogButton(MOST, 3, "older"), HelpButton("search"), HelpButton("latest"))
    yield from (RemoveButton(MOST, choice) for choice in ("remove", "keep"))
    yield from (BundleButton("start", MOST, Form.CONCLUSION, "x" * 40), UndoBundleButton(MOST, MOST))
    choices = Choices(MOST, MOST, Form.CONCLUSION, 10)
    yield from (
        StepButton(step, choices, label="…") for step in ("which", "where", "sample", "start", "type")
    )
    yield from (
        add_steps.SubjectMenu(choices, ["spine"]),
        JournalMenu(choices, subject="spine"),
        PlaceMenu(choices),
    )
    yield from (LooksMenu(choices), NewestMenu(choices), FeedMenu(), FormMenu(MOST), MoveMenu(MOST))
    yield from (FeedButton(act, MOST) for act in ("filter", "pause", "resume", "threads"))
    yield from (LabelMenu(MOST), TagMenu(MOST, 16), MakeTagsButton(MOST))
    yield from (CopyMenu(MOST), RemoveSeveralButton(MOST, "remove"), RemoveSeveralButton(MOST, "keep"))
    yield from _of_topics()
    yield from _of_the_desk()
    yield PageFeedButton(MOST, MOST, Form.CONCLUSION, 10, "cancel")
    yield OfferButton(Identifier(IdentifierKind.DOI, "10.5555/jii.2026.0001"))
    yield OfferButton(Identifier(IdentifierKind.PMID, "99000001"))


def _of_topics() -> Iterator[PersistentItem[Any]]:
    choices = Choices(MOST, MOST, Form.CONCLUSION, 10)
    yield from (TopicStep(step, choices, label="…") for step in topic_steps.STEPS)
    yield from (TopicSubjectMenu(choices), ReadyTopicMenu(choices), TopicPlaceMenu(choices))
    yield from (TopicLooksMenu(choices), TopicKindsMenu(choices), TopicNewestMenu(choices))
    yield from (TopicMenu(), TopicKinds(MOST), RemoveTopicButton(MOST, "keep"))
    yield from (TopicButton(act, MOST) for act in ("words", "name", "pause", "resume"))
    yield from (WordsButton(act, MOST, MOST) for act in ("show", "save", "again", "keep"))
    yield from (MentionButton(act, MOST, MOST, 10) for act in ("save", "make", "only", "nobody"))
    yield from (MostMenu(MOST, MOST, 10), RoleMenu(MOST, MOST, 10), WhereMenu(), ChooseTopicsButton(MOST))
    yield from (RoleButton("take", MOST, MOST), RoleButton("leave", MOST, MOST), LeaveAllButton(MOST))


def _of_the_desk() -> Iterator[PersistentItem[Any]]:
    choices = setup_steps.Choices(MOST, MOST, Form.CONCLUSION, "usual")
    yield from (SetupButton(step, choices) for step in ("subjects", "where", "journals", "sample", "start"))
    yield from (setup_steps.SubjectsMenu(choices), setup_steps.PlaceMenu(choices))
    yield from (setup_steps.FormMenu(choices), setup_steps.WhenMenu(choices))
    yield from (WelcomeButton("sample"), WelcomeButton("members"), BackButton("on"), BackButton("remove"))
    code = "w-6-1439-1-1439_1439-999"
    yield from (ArrivalMenu(field, MOST, code) for field in ("when", "issue", "quiet", "most", "day", "hour"))
    yield from (ArrivalButton(act, MOST, code) for act in ("save", "last", "seen", "undo", "digest"))
    place = (999_999, MOST, "destination")
    yield from (changes_panel.TurnButton("previous", *place), WhoMenu(*place), WhatMenu(*place))
    yield from (FileButton(*place), UndoChangeButton("ask", MOST), UndoChangeButton("do", MOST))
    marker = f"wr-{'f' * 15}"
    yield from (DigestButton("discuss", MOST, marker), DigestMenu(99, marker), SubjectMenu(marker))
    yield from (ImportButton(choice, MOST) for choice in ("start", "stop", "again", "cancel"))
    yield from (SettingsButton(choice, MOST) for choice in ("start", "stop", "cancel"))


def kinds(base: type[PersistentItem[Any]] = PersistentItem) -> set[type[PersistentItem[Any]]]:
    found = {kind for each in base.__subclasses__() for kind in {each} | kinds(each)}
    return found - {PersistentButton, PersistentMenu}


def test_every_kind_is_an_example_here() -> None:
    for module in walk_packages(cogs.__path__, "cogs."):
        import_module(module.name)

    assert {type(each) for each in examples()} == kinds()


@pytest.mark.parametrize("shown", list(examples()), ids=lambda shown: shown.item.custom_id)
async def test_an_item_is_restored_from_its_custom_id(shown: PersistentItem[Any]) -> None:
    custom_id = shown.item.custom_id
    match = shown.template.fullmatch(custom_id)
    assert match is not None
    assert len(custom_id) <= CUSTOM_ID

    pressed: Any = await type(shown).from_custom_id(None, shown.item, match)  # type: ignore[arg-type]

    assert pressed.item is shown.item
    own = {name: value for name, value in vars(shown).items() if not name.startswith("_") and name != "item"}
    assert {name: getattr(pressed, name) for name in own} == own


def test_only_numbers_that_the_database_holds_are_taken() -> None:
    for number in (0, 7, 10**18, MOST):
        assert re.fullmatch(NUMBER, str(number))
    for number in (2**63, 10**19, 10**40):
        assert not re.fullmatch(NUMBER, str(number))
