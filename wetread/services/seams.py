"""What tests and the sandbox replace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wetread.domain.catalogue import PUBMED_FEED_URL
from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Clock, Monotonic, Sleep, monotonic, sleep, utc_now


@dataclass(frozen=True, slots=True)
class Seams:
    """Dependencies that tests and the sandbox replace: time, chance, kill points, addresses, loop times.

    `source_urls`: base addresses by the source's key ("pubmed"); a source without one has its own.
    `pubmed_feed_url`: the base address of PubMed's journal feeds. `loop_seconds`: seconds between two turns
    by the loop's name ("deliver"); a loop without an entry has its own.
    """

    clock: Clock = utc_now
    monotonic: Monotonic = monotonic
    sleep: Sleep = sleep
    chance: Chance = random_number
    kill_point: Callable[[str], None] = lambda _point: None
    source_urls: Mapping[str, str] = field(default_factory=dict)
    pubmed_feed_url: str = PUBMED_FEED_URL
    loop_seconds: Mapping[str, float] = field(default_factory=dict)
