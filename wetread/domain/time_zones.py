"""Time zones by the names that people type: "Europe/Berlin", "Berlin", "Munich". Pure."""

from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from wetread.domain.names import name_key

_CITIES = {
    "Europe/Berlin": "Munich München Hamburg Cologne Köln Frankfurt Stuttgart Leipzig Heidelberg Freiburg"
    " Germany",
    "Europe/Vienna": "Wien Graz Innsbruck Salzburg Austria",
    "Europe/Zurich": "Zürich Basel Bern Geneva Genève Lausanne Switzerland",
    "Europe/Paris": "Lyon Marseille Toulouse Bordeaux Lille Strasbourg France",
    "Europe/London": "Edinburgh Glasgow Manchester Birmingham Oxford Cambridge Cardiff Leeds"
    " England Scotland Wales UK",
    "Europe/Madrid": "Barcelona Valencia Seville Sevilla Bilbao Spain",
    "Europe/Rome": "Roma Milan Milano Naples Napoli Turin Torino Bologna Florence Padua Italy",
    "Europe/Amsterdam": "Rotterdam Utrecht Leiden Groningen Nijmegen Netherlands Holland",
    "Europe/Brussels": "Bruxelles Antwerp Ghent Leuven Liège Belgium",
    "Europe/Lisbon": "Lisboa Porto Coimbra Portugal",
    "Europe/Stockholm": "Gothenburg Göteborg Malmö Uppsala Lund Sweden",
    "Europe/Copenhagen": "København Aarhus Odense Denmark",
    "Europe/Oslo": "Bergen Trondheim Norway",
    "Europe/Helsinki": "Tampere Turku Oulu Finland",
    "Europe/Warsaw": "Warszawa Kraków Krakow Gdańsk Wrocław Poznań Poland",
    "Europe/Prague": "Praha Brno Czechia",
    "Europe/Budapest": "Szeged Debrecen Hungary",
    "Europe/Athens": "Thessaloniki Greece",
    "Europe/Bucharest": "București Cluj Romania",
    "Europe/Istanbul": "Ankara Izmir Turkey Türkiye",
    "Europe/Dublin": "Cork Galway Ireland",
    "Europe/Kyiv": "Kiev Lviv Odesa Ukraine",
    "Europe/Moscow": "Saint_Petersburg Kazan",
    "America/New_York": "Boston Philadelphia Washington Baltimore Atlanta Miami Cleveland Pittsburgh"
    " Rochester Durham Charlotte Orlando Tampa Eastern EST EDT",
    "America/Chicago": "Houston Dallas Austin San_Antonio Minneapolis Milwaukee Madison Nashville New_Orleans"
    " Saint_Louis Kansas_City Memphis Central CST CDT",
    "America/Denver": "Salt_Lake_City Albuquerque Mountain MST MDT",
    "America/Phoenix": "Tucson Arizona",
    "America/Los_Angeles": "San_Francisco San_Diego Seattle Portland Sacramento Stanford Las_Vegas"
    " Pacific PST PDT",
    "America/Toronto": "Ottawa Hamilton Kingston Montréal Montreal Quebec",
    "America/Vancouver": "Victoria",
    "America/Edmonton": "Calgary",
    "America/Mexico_City": "Guadalajara Puebla Mexico Ciudad_de_México",
    "America/Sao_Paulo": "São_Paulo Rio_de_Janeiro Brasília Brasilia Porto_Alegre Belo_Horizonte Brazil",
    "America/Argentina/Buenos_Aires": "Rosario Argentina",
    "America/Santiago": "Chile",
    "America/Bogota": "Bogotá Medellín Medellin Cali Colombia",
    "Asia/Kolkata": "Mumbai Bombay Delhi New_Delhi Bangalore Bengaluru Chennai Madras Hyderabad Pune"
    " Chandigarh Ahmedabad Lucknow India IST",
    "Asia/Shanghai": "Beijing Peking Guangzhou Shenzhen Wuhan Chengdu Nanjing Hangzhou China",
    "Asia/Tokyo": "Osaka Kyoto Nagoya Sapporo Fukuoka Japan JST",
    "Asia/Seoul": "Busan Incheon Korea",
    "Asia/Karachi": "Lahore Islamabad Rawalpindi Pakistan",
    "Asia/Dhaka": "Chittagong Bangladesh",
    "Asia/Ho_Chi_Minh": "Saigon Hanoi Vietnam",
    "Asia/Dubai": "Abu_Dhabi Sharjah Emirates",
    "Asia/Riyadh": "Jeddah Dammam Saudi_Arabia",
    "Asia/Jerusalem": "Tel_Aviv Haifa Israel",
    "Asia/Tehran": "Shiraz Tabriz Iran",
    "Asia/Kathmandu": "Nepal",
    "Australia/Sydney": "Canberra Newcastle Wollongong",
    "Australia/Melbourne": "Geelong",
    "Australia/Brisbane": "Gold_Coast Cairns",
    "Pacific/Auckland": "Wellington Christchurch Dunedin New_Zealand",
    "Africa/Johannesburg": "Cape_Town Durban Pretoria South_Africa",
    "Africa/Lagos": "Abuja Ibadan Nigeria",
    "Africa/Cairo": "Alexandria Egypt",
    "Africa/Nairobi": "Mombasa Kenya",
    "UTC": "GMT Zulu",
}
"""Other names of zones: large cities that give none their name, countries of one zone, abbreviations."""

_ALIKE = 80.0  # of 100


def zone_named(name: str) -> tzinfo:
    """Return the zone with IANA's name, UTC if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such name, no name, a folder
        return UTC


def zone_meant(typed: str) -> str | None:
    """Return IANA's name of the zone that a place is in, None if the place is not known."""
    _, zone = _shown().get(name_key(typed), ("", None))
    return zone


def places_near(typed: str) -> list[str]:
    """Return up to three places that are spelled like this, with their zones: "Berlin (Europe/Berlin)"."""
    alike = process.extract(name_key(typed), _shown().keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)
    return [_shown()[key][0] for key, *_ in alike]


def zones_matching(typed: str) -> Iterable[tuple[str, str]]:
    """Yield places that begin with what was typed, then those that contain it, each with IANA's name."""
    key = name_key(typed)
    shown: set[str] = set()
    for fits in (str.startswith, str.__contains__):
        for name, (words, zone) in _shown().items():
            if name not in shown and fits(name, key):
                shown.add(name)
                yield words, zone


def city_of(zone: str) -> str:
    """Return what people call the time of a zone: "Berlin"."""
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _shown() -> dict[str, tuple[str, str]]:
    """Return by its key each place's name as it is offered, with its zone; first, cities that name one."""
    found: dict[str, tuple[str, str]] = {}
    zones = sorted(each for each in available_timezones() if _is_offered(each))
    for zone in zones:
        found.setdefault(name_key(city_of(zone)), (f"{city_of(zone)} ({zone})", zone))
    for zone, cities in _CITIES.items():
        for city in cities.split():
            name = city.replace("_", " ")
            found.setdefault(name_key(name), (f"{name} ({zone})", zone))
    for zone in zones:
        found.setdefault(name_key(zone), (zone, zone))
    return found


def _is_offered(zone: str) -> bool:
    """Return whether it is a place: not "Etc/GMT+5", "posix/…", "SystemV/…" or "US/Eastern"."""
    area = zone.partition("/")[0]
    return zone == "UTC" or area in {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
