"""What may follow a redirect to another origin."""

import pytest

from wetread.net.redirects import first_hop, next_hop
from wetread.net.web import HttpRequest


@pytest.mark.row("S27")
@pytest.mark.parametrize(
    ("target", "is_kept"),
    [
        ("https://journal.example/feed", True),  # the same host, now with TLS
        ("http://journal.example/other", True),
        ("https://other.example/feed", False),
        ("http://other.example/feed", False),
        ("http://journal.example:8080/feed", False),
        ("https://journal.example:8443/feed", False),
    ],
)
def test_credentials_stay_with_their_host(target: str, is_kept: bool) -> None:
    hop = first_hop(HttpRequest("http://reader:secret@journal.example/feed", headers={"Accept": "text/xml"}))

    following = next_hop(hop, 301, target)

    assert following is not None
    assert ("Authorization" in following.headers) == is_kept
    assert following.headers["Accept"] == "text/xml"
