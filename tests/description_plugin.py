"""A test fails if a request in it breaks Discord's own description of its API (`sandbox/description.py`).

This holds for every request in this process: of a bot in the world in memory, and of any bot that talks to
the Discord of `tests/wire/`. The answers do not change; the test fails at the end of its phase. A test that
sends something broken on purpose expects it:

    with broken_requests() as found:
        ...
    assert found
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from sandbox import description, rules
from sandbox.description import Violation

_found: list[Violation] = []


@contextmanager
def broken_requests() -> Iterator[list[Violation]]:
    """Collect the violations in this context instead of letting the test fail."""
    before = _found[:]
    _found.clear()
    caught: list[Violation] = []
    try:
        yield caught
    finally:
        caught += _found
        _found[:] = before


class Watcher:
    """Collects what is wrong with requests, and lets the phase fail in which they were sent."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        return (yield from self._watched())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        return (yield from self._watched())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        return (yield from self._watched())

    def _watched(self) -> Generator[None, object, object]:
        result = yield
        if _found:
            lines = "\n".join(dict.fromkeys(map(str, _found)))
            _found.clear()
            pytest.fail(f"Discord's description does not allow what was sent:\n{lines}", pytrace=False)
        return result


def pytest_configure(config: pytest.Config) -> None:
    """Watch in every process that runs tests."""
    description.listeners[:] = [_found.append]
    rules.witnesses.append(description.watch)
    config.pluginmanager.register(Watcher(), "requests held against Discord's description")
