"""The answers in tests/data, as bytes."""

from pathlib import Path

from wetread.domain.record_sources import Source

DATA = Path(__file__).parents[1] / "data"


def answer(name: str) -> bytes:
    """Return a saved answer: "pubmed/trial.xml"."""
    return (DATA / name).read_bytes()


def answer_files() -> list[Path]:
    """Return every saved answer; what is expected of it stands beside it, ending in .expected.json."""
    files = (path for source in Source for path in sorted((DATA / source.key).iterdir()))
    return [path for path in files if not path.name.endswith(".expected.json")]
