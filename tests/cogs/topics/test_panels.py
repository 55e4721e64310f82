"""Topics' panels keep Discord's limits, whatever stands in them."""

from datetime import UTC, datetime, timedelta

import discord

from cogs.feeds.step_choices import Choices
from cogs.kit.limits import LAYOUT_COMPONENTS, LAYOUT_TEXT
from cogs.topics.add_steps import which_panel
from cogs.topics.page_buttons import list_buttons, page_buttons
from cogs.topics.panels import all_matches, changed_words, topic_line, topic_list, topic_page, tried_panel
from cogs.topics.words import kinds_in, meaning, with_kinds
from wetread.domain.models import DestinationKind, Form, PartialDate, Record, Subject, Subscription
from wetread.domain.query import Term, parse_query
from wetread.storage.topic_previews import Comparison, Match, NearMiss, Place, Preview
from wetread.storage.topics import TopicState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORDS = " OR ".join(f"*_~word{number}" for number in range(99))
RECORD = Record(
    "feed",
    title="*Stars* _and_ lines " * 30,
    journal="`Journal` of [invented](https://e.example) things " * 5,
    url=f"https://journal.example.org/{'x' * 450}",
    online_on=PartialDate(2026, 1, 14),
)
RUNS = (("*" * 200, False), ("_marked_", True), (" and [more](x) " * 20, False))
MATCH = Match(1, RECORD, RUNS, Place.ABSTRACT, RUNS)
MISS = NearMiss(1, RECORD, RUNS, Term("*" * 200), tuple(Term("_" * 100) for _ in range(9)))
PREVIEW = Preview(100, 99, (MATCH,) * 5, (MISS,) * 2)


def topic(number: int = 1) -> Subscription:
    return Subscription(
        number, 10, None, 10**18, DestinationKind.TEXT, Form.WHOLE, "*" * 30, WORDS, NOW, 7, is_topic=True
    )


def state(number: int = 1) -> TopicState:
    return TopicState(topic(number), 9_999, NOW, 9_999, 200)


def test_every_panel_fits() -> None:
    lines = [
        topic_line(state(number), NOW, f"<#{10**18}> was deleted on 12 Jan 2026") for number in range(50)
    ]
    compared = Comparison(100, 50, 50, (MATCH,) * 3, 50, (MATCH,) * 3, 50)
    panels: list[discord.ui.LayoutView] = [
        topic_list(lines, list_buttons(lines, 1), page=1),
        topic_page(state(), lines[0], PREVIEW, page_buttons(topic(), 99), query="q" * 2_000),
        changed_words(topic(), WORDS, compared, []),
        all_matches("*" * 30, [MATCH] * 100, []),
        tried_panel(WORDS, PREVIEW, []),
        *(which_panel(Choices(), subject) for subject in (None, *Subject)),
    ]
    for panel in panels:
        assert panel.content_length() <= LAYOUT_TEXT
        assert panel.total_children_count <= LAYOUT_COMPONENTS


def test_a_quiet_or_paused_topic_says_so() -> None:
    quiet = TopicState(topic(), 0, NOW - timedelta(days=60), 0, 3)

    assert topic_line(quiet, NOW).state == "Quiet · newest 25\u00a0Sep\u00a02026"
    assert topic_line(state(), NOW).state == "Well · 9,999 this week · 9,999 articles wait"


def test_words_are_said_as_a_sentence() -> None:
    said = meaning(parse_query("emboli* AND knee OR genicular -veterinary"))

    assert said == "a word that begins with “emboli”, and “knee” or “genicular”; not “veterinary”"


def test_kinds_are_put_behind_the_words_and_taken_off_again() -> None:
    limited = with_kinds("knee -veterinary", ["rct", "case report"])

    assert limited == 'knee -veterinary type:rct OR type:"case report"'
    assert kinds_in(limited) == ("rct", "case report")
    assert with_kinds(limited, []) == "knee -veterinary"
    assert [len(group) for group in parse_query(limited).required] == [2]
