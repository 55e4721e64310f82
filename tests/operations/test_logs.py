"""Logs never show a secret."""

import io
import json
import logging

import pytest

from wetread.operations.logs import JsonFormatter, RedactingFilter


def logged(*, style: logging.Formatter) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter(["canary", "canary-long", ""]))
    handler.setFormatter(style)
    logger = logging.getLogger("tests.redaction")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.handlers[:] = [handler]
    logger.info("token %s and %r", "canary", {"key": "canary-long"})
    try:
        int("https://example.org/?token=canary")
    except ValueError:
        logger.exception("failed with canary")
    return stream.getvalue()


@pytest.mark.row("S28")
def test_secrets_are_masked_in_messages_arguments_and_tracebacks() -> None:
    text = logged(style=logging.Formatter())

    assert "canary" not in text
    assert "token *** and {'key': '***'}" in text
    assert "https://example.org/?token=***" in text


@pytest.mark.row("S28")
def test_a_secret_is_masked_as_addresses_write_it() -> None:
    clean = RedactingFilter(["a canary/of+two"]).clean

    assert clean("?key=a%20canary%2Fof%2Btwo&k=a+canary%2Fof%2Btwo a canary/of+two") == "?key=***&k=*** ***"


@pytest.mark.row("E28")
def test_addresses_are_logged_without_their_secrets_whoever_logs_them() -> None:
    url = "https://canary-user@feeds.example.org/feed/9f8e7d6c5b4a39281706f5e4d3c2b1a0/rss?jc=inv"
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter([]))
    logger = logging.getLogger("tests.addresses")
    logger.propagate = False
    logger.handlers[:] = [handler]
    try:
        int(url)
    except ValueError:
        logger.exception("could not read %s", url)

    assert "https://***@feeds.example.org/feed/***/rss?jc=inv" in stream.getvalue()
    assert "canary-user" not in stream.getvalue()
    assert "9f8e7d" not in stream.getvalue()


def test_json_lines_are_objects_with_the_traceback() -> None:
    first, second = map(json.loads, logged(style=JsonFormatter()).splitlines())

    assert first["message"] == "token *** and {'key': '***'}"
    assert "ValueError" in second["traceback"]
    assert "canary" not in str(second)
