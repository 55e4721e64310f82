"""Moderators take the settings of a server out as a file and bring them in, here or elsewhere."""

import tomllib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import says
from tests.support.seen import Answer, Seen
from wetread.domain.errors import WordsForgottenError
from wetread.domain.models import Form
from wetread.domain.pace import Pace, QuietHours, When
from wetread.domain.settings_file import (
    FileDestination,
    FileEntry,
    SettingsFile,
    WrongVersionError,
    read,
    write,
)
from wetread.storage.settings import GuildSettings

HEAD = "wetread = 1\n"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def bring(here: Community, file: str | bytes, **options: Any) -> Answer:
    body = file.encode() if isinstance(file, str) else file
    return await here.slash("settings import", by=here.moderator, file=("wetread.toml", body), **options)


async def start(here: Community, shown: Answer) -> Seen:
    return (await here.world.press(shown.message, "Start", by=here.moderator)).message


async def taken_out(here: Community) -> str:
    answer = await here.slash("settings export", by=here.moderator)
    [file] = (await here.world.files(answer.message)).values()
    return file.decode()


async def test_a_file_taken_out_changes_nothing_here_and_holds_no_ids(here: Community) -> None:
    await here.watch("jii")
    await here.order("!feed filter jii spine OR facet")
    club = here.world.club
    await here.choose(GuildSettings(moderator_channel_id=club.id, abstract_wait=timedelta(hours=48)))
    file = await taken_out(here)

    assert says(file, "[[feed]]", 'channel = "papers"', "spine OR facet", "abstract_wait_hours = 48")
    for number in (here.world.guild.id, here.papers.id, club.id, here.moderator.id):
        assert str(number) not in file
    shown = await bring(here, file)
    assert says(shown.text, "0 changes", "3 things are here already")
    assert shown.message.buttons == []


async def test_what_would_change_is_shown_first_and_made_after_start(here: Community) -> None:
    await here.watch("jii")
    file = (await taken_out(here)).replace(
        'form = "whole"', 'form = "title"\nfilter = "spine"\npaused = true'
    )
    file = file.replace("[server]", '[server]\nabstract_wait_hours = 12\nmoderator_channel = "journal-club"')
    file += '\n[[topic]]\nname = "Facets"\nchannel = "journal-club"\nwords = "facet OR spine"\n'
    shown = await bring(here, file)
    assert says(
        shown.text, "6 changes", "form title", "spine", "paused", "12", "Topic Facets", "Nothing is changed"
    )
    assert (await here.settings()).abstract_wait is None

    done = await start(here, shown)
    assert says(done.text, "6 changes made")
    [feed] = await here.services.subscriptions.of_guild(here.world.guild.id)
    assert (feed.subscription.form, feed.subscription.filter) == (Form.TITLE, "spine")
    assert feed.subscription.paused_at is not None
    chosen = await here.settings()
    assert (chosen.abstract_wait, chosen.moderator_channel_id) == (timedelta(hours=12), here.world.club.id)
    [topic] = await here.services.topics.of_guild(here.world.guild.id)
    assert (topic.topic.name, topic.topic.channel_id) == ("Facets", here.world.club.id)


async def test_when_articles_arrive_and_threads_go_along(here: Community) -> None:
    await here.watch("jii")
    file = (await taken_out(here)).replace('form = "whole"', 'form = "whole"\nthreads = true')
    file = file.replace("[server]", '[server]\ntime_zone = "Europe/Berlin"')
    file += '\n[[destination]]\nchannel = "papers"\nwhen = "weekly"\nweekday = "friday"\ndigest = "17:30"\n'
    file += '\n[[destination]]\nchannel = "library"\nwhen = "daily"\n'
    shown = await bring(here, file)
    assert says(
        shown.text, "3 changes", "thread", "weekly", "Europe/Berlin", "library", "forum has no digests"
    )

    assert says((await start(here, shown)).text, "3 changes made")
    assert (await here.settings()).time_zone == "Europe/Berlin"
    out = await taken_out(here)
    assert says(out, "threads = true", 'when = "weekly"', 'weekday = "friday"', 'digest = "17:30"')
    assert says((await bring(here, out)).text, "0 changes")


