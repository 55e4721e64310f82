"""What Discord's answers have and simcord's lack, so that they satisfy Discord's description of them."""

import re
from collections.abc import Mapping
from typing import Any

from tests.wire.backend import WireBackend

NO_APPLICATION: dict[str, Any] = {
    "type": None,
    "flags_new": "0",
    "redirect_uris": [],
    "interactions_endpoint_url": None,
    "role_connections_verification_url": None,
    "approximate_guild_count": 1,
    "approximate_user_install_count": 0,
    "approximate_user_authorization_count": 0,
    "explicit_content_filter": 0,
    "eligible_oauth2_scopes": [],
}
"""The parts of GET /oauth2/applications/@me that no test reads."""

MADE = re.compile(r"POST /channels/\d+(?:/messages/\d+)?/threads")  # answered with 201
CALLBACK = re.compile(r"POST /interactions/\d+/[^/]+/callback")
COMMAND, COMPONENT, FORM = 2, 3, 5  # types of interactions


def complete(
    backend: WireBackend, method: str, path: str, params: Mapping[str, str], answer: Any
) -> tuple[int, Any]:
    """Return the status of a request that succeeded, and simcord's answer in Discord's form."""
    request = f"{method} {path}"
    if answer is None:
        return 204, None
    if CALLBACK.fullmatch(request) and params.get("with_response") not in ("true", "1"):
        return 204, None
    if path == "/oauth2/applications/@me":
        answer = NO_APPLICATION | {"flags": 0} | answer
    elif path.endswith("/threads/active"):
        answer = {"has_more": False, **answer}
    elif path.endswith("/commands"):
        answer = [_command(command) for command in answer]
    return 201 if MADE.fullmatch(request) else 200, _walked(backend, answer)


def _walked(backend: WireBackend, part: Any) -> Any:
    """Return a part of an answer with its users, messages, files and interactions in Discord's form."""
    if isinstance(part, list):
        return [_walked(backend, each) for each in part]
    if not isinstance(part, dict):
        return part
    whole = {key: _walked(backend, value) for key, value in part.items()}
    if "username" in whole:
        whole.setdefault("primary_guild", None)
    elif "attachment_id" in whole:
        whole.setdefault("id", whole["attachment_id"])  # a file that a component shows
    elif "authorizing_integration_owners" in whole:
        whole |= _origin(backend, whole)
    for absent in ("nonce", "description", "response_message_id"):
        if absent in whole and whole[absent] is None:
            del whole[absent]  # Discord leaves these out where they say nothing
    return whole


def _origin(backend: WireBackend, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what led to the press or form that a message answers."""
    source = backend.interactions[int(metadata["id"])].source_message_id
    pressed = {"type": COMPONENT, "interacted_message_id": str(source)}
    if metadata["type"] == COMPONENT:
        return pressed
    if metadata["type"] == FORM:
        owner = {key: metadata[key] for key in ("id", "user", "authorizing_integration_owners")}
        return {"triggering_interaction_metadata": owner | (pressed if source else {"type": COMMAND})}
    return {}


def _command(command: Mapping[str, Any]) -> dict[str, Any]:
    permissions = command.get("default_member_permissions")
    return {
        **command,
        "version": command["id"],
        "integration_types": command.get("integration_types") or [0],
        "default_member_permissions": None if permissions is None else str(permissions),
    }
