"""Logging: one line or one JSON object for each record, without secrets."""

import json
import logging
from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

from wetread.net.addresses import without_secrets

_QUIET = {
    "discord": logging.INFO,
    "discord.http": logging.INFO,  # its DEBUG lines hold whole request bodies (faults.md S28)
    "discord.gateway": logging.WARNING,
}


class RedactingFilter(logging.Filter):
    """Masks secrets in messages, arguments and tracebacks, whichever library logs them."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        written = {form(secret) for secret in secrets if secret for form in (str, quote_plus, _quoted)}
        # The longest first: one secret may be the beginning of another.
        self._secrets = sorted(written, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask secrets in every record."""
        record.msg = self.clean(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        return True

    def clean(self, text: str) -> str:
        """Return `text` with every secret replaced by "***", those in addresses too."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return without_secrets(text)


def _quoted(secret: str) -> str:
    """As it stands in an address's path or query."""
    return quote(secret, safe="")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(level: str, style: str, secrets: Collection[str]) -> None:
    """Send every log record to standard error, cleaned of `secrets`; `style` is "text" or "json"."""
    handler = logging.StreamHandler()
    handler.addFilter(RedactingFilter(secrets))
    if style == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, root.level))