async def test_on_another_server_channels_are_found_by_name_and_what_is_missing_is_named(
    here: Community,
) -> None:
    await here.watch("jii")
    file = await taken_out(here)
    await here.agree("!feed remove jii", "Remove")
    file = file.replace('channel = "papers"', 'channel = "far-away"')
    file = file.replace(
        "[server]", '[server]\nmoderator_role = "Nobody"\ncolour = "red"\ntime_zone = "Mars/Base"'
    )
    shown = await bring(here, file, destination=here.world.club)

    assert says(shown.text, "1 change", f"<#{here.world.club.id}>")
    assert says(shown.text, "moderator role: Nobody is not possible", "colour", "Mars/Base")
    assert says((await start(here, shown)).text, "1 change made")
    [feed] = await here.services.subscriptions.of_guild(here.world.guild.id)
    assert feed.subscription.channel_id == here.world.club.id
    assert (await here.settings()).time_zone is None


@pytest.mark.row("F81")
@pytest.mark.parametrize(
    "file",
    [
        "",
        "wetread = 99",
        "no = toml = at all",
        "[[feed]]\nname = 1",
        b"\xff\xfe\x00",
        "x" * 1_000_001,
        "a = [" * 9_000,
    ],
)
async def test_a_file_that_holds_no_settings_is_refused_in_words(here: Community, file: str | bytes) -> None:
    answer = await bring(here, file)
    assert says(answer.text, "This file")
    assert answer.message.buttons == []


async def test_the_button_works_after_a_restart_and_belongs_to_its_server(here: Community) -> None:
    shown = await bring(here, HEAD + "[server]\ncard_offers = true\n")
    number = int(
        next(p["custom_id"] for p in shown.message.parts if p.get("label") == "Start").rpartition(":")[2]
    )
    with pytest.raises(WordsForgottenError):
        await here.services.exchange.settings(here.world.guild.id + 1, number)
    await here.world.restart()
    assert says((await start(here, shown)).text, "1 change made")
    assert (await here.settings()).offers_cards


async def test_a_channel_that_the_moderator_cannot_see_is_as_good_as_none(here: Community) -> None:
    hidden = here.world.guild.create_text_channel("hidden")
    here.world.hide(hidden, "view_channel", who=here.moderator)
    await here.watch("jii")
    file = (await taken_out(here)).replace('channel = "papers"', 'channel = "hidden"')
    shown = await bring(here, file, destination=here.world.club)
    assert str(hidden.id) not in shown.text
    assert f"<#{here.world.club.id}>" in shown.text


async def test_the_moderator_role_is_chosen_by_its_name(here: Community) -> None:
    shown = await bring(here, HEAD + '[server]\nmoderator_role = "Moderators"\n')
    assert says(shown.text, "1 change", "moderator role: Moderators")
    assert says((await start(here, shown)).text, "1 change made")
    assert (await here.settings()).moderator_role_id is not None
    assert 'moderator_role = "Moderators"' in await taken_out(here)


async def test_typed_the_file_is_attached_and_only_moderators_may(here: Community) -> None:
    for command in ("!settings export", "!settings import"):
        assert says((await here.ask(command, by=here.reader)).text, "moderator")
    assert says(await here.order("!settings import"), "no file", "attach")
    assert says((await here.opened("!settings export")).text, "settings of this server")


def test_what_is_written_is_read_again_whatever_the_names_are() -> None:
    entry = FileEntry(
        'J "Inv" \\ ü\n', "papers", "https://a.example/?a=1", 'title:"x y" OR z', Form.TITLE, is_paused=True
    )
    topic = FileEntry("Facets", "pain", "", "facet*")
    weekly = FileDestination("papers", Pace(When.WEEKLY, 4, 17 * 60 + 30, joins_issues=True))
    quiet = FileDestination("pain", Pace(quiet=QuietHours(22 * 60, 7 * 60), most_a_day=8, digest_minute=1080))
    server = {"skipped_types": ["Letter"], "card_offers": True}
    content = SettingsFile(server, (entry,), (topic,), (weekly, quiet))

    assert read(tomllib.loads(write(content, "Invented\nRadiology"))) == content


def test_what_a_file_says_wrongly_is_named_and_the_rest_is_read() -> None:
    content = {
        "wetread": 1,
        "more": {},
        "server": {"card_offers": "yes", "time_zone": "UTC"},
        "feed": [
            {"name": "A"},
            {"name": "B", "channel": "c", "address": "https://b.example/", "form": "huge"},
            7,
        ],
        "destination": [
            {"channel": "c", "when": "hourly"},
            {"channel": "c", "most_a_day": 0},
            {"when": "daily"},
        ],
        "topic": [{"name": "T", "channel": "c", "words": "spine"}],
    }
    found = read(content)
    assert (dict(found.server), found.feeds, len(found.topics)) == ({"time_zone": "UTC"}, (), 1)
    assert len(found.faults) == 8
    with pytest.raises(WrongVersionError):
        read({"wetread": True})
