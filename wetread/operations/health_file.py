"""The health file: written every minute by the bot, read by `python bot.py health` and by monitors."""

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

STALE_AFTER = timedelta(minutes=3)
"""A file older than this says that nobody writes it any more; it is written every minute."""


class Wellness(StrEnum):
    """The state of the bot in one word. Only `failing` needs somebody at once."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"
    STOPPED = "stopped"


def write_report(path: Path, report: Mapping[str, Any]) -> None:
    """Put the report in the file's place at once, so that no reader sees half of it. Raises OSError.

    Everybody on the machine may read it: monitors run as other users.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.chmod(part, 0o644)  # noqa: PTH101  # the umask of the bot is stricter
    part.replace(path)


def judge_file(path: Path, now: datetime) -> tuple[bool, list[str]]:
    """Return whether the bot that writes this file works, and its state in sentences."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        at, state = datetime.fromisoformat(report["at"]), Wellness(report["state"])
        reasons = [str(reason) for reason in report["reasons"]]
    except FileNotFoundError:
        return False, [f"failing: there is no {path}; Wetread has not written it yet."]
    except (OSError, ValueError, KeyError, TypeError):
        return False, [f"failing: {path} cannot be read."]
    if state is Wellness.STOPPED:
        return False, [f"stopped: Wetread was stopped at {at.isoformat()}.", *reasons]
    if now - at > STALE_AFTER:
        return False, [
            f"failing: Wetread has not written {path} since {at.isoformat()}; it hangs or is gone.",
            *reasons,
        ]
    return state is not Wellness.FAILING, [str(state), *reasons]
