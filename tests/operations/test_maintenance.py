"""The operator's commands say what became of them, and load no more than they need."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wetread.domain.errors import StorageError
from wetread.operations.maintenance import back_up, check_database, restore_backup
from wetread.storage.backup import BackupFolder
from wetread.storage.database import Database

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)

LOADED = """
import sys
import bot
status = bot.main(sys.argv[1:])
print(*sorted({"discord", "aiohttp", "lxml", "sqlite_utils"} & sys.modules.keys()), file=sys.stderr)
sys.exit(status)
"""


@pytest.fixture
async def folder(tmp_path: Path) -> BackupFolder:
    path = tmp_path / "wetread.db"
    await (await Database.open(path)).close()
    return BackupFolder(path, None, keep_daily=7, keep_weekly=4)


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        (["backup"], "sqlite_utils\n"),
        (["check"], "sqlite_utils\n"),
        (["restore", "kept.db"], "sqlite_utils\n"),
        (["health"], "\n"),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else "",
)
def test_no_command_waits_for_what_only_the_bot_needs(
    folder: BackupFolder, words: list[str], loaded: str
) -> None:
    (folder.database.parent / "config.toml").write_text(
        '[storage]\npath = "wetread.db"\n[health]\nfile = "health.json"\n'
    )
    answer = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", LOADED, "--config", "config.toml", *words],
        cwd=folder.database.parent,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert answer.stderr.endswith(loaded), answer.stderr
    assert "lxml" not in answer.stderr
    assert "discord" not in answer.stderr


def test_a_backup_goes_where_it_is_told(folder: BackupFolder) -> None:
    there = folder.database.parent / "elsewhere"
    there.mkdir()

    assert "backups/wetread-2026-11-24T030500Z-manual.db" in back_up(folder, None, NOW)
    back_up(folder, there, NOW)
    back_up(folder, there / "mine.db", NOW)

    assert {each.name for each in there.iterdir()} == {"wetread-2026-11-24T030500Z-manual.db", "mine.db"}


def test_what_is_restored_is_said_and_what_was_there_is_named(folder: BackupFolder) -> None:
    back_up(folder, folder.database.with_name("kept.db"), NOW)

    said = restore_backup(folder.database.with_name("kept.db"), folder.database, NOW)

    assert "0 articles, 0 subscriptions, 0 posts" in said
    assert "kept as" in said
    assert folder.database.with_name("wetread.db.replaced-2026-11-24T030500Z").exists()
    assert "is sound" in check_database(folder.database)


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    (tmp_path / "wetread.db").touch()

    with pytest.raises(StorageError, match="nothing in"):
        back_up(BackupFolder(tmp_path / "wetread.db", None, keep_daily=1, keep_weekly=1), None, NOW)
