"""A disk that is full, a database that is locked or breaks: nothing is torn, nothing goes on blindly."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlite_utils

from tests.storage.test_backup import scribble
from tests.support.doubles import FakeClock
from tests.support.outbox_stage import PAPERS, OutboxStage
from tests.support.watch_stage import WatchStage, entries
from wetread.domain.errors import StorageFailedError, StorageFailure
from wetread.domain.models import DeliveryState
from wetread.storage import bot_state, inspection
from wetread.storage.database import Database

ROOT = Path(__file__).parents[2]

FULL = """
import asyncio, json, resource, sys
from pathlib import Path
from tests.support.outbox_stage import OutboxStage
from wetread.domain.errors import StorageFailedError


async def main(folder):
    stage = await OutboxStage.open(folder)
    await stage.schedule(5)
    await stage.run(seconds=30)
    said = {"before": len(stage.order())}
    # From here on no file may grow, as on a disk that is full.
    wal = folder / "wetread.db-wal"
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size, resource.RLIM_INFINITY))
    try:
        await stage.schedule(200)
    except StorageFailedError as error:
        said["kind"] = error.kind
    await stage.run(minutes=2)
    said["pause"] = stage.deliverer.pause.reason
    said["during"] = len(stage.order())
    try:
        await stage.database.ensure_writable()
    except StorageFailedError as error:
        said["gate"] = str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await stage.database.ensure_writable()
    said["trouble"] = stage.database.trouble
    await stage.schedule(3)
    await stage.run(minutes=5)
    said["after"] = len(stage.order())
    said["once"] = len(set(stage.order()))
    await stage.close()
    print(json.dumps(said))


asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.row("C03")
def test_c03_on_a_full_disk_nothing_is_sent_and_it_goes_on_by_itself(tmp_path: Path) -> None:
    answer = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stderr.count("Nothing is fetched or posted until that is over") == 1, "said once"
    assert eval(answer.stdout, {"null": None}) == {  # noqa: S307  # what we printed
        "before": 5,
        "kind": "unreachable",
        "pause": "Wetread's disk cannot be read or written",
        "during": 5,
        "gate": "Wetread's disk cannot be read or written.",
        "trouble": None,
        "after": 8,
        "once": 8,
    }
    assert inspection.damage(tmp_path / "wetread.db", is_thorough=True) is None


