"""`python -m sandbox` says in a sentence what is missing."""

import socket
from importlib.util import find_spec

import pytest

import sandbox.__main__ as start


def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit):
        start.main(["--port", str(taken.getsockname()[1])])

    said = capsys.readouterr().err
    assert "is in use; choose another" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "²"])
def test_what_is_no_port_is_named(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        start.main([f"--port={port}"])

    assert "is not a port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("absent", "arguments"), [("simcord", ["--terminal"]), ("simcord", []), ("markdown_it", [])]
)
def test_packages_that_are_not_installed_are_named_with_the_command(
    absent: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "find_spec", lambda name: None if name == absent else find_spec(name))

    assert start.main(arguments) == 78

    said = capsys.readouterr().err
    assert absent in said
    assert "pip install -r requirements-sandbox.txt" in said
