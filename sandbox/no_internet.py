"""The sandbox's look-up of names: nothing leaves this machine, except to the hosts of --feed."""

import socket
from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp.connector import AddrInfoType

from wetread.net.resolver import system_look_up

LOCAL = ("localhost",)


def hosts_of(sources: Sequence[str]) -> frozenset[str]:
    """Return the hosts of those sources that are addresses of the web; files have none."""
    parts = map(urlsplit, sources)
    return frozenset(each.hostname for each in parts if each.scheme in ("http", "https") and each.hostname)


class NoInternet:
    """A function like `socket.getaddrinfo` that knows only `hosts`, and tells once of each other name."""

    def __init__(self, hosts: Collection[str], tell: Callable[[str], None]) -> None:
        self._hosts = {*hosts, *LOCAL}
        self._tell = tell
        self._told: set[str] = set()

    def __call__(self, host: str, *rest: Any) -> Sequence[AddrInfoType]:
        """Look up the name. Raises OSError for a name outside, as if nobody knew it."""
        if host in self._hosts:
            return system_look_up(host, *rest)
        if host not in self._told:
            self._told.add(host)
            self._tell(
                f"(The sandbox does not use the internet, so {host} cannot be reached. "
                "To read a feed from there: python -m sandbox --feed ADDRESS)"
            )
        raise socket.gaierror(socket.EAI_NONAME, "the sandbox does not use the internet")