@pytest.mark.row("C03")
async def test_c03_before_the_disk_is_full_it_rests(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is under way must still find room to be written down."""
    stage = await OutboxStage.open(tmp_path)
    database = stage.database
    database.reserve = 2**62
    with pytest.raises(StorageFailedError) as caught:
        await database.ensure_writable()
    assert caught.value.kind is StorageFailure.FULL
    await stage.schedule(1)
    await stage.run(minutes=1)
    assert stage.order() == []
    assert caplog.text.count("disk is full") == 1

    database.reserve = 0
    await database.ensure_writable()
    await stage.run(minutes=1)

    assert len(stage.order()) == 1
    assert "can be written again" in caplog.text
    await stage.close()


@pytest.mark.row("C03")
async def test_c03_trouble_between_two_posts_stops_before_the_second(tmp_path: Path) -> None:
    stage = await OutboxStage.open(tmp_path)
    await stage.schedule(2)

    def lose_the_disk(request: "object") -> "object":
        """While the first request is under way."""
        stage.database._fail(StorageFailure.UNREACHABLE)
        return request()  # type: ignore[operator]  # as every meeting of the double

    stage.channels.forecast(lose_the_disk)  # type: ignore[arg-type]  # as above
    await stage.run(minutes=1)

    assert len(stage.order()) == 1
    await stage.database.ensure_writable()
    await stage.run(minutes=5)
    assert len(stage.order()) == len(set(stage.order())) == 2
    await stage.close()


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
connection.execute("SELECT count(*) FROM feeds").fetchone()
print("held", flush=True)
sys.stdin.read()
"""


def pragma(db: sqlite_utils.Database, setting: str) -> None:
    db.conn.execute(f"PRAGMA {setting}")


class Holder:
    """Another process in a transaction on the database, until it is told to end."""

    def __init__(self, path: Path, begin: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603  # our own script
            [sys.executable, "-c", HOLDER, str(path), begin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "held\n"

    def let_go(self) -> None:
        """Let it end, without waiting for that."""
        assert self.process.stdin
        self.process.stdin.close()

    def end(self) -> None:
        with self.process:
            if self.process.stdin and not self.process.stdin.closed:
                self.let_go()
            self.process.wait(10)


@pytest.mark.row("C05")
async def test_c05_an_outside_reader_holds_up_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    database = await Database.open(path)
    reader = Holder(path, "BEGIN")

    await database.run(bot_state.remember, "it", "works")

    assert await database.run(bot_state.get, "it") == "works"
    reader.end()
    await database.close()


@pytest.mark.row("C05")
async def test_c05_an_outside_writer_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    database = await Database.open(path)
    writer = Holder(path, "BEGIN IMMEDIATE")
    writer.let_go()

    await database.run(bot_state.remember, "it", "works")

    assert database.trouble is None
    writer.end()
    await database.close()


@pytest.mark.row("C05")
async def test_c05_one_that_stays_is_named_and_nothing_is_sent_meanwhile(tmp_path: Path) -> None:
    stage = await OutboxStage.open(tmp_path)
    await stage.schedule(1)
    await stage.database.run(pragma, "busy_timeout=20")  # the patience of ten seconds is another test's
    writer = Holder(tmp_path / "wetread.db", "BEGIN IMMEDIATE")

    with pytest.raises(StorageFailedError) as caught:
        await stage.turn()
    await stage.turn()

    assert caught.value.kind is StorageFailure.LOCKED
    assert stage.order() == []
    writer.end()
    await stage.database.ensure_writable()
    await stage.run(minutes=1)
    assert len(stage.order()) == 1
    await stage.close()


@pytest.mark.row("C06")
async def test_c06_reading_first_and_then_writing_never_meets_another_writer(tmp_path: Path) -> None:
    """A transaction that only becomes a writer's later fails at once; ours are writers' from the start."""
    path = tmp_path / "wetread.db"
    one, two = await Database.open(path), await Database.open(path)

    def count_up(db: sqlite_utils.Database) -> None:
        bot_state.remember(db, "count", str(int(bot_state.get(db, "count") or 0) + 1))

    for _ in range(20):
        await one.run(count_up)
        await two.run(count_up)

    assert await one.run(bot_state.get, "count") == "40"
    await one.close()
    await two.close()


@pytest.mark.row("C06", "E30")
async def test_e30_no_other_writer_comes_between_reading_and_writing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wetread.db")
    outside = sqlite3.connect(database.path, isolation_level=None, timeout=0, check_same_thread=False)

    def count_up_outside() -> None:
        outside.execute("UPDATE bot_state SET value = value + 1 WHERE name = 'count'")

    def count_up(db: sqlite_utils.Database) -> None:
        count = int(bot_state.get(db, "count") or 0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            count_up_outside()
        bot_state.remember(db, "count", str(count + 1))

    await database.run(bot_state.remember, "count", "0")
    for _ in range(3):
        await database.run(count_up)
        count_up_outside()

    assert await database.run(bot_state.get, "count") == "6"
    outside.close()
    await database.close()


@pytest.mark.row("C06", "E30")
async def test_e30_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "wetread.db"
    one, two = await Database.open(path), await Database.open(path)
    is_reading, may_write = threading.Event(), threading.Event()
    order: list[str] = []

    def slowly(db: sqlite_utils.Database) -> None:
        count = int(bot_state.get(db, "count") or 0)
        is_reading.set()
        may_write.wait(10)
        bot_state.remember(db, "count", str(count + 1))
        order.append("first")

    def quickly(db: sqlite_utils.Database) -> None:
        bot_state.remember(db, "count", str(int(bot_state.get(db, "count") or 0) + 1))
        order.append("second")

    first = asyncio.create_task(one.run(slowly))
    await asyncio.to_thread(is_reading.wait, 10)
    second = asyncio.create_task(two.run(quickly))
    done, _ = await asyncio.wait([second], timeout=0.1)
    may_write.set()
    await asyncio.gather(first, second)

    assert not done
    assert order == ["first", "second"]
    assert await one.run(bot_state.get, "count") == "2"
    await one.close()
    await two.close()


@pytest.mark.row("C08")
async def test_c08_a_page_that_breaks_while_the_bot_runs_ends_fetching_and_sending_for_good(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = WatchStage(tmp_path)
    watch.subscribe(newest=1, shown=entries(*range(1, 200)))
    watch.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [[first_page]] = watch.connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records'")
    watch.close()
    database = await Database.open(tmp_path / "wetread.db", clock=FakeClock())
    await database.run(pragma, "cache_size=1")
    scribble(database.path, first_page)

    def read_everything(db: sqlite_utils.Database) -> None:
        for table in ("articles", "records", "entries", "deliveries", "article_keys"):
            list(db.table(table).rows)
        db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")

    with pytest.raises(StorageFailedError) as caught:
        await database.run(read_everything)

    assert caught.value.kind is StorageFailure.CORRUPT
    with pytest.raises(StorageFailedError):
        await database.ensure_writable()
    assert "a backup has to be restored" in caplog.text
    await database.close()


async def test_a_closed_disk_at_the_end_loses_nothing(tmp_path: Path) -> None:
    stage = await OutboxStage.open(tmp_path)
    await stage.schedule(3)
    reader = Holder(tmp_path / "wetread.db", "BEGIN")
    await stage.close()  # the reader keeps the log from being emptied
    reader.end()

    again = await Database.open(tmp_path / "wetread.db")
    assert [each.state for each in await OutboxStage(again, FakeClock()).deliveries(PAPERS)] == [
        DeliveryState.PENDING
    ] * 3
    await again.close()
