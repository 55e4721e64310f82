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


def test_json_lines_are_objects_with_the_traceback() -> None:
    first, second = map(json.loads, logged(style=JsonFormatter()).splitlines())

    assert first["message"] == "token *** and {'key': '***'}"
    assert "ValueError" in second["traceback"]
    assert "canary" not in str(second)
