"""Measure variants in turns, round by round, and compare their medians as ratios."""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is to `base`; `bar` is the greatest ratio allowed, None = no bar.

    `milliseconds` are for scale only: they hold for one machine and one moment.
    """

    subject: str
    case: str
    variant: str
    base: str
    ratio: float
    milliseconds: float | None = None
    bar: float | None = None
    unit: str = "×"

    @property
    def is_met(self) -> bool | None:
        """Return whether the ratio is within the bar; None if there is no bar."""
        return None if self.bar is None else self.ratio <= self.bar


@dataclass(slots=True)
class Times:
    """The times of the rounds of one variant, in seconds."""

    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)

    @property
    def p99(self) -> float:
        """Return the 99th percentile of the wall times; with fewer than 100, the greatest."""
        ordered = sorted(self.walls)
        return ordered[-1] if len(ordered) < 100 else ordered[int(len(ordered) * 0.99)]


def cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(call: Callable[[], object], times: Times) -> None:
    """Add one run of `call` to `times`."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    call()
    times.walls.append(time.perf_counter() - wall)
    times.cpus.append(cpu_seconds() - cpu)


def interleave(
    variants: Mapping[str, Callable[[T], object]], arguments: Iterable[T], *, warm_up: int = 1
) -> dict[str, Times]:
    """Run every variant once per argument, in turns; the first `warm_up` rounds are not counted."""
    times = {name: Times() for name in variants}
    for number, argument in enumerate(arguments):
        for name, variant in variants.items():
            gc.collect()
            measure(partial(variant, argument), Times() if number < warm_up else times[name])
    return times


def rows(
    subject: str,
    case: str,
    times: Mapping[str, Times],
    base: str,
    *,
    bars: Mapping[str, float] | None = None,
    by_cpu: bool = False,
) -> list[Row]:
    """Return a row for each variant, as a ratio to the variant `base`; `bars` by variant."""
    floor = times[base].cpu if by_cpu else times[base].wall
    return [
        Row(
            subject=subject,
            case=case,
            variant=name,
            base=base,
            ratio=(each.cpu if by_cpu else each.wall) / floor,
            milliseconds=each.wall * 1000,
            bar=(bars or {}).get(name),
            unit="× CPU" if by_cpu else "×",
        )
        for name, each in times.items()
    ]


def print_table(found: Iterable[Row]) -> None:
    """Print the rows as a table."""
    table = [("subject", "case", "variant", "", "ratio", "bar", "ms")]
    for row in found:
        verdict = {None: "", True: "ok", False: "MISSED"}[row.is_met]
        bar = "" if row.bar is None else f"≤ {row.bar:g} {verdict}"
        milliseconds = "" if row.milliseconds is None else f"{row.milliseconds:.2f}"
        ratio = f"{row.ratio:.2f} {row.unit}"
        table.append(
            (
                row.subject,
                row.case,
                row.variant,
                f"to {row.base}" if row.base else "",
                ratio,
                bar,
                milliseconds,
            )
        )
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
