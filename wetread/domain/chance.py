"""The only module that asks the machine for a random number.

Everything else is given a `Chance`, so that tests decide what chance brings.
"""

import random
from collections.abc import Callable

Chance = Callable[[], float]
"""Returns a random number: at least 0, less than 1."""


def random_number() -> float:
    """Return a random number: at least 0, less than 1."""
    return random.random()
