"""The helpers that read facts out of answers."""

from typing import Any

import discord
import pytest

from tests.support import facts
from tests.support.seen import Answer, Seen

SAID = (
    "### Paused\n"
    "**J\u00a0Invent\u00a0Imaging** is paused in <#42>, by <@7>, since <t:1767225600:R>.\n"
    "1,200 articles and 14 held letters wait (`#3`, 99.5 %).\n"
    "-# To resume: `!feed resume jii`; details: `/feed show 1`. See **[The *manual*](https://a.example/2_(x))**."
)


def components_of(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    payload: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    return payload


def message(content: str = "", components: list[dict[str, Any]] | None = None) -> Seen:
    return Seen.of(
        {"id": 1, "channel_id": 2, "author": {"id": 3}, "content": content, "components": components or []}
    )


def panel() -> discord.ui.LayoutView:
    view = discord.ui.LayoutView()
    menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(
        custom_id="types:1",
        placeholder="Types",
        options=[discord.SelectOption(label="Letters", value="letter")],
    )
    view.add_item(
        discord.ui.Container(
            discord.ui.TextDisplay("**Paused**"),
            discord.ui.ActionRow(
                discord.ui.Button(label="Resume", custom_id="resume:1"),
                discord.ui.Button(label="Undo", custom_id="undo:1", disabled=True),
                discord.ui.Button(label="Manual", url="https://a.example/"),
            ),
            discord.ui.ActionRow(menu),
        )
    )
    return view


def test_commands_are_read_with_either_prefix() -> None:
    assert facts.commands(SAID) == ["feed resume jii", "feed show 1"]
    assert facts.commands("`10.5555/x` ``!search `a` `` `!` `/`") == ["search `a`"]
    assert facts.code(SAID) == ["#3", "!feed resume jii", "/feed show 1"]


def test_numbers_are_those_of_the_text() -> None:
    assert facts.numbers(SAID) == [1200, 14, 99.5]
    assert facts.numbers("T2, v1.2.3x, #5, <#99>, https://a.example/7 and −3") == [-3]
    assert facts.numbers("[7 more](https://a.example/9)") == [7]


@pytest.mark.parametrize(
    ("thing", "number"), [("article", 1200), ("letter", 14), ("held letter", 14), ("post", None)]
)
def test_the_number_of_a_thing_stands_before_its_name(thing: str, number: float | None) -> None:
    assert facts.number_of(SAID, thing) == number


def test_two_numbers_of_one_thing_fail() -> None:
    assert facts.number_of("3 posts: all 3 posts", "post") == 3
    with pytest.raises(AssertionError, match="different numbers of post"):
        facts.number_of("3 posts, 4 posts", "post")


def test_bold_names_headings_and_links_come_without_markup() -> None:
    assert facts.bold(SAID) == ["J Invent Imaging", "The manual"]
    assert facts.bold(r"**Spine \(Phila\)**") == ["Spine (Phila)"]
    assert facts.headings(SAID) == ["Paused"]
    assert facts.links(SAID) == {"The manual": "https://a.example/2_(x)"}


def test_mentions_and_moments_are_read() -> None:
    assert facts.channels(SAID) == [42]
    assert facts.people(SAID) == [7]
    assert facts.roles(f"{SAID} <@&9>") == [9]
    assert facts.moments(SAID) == [1767225600]


def test_words_are_found_in_any_order_and_whole() -> None:
    assert facts.says(SAID, "wait", "PAUSED", "J Invent Imaging is paused", "To resume: !feed resume jii")
    assert not facts.says("another", "not")
    assert not facts.says("", "x")
    assert facts.unsaid(SAID, "paused", "pause", "resumed") == ["pause", "resumed"]


def test_one_line_is_found_by_its_words() -> None:
    assert facts.line_with(SAID, "wait", "articles").startswith("1,200")
    for words in (("paused",), ("nowhere",)):
        with pytest.raises(AssertionError):
            facts.line_with(SAID, *words)


def test_messages_answers_panels_and_embeds_are_read_alike() -> None:
    shown = message(SAID, components_of(panel()))
    assert facts.commands(shown) == facts.commands(Answer((shown,))) == facts.commands(SAID)
    assert facts.bold(panel()) == ["Paused"]
    assert facts.bold([shown, shown])[-1] == "Paused"
    embed = discord.Embed(title="**A**").add_field(name="B", value="`!help`")
    assert (facts.bold(embed), facts.commands(embed), facts.controls(embed)) == (["A"], ["help"], [])


@pytest.mark.parametrize("sent", [False, True])
def test_buttons_and_menus_are_read_before_and_after_sending(sent: bool) -> None:
    shown: facts.Sayable = message(components=components_of(panel())) if sent else panel()

    assert facts.buttons(shown) == {"Resume": "resume:1"}
    assert facts.menus(shown) == {"types:1": ["Letters"]}
    assert [each.kind for each in facts.controls(shown)] == ["button", "button", "link", "menu"]
    assert facts.controls(shown)[2].url == "https://a.example/"
    assert facts.controls(shown)[1].is_disabled
