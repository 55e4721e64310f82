"""Write tests/data/schemas/VERSION.sql: a database of a release, for the tests of upgrades.

    python scripts/schema_fixture.py VERSION

Run it with the code of that release. The database has rows in every table and a delivery in every state.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

_BY_HAND = (
    "INSERT INTO guild_settings (guild_id, moderator_channel_id, skipped_types) VALUES (10, 300, '[]')",
    "INSERT INTO member_settings (user_id, citation_style) VALUES (7, 'ama')",
    "INSERT INTO bot_state (name, value) VALUES ('commands', 'a fingerprint')",
    """
    INSERT INTO blocked_channels (channel_id, guild_id, code, reason, since)
    VALUES (200, 20, 50013, 'a permission is missing', '2026-11-02T09:00:00Z')
    """,
    """
    INSERT INTO versions (key, article_id, kind)
    SELECT 'doi:10.5555/preprint.1', min(id), 'has_preprint' FROM articles
    """,
    """
    INSERT INTO decisions
        (guild_id, kind, subject, detail, posted_count, left_count, decided_by, decided_by_name, decided_at)
    VALUES (10, 'held', 1, '2026-11-02T09:00:00Z', 0, 14, 7, 'mo.derator', '2026-11-02T09:05:00Z')
    """,
    """
    INSERT INTO notices (guild_id, kind, subject, detail, since, shows, notified_at, channel_id, message_id)
    VALUES (20, 'channel', 200, '', '2026-11-02T09:00:00Z', 'open', '2026-11-02T09:01:00Z', 300, 9900)
    """,
    """
    INSERT INTO wrong_identifiers (article_id, key, found_at)
    SELECT min(id), 'pmid:99000099', '2026-11-02T09:00:00Z' FROM articles
    """,
    """
    INSERT INTO follow_ups (kind, delivery_id, next_try_at)
    SELECT 'publish', min(id), '2026-11-02T10:00:00Z' FROM deliveries WHERE state = 'sent'
    """,
    "INSERT INTO typed_words (words, last_used_at) VALUES ('invented phrase', '2026-11-02T09:00:00Z')",
)

_STATES = {
    "pending": "",
    "sending": (
        ", first_attempt_at = scheduled_at, last_attempt_at = scheduled_at, attempt_count = 1, baseline = 1"
    ),
    "held": ", reason = 'flood'",
    "parked": ", code = 50013, reason = 'a permission is missing'",
    "uncertain": ", reason = 'the history cannot be read'",
}


def main() -> None:
    """Write the file of the version on the command line."""
    [version] = sys.argv[1:]
    target = ROOT / "tests" / "data" / "schemas" / f"{version}.sql"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lines = fill(Path(folder))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target}: {len(lines)} lines")


def fill(folder: Path) -> list[str]:
    """Fill a database with some days of use and return it as lines of SQL."""
    from tests.support.watch_stage import PUBMED, THEIRS, THERE, WatchStage, anonymous, entries, entry
    from wetread.storage import scheduling

    stage = WatchStage(folder)
    stage.subscribe(newest=1, shown=entries(1, 2, 3))
    stage.subscribe(THEIRS, guild=THERE, url=PUBMED, filter="invented", shown=[entry(3, "pubmed-3")])
    stage.wait(hours=1)
    stage.serve([*entries(*range(1, 10)), anonymous(10), entry(11, abstract=())])
    stage.post_all(THEIRS)
    with stage.transaction:
        pending = [each.id for each in stage.outbox() if each.state == "pending"]
        for delivery_id, (state, more) in zip(pending, _STATES.items(), strict=False):
            stage.db.conn.execute(
                f"UPDATE deliveries SET state = '{state}', nonce = 'wr-' || id{more} WHERE id = ?",  # noqa: S608  # above
                [delivery_id],
            )
        for delivery_id in pending[len(_STATES) :]:
            stage.db.conn.execute(
                "UPDATE deliveries SET state = 'sent', nonce = 'wr-' || id, message_id = 9000 + id,"
                " first_attempt_at = scheduled_at, attempt_count = 1, waits_for_abstract = 0 WHERE id = ?",
                [delivery_id],
            )
        for (article_id,) in stage.db.conn.execute(
            "SELECT article_id FROM deliveries WHERE state = 'sent'"
        ).fetchall():
            scheduling.schedule_edits(
                stage.db, article_id, scheduling.ABSTRACT, stage.now + timedelta(hours=1)
            )
        for statement in _BY_HAND:
            stage.db.conn.execute(statement)
    empty = [table.name for table in stage.db.tables if not table.count and "_fts" not in table.name]
    if empty:
        raise SystemExit(f"There must be rows in {', '.join(empty)}: extend _BY_HAND.")
    virtual = tuple(f'INSERT INTO "{table.name}" ' for table in stage.db.tables if table.virtual_table_using)
    lines = list(stage.connection.iterdump())
    stage.close()
    return [line for line in lines if not line.startswith(virtual)]  # their shadow tables hold the rows


if __name__ == "__main__":
    main()
