"""What `check-config` accepts starts, and what it refuses is named with its place."""

from pathlib import Path

import pytest

from tests.support.doubles_messenger import Channels, FakeMessenger
from wetread.domain.clock import utc_now
from wetread.domain.errors import ConfigError
from wetread.operations.config import load_config
from wetread.operations.config_check import check_machine
from wetread.operations.lock import DatabaseLock
from wetread.services.seams import Seams
from wetread.services.services import open_services

PLACES = [
    ("[storage]\npath = '/'", "[storage] path"),
    ("[storage]\npath = ''", "[storage] path"),
    ("[storage]\npath = '.'", "[storage] path"),
    ("[storage]\npath = 'journals.toml/wetread.db'", "[storage] path"),
    ("[storage]\npath = 'journals.toml/deeper/wetread.db'", "[storage] path"),
    ("[storage]\npath = '/proc/wetread/wetread.db'", "[storage] path"),
    ("[storage]\npath = '/dev/null'", "[storage] path"),
    (f"[storage]\npath = '{'long' * 80}.db'", "[storage] path"),
    ("[backup]\nfolder = 'journals.toml'", "[backup] folder"),
    ("[backup]\nfolder = '/proc/wetread'", "[backup] folder"),
    ("[health]\nfile = '/'", "[health] file"),
    ("[health]\nfile = '/proc/wetread/health.json'", "[health] file"),
    ("[catalogue]\nextra = 'none.toml'", "[catalogue] extra"),
    ("[catalogue]\nextra = 'config.toml'", "[catalogue] extra"),
    ("[catalogue]\nextra = '.'", "[catalogue] extra"),
    ("[storage]\npath = 'new/folder/wetread.db'", None),
    ("[storage]\npath = 'wetread.db'\n[backup]\nfolder = 'new/backups'", None),
    ("[health]\nfile = 'new/health.json'", None),
    ("[catalogue]\nextra = 'journals.toml'", None),
    ("[network]\nallowed_addresses = ['127.0.0.1:80', '[::1]:*', '10.0.0.0/24:8080']", None),
]

JOURNALS = """
[[journal]]
key = "jii"
title = "Journal of Invented Imaging"
abbreviation = "J Invent Imaging"
subject = "General"
subspecialties = []
"""


def entries(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.row("E23")
@pytest.mark.parametrize(("text", "place"), PLACES, ids=lambda value: str(value)[:40])
async def test_what_is_accepted_starts_and_the_rest_is_named(
    tmp_path: Path, text: str, place: str | None
) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    (tmp_path / "journals.toml").write_text(JOURNALS, encoding="utf-8")
    before = entries(tmp_path)
    config = load_config(tmp_path / "config.toml", {})

    if place is not None:
        with pytest.raises(ConfigError) as caught:
            check_machine(config)
        assert [fault.place for fault in caught.value.faults] == [place]
        assert entries(tmp_path) == before
        return

    check_machine(config)
    assert entries(tmp_path) == before, "checking leaves nothing behind"
    lock = DatabaseLock(config.storage.path)
    services = await open_services(
        config,
        Seams(),
        FakeMessenger(Channels(utc_now)),
        on_unauthorized=lambda: None,
        on_replaced=lambda _error: None,
    )
    await services.close()
    lock.release()
