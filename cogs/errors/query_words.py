"""Names in words what of a query was not understood, with what would be."""

from collections.abc import Sequence

from cogs.kit.escape import code
from cogs.kit.panels import Panel, fitted, notice
from wetread.domain.errors import FaultKind, QueryFault
from wetread.domain.query import TERM_LIMIT, TEXT_LIMIT
from wetread.domain.query_fields import Field
from wetread.domain.text import cut

_LONGEST = 40
_LINE_LIMIT = 380
_FIELDS = " ".join(f"{field}:" for field in Field)
_CUT = f"what follows the first {TERM_LIMIT} words or {TEXT_LIMIT:,} characters"


def left_out_line(faults: Sequence[QueryFault], *, is_cut: bool = False) -> str:
    """Return "Left out: …" with a reason for each part of a query that was not searched; "" = none."""
    parts = [f"{code(cut(fault.text, _LONGEST))} ({_reason(fault)})" for fault in faults]
    kept, more = fitted([_CUT, *parts] if is_cut else parts, _LINE_LIMIT, joint="; ")
    if not kept:
        return ""
    return f"Left out: {'; '.join(kept)}{f'; and {more} more' if more else ''}."


def unclear(faults: Sequence[QueryFault], *, is_cut: bool, example: str) -> Panel:
    """Build the answer to a query that cannot be used as it is; nothing was searched or changed."""
    reasons = [f"{code(cut(fault.text, _LONGEST))}: {_reason(fault)}." for fault in faults[:5]]
    if is_cut:
        reasons.append(
            f"It is too long. Wetread reads up to {TERM_LIMIT} words and {TEXT_LIMIT:,} characters."
        )
    return notice("Wetread does not understand all of this.", *reasons, "For example:", example=example)


def _reason(fault: QueryFault) -> str:
    match fault.kind:
        case FaultKind.UNKNOWN_FIELD if fault.field:
            return f"there is no such field; did you mean {code(f'{fault.field}:')}?"
        case FaultKind.UNKNOWN_FIELD:
            return f"there is no such field; the fields are {code(_FIELDS)}, and quotes search for words"
        case FaultKind.EMPTY_FIELD:
            return "nothing follows it"
        case _ if fault.field is Field.YEAR:
            return f"not a year; years look like {code('2024')} or {code('2020-2024')}"
        case _:
            return f"not a date; dates look like {code('2024')}, {code('2024-06')} or {code('2024-06-01')}"
