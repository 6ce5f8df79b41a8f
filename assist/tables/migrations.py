"""How the database came to look as it does: numbered migrations, each run once, in order."""

from __future__ import annotations

from collections.abc import Callable

import sqlite_utils
from pydantic import ValidationError

from assist import events as ev
from assist.errors import StoreError
from assist.privacy import CallMask, Sealer, mask, number_masked
from assist.tables import (
    accounts,
    alerts,
    audit,
    backstop,
    inbox,
    outbox,
    practices,
    retention,
    studio,
    tickets,
    tokens,
    training,
)


def _create_events(db: sqlite_utils.Database, sealer: Sealer) -> None:
    db.table("events").create(
        {"call": str, "seq": int, "at_ms": int, "kind": str, "fact": str},
        pk=("call", "seq"),
    )


def _create_calls(db: sqlite_utils.Database, sealer: Sealer) -> None:
    columns = ("id", "agent", "number", "source", "lang", "started_at", "status", "owner")
    db.table("calls").create(
        {name: str for name in (*columns, "guide", "outcome", "ticket")}, pk="id"
    )
    db.table("calls").create_index(["started_at"])


def _add_sealed(db: sqlite_utils.Database, sealer: Sealer) -> None:
    db.execute("ALTER TABLE events ADD COLUMN sealed BLOB")


def _mask_what_is_there(db: sqlite_utils.Database, sealer: Sealer) -> None:
    """Rows written before masking; the file is rewritten, so that no freed page keeps them."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("BEGIN IMMEDIATE")
    try:
        for (call,) in db.execute("SELECT DISTINCT call FROM events").fetchall():
            _mask_call(db, sealer, call)
        for call, number, source in db.execute("SELECT id, number, source FROM calls").fetchall():
            row = [number_masked(number), mask(source), call]
            db.execute("UPDATE calls SET number = ?, source = ? WHERE id = ?", row)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _mask_call(db: sqlite_utils.Database, sealer: Sealer, call: str) -> None:
    masks = CallMask()
    rows = db.execute("SELECT seq, fact FROM events WHERE call = ? ORDER BY seq", [call])
    for seq, text in rows.fetchall():
        sealed = None
        try:
            fact = ev.FACT.validate_json(text)
        except ValidationError:  # a kind of fact from an older program
            masked = mask(text)
        else:
            kept = masks.kept(fact)
            if kept is fact:
                continue
            masked = ev.FACT.dump_json(kept).decode()
            sealed = sealed_fact(sealer, masks.working(fact))
        db.execute(
            "UPDATE events SET fact = ?, sealed = ? WHERE call = ? AND seq = ?",
            [masked, sealed, call, seq],
        )


def _add_customer(db: sqlite_utils.Database, sealer: Sealer) -> None:
    """Which customer a call was with: the id that the back office gave."""
    db.execute("ALTER TABLE calls ADD COLUMN customer TEXT NOT NULL DEFAULT ''")
    db.execute(
        "UPDATE calls SET customer = coalesce((SELECT json_extract(fact, '$.customer.id')"
        " FROM events WHERE call = calls.id AND kind = 'customer_found'"
        " ORDER BY seq DESC LIMIT 1), '')"
    )
    db.table("calls").create_index(["customer", "started_at"])


def _create_outbox(db: sqlite_utils.Database, sealer: Sealer) -> None:
    outbox.create(db)


def _create_tickets(db: sqlite_utils.Database, sealer: Sealer) -> None:
    tickets.create(db)


def _add_disposition(db: sqlite_utils.Database, sealer: Sealer) -> None:
    """What the agent or the guide said of how a call ended."""
    db.execute("ALTER TABLE calls ADD COLUMN disposition TEXT NOT NULL DEFAULT ''")
    db.execute(
        "UPDATE calls SET disposition = coalesce((SELECT json_extract(fact, '$.disposition')"
        " FROM events WHERE call = calls.id AND kind = 'call_wrapped'"
        " ORDER BY seq DESC LIMIT 1), '')"
    )


def _create_backstop(db: sqlite_utils.Database, sealer: Sealer) -> None:
    backstop.create(db)


def _create_accounts(db: sqlite_utils.Database, sealer: Sealer) -> None:
    accounts.create(db)
    tokens.create(db)
    audit.create(db)


def _create_alerts(db: sqlite_utils.Database, sealer: Sealer) -> None:
    alerts.create(db)


def _create_training(db: sqlite_utils.Database, sealer: Sealer) -> None:
    training.create(db)


def _create_studio(db: sqlite_utils.Database, sealer: Sealer) -> None:
    studio.create(db)
    inbox.create(db)


def _create_retention(db: sqlite_utils.Database, sealer: Sealer) -> None:
    retention.create(db)


def _create_practices(db: sqlite_utils.Database, sealer: Sealer) -> None:
    practices.create(db)


def _add_ends_of_tokens(db: sqlite_utils.Database, sealer: Sealer) -> None:
    tokens.add_ends(db)


def sealed_fact(sealer: Sealer, working: ev.Fact | None) -> bytes | None:
    return None if working is None else sealer.seal(ev.FACT.dump_json(working).decode())


_Migration = Callable[[sqlite_utils.Database, Sealer], None]
_MIGRATIONS: tuple[_Migration, ...] = (
    _create_events,
    _create_calls,
    _add_sealed,
    _mask_what_is_there,
    _add_customer,
    _create_outbox,
    _create_tickets,
    _add_disposition,
    _create_backstop,
    _create_accounts,
    _create_alerts,
    _create_training,
    _create_studio,
    _create_retention,
    _create_practices,
    _add_ends_of_tokens,
)


def migrate(db: sqlite_utils.Database, sealer: Sealer) -> None:
    done = db.execute("PRAGMA user_version").fetchone()[0]
    if done > len(_MIGRATIONS):
        raise StoreError(
            f"The database is of version {done}; this program knows {len(_MIGRATIONS)}.",
            "Update the program, or choose another folder with `--data DIR`.",
        )
    for number, migration in enumerate(_MIGRATIONS[done:], start=done + 1):
        migration(db, sealer)
        db.execute(f"PRAGMA user_version = {number}")
