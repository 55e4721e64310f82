"""Parse the arguments of `!feed …`: a name, which may have spaces, then options in any order."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cogs.errors.input_errors import IncompleteError, UnknownChoiceError
from wetread.domain.models import Form

NEWEST_LIMIT = 10

_QUOTES = "\"'“”"

_CHANNEL = re.compile(r"<#(\d{15,20})>|#(\S+)")
_FORMS = {
    "whole": Form.WHOLE,
    "abstract": Form.WHOLE,
    "conclusion": Form.CONCLUSION,
    "title": Form.TITLE,
    "titles": Form.TITLE,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """`what` names a journal, subject, address or subscription; the rest is None if it was not given.

    `channel` is an id as digits, or a channel's name.
    """

    what: str
    channel: str | None = None
    form: Form | None = None
    newest: int | None = None


def read_typed(text: str) -> Typed:
    """Parse `jvir #interventional conclusion 3`, the options in any order; never fails.

    A number means "newest" only after another word and up to ten: in "Spine 3" it does, "2352-0477" is a
    name.
    """
    words = text.split()
    channel: str | None = None
    form: Form | None = None
    newest: int | None = None
    while len(words) > 1:
        last = words[-1]
        if channel is None and (match := _CHANNEL.fullmatch(last)):
            channel = match[1] or match[2]
        elif form is None and last.casefold() in _FORMS:
            form = _FORMS[last.casefold()]
        elif newest is None and last.isdecimal() and int(last) <= NEWEST_LIMIT:
            newest = int(last)
        else:
            break
        words.pop()
    return Typed(_unquoted(" ".join(words)), channel, form, newest)


def unknown_form(what: str) -> Exception:
    """Return the error for a text without a form: its last word is taken for one, if there are several."""
    name, _, last = what.rpartition(" ")
    return UnknownChoiceError("form", last, tuple(Form)) if name else IncompleteError()


def unknown_option(what: str, is_known: Callable[[str], object]) -> Exception | None:
    """Return the error for a journal or subject with one more word behind it, which is no option.

    None if the rest is no journal or subject either.
    """
    name, _, last = what.rpartition(" ")
    if not name or not is_known(read_typed(name).what):
        return None
    return UnknownChoiceError("option", last, ("#channel", *Form, f"0–{NEWEST_LIMIT}"))


def _unquoted(text: str) -> str:
    """Remove quotes around the whole text; a query that ends with a phrase keeps its quotes."""
    is_quoted = len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES
    return text[1:-1] if is_quoted else text
