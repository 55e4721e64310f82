"""Say what a moderator changed: a title, the new value and the one before."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from cogs.alerts.question_words import name_words
from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.settings_panel import wait_words
from cogs.feeds.types_panel import names_of
from cogs.kit.escape import code, safe_cut
from cogs.kit.timestamps import date_time
from cogs.kit.words import counted
from wetread.domain.changes import Change, ChangeSubject, NewChange, Value
from wetread.domain.models import Form
from wetread.domain.text import cut
from wetread.domain.undoing import Effect, Obstacle, columns_of, effect_of, last_moment
from wetread.net.addresses import without_secrets

LONGEST_VALUE = 120
_LONGEST_BY = 60

SUBJECTS: Mapping[ChangeSubject, str] = {
    ChangeSubject.FEED: "Feeds",
    ChangeSubject.TOPIC: "Topics",
    ChangeSubject.DESTINATION: "How articles arrive",
    ChangeSubject.SETTINGS: "Settings",
    ChangeSubject.ROLE: "Roles",
    ChangeSubject.DECISION: "Decisions",
}
"""What changes are about, for the menu."""


def _plain(value: Value) -> str:
    return "not chosen" if value is None else code(cut(without_secrets(str(value)), LONGEST_VALUE))


def _switch(value: Value) -> str:
    return "on" if value else "off"


def _channel(value: Value) -> str:
    return "not chosen" if value is None else f"<#{value}>"


def _role(value: Value) -> str:
    return "not chosen" if value is None else f"<@&{value}>"


def _query(value: Value) -> str:
    return "every article" if value is None else code(cut(str(value), LONGEST_VALUE))


def _form(value: Value) -> str:
    return f"“{FORM_WORDS[Form(str(value))]}”"


def _wait(value: Value) -> str:
    return "standard" if value is None else wait_words(timedelta(seconds=float(value))).lower()


def _types(value: Value) -> str:
    if value is None:
        return "standard"
    skipped = ", ".join(names_of(json.loads(str(value)))).lower()
    return f"skipped: {skipped or 'none'}"


_COLUMNS: Mapping[str, tuple[str, Callable[[Value], str]]] = {
    "channel_id": ("channel", _channel),
    "form": ("form", _form),
    "filter": ("filter", _query),
    "name": ("name", _plain),
    "opens_threads": ("a thread under each post", _switch),
    "role_id": ("role to mention", _role),
    "mention_filter": ("mentions only for", _query),
    "moderator_role_id": ("moderator role", _role),
    "moderator_channel_id": ("moderator channel", _channel),
    "abstract_wait_seconds": ("wait for the abstract", _wait),
    "proxy_prefix": ("library’s proxy", _plain),
    "skipped_types": ("kinds of publication", _types),
    "offers_cards": ("card offers", _switch),
    "tells_changes": ("changes in the moderator channel", _switch),
}
"""What a column is called, and how its value is shown. Other columns are shown by their names and values."""

_SILENT = ("kind", "paused_at", "paused_by", "starts_with", "looks_since", "removed_at")
"""Columns that follow from others, or that the title says."""

_EFFECTS = {
    Effect.ADDS: "removed",
    Effect.REMOVES: "added",
    Effect.RESUMES: "paused",
    Effect.PAUSES: "resumed",
}
_SHORT = {"channel_id": "moved", "form": "new form", "filter": "new filter", "name": "renamed"}


def change_title(new: NewChange) -> str:
    """Return "Example Spine Imaging: moved", safe in markdown."""
    if new.subject is ChangeSubject.DECISION:
        return _decision(new)
    return f"{_subject(new)}: {', '.join(_verbs(new)) or 'changed'}"


def change_detail(new: NewChange) -> str:
    """Return "to #spine, before #new-articles", safe in markdown; "" if the title says it all."""
    if new.subject is ChangeSubject.DECISION:
        return ""
    if effect_of(new) in (Effect.ADDS, Effect.REMOVES):
        values = new.after if not new.before else new.before
        return _whole(values) if "form" in values else ""
    names = _shown(new)
    if names == ["channel_id"] and new.before:
        return f"to {_channel(new.after['channel_id'])}, before {_channel(new.before['channel_id'])}"
    lines = [_difference(new, name) for name in names]
    if len(names) > 1 or new.subject is ChangeSubject.DESTINATION:
        lines = [f"{_label(name)}: {line}" for name, line in zip(names, lines, strict=True)]
    return "\n".join(lines)


def by_line(change: Change, obstacle: Obstacle | None) -> str:
    """Return who changed it, when and with what, and why it cannot be undone."""
    by = safe_cut(change.by.name, _LONGEST_BY)
    parts = [by, date_time(change.at), code(cut(change.by.command, 40))]
    if change.undoes is not None:
        parts.append("this undid a change")
    if obstacle is not None:
        parts.append(obstacle_words(change, obstacle))
    return " · ".join(parts)


def obstacle_words(change: Change, obstacle: Obstacle) -> str:
    """Return why a change cannot be undone, as the end of a line."""
    if obstacle is Obstacle.UNDONE and change.undone is not None:
        return f"undone by {safe_cut(change.undone.by.name, _LONGEST_BY)}, {date_time(change.undone.at)}"
    return {
        Obstacle.LATE: f"Undo was possible until {date_time(last_moment(change.new, change.at))}",
        Obstacle.POSTED: "cannot be undone, because articles are posted",
        Obstacle.ASKED_AGAIN: f"the question waits for an answer again: {code('/status')}",
        Obstacle.REMOVED: "cannot be undone, because it was removed later",
        Obstacle.ALREADY: "nothing to undo: everything is as it was before",
    }.get(obstacle, "cannot be undone")


def undone_words(undoing: NewChange) -> str:
    """Return what is so again after a change was undone."""
    name, channel = f"**{_subject(undoing)}**", undoing.before.get("channel_id")
    match effect_of(undoing):
        case Effect.ADDS:
            where = f" to <#{channel}>" if channel else ""
            return f"{name} no longer posts{where}. Its posts stay."
        case Effect.REMOVES | Effect.PAUSES:
            return f"{name} posts again."
        case Effect.RESUMES:
            return f"{name} is paused again."
    if _shown(undoing) == ["channel_id"]:
        return f"{name} posts to {_channel(undoing.after['channel_id'])} again."
    return f"**{change_title(undoing)}**\n{change_detail(undoing)}".strip()


def put_back_words(new: NewChange) -> str:
    """Return the values that undoing a change puts back."""
    shown = [f"{_label(name)} {_show(name, new.before.get(name))}" for name in _shown(new)]
    return ", ".join(shown)


def _subject(new: NewChange) -> str:
    match new.subject:
        case ChangeSubject.SETTINGS:
            return "Settings"
        case ChangeSubject.DESTINATION:
            return f"<#{new.subject_id}>"
        case ChangeSubject.ROLE:
            return f"<@&{new.subject_id}>"
    return name_words(new.name)


def _verbs(new: NewChange) -> list[str]:
    effect = effect_of(new)
    if effect in (Effect.ADDS, Effect.REMOVES):
        is_again = effect is Effect.REMOVES and bool(new.before)
        return ["added again" if is_again else _EFFECTS[effect]]
    verbs = [_EFFECTS[effect]] if effect else []
    for name in _shown(new):
        is_words = name == "filter" and new.subject is ChangeSubject.TOPIC
        verbs.append("new words" if is_words else _SHORT.get(name) or _label(name))
    if not new.before:
        return ["chosen"]
    return verbs if new.after else ["standard again"]


def _decision(new: NewChange) -> str:
    name, values = name_words(new.name), new.after or new.before
    posted, left = (int(values.get(key) or 0) for key in ("posted_count", "left_count"))
    is_held = values.get("kind") == "held"
    if not new.after:
        about = counted(posted + left, "held article") if is_held else "a post that could not be confirmed"
        return f"{name}: asked again about {about}"
    if not is_held:
        what = "posted again" if posted else "marked as posted"
        return f"{name}: could not be confirmed, {what}"
    articles = counted(posted + left, "held article")
    if not posted:
        return f"{name}: {articles}, none posted"
    return f"{name}: {articles} posted" if not left else f"{name}: {posted:,} of {articles} posted"


def _whole(values: Mapping[str, Value]) -> str:
    """Return how a feed or topic posts: "posts to #chest, as “Title only”"."""
    words = f"posts to <#{values['channel_id']}>, as {_form(values['form'])}"
    query = values.get("filter")
    return f"{words}, only {_query(query)}" if query is not None else words


def _shown(new: NewChange) -> list[str]:
    return [name for name in columns_of(new) if name not in _SILENT]


def _label(name: str) -> str:
    return _COLUMNS[name][0] if name in _COLUMNS else name.removesuffix("_id").replace("_", " ")


def _show(name: str, value: Value) -> str:
    return _COLUMNS[name][1](value) if name in _COLUMNS else _plain(value)


def _difference(new: NewChange, name: str) -> str:
    after = _show(name, new.after.get(name))
    return f"{after}, before {_show(name, new.before.get(name))}" if new.before else after
