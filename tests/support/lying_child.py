"""A child of a pool of parsers that announces one record and sends something else."""

import json
import struct
import sys


def say(value: object) -> None:
    """Send a frame."""
    data = json.dumps(value).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    say({})
    sys.stdin.buffer.read(4)
    say({"head": {}, "count": 1})
    say({"items": [{"source": 5}]})
    sys.stdin.buffer.read()
