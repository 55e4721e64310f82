"""Write Discord's own description of its API, as far as Wetread and its tests need it, for the stand-ins.

    python scripts/discord_description.py

It needs node 20, npm and the npm registry, on a developer's machine only: the npm package discord-api-spec
(MIT, built daily from github.com/discord/discord-api-spec) has every schema as code and every path as types.
sandbox/description.py holds each request against the file that this writes. To go to a newer description,
change PACKAGE; to use another request of Discord's, add it to OPERATIONS.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sandbox" / "discord_description.json"
PACKAGE = "discord-api-spec@10.0.266135"
TOOLS = ("zod@4.6.7", "typescript@5.9.3")

MESSAGES = "/channels/{channel_id}/messages"
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
ANSWERS = "/webhooks/{webhook_id}/{webhook_token}"
OPERATIONS = (
    "GET /gateway",
    "GET /gateway/bot",
    "GET /users/@me",
    "POST /users/@me/channels",
    "GET /users/{user_id}",
    "GET /oauth2/applications/@me",
    "GET /guilds/{guild_id}",
    "GET /guilds/{guild_id}/audit-logs",
    "GET /guilds/{guild_id}/channels",
    "GET /guilds/{guild_id}/members/{user_id}",
    "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}",
    "DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}",
    "POST /guilds/{guild_id}/roles",
    "GET /guilds/{guild_id}/threads/active",
    "GET /channels/{channel_id}",
    "PATCH /channels/{channel_id}",
    "DELETE /channels/{channel_id}",
    f"GET {MESSAGES}",
    f"POST {MESSAGES}",
    f"GET {MESSAGES}/{{message_id}}",
    f"PATCH {MESSAGES}/{{message_id}}",
    f"DELETE {MESSAGES}/{{message_id}}",
    f"POST {MESSAGES}/{{message_id}}/crosspost",
    f"POST {MESSAGES}/{{message_id}}/threads",
    f"POST {MESSAGES}/bulk-delete",
    f"PUT {MESSAGES}/pins/{{message_id}}",
    f"DELETE {MESSAGES}/pins/{{message_id}}",
    "POST /channels/{channel_id}/threads",
    "GET /channels/{channel_id}/threads/archived/public",
    "PUT /channels/{channel_id}/thread-members/@me",
    "POST /channels/{channel_id}/typing",
    f"GET {COMMANDS}",
    f"PUT {COMMANDS}",
    f"GET {GUILD_COMMANDS}",
    f"PUT {GUILD_COMMANDS}",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    f"POST {ANSWERS}",
    f"GET {ANSWERS}/messages/@original",
    f"PATCH {ANSWERS}/messages/@original",
    f"DELETE {ANSWERS}/messages/@original",
    f"GET {ANSWERS}/messages/{{message_id}}",
    f"PATCH {ANSWERS}/messages/{{message_id}}",
    f"DELETE {ANSWERS}/messages/{{message_id}}",
)

# What the package loses: bounds of queries and of bodies written in place, and "each only once".
# Read in specs/openapi.json of github.com/discord/discord-api-spec at OPENAPI.
OPENAPI = "00194a6b622a3cb89e74c32fe92415904c748144"
BOUNDS: dict[tuple[str, ...], dict[str, Any]] = {
    ("operations", f"GET {MESSAGES}", "query", "limit"): {"minimum": 1, "maximum": 100},
    ("operations", f"POST {MESSAGES}/bulk-delete", "body", "properties", "messages"): {
        "minItems": 2,
        "maxItems": 100,
        "uniqueItems": True,
    },
    ("operations", f"PUT {COMMANDS}", "body"): {"maxItems": 110},
    ("operations", f"PUT {GUILD_COMMANDS}", "body"): {"maxItems": 110},
    ("schemas", "MessageAllowedMentionsRequest", "properties", "users"): {"uniqueItems": True},
    ("schemas", "MessageAllowedMentionsRequest", "properties", "roles"): {"uniqueItems": True},
    ("schemas", "ApplicationCommandChannelOption", "properties", "channel_types"): {"uniqueItems": True},
}


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        whole = fetch(Path(folder))
    operations = {name: simplified(whole["operations"][name]) for name in sorted(OPERATIONS)}
    schemas: dict[str, Any] = {}
    waiting = set(references(operations))
    while waiting:
        name = waiting.pop()
        schemas[name] = simplified(whole["schemas"][name])
        waiting |= set(references(schemas[name])) - schemas.keys()
    content = {
        "about": {
            "what": "An extract of Discord's description of its API, by scripts/discord_description.py",
            "licence": "MIT. Copyright 2023 Discord, 2026 RiskyMH. It comes without warranty of any kind.",
            "package": PACKAGE,
            "built": whole["built"],
            "bounds": f"github.com/discord/discord-api-spec, specs/openapi.json at {OPENAPI}",
        },
        "operations": operations,
        "schemas": dict(sorted(schemas.items())),
    }
    for path, bounds in BOUNDS.items():
        place: Any = content
        for part in path:
            place = place[part]
        place.update(bounds)
    FILE.write_text(written(content), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {len(operations)} operations, {len(schemas)} schemas")


def fetch(folder: Path) -> dict[str, Any]:
    """Return the operations and all schemas, and the day when the package was built."""

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 # npm and node
        return done.stdout

    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE, *TOOLS)
    reader = Path(__file__).with_suffix(".mjs")
    whole: dict[str, Any] = json.loads(run("node", os.fspath(reader), *OPERATIONS))
    name, _, version = PACKAGE.rpartition("@")
    whole["built"] = json.loads(run("npm", "view", name, "time", "--json"))[version]
    return whole


def simplified(schema: Any) -> Any:
    """Return a schema without what only zod needs, and with "or null" as a type where that is the same."""
    if isinstance(schema, list):
        return [simplified(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    short = {key: simplified(value) for key, value in schema.items() if key not in ("$schema", "$id")}
    if short.get("format") == "date-time":
        short.pop("pattern", None)  # zod's own, which wants a "Z"
    if "anyOf" in short:
        short["anyOf"] = [member for member in short["anyOf"] if member]  # "undefined", which JSON lacks
    match short:
        case {"anyOf": [{"type": str(kind), **rest}, {"type": "null"}]} if (
            not {"const", "enum"} & rest.keys()
        ):
            return {"type": [kind, "null"], **rest}
    return short


def references(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if isinstance(schema, list):
        for each in schema:
            yield from references(each)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            else:
                yield from references(value)


def written(content: dict[str, dict[str, Any]]) -> str:
    """Return JSON with one line for each operation and each schema, so that a change is one line."""
    parts = (
        f"{json.dumps(part)}: {{\n"
        + ",\n".join(
            f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in entries.items()
        )
        + "\n}"
        for part, entries in content.items()
    )
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    main()
