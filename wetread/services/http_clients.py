"""The HTTP clients for feeds and for record sources, as the configuration wants them."""

from wetread import __version__
from wetread.net.http_client import HttpClient
from wetread.net.resolver import ThreadPerNameResolver
from wetread.operations.config import Config
from wetread.services.seams import Seams

PROJECT_URL = "https://github.com/wetread/wetread"


def feed_client(config: Config, seams: Seams) -> HttpClient:
    """Return the client for feeds: one request per host at a time."""
    polling = config.polling
    return _client(
        config, seams, concurrency=polling.concurrency, per_host=1, host_gap=polling.host_gap_seconds
    )


def source_client(config: Config, seams: Seams) -> HttpClient:
    """Return the client for record sources; each source has its own rate limit on top (`PoliteFetch`)."""
    return _client(config, seams, concurrency=20, per_host=3, host_gap=0)


def _client(config: Config, seams: Seams, *, concurrency: int, per_host: int, host_gap: float) -> HttpClient:
    network = config.network
    email = config.sources.contact_email
    contact = f"+{PROJECT_URL}; mailto:{email}" if email else f"+{PROJECT_URL}"
    return HttpClient(
        user_agent=f"Wetread/{__version__} ({contact})",
        monotonic=seams.monotonic,
        sleep=seams.sleep,
        chance=seams.chance,
        allowed_addresses=network.allowed_addresses,
        allowed_ports=network.allowed_ports,
        concurrency=concurrency,
        per_host=per_host,
        host_gap=host_gap,
        resolver=ThreadPerNameResolver(seams.look_up),
    )
