"""The database's file vanishes while Wetread runs, or an older copy is there at the start: nothing twice."""

import os
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from tests.storage.test_backup import folder_of
from tests.storage.test_restore import Community
from tests.support.outbox_stage import OutboxStage
from wetread.domain.errors import StorageError, StorageFailedError, StorageFailure
from wetread.domain.models import DeliveryState
from wetread.storage import attempts, bot_state
from wetread.storage.attempts import AttemptNote
from wetread.storage.backup import Occasion, copy_database
from wetread.storage.database import Database
from wetread.storage.restore import last_restored

# While it runs ---------------------------------------------------------------------------------------


def unlink(path: Path) -> None:
    path.unlink()


def rename(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replace(path: Path) -> None:
    shutil.copy(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def write_over(path: Path) -> None:
    """As `cp` does: the file stays, its content is that of an older one."""
    path.write_bytes(path.with_name("older.db").read_bytes())


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def delete_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.row("E20")
@pytest.mark.parametrize("deed", [unlink, rename, replace, empty, delete_log, delete_folder])
async def test_e20_when_its_file_is_gone_nothing_is_sent_and_the_bot_is_told_to_end(
    tmp_path: Path, deed: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[StorageFailedError] = []
    folder = tmp_path / "data"
    folder.mkdir()
    stage = await OutboxStage.open(folder, on_replaced=told.append)
    await stage.schedule(3)
    deed(stage.database.path)

    for _ in range(3):
        with pytest.raises(StorageFailedError) as caught:
            await stage.database.ensure_writable()
        assert caught.value.kind is StorageFailure.REPLACED
    assert await stage.deliverer.deliver_due() == 0

    assert stage.channels.calls == []
    assert [error.kind for error in told] == [StorageFailure.REPLACED]
    assert "deleted, renamed or replaced" in caplog.text
    await stage.close()


def fill(db: sqlite_utils.Database) -> None:
    """Make the file larger, and write it all into it."""
    bot_state.remember(db, "filling", "x" * 3_000_000)


@pytest.mark.row("E20")
@pytest.mark.parametrize("has_grown", [True, False], ids=["grown", "same-size"])
async def test_e20_an_older_copy_written_over_the_file_is_noticed_and_kept_as_it_is(
    tmp_path: Path, has_grown: bool
) -> None:
    stage = await OutboxStage.open(tmp_path)
    older = tmp_path / "older.db"
    await stage.schedule(2)
    await stage.run(minutes=1)
    copy_database(stage.database.path, older)
    await stage.schedule(2)
    await stage.run(minutes=1)
    if has_grown:
        await stage.database.run(fill)
    with closing(sqlite3.connect(stage.database.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await stage.database.ensure_writable()
    assert (older.stat().st_size < stage.database.path.stat().st_size) is has_grown
    write_over(stage.database.path)

    with pytest.raises(StorageFailedError) as caught:
        await stage.database.ensure_writable()
    assert caught.value.kind is StorageFailure.REPLACED
    await stage.close()

    assert stage.database.path.read_bytes()[100:] == older.read_bytes()[100:]
    again = await Database.open(stage.database.path)
    assert await again.run(last_restored), "it is an older copy"
    await again.close()


@pytest.mark.row("E20")
async def test_e20_what_is_harmless_is_no_false_alarm(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    await database.run(attempts.count_up)
    for number in range(6):
        os.utime(database.path)
        await database.run(bot_state.remember, "test", str(number))
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("UPDATE bot_state SET value = 'x' WHERE name = 'test'")
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
        await database.ensure_writable()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("VACUUM")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    await database.ensure_writable()
    assert database.trouble is None
    await database.close()


@pytest.mark.row("E20")
async def test_e20_a_file_that_goes_in_the_middle_of_a_transaction_is_missed_by_the_next(
    tmp_path: Path,
) -> None:
    database = await Database.open(tmp_path / "wetread.db")

    def go(_db: sqlite_utils.Database) -> None:
        replace(database.path)

    await database.run(go)
    with pytest.raises(StorageFailedError):
        await database.ensure_writable()
    await database.close()


@pytest.mark.row("E20")
async def test_e20_between_two_posts_the_second_is_not_sent(tmp_path: Path) -> None:
    stage = await OutboxStage.open(tmp_path)
    await stage.schedule(2)
    stage.at_point = ("after_send", lambda: unlink(stage.database.path))

    with pytest.raises(StorageFailedError):
        await stage.run()
    await stage.deliverer.stop()

    assert len(stage.channels.posts()) == 1
    await stage.close()


@pytest.mark.row("E20")
async def test_e20_what_was_put_in_its_place_is_not_touched_at_the_end(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    await database.run(bot_state.remember, "test", "1")
    replace(database.path)
    before = database.path.read_bytes()
    await database.close()

    assert database.path.read_bytes() == before
    log = database.path.with_name("wetread.db-wal")
    assert not log.exists() or log.stat().st_size == 0, "or it would be read into the other file"


@pytest.mark.row("E20")
async def test_e20_a_renamed_file_holds_everything_at_the_end_and_may_be_put_back(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    await database.run(bot_state.remember, "test", "1")
    rename(database.path)
    await database.close()

    (tmp_path / "elsewhere.db").rename(database.path)
    again = await Database.open(database.path)
    assert await again.run(bot_state.get, "test") == "1"
    await again.close()


# At the start ----------------------------------------------------------------------------------------


@pytest.fixture
async def community(tmp_path: Path) -> AsyncIterator[Community]:
    community = Community(tmp_path)
    await community.start()
    await community.subscribe()
    yield community
    await community.database.close()


def note_of(community: Community) -> Path:
    return community.path.with_name("wetread.db.attempts")


async def copy_then_post(community: Community) -> Path:
    """Copy the stopped bot's database, then let the bot post articles 3 to 5."""
    await community.read(1, 2, 3)
    await community.database.close()
    copy = community.path.with_name("copy.db")
    shutil.copy(community.path, copy)
    await community.start()
    await community.deliver()
    await community.read(1, 2, 3, 4, 5)
    await community.deliver()
    return copy


@pytest.mark.row("E21")
@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed"])
async def test_e21_an_older_copy_in_the_databases_place_is_noticed_and_nothing_posted_twice(
    community: Community, caplog: pytest.LogCaptureFixture, is_killed: bool
) -> None:
    copy = await copy_then_post(community)
    posted = community.posted()
    assert len(posted) == 3
    await community.database.close()
    if is_killed:  # before the next attempt was noted, and with its log
        note_of(community).write_text("3\n", encoding="ascii")
        community.path.with_name("wetread.db-wal").write_bytes(b"")
    shutil.copy(copy, community.path)
    community.clock.advance(hours=1)

    await community.start()
    assert "older" in caplog.text
    assert await community.database.run(last_restored)
    await community.read(1, 2, 3, 4, 5, 6)
    await community.deliver(30)

    assert set(community.posted().values()) == {1}
    assert len(community.posted()) == 4, "and article 6 is posted"


@pytest.mark.row("E21")
async def test_e21_it_is_said_once_and_each_older_copy_is_noticed_again(community: Community) -> None:
    copy = await copy_then_post(community)
    moments = []
    for is_copied in (True, False, True):
        await community.database.close()
        if is_copied:
            shutil.copy(copy, community.path)
        community.clock.advance(hours=1)
        await community.start()
        restored = await community.database.run(last_restored)
        assert restored
        moments.append(restored.at)

    assert moments[0] == moments[1] < moments[2]


@pytest.mark.row("C14", "E21")
async def test_e21_a_restored_backup_is_not_taken_for_an_unnoticed_copy(community: Community) -> None:
    shutil.copy(await copy_then_post(community), community.backup)
    await community.restored()
    restored = await community.database.run(last_restored)
    await community.database.close()
    community.clock.advance(hours=1)
    await community.start()

    assert await community.database.run(last_restored) == restored


@pytest.mark.row("E21")
@pytest.mark.parametrize("noted", [None, "", "0\n", "2\n", "3\n", "nonsense", "\x00\x00"])
async def test_e21_a_note_that_is_behind_lost_or_damaged_is_no_false_alarm(
    community: Community, noted: str | None
) -> None:
    await copy_then_post(community)
    assert note_of(community).read_text(encoding="ascii") == "3\n"
    assert stat.S_IMODE(note_of(community).stat().st_mode) == 0o600
    await community.database.close()
    if noted is None:
        note_of(community).unlink()
    else:
        note_of(community).write_text(noted, encoding="ascii")

    await community.start()

    assert await community.database.run(last_restored) is None
    await community.read(1, 2, 3, 4, 5, 6)
    await community.deliver()
    assert note_of(community).read_text(encoding="ascii") == "4\n"


@pytest.mark.row("E21")
async def test_e21_a_post_is_noted_before_it_is_sent(tmp_path: Path) -> None:
    stage = await OutboxStage.open(tmp_path)
    await stage.schedule(2)
    noted: list[int] = []
    note = AttemptNote(stage.database.path)
    stage.at_point = ("before_send", lambda: noted.append(note.read()))

    await stage.run(minutes=1)

    assert noted == [1, 2]
    assert await stage.database.run(attempts.counted) == 2
    await stage.close()


@pytest.mark.row("E21")
async def test_e21_a_note_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = await OutboxStage.open(tmp_path)
    (tmp_path / ".wetread.db.attempts.part").mkdir()
    await stage.schedule(3)

    await stage.run(minutes=1)

    assert len(stage.channels.posts()) == 3
    assert caplog.text.count("older copy") == 1
    (tmp_path / ".wetread.db.attempts.part").rmdir()
    await stage.schedule()
    await stage.run(minutes=1)
    assert AttemptNote(stage.database.path).read() == 4
    await stage.close()


@pytest.mark.row("E21")
@pytest.mark.parametrize("left", ["nothing", "an empty file"])
async def test_e21_a_database_that_is_gone_is_not_begun_anew(community: Community, left: str) -> None:
    await copy_then_post(community)
    await community.database.close()
    good = folder_of(community.path).make(Occasion.MANUAL, community.clock())
    community.path.unlink()
    if left != "nothing":
        community.path.touch()

    with pytest.raises(StorageError) as caught:
        await Database.open(community.path, backups=folder_of(community.path))

    assert f"python bot.py restore {good}" in str(caught.value)
    assert str(note_of(community)) in str(caught.value)
    note_of(community).unlink()
    await community.start()
    assert sum((await community.states()).values()) == 0


@pytest.mark.row("E21")
async def test_e21_a_database_of_an_earlier_version_is_no_older_copy(community: Community) -> None:
    await copy_then_post(community)
    await community.database.run(bot_state.forget, "attempts")
    await community.database.close()
    note_of(community).unlink()

    await community.start()

    assert await community.database.run(last_restored) is None
    assert (await community.states())[DeliveryState.SENT] == 3
