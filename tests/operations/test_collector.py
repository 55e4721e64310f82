"""The garbage collector of a running bot."""

import subprocess
import sys

_SETTLE = """
import gc
from wetread.operations.collector import NEW_OBJECTS, settle
settle()
first = gc.get_freeze_count()
kept = [[] for _ in range(10_000)]
settle()
print(gc.get_threshold()[0] == NEW_OBJECTS, first > 1_000, gc.get_freeze_count() == first)
"""


def test_what_is_loaded_at_the_start_is_passed_over_and_the_collector_looks_less_often() -> None:
    answer = subprocess.run(  # noqa: S603  # our own interpreter and our own code
        [sys.executable, "-c", _SETTLE], capture_output=True, timeout=30, check=True, text=True
    )

    assert answer.stdout.split() == ["True", "True", "True"]
