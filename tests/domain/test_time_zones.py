"""Places that people type, and the time zones they are in."""

from datetime import UTC
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest

from wetread.domain import time_zones
from wetread.domain.time_zones import city_of, places_near, zone_meant, zone_named, zones_matching


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("münchen", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("Boston", "America/New_York"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("Mumbai", "Asia/Kolkata"),
        ("Japan", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
        ("Atlantis", None),
        ("", None),
        ("localtime", None),
    ],
)
def test_a_place_means_its_zone(typed: str, zone: str | None) -> None:
    assert zone_meant(typed) == zone


def test_every_zone_that_is_named_in_the_table_exists() -> None:
    assert set(time_zones._CITIES) <= available_timezones()  # the table itself
    assert all(zone_meant(zone) == zone for zone in time_zones._CITIES)  # as before


def test_a_slip_is_answered_with_places_of_that_spelling() -> None:
    assert places_near("Berln")[0] == "Berlin (Europe/Berlin)"
    assert places_near("qqqqqq") == []


def test_what_begins_with_the_typed_letters_is_offered_first() -> None:
    offered = [name for name, _ in islice(zones_matching("mun"), 3)]
    assert offered[0] == "Munich (Europe/Berlin)"
    assert len(list(zones_matching(""))) > 400


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    for name in ("Mars/Olympus", "", "../etc/passwd", "Europe"):
        assert zone_named(name) is UTC


def test_a_zone_is_called_by_its_city() -> None:
    assert city_of("America/New_York") == "New York"
