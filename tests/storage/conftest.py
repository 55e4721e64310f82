"""What the tests of storage share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.watch_stage import WatchStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[WatchStage]:
    stage = WatchStage(tmp_path)
    yield stage
    stage.close()
