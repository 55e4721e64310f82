"""What tests and the sandbox replace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wetread.domain.catalogue import Catalogue
from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, Sleep, monotonic, sleep, utc_now
from wetread.net.resolver import LookUp, system_look_up


@dataclass(frozen=True, slots=True)
class Seams:
    """Dependencies that tests and the sandbox replace: time, chance, kill points, network, loop times.

    `source_urls`: base addresses by the source's key ("pubmed"); a source without one has its own.
    `load_catalogue`: the journals, with those of the operator's own list. `look_up`: a function like
    `socket.getaddrinfo` for the names of feeds and sources. `loop_seconds`: seconds between two turns by the
    loop's name ("deliver"); a loop without an entry has its own.
    """

    clock: Clock = utc_now
    monotonic: Monotonic = monotonic
    sleep: Sleep = sleep
    chance: Chance = random_number
    kill_point: Callable[[str], None] = lambda _point: None
    source_urls: Mapping[str, str] = field(default_factory=dict)
    load_catalogue: Callable[[Path | None], Catalogue] = Catalogue.load
    look_up: LookUp = system_look_up
    loop_seconds: Mapping[str, float] = field(default_factory=dict)
