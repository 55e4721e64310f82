"""Memory of the C library."""

import platform
import subprocess
import sys


def test_threads_share_one_heap_where_the_c_library_has_several() -> None:
    program = "from wetread.operations.memory import share_one_heap; print(share_one_heap())"

    said = subprocess.check_output([sys.executable, "-c", program], text=True)  # noqa: S603  # as above

    assert said.strip() == str(platform.libc_ver()[0] == "glibc")
