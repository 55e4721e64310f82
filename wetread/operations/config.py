"""Reads config.toml and the secrets of the environment, and reports all faults at once.

Each section of config.toml is a dataclass below, each setting a field with its default. Secrets come
from the environment (or .env, which `bot.py` reads into it) and from nowhere else.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from wetread.domain.errors import ConfigError, ConfigFault
from wetread.domain.record_sources import Source
from wetread.net.addresses import AllowedAddress

SECRETS = ("DISCORD_TOKEN", "NCBI_API_KEY", "OPENALEX_API_KEY", "SEMANTIC_SCHOLAR_API_KEY")
"""The environment variables that hold secrets; logging masks their values."""


# The two helpers are typed as Any because dataclasses.field is typed as its default.


def _number(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"low": low, "high": high})


def _choice(default: str, *choices: str) -> Any:
    return field(default=default, metadata={"choices": choices})


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """Settings of the bot in Discord."""

    prefix: str = "!"
    has_message_content: bool = True  # the privileged intent; without it only `/` and mentions work


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """The database file."""

    path: Path = Path("data/wetread.db")


@dataclass(frozen=True, slots=True)
class BackupConfig:
    """Automatic backups."""

    folder: Path | None = None  # None = backups/ beside the database
    keep_daily: int = _number(7, 0, 365)  # 0 = none are made daily
    hour: int = _number(3, 0, 23)  # UTC


@dataclass(frozen=True, slots=True)
class HealthConfig:
    """The health file for service managers and monitors."""

    file: Path | None = None


@dataclass(frozen=True, slots=True)
class PollingConfig:
    """How often feeds are checked."""

    interval_minutes: float = _number(60, 15, 24 * 60)
    idle_interval_hours: float = _number(6, 1, 24)
    concurrency: int = _number(50, 1, 400)
    host_gap_seconds: float = _number(1.5, 0, 60)


@dataclass(frozen=True, slots=True)
class DeliveryConfig:
    """How articles reach channels."""

    abstract_wait_hours: float = _number(24, 0, 90 * 24)
    start_with: int = _number(3, 0, 10)
    seconds_between_posts: float = _number(5, 0, 600)  # in one channel


@dataclass(frozen=True, slots=True)
class SourcesConfig:
    """The record sources."""

    contact_email: str = ""
    enabled: tuple[str, ...] = ("pubmed", "europepmc", "crossref", "openalex", "unpaywall")


UNUSED = {
    "backup": ("keep_weekly",),
    "polling": ("loop_seconds", "parsers"),
    "delivery": ("loop_seconds",),
    "sources": ("enrich_loop_seconds", "pubmed_feed_url", *(f"{source.key}_url" for source in Source)),
}
"""Settings of 0.1.0 that Wetread no longer reads; a file that names one is still right."""

SOURCE_NAMES = tuple(source.key for source in Source)


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Private addresses and ports that the bot may connect to."""

    allowed_addresses: tuple[str, ...] = ()
    allowed_ports: tuple[int, ...] = (80, 443, 8080, 8443)


@dataclass(frozen=True, slots=True)
class CatalogueConfig:
    """Additional journals."""

    extra: Path | None = None


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """Limits for one server and its members."""

    subscriptions_per_server: int = _number(200, 1, 5000)
    lookups_per_minute: int = _number(20, 1, 1000)  # per member and command


@dataclass(frozen=True, slots=True)
class LoggingConfig:
    """Level and format of the log."""

    level: str = _choice("INFO", "DEBUG", "INFO", "WARNING", "ERROR")
    format: str = _choice("text", "text", "json")


