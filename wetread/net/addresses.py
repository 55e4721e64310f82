"""Which IP addresses the bot may dial, and how a URL is shown without its secrets."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

# `is_global` is not enough (faults.md M09): some Python versions let some of these networks through.
_DENIED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; some clouds' metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address, but internal to Azure
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback and IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID, benchmarks and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


@dataclass(frozen=True, slots=True)
class AllowedAddress:
    """An exception from the guard: a network and a port, None = every port."""

    network: IPv4Network | IPv6Network
    port: int | None

    @classmethod
    def parse(cls, text: str) -> "AllowedAddress":
        """Read "10.0.0.5:8080", "127.0.0.1:*", "10.0.0.0/24:80" or "[::1]:8080".

        A name is not allowed, because it could later mean another machine. Raises ValueError.
        """
        host, separator, port = text.strip().rpartition(":")
        if not separator:
            raise ValueError(f'{text!r} has no port; write "{text}:*" for all')
        network = ip_network(host.removeprefix("[").removesuffix("]"), strict=False)
        number = None if port == "*" else int(port)
        if number is not None and not 0 < number < 65536:
            raise ValueError(f"{port} is not a port")
        return cls(network, number)


@dataclass(frozen=True, slots=True)
class DialGuard:
    """Decides about an address at the moment it is dialled, whatever name or redirect led to it."""

    ports: Collection[int]
    exceptions: tuple[AllowedAddress, ...] = ()

    def permits(self, host: str, port: int) -> bool:
        """Return whether the bot may connect to this IP address; other texts are refused."""
        try:
            address = ip_address(host)
        except ValueError:
            return False
        if any(address in entry.network and entry.port in (None, port) for entry in self.exceptions):
            return True
        return (
            port in self.ports
            and address.is_global
            and not address.is_multicast
            and not address.is_reserved
            and not any(address in network for network in _DENIED)
        )


_SECRET_NAME = re.compile(
    r"token|secret|passw|api.?key|e-?mail|credential|signature|session"
    r"|(?:^|[^a-z])(?:key|auth|authorization|pass|pwd|sig|sid|jwt|user|username|login|mailto|code)(?:$|[^a-z])",
    re.IGNORECASE,
)


_SECRET_FOLDER = re.compile(
    r"tokens?|secrets?|keys?|api-?keys?|auth|private|passwords?|sessions?", re.IGNORECASE
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s<>\"'`|]+", re.IGNORECASE)


def shown_url(url: str) -> str:
    """Return `url` as people and logs may see it: no user, password, key, token, mail address or fragment.

    "https://***@host/feed/***/rss?jc=inv&api_key=***". Never raises.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(unreadable address)"
    if not parts.netloc:
        # Without "//" the credentials are in the place of the path.
        return _masked_query(re.sub(r"^.*@", "***@", url.partition("#")[0], flags=re.DOTALL))
    _, at, host = parts.netloc.rpartition("@")
    user = "***" if at else ""  # some sites pass a token as user name
    shown = urlunsplit((parts.scheme, f"{user}{at}{host}", _masked_path(parts.path), parts.query, ""))
    return _masked_query(shown)


def without_secrets(text: str) -> str:
    """Return a text with each address in it as `shown_url` shows it."""
    return _ADDRESS.sub(lambda found: shown_url(found[0]), text) if "://" in text else text


def _masked_path(path: str) -> str:
    shown: list[str] = []
    for part in path.split("/"):
        is_secret = _is_token(part) or (part and shown and _SECRET_FOLDER.fullmatch(shown[-1]))
        shown.append("***" if is_secret else part)
    return "/".join(shown)


def _is_token(part: str) -> bool:
    """Return whether a part of an address looks made by chance: long, letters and digits mixed.

    Identifiers of articles and journals ("S0363018826000123", "10.5555") are none.
    """
    return any(map(_is_random, re.split(r"[^A-Za-z0-9_-]|(?<=[A-Za-z])-(?=[A-Za-z])", unquote_plus(part))))


def _is_random(run: str) -> bool:
    if re.fullmatch(r"S\d{7}[\dX]\d{8}", run):
        return False  # a PII
    letters = "".join(filter(str.isalpha, run))
    digits = sum(map(str.isdigit, run))
    alternations = len(re.findall(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", run))
    has_both = len(run) >= _SHORT_TOKEN and digits and letters
    cases = len(re.findall(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[a-z])", letters))
    return bool(
        (has_both and alternations >= 3)
        or (len(run) >= _LONG_TOKEN and digits >= 2 and len(letters) >= 4)
        or (len(run) >= 2 * _LONG_TOKEN and digits == len(run))
        or (len(letters) >= _LONG_TOKEN and cases > _CASES * len(letters))
    )


_SHORT_TOKEN, _LONG_TOKEN = 6, 16  # characters
_CASES = 0.35  # changes between capitals and small letters, per letter; JoinedWords have fewer


def _masked_query(url: str) -> str:
    before, mark, query = url.partition("?")
    return before + mark + re.sub(r"[^&;]+", lambda pair: _masked_pair(pair[0]), query)


def _masked_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return "***" if _is_token(name) else pair
    if value and (_SECRET_NAME.search(unquote_plus(name)) or _is_token(value)):
        return f"{name}=***"
    return pair


def proxied(prefix: str, url: str) -> str:
    """Return `url` for a library's proxy: after its prefix, percent-encoded if that ends in "qurl="."""
    return prefix + (quote(url, safe="") if prefix.endswith("qurl=") else url)
