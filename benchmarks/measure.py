"""Measure variants in turns, round by round, and compare their medians as ratios."""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is to `base`, or with base "" a value in `unit`.

    `bar` is the greatest ratio allowed, `least` the smallest; None = no bar. `milliseconds` are for scale
    only: they hold for one machine and one moment.
    """

    subject: str
    case: str
    variant: str
    base: str
    ratio: float
    milliseconds: float | None = None
    bar: float | None = None
    unit: str = "×"
    least: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Return whether the ratio is within its bars; None if it has none."""
        if self.bar is None and self.least is None:
            return None
        return (self.bar is None or self.ratio <= self.bar) and (
            self.least is None or self.ratio >= self.least
        )


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


def peak_memory() -> float:
    """Return the MiB that this process has had at most.

    By the system's file, because `ru_maxrss` begins with what the process had that started this one.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


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


HEADINGS = ("subject", "case", "variant", "", "ratio", "bar", "ms")


def line_of(row: Row) -> tuple[str, ...]:
    """Return a row's cells as text, under HEADINGS. A bar that is not kept says MISSED."""
    bars = [f"{sign} {bar:g}" for sign, bar in (("≤", row.bar), ("≥", row.least)) if bar is not None]
    verdict = {None: "", True: "ok", False: "MISSED"}[row.is_met]
    return (
        row.subject,
        row.case,
        row.variant,
        f"to {row.base}" if row.base else "",
        f"{_rounded(row.ratio)} {row.unit}",
        " ".join([*bars, verdict]).strip(),
        "" if row.milliseconds is None else f"{row.milliseconds:.2f}",
    )


def print_table(found: Iterable[Row]) -> None:
    """Print the rows as a table."""
    table = [HEADINGS, *map(line_of, found)]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _rounded(value: float) -> str:
    """Return a number with three decimals below 0.1, with two below 100, else with none."""
    return f"{value:.{3 if abs(value) < 0.1 else 2 if abs(value) < 100 else 0}f}"