@dataclass(frozen=True, slots=True)
class Secrets:
    """From the environment. `repr` shows none of them."""

    discord_token: str | None = field(default=None, repr=False)
    ncbi_api_key: str | None = field(default=None, repr=False)
    openalex_api_key: str | None = field(default=None, repr=False)
    semantic_scholar_api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that an operator decides. Relative paths are relative to config.toml's folder.

    `unused`: settings in the file that are no longer used, such as "[polling] loop_seconds".
    """

    discord: DiscordConfig = DiscordConfig()
    storage: StorageConfig = StorageConfig()
    backup: BackupConfig = BackupConfig()
    health: HealthConfig = HealthConfig()
    polling: PollingConfig = PollingConfig()
    delivery: DeliveryConfig = DeliveryConfig()
    sources: SourcesConfig = SourcesConfig()
    network: NetworkConfig = NetworkConfig()
    catalogue: CatalogueConfig = CatalogueConfig()
    limits: LimitsConfig = LimitsConfig()
    logging: LoggingConfig = LoggingConfig()
    secrets: Secrets = Secrets()
    unused: tuple[str, ...] = ()


def unused_settings(config: Config) -> list[str]:
    """Return a sentence for each setting in the file that is no longer used."""
    return [f"{place} is no longer used. Please remove it from config.toml." for place in config.unused]


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read `path` and the secrets in `environ`. Raises ConfigError with all faults."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError((ConfigFault(str(path), "There is no such file."),)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((ConfigFault(str(path), f"The file cannot be read: {error}."),)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((ConfigFault(str(path), f"The file is not TOML: {error}."),)) from None
    reader = _Reader(path.parent)
    config = reader.config(document, environ)
    if reader.faults:
        raise ConfigError(tuple(reader.faults))
    return config


_Section = TypeVar("_Section")


class _Reader:
    """Reads the file and collects its faults, so that one start shows them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[ConfigFault] = []
        self.unused: list[str] = []

    def config(self, document: Mapping[str, object], environ: Mapping[str, str]) -> Config:
        sections: dict[str, Any] = {
            section.name: section.default
            for section in fields(Config)
            if is_dataclass(section.default) and section.name != "secrets"
        }
        for name in document:
            if name not in sections:
                self._unknown(f"[{name}]", name, tuple(sections))
        values: dict[str, Any] = {
            name: self.section(name, type(default), document.get(name, {}))
            for name, default in sections.items()
        }
        secrets = Secrets(*(environ.get(name) or None for name in SECRETS))
        config = Config(**values, secrets=secrets, unused=tuple(self.unused))
        self._check_together(config)
        return config

    def section(self, name: str, kind: type[_Section], table: object) -> _Section:
        if not isinstance(table, dict):
            self._fault(
                f"[{name}]", f"This must be a section: write [{name}] on a line, and its settings below."
            )
            return kind()
        known = {setting.name: setting for setting in fields(kind)}  # type: ignore[arg-type] # a dataclass
        values: dict[str, Any] = {
            name: self.folder / setting.default
            for name, setting in known.items()
            if isinstance(setting.default, Path)
        }
        for key, value in table.items():
            place = f"[{name}] {key}"
            if key.upper() in SECRETS or "token" in key or key.endswith("_key"):
                self._fault(place, "This file must not contain secrets.", "Put it into .env.")
            elif key in UNUSED.get(name, ()):
                self.unused.append(place)
            elif key not in known:
                self._unknown(place, key, tuple(known))
            else:
                read = self._value(place, known[key], value)
                if read is not None:
                    values[key] = read
        return kind(**values)

    def _value(self, place: str, setting: Field[Any], value: object) -> object:
        default = setting.default
        if isinstance(default, bool):
            return self._typed(place, value, bool, "true or false")
        if isinstance(default, int | float):
            return self._numeric(place, setting, value)
        if isinstance(default, tuple):
            return self._list(place, setting.name, value)
        if isinstance(default, Path) or default is None:
            text = self._typed(place, value, str, "a path in quotes")
            return None if text is None else self.folder / str(text)
        text = self._typed(place, value, str, "text in quotes")
        if text is None:
            return None
        choices = setting.metadata.get("choices")
        if choices and text not in choices:
            self._unknown(place, str(text), choices)
            return None
        if setting.name == "prefix" and (not str(text).strip() or len(str(text)) > 5):
            self._fault(place, "The prefix has 1 to 5 characters, not only spaces.")
            return None
        return text

    def _typed(self, place: str, value: object, kind: type, what: str) -> object | None:
        if isinstance(value, str) and not value.isprintable():
            self._fault(place, f"{value!r} has a character that cannot be seen.", "Remove it.")
            return None
        if isinstance(value, kind):
            return value
        self._fault(place, f"This must be {what}, not {value!r}.")
        return None

    def _numeric(self, place: str, setting: Field[Any], value: object) -> object | None:
        is_whole = isinstance(setting.default, int) and "int" in str(setting.type)
        if isinstance(value, bool) or not isinstance(value, int if is_whole else (int, float)):
            self._fault(place, f"This must be a {'whole ' if is_whole else ''}number, not {value!r}.")
            return None
        low, high = setting.metadata["low"], setting.metadata["high"]
        if not low <= value <= high:
            self._fault(place, f"This must be between {low:g} and {high:g}, not {value!r}.")
            return None
        return value

    def _list(self, place: str, name: str, value: object) -> object | None:
        kind = int if name == "allowed_ports" else str
        if not isinstance(value, list) or not all(type(item) is kind for item in value):
            what = "whole numbers" if kind is int else "texts in quotes"
            self._fault(place, f"This must be a list of {what} in square brackets, not {value!r}.")
            return None
        if name == "enabled":
            for item in value:
                if item not in SOURCE_NAMES:
                    self._unknown(place, item, SOURCE_NAMES)
        if name == "allowed_addresses":
            for item in value:
                self._address(place, item)
        if name == "allowed_ports":
            for item in value:
                if not 0 < item < 65536:
                    self._fault(place, f"{item} is not a port. Ports are numbers from 1 to 65535.")
        return tuple(value)

    def _address(self, place: str, text: str) -> None:
        try:
            AllowedAddress.parse(text)
        except ValueError:
            self._fault(
                place,
                f"{text!r} is not an IP address or network with a port.",
                'Write, for example, "127.0.0.1:80", "10.0.0.0/24:*" or "[::1]:8080"; names are not allowed.',
            )

    def _check_together(self, config: Config) -> None:
        email = config.sources.contact_email
        if email and ("@" not in email or email.startswith("@") or email.endswith("@") or " " in email):
            self._fault("[sources] contact_email", f"{email!r} is not an e-mail address.")

    def _unknown(self, place: str, name: str, known: tuple[str, ...]) -> None:
        near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=60)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."
        self._fault(place, f"{name!r} is not known.", hint)

    def _fault(self, place: str, problem: str, suggestion: str | None = None) -> None:
        self.faults.append(ConfigFault(place, problem, suggestion))
