"""What servers and members have chosen. Real SQLite."""

from datetime import timedelta

import pytest

from tests.support.watch_stage import HERE, THERE, WatchStage
from wetread.storage import settings
from wetread.storage.settings import GuildSettings, MemberSettings


def test_who_has_not_chosen_has_no_choices(stage: WatchStage) -> None:
    assert settings.guild_settings(stage.db, HERE) == GuildSettings()
    assert settings.member_settings(stage.db, 7) == MemberSettings()


def test_choices_come_back_as_they_were_made_and_stay_in_their_server(stage: WatchStage) -> None:
    chosen = GuildSettings(1, 2, timedelta(hours=3), "https://proxy.example.org/?u=", ("Letter", "News"))
    settings.save_guild_settings(stage.db, HERE, chosen)

    assert settings.guild_settings(stage.db, HERE) == chosen
    assert settings.guild_settings(stage.db, THERE) == GuildSettings()
    settings.save_guild_settings(stage.db, HERE, GuildSettings(skipped_types=()))
    assert settings.guild_settings(stage.db, HERE) == GuildSettings(skipped_types=())


def test_member_keeps_a_style(stage: WatchStage) -> None:
    for style in ("vancouver", "ama"):
        settings.save_member_settings(stage.db, 7, MemberSettings(style))

    assert settings.member_settings(stage.db, 7) == MemberSettings("ama")


def test_database_refuses_a_wait_that_makes_no_sense(stage: WatchStage) -> None:
    with pytest.raises(Exception, match="CHECK constraint"):
        settings.save_guild_settings(stage.db, HERE, GuildSettings(abstract_wait=timedelta(days=91)))
