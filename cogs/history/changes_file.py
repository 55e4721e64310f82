"""What moderators changed, as a table for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from wetread.domain.changes import Change, Value
from wetread.net.addresses import without_secrets

_HEAD = (
    "when (UTC)",
    "who",
    "member",
    "command",
    "what",
    "name",
    "id",
    "before",
    "after",
    "undone (UTC)",
    "undone by",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def changes_file(found: Iterable[Change]) -> str:
    """Return the changes as CSV, one a line, without the keys of addresses."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_HEAD)
    for change in found:
        undone = change.undone
        row = (
            f"{change.at:%Y-%m-%d %H:%M}",
            change.by.name,
            str(change.by.id),
            change.by.command,
            str(change.new.subject),
            change.new.name,
            str(change.new.subject_id),
            _values(change.new.before),
            _values(change.new.after),
            f"{undone.at:%Y-%m-%d %H:%M}" if undone else "",
            undone.by.name if undone else "",
        )
        writer.writerow([_cell(each) for each in row])
    return table.getvalue()


def _values(values: Mapping[str, Value]) -> str:
    shown = {
        name: without_secrets(value) if isinstance(value, str) else value for name, value in values.items()
    }
    return json.dumps(shown, ensure_ascii=False) if shown else ""


def _cell(words: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(_FORMULA) else words
