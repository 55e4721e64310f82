"""Memory of the C library."""

import platform
import subprocess
import sys

import pytest


def test_threads_share_one_heap_where_the_c_library_has_several() -> None:
    program = "from wetread.operations.memory import share_one_heap; print(share_one_heap())"

    said = subprocess.check_output([sys.executable, "-c", program], text=True)  # noqa: S603  # as above

    assert said.strip() == str(platform.libc_ver()[0] == "glibc")


_FREED = """
import psutil
from wetread.operations.memory import give_back, share_one_heap

def resident():
    return psutil.Process().memory_info().rss

share_one_heap()
blocks = [b"x" * 5_000 for _ in range(20_000)]
kept = blocks[::200]
full = resident()
del blocks
give_back()
print((full - resident()) // 2**20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give back by themselves")
def test_freed_memory_between_what_is_in_use_goes_back_to_the_system() -> None:
    said = subprocess.check_output([sys.executable, "-c", _FREED], text=True)  # noqa: S603  # as above

    assert int(said) > 70, "MiB, of 95"
