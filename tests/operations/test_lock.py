"""Two processes on one database: the second is refused, and a killed one leaves no lock behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wetread.domain.errors import StorageError
from wetread.operations.lock import DatabaseLock

HOLDER = (
    "import sys, pathlib; from wetread.operations.lock import DatabaseLock; "
    "lock = DatabaseLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.row("C07")
def test_c07_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    database = tmp_path / "data" / "wetread.db"
    holder = subprocess.Popen(  # noqa: S603 # our own interpreter and our own code
        [sys.executable, "-c", HOLDER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdin
    assert holder.stdout
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StorageError, match=rf"process {holder.pid}\)"):
            DatabaseLock(database)
        holder.kill()

    lock = DatabaseLock(database)
    lock.release()
    lock.release()
    assert (tmp_path / "data" / "wetread.db.lock").read_text() == str(os.getpid())
