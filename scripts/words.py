"""Write docs/words.md: everything that Wetread says, each with its cause.

    python scripts/words.py [--out FILE]

Needs requirements-dev.txt. Runs the real bot in a Discord in memory with invented journals.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.words.document import document  # noqa: E402  # the folder must be on the path first


def main(arguments: Sequence[str]) -> int:
    """Write the page and return the exit status."""
    parser = argparse.ArgumentParser(description="Write everything that Wetread says on one page.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "words.md")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # the errors on the page are intended
    options.out.write_text(asyncio.run(document()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
