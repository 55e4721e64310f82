"""`make torture`: print the rounds and the violations of each part; exit with 1 if there is a violation.

Variables of the environment: ROUNDS of each cell of the kill matrix (25), AT_ONCE cells (as many as there are
processors), EXAMPLES of the state machine (1000), FUZZ_SECONDS for each target (30), SEED (the time).
"""

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from sandbox import description, rules
from sandbox.description import Violation
from tests.services.test_delivery_machine import Delivering, TestDelivering
from tests.torture.fuzz import TARGETS, fuzz
from tests.torture.kills import matrix, play
from tests.torture.operations import Failure, fail_each_operation
from wetread.domain.models import DestinationKind

STEPS = 50  # of one example of the state machine


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one part."""

    part: str
    rounds: int
    violations: Sequence[str]


async def kill(rounds: int, at_once: int) -> Outcome:
    """Run the kill matrix; a request that Discord's description does not allow is a violation too."""
    slots = asyncio.Semaphore(at_once)
    broken: list[Violation] = []
    description.listeners[:] = [broken.append]
    rules.witnesses.append(description.watch)

    async def one(number: int) -> list[str]:
        async with slots:
            with tempfile.TemporaryDirectory() as folder:
                found = await play(cells[number], rounds, Path(folder))
        say(f"  {cells[number]}: {'VIOLATED' if found else 'kept'}")
        return found

    cells = matrix()
    found = await asyncio.gather(*map(one, range(len(cells))))
    violations = [each for part in found for each in part]
    return Outcome(
        f"kill -9, {len(cells)} cells",
        rounds * len(cells),
        [*violations, *dict.fromkeys(map(str, broken))],
    )


async def fail() -> Outcome:
    """Let each operation fail once."""
    violations, count = [], 0
    for failure, kind in product(Failure, DestinationKind):
        with tempfile.TemporaryDirectory() as folder:
            found, operations = await fail_each_operation(kind, failure, Path(folder))
        say(f"  {failure}, {kind}: {operations} operations")
        violations += found
        count += operations
    return Outcome("n-th operation fails", count, violations)


async def machine(examples: int) -> Outcome:
    """Let Hypothesis search for an order of events that loses or repeats an article."""
    chosen = settings(
        TestDelivering.settings, max_examples=examples, stateful_step_count=STEPS, database=None
    )
    try:
        await asyncio.to_thread(run_state_machine_as_test, Delivering, settings=chosen)
    except Exception as error:  # noqa: BLE001  # the notes tell how it came about
        story = "\n".join([repr(error), *getattr(error, "__notes__", ())])
        return Outcome(f"state machine, {STEPS} steps each", examples, [story])
    return Outcome(f"state machine, {STEPS} steps each", examples, [])


async def fuzz_all(seconds: float, seed: int) -> list[Outcome]:
    """Fuzz every target for that many seconds."""
    outcomes = []
    for name in TARGETS:
        found = await fuzz(name, seconds, seed)
        say(f"  {name}: {found.rounds}")
        outcomes.append(Outcome(f"fuzz, {name}", found.rounds, found.violations))
    return outcomes


async def torture() -> int:
    """Run all parts, print the table, and return the exit status."""
    seed = number("SEED", int(time.time()))
    parts: list[tuple[str, Callable[[], Awaitable[Outcome | list[Outcome]]]]] = [
        ("Wetread is killed", lambda: kill(number("ROUNDS", 25), number("AT_ONCE", os.cpu_count() or 2))),
        ("Operations fail", fail),
        ("Events come in any order", lambda: machine(number("EXAMPLES", 1000))),
        (f"Strangers write (seed {seed})", lambda: fuzz_all(number("FUZZ_SECONDS", 30), seed)),
    ]
    outcomes: list[tuple[Outcome, float]] = []
    for title, part in parts:
        say(title)
        began = time.monotonic()
        made = await part()
        made = made if isinstance(made, list) else [made]
        outcomes += [(each, (time.monotonic() - began) / len(made)) for each in made]
    say(f"\n{'':<34}{'rounds':>8}{'violations':>12}{'seconds':>9}")
    for each, seconds in outcomes:
        say(f"{each.part:<34}{each.rounds:>8}{len(each.violations):>12}{seconds:>9.0f}")
    violations = [violation for each, _ in outcomes for violation in each.violations]
    say("".join(f"\nVIOLATION {violation}" for violation in violations))
    return 1 if violations else 0


def number(name: str, otherwise: int) -> int:
    """Return a number from the environment, or `otherwise`."""
    return int(os.environ.get(name, otherwise))


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # failures on purpose need no log
    random.seed()
    sys.exit(asyncio.run(torture()))
