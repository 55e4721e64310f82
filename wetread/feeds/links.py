"""Addresses from feeds: only safe ones, without the parts that change at every retrieval."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_LONGEST = 2_000
# Only names that mean nothing else: `v`, `ff` and `fc` are an article's number elsewhere. PubMed's have the
# form of an instant and of a version.
_TRACKING = re.compile(
    r"(?:utm_\w+|dgcid|rss|af|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hsenc|_hsmi|cmpid|ref_src)=.*|"
    r"f[fc]=20\d{12}|v=\d+\.\d+\.\d+[\w.+-]*",
    re.IGNORECASE | re.DOTALL,
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def safe_link(url: str, base: str | None = None, *, keeps_tracking: bool = False) -> str | None:
    """Return an absolute http or https address without tracking parameters, or None.

    A relative address is completed by `base`. None for addresses with credentials, without a host, or longer
    than 2,000 characters. `keeps_tracking`: the parameters that look so stay.
    """
    url = url.strip()
    if not url:
        return None
    try:
        is_whole = url.startswith(("https://", "http://"))
        parts = urlsplit(urljoin(base, url) if base and not is_whole else url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or port == 0:
        return None
    query = parts.query
    if query and not keeps_tracking:
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")[:50]
        kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(f"{name}={value}")]
        query = query if len(kept) == len(pairs) else urlencode(kept)
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
    return None if len(address) > _LONGEST or _FORBIDDEN.search(address) else address
