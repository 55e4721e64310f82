"""Names in words what of a query was not understood, with what would be."""

from collections.abc import Sequence

from cogs.kit.escape import code
from cogs.kit.panels import Panel, fitted, notice
from wetread.domain.errors import FaultKind, QueryFault
from wetread.domain.publication_kinds import OFFERED
from wetread.domain.query import TERM_LIMIT, TEXT_LIMIT
from wetread.domain.query_fields import MARKS, Field
from wetread.domain.text import cut

_LONGEST = 40
_MOST = 6
_LINE_LIMIT = 380
_FIELDS = " ".join(f"{field}:" for field in Field)
_DATES = ("2024", "2024-06", "1 June 2024", "last month")
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
    reasons = [f"{code(cut(fault.text, _LONGEST))}: {_ended(_reason(fault))}" for fault in faults[:_MOST]]
    if is_cut:
        reasons.append(
            f"It is too long. Wetread reads up to {TERM_LIMIT} words and {TEXT_LIMIT:,} characters."
        )
    return notice("Wetread does not understand all of this.", *reasons, "For example:", example=example)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def _reason(fault: QueryFault) -> str:
    match fault.kind:
        case FaultKind.UNKNOWN_FIELD if fault.field:
            return f"there is no such field; did you mean {code(f'{fault.field}:')}?"
        case FaultKind.UNKNOWN_FIELD:
            return f"there is no such field; the fields are {code(_FIELDS)}, and quotes search for words"
        case FaultKind.EMPTY_FIELD:
            return "nothing follows it"
        case FaultKind.VALUE:
            return _unknown_value(fault)
        case FaultKind.RELATIVE_DATE:
            return f"a filter needs a fixed date; as of today this is {code(fault.meant or '')}"
        case _ if fault.field is Field.YEAR:
            return f"not a year; years look like {code('2024')}, {code('2020-2024')} or {code('2020-')}"
        case _:
            return f"not a date; dates look like {', '.join(map(code, _DATES))} or {code('30d')}"


def _unknown_value(fault: QueryFault) -> str:
    if fault.field is Field.TYPE:
        problem = "there is no such kind of publication"
        known = f"kinds are {code(' · '.join(OFFERED))} and more"
    else:
        marks = [f"{field}:{mark}" for field, marks in MARKS.items() for mark in marks]
        problem = "there is no such property"
        known = f"what Wetread knows is {', '.join(map(code, marks))}"
    return f"{problem}; " + (f"did you mean {code(fault.meant)}?" if fault.meant else known)
