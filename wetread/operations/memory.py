"""Less memory from the C library."""

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def share_one_heap() -> bool:
    """Let all threads share one heap, before any is started; return whether the C library does.

    glibc gives each thread a heap of its own, and what one has freed no other uses. The bot's threads hold
    Python's lock while they allocate, so that they gain nothing by it, and it takes 4 MiB.
    """
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, 1))
    except AttributeError:  # another C library, such as musl
        return False
