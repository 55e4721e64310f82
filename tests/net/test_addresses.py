import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.catalogue import Catalogue
from wetread.net.addresses import AllowedAddress, DialGuard, shown_url, without_secrets

PORTS = (80, 443, 8080, 8443)
GUARD = DialGuard(PORTS)


@pytest.mark.row("S01", "S02")
@pytest.mark.parametrize(
    "host",
    [
        # S01
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "::",
        "0.0.0.0",  # noqa: S104 nothing is bound here
        # S02
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::1",
        "100.64.0.1", "100.100.100.200", "fec0::1", "192.0.0.8", "192.0.0.192", "224.0.0.1", "239.1.1.1",
        "ff02::1", "ff0e::1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "203.0.113.9",
        "2001:db8::1", "3fff::1", "5f00::1", "100::1", "168.63.129.16", "192.88.99.1",
        # What is no address at all
        "localhost", "", "127.1", "0x7f.1", "2130706433", "8.8.8.8.8",
    ],
)  # fmt: skip
def test_no_form_of_a_private_address_is_dialled(host: str) -> None:
    """faults.md S01, S02."""
    assert not GUARD.permits(host, 80)


@pytest.mark.parametrize("host", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1", "2a00:1450:4001::5"])
def test_public_addresses_are_dialled_on_web_ports_only(host: str) -> None:
    """faults.md S08."""
    assert all(GUARD.permits(host, port) for port in PORTS)
    assert not any(GUARD.permits(host, port) for port in (22, 25, 6379, 5432, 0))


def test_operators_may_allow_addresses_one_by_one() -> None:
    guard = DialGuard(
        PORTS,
        tuple(map(AllowedAddress.parse, ("10.0.0.5:8000", "127.0.0.1:*", "[::1]:80", "192.168.7.0/24:80"))),
    )

    assert guard.permits("10.0.0.5", 8000)
    assert not guard.permits("10.0.0.5", 80)
    assert not guard.permits("10.0.0.6", 8000)
    assert guard.permits("127.0.0.1", 12345)
    assert guard.permits("::1", 80)
    assert guard.permits("192.168.7.9", 80)
    assert not guard.permits("192.168.8.9", 80)


@pytest.mark.parametrize(
    "text", ["", "10.0.0.5", "feeds.example:80", "10.0.0.5:http", "10.0.0.5:0", ":80", "::1"]
)
def test_an_exception_must_be_an_address_with_a_port(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        AllowedAddress.parse(text)


@pytest.mark.row("S26")
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://journal.example/rss?jc=inv&type=etoc", "https://journal.example/rss?jc=inv&type=etoc"),
        ("https://ada:hunter2@journal.example/rss", "https://***@journal.example/rss"),
        ("https://t0k3n@journal.example/rss", "https://***@journal.example/rss"),
        ("https://ada:hun@ter2@journal.example/", "https://***@journal.example/"),
        ("https://:hunter2@journal.example/", "https://***@journal.example/"),
        ("https://x.example/?api_key=s&a=1", "https://x.example/?api_key=***&a=1"),
        ("https://x.example/?APIKEY=s;token=t", "https://x.example/?APIKEY=***;token=***"),
        ("https://x.example/?access%5Ftoken=s", "https://x.example/?access%5Ftoken=***"),
        ("https://x.example/?email=ada@example.org&mailto=b", "https://x.example/?email=***&mailto=***"),
        ("https://x.example/?author=Example&keyword=spine", "https://x.example/?author=Example&keyword=spine"),
        ("https://x.example/?key=s&auth=t&sig=u", "https://x.example/?key=***&auth=***&sig=***"),
        ("https://x.example/feed#access_token=s", "https://x.example/feed"),
        ("ada:hunter2@journal.example/rss?token=t", "***@journal.example/rss?token=***"),
        ("https://[::1", "(unreadable address)"),
    ],
)  # fmt: skip
def test_addresses_are_shown_without_their_secrets(url: str, shown: str) -> None:
    """faults.md S26."""
    assert shown_url(url) == shown


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    shown_url(text)


TOKENS = (
    "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "550e8400-e29b-41d4-a716-446655440000",
    "c2VjcmV0LWNhbmFyeS0xMjM0NTY",
    "aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    "12345678901234567890123456789012",
    "s3cr3t-canary-t0k3n",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP",
)


@pytest.mark.row("E28")
@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(
    "address",
    [
        "https://{}@journal.example/rss",
        "https://{}:x@journal.example/rss",
        "https://journal.example/feed/{}/rss.xml",
        "https://journal.example/{}",
        "https://journal.example/{}.xml?jc=inv",
        "https://journal.example/rss?jc={}",
        "https://journal.example/rss?{}",
        "https://journal.example/rss?a=1;b={}",
    ],
)
def test_tokens_in_any_part_of_an_address_are_not_shown(token: str, address: str) -> None:
    url = address.format(token)

    assert token not in shown_url(url)
    assert shown_url(url).startswith(("https://journal.example/", "https://***@journal.example/"))
    assert without_secrets(f"see {url}, then {url}") == f"see {shown_url(url + ',')} then {shown_url(url)}"


@pytest.mark.row("E28")
def test_what_follows_the_name_of_a_secret_is_not_shown() -> None:
    assert shown_url("https://journal.example/token/spine/rss") == "https://journal.example/token/***/rss"


@pytest.mark.row("E28")
@pytest.mark.parametrize(
    "url",
    [
        "https://journal.example/action/showFeed?type=etoc&feed=rss&jc=radiology",
        "https://pubs.example.org/doi/10.5555/jer.2026.0101",
        "https://journal.example/science/article/pii/S0363018826000123",
        "https://journal.example/science/article/pii/S2352152X26033682",
        "https://journal.example/articles/s00330-026-12345-6",
        "https://journal.example/pmc/articles/PMC99000001/",
        "https://journal.example/rss/current.xml",
        "https://journal.example/issn/1526-9914/feed_2.0.rss",
        "https://journal.example/InterventionalNeuroradiologyAndPainMedicine/rss2",
    ],
)
def test_ordinary_addresses_are_shown_whole(url: str) -> None:
    assert shown_url(url) == url


@pytest.mark.row("E28")
def test_no_address_of_the_catalogue_looks_like_a_secret() -> None:
    feeds = [each.feed_url for each in Catalogue.load().journals if each.feed_url]

    assert len(feeds) > 20
    assert [shown_url(each) for each in feeds] == feeds


secret = st.text(st.characters(min_codepoint=48, max_codepoint=122, categories=["L", "N"]), min_size=8)


@pytest.mark.row("S26")
@given(secret, st.sampled_from(["token", "api_key", "X-Api-Key", "password", "user_email", "auth"]))
def test_no_secret_is_ever_shown(canary: str, name: str) -> None:
    canary = f"canary{canary}"

    for url in (f"https://ada:{canary}@h.example/", f"https://h.example/?{name}={canary}", f"//{canary}@h/"):
        assert canary not in shown_url(url)
