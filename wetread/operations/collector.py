"""Python's garbage collector in a process that runs for months: what it need not look at, and how often."""

import gc

NEW_OBJECTS = 50_000
"""So many more containers than were freed make the collector look.

Python's own number is 700, chosen for small programs. Checking 10,000 feeds makes millions of containers, of
which nearly all end by counting references: looking for cycles among them took a sixth of the processor time
and stalled the event loop for up to 25 ms. Garbage of this size is 10 MB at most.
"""


def settle() -> None:
    """Let the collector pass over everything that is loaded now, and look less often. Does so only once.

    Called when the bot has started: modules, the catalogue and Discord's servers stay until the process ends,
    and a full collection would look through all of them each time.
    """
    if gc.get_freeze_count():
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
