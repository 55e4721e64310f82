"""Notes above shared articles: whose they are, who may change them, and that each edit reaches the post."""

from tests.cogs.community import Community, open_community
from tests.support.facts import numbers, people, says
from tests.support.seen import Answer, Seen

DOI = "10.5555/jii.2026.0001"


def card_in(messages: list[Seen]) -> Seen:
    [card] = [message for message in messages if message.embeds]
    return card


async def shared(here: Community, words: str = "note: Presented in 2025.") -> Seen:
    return card_in(await here.say(f"!share {DOI} {words}"))


async def note_of(here: Community, card: Seen) -> str:
    """The note as the post shows it after the bot's next edits."""
    await here.pass_time(120)
    lines = here.world.again(card).content.splitlines()
    starts = [index for index, line in enumerate(lines) if line.startswith("**Note**")]
    return "\n".join(lines[starts[0] :]) if starts else ""


async def test_a_note_is_a_line_of_its_own_with_its_authors_name() -> None:
    async with open_community() as here:
        card = await shared(
            here, "Worth **reading**.\nNote: Presented at *a meeting*.\n@everyone ask the author"
        )

    credit, comment, heading, *note = card.content.splitlines()
    assert people(credit) == people(heading) == [here.reader.id]
    assert comment == "> Worth \\*\\*reading\\*\\*."
    assert says(heading, "Note")
    assert note == ["> Presented at \\*a meeting\\*.", "> @\u200beveryone ask the author"]


async def test_a_note_of_nothing_visible_is_none() -> None:
    async with open_community() as here:
        card = await shared(here, "note: \u200b\n \u202e \n")

    assert not says(card.content, "Note")


async def test_the_form_and_the_option_take_a_note() -> None:
    async with open_community() as here:
        form = await here.slash("share")
        answer = await here.world.submit(form, {"reference": DOI, "comment": "", "note": "From the form."})
        card = card_in(here.posts())
        club = here.world.club
        await here.slash("share", reference=DOI, note="From the option.", channel=club)
        other = card_in(here.posts(club))

    assert form.inputs["note"]["max_length"] == 400
    assert not form.inputs["note"]["required"]
    assert card.content.endswith("> From the form.")
    assert other.content.endswith("> From the option.")
    assert "Edit the note" in answer.message.buttons


async def test_its_author_changes_it_with_the_menu_of_the_post() -> None:
    async with open_community() as here:
        card = await shared(here)
        form = await here.world.context_menu("Edit note", card)
        saved = await here.world.submit(form, {"note": "Presented in 2024."})
        note = await note_of(here, card)

        assert len([post for post in here.posts() if post.embeds]) == 1
    assert form.inputs["note"]["value"] == "Presented in 2025."
    assert saved.message.is_private
    assert note.endswith("> Presented in 2024.")
    assert people(note) == [here.reader.id]


async def test_a_moderator_changes_it_and_is_named() -> None:
    async with open_community() as here:
        card = await shared(here)
        form = await here.world.context_menu("Edit note", card, by=here.moderator)
        await here.world.submit(form, {"note": "Presented in 2023."}, by=here.moderator)
        changed = await note_of(here, card)
        await here.say("!note Presented in 2022.", reply_to=card)
        back = await note_of(here, card)

    assert people(changed) == [here.reader.id, here.moderator.id]
    assert changed.endswith("> Presented in 2023.")
    assert people(back) == [here.reader.id]
    assert back.endswith("> Presented in 2022.")


async def test_nobody_else_changes_it() -> None:
    async with open_community() as here:
        card = card_in(await here.say(f"!share {DOI} note: Mine.", by=here.moderator))
        answers = [
            await here.world.context_menu("Edit note", card),
            await here.slash("note", reference=DOI, note="Mine now."),
        ]
        typed = await here.ask("!note Mine now.", reply_to=card)
        note = await note_of(here, card)

    for answer in answers:
        assert answer.message.is_private
        assert people(answer.message.text) == [here.moderator.id]
        assert says(answer, "moderators")
    assert people(typed.text) == [here.moderator.id]
    assert note.endswith("> Mine.")


async def test_an_empty_note_is_removed_and_one_can_be_added_later() -> None:
    async with open_community() as here:
        card = await shared(here)
        form = await here.world.context_menu("Edit note", card)
        await here.world.submit(form, {"note": ""})
        removed = await note_of(here, card)
        await here.slash("note", reference=DOI, note="Presented after all.")
        added = await note_of(here, card)

    assert removed == ""
    assert added.endswith("> Presented after all.")


async def test_without_words_note_offers_the_form_also_after_a_restart() -> None:
    async with open_community() as here:
        card = await shared(here)
        offered = await here.slash("note", reference=DOI)
        asked = await here.ask("!note", reply_to=card)
        await here.world.restart()
        form = await here.world.press(asked, "Edit the note")
        await here.world.submit(form, {"note": "After the restart."})
        note = await note_of(here, card)

    assert offered.message.buttons == asked.buttons == ["Edit the note"]
    assert 400 in numbers(offered)
    assert says(offered, "Presented in 2025.")
    assert note.endswith("> After the restart.")


async def test_a_note_that_is_too_long_is_named_with_both_lengths_and_nothing_happens() -> None:
    async with open_community() as here:
        refused = await here.ask(f"!share {DOI} note: {'x' * 423}")
        assert [post for post in here.posts() if post.embeds] == []
        card = await shared(here)
        again = await here.slash("note", reference=DOI, note="x" * 401)
        note = await note_of(here, card)

    assert {423, 400} <= set(numbers(refused))
    assert {401, 400} <= set(numbers(again))
    assert note.endswith("> Presented in 2025.")


def is_no_place(answer: Answer | Seen) -> bool:
    return says(answer, "No member shared", "/share")


async def test_posts_of_feeds_and_other_messages_have_no_notes() -> None:
    async with open_community() as here:
        await here.watch("jii", newest=3)
        post = next(each for each in here.posts() if each.embeds)
        of_feed = await here.world.context_menu("Edit note", post)
        chat = await here.ask("!journals")
        of_chat = await here.world.context_menu("Edit note", chat)
        by_name = await here.slash("note", reference=DOI, note="x")

    assert is_no_place(of_feed)
    assert is_no_place(of_chat)
    assert is_no_place(by_name)


async def test_a_removed_post_takes_no_note_and_is_shared_again_without_the_old_one() -> None:
    async with open_community() as here:
        card = await shared(here)
        await here.world.delete(card)
        refused = await here.slash("note", reference=DOI, note="x")
        again = card_in([each for each in await here.say(f"!share {DOI}") if each.id != card.id])

    assert says(refused, "removed")
    assert not says(again.content, "Note")
