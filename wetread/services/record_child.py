"""The process that parses answers of record sources (see `isolation.child`).

`python -m wetread.services.record_child SECONDS`
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from wetread.bibliography.answer_parsing import AnswerParser
from wetread.bibliography.registry import REGISTRY
from wetread.domain.errors import RecordSourceError
from wetread.domain.serialise import record_to_json
from wetread.isolation.child import RefusedError, serve


def parse(header: dict[str, Any], body: bytes) -> tuple[Any, Sequence[Any]]:
    """Return what the parser named in the header makes of an answer, as JSON values. Raises RefusedError."""
    module, _, name = header["parser"].partition(":")
    parser = getattr(import_module(module), name)
    if not isinstance(parser, AnswerParser):
        raise TypeError(name)
    try:
        head, records = parser.shape.split(parser(body))
    except RecordSourceError as error:
        raise RefusedError(error.kind) from None
    return head, [record_to_json(record) for record in records]


if __name__ == "__main__":
    for entry in REGISTRY:
        import_module(entry.module)  # before the limits
    serve(parse, cpu_seconds=int(sys.argv[1]))
