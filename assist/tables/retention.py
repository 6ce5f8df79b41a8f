"""How long what is kept is kept, and letting go of what is older.

What somebody still works on is never old: live calls, calls with an open ticket, with a ticket yet
to be sent, or with an open place in the backstop queue. A call goes with everything that hangs on
it, sealed values too; freed pages are overwritten.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlite_utils
from pydantic import BaseModel, ConfigDict, Field, field_validator

from assist.tables.access import Access, moment_text

LEAST_DAYS = 7
"""Fewer would be a slip of the hand."""

CALLS_AT_ONCE = 50
"""Some tens of thousands of events, in well under a second."""


class Rules(BaseModel):
    """Days for which each is kept; 0 keeps it for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls_days: int = Field(default=0, ge=0, le=36_500)
    tickets_days: int = Field(default=0, ge=0, le=36_500)
    audit_days: int = Field(default=0, ge=0, le=36_500)

    @field_validator("calls_days", "tickets_days", "audit_days")
    @classmethod
    def _is_no_slip(cls, days: int) -> int:
        if 0 < days < LEAST_DAYS:
            raise ValueError(f"at least {LEAST_DAYS} days are kept; 0 keeps everything")
        return days


class Going(BaseModel):
    """What is over its time; `held` calls are, too, but somebody still works on them."""

    model_config = ConfigDict(frozen=True)

    calls: int = 0
    events: int = 0
    held: int = 0
    tickets: int = 0
    audit: int = 0

    def plus(self, other: Going) -> Going:
        return Going.model_validate({name: n + getattr(other, name) for name, n in self})

    def __str__(self) -> str:
        return " ".join(f"{name}={count}" for name, count in self)


_INBOX_OF_NO_CALL = """
    DELETE FROM studio_inbox WHERE state <> 'taken' AND calls <> '[]' AND NOT EXISTS (
        SELECT 1 FROM json_each(studio_inbox.calls) AS heard
        WHERE heard.value IN (SELECT id FROM calls))
"""
"""Sentences that no call is left for; what was taken is a row of the corpus now."""

_OLD_CALLS = """
    SELECT id FROM calls WHERE status <> 'live'
    AND coalesce(datetime(started_at), '1970-01-01') < datetime(:calls)
"""
_HELD = """
    (EXISTS (SELECT 1 FROM tickets WHERE tickets.call = calls.id AND state <> 'closed')
    OR EXISTS (SELECT 1 FROM outbox WHERE outbox.call = calls.id AND outbox.status = 'waiting')
    OR EXISTS (SELECT 1 FROM backstop WHERE backstop.call = calls.id AND state <> 'resolved'))
"""
_OLD_TICKETS = """
    SELECT number FROM tickets WHERE state = 'closed'
    AND datetime(coalesce(closed_at, changed_at)) < datetime(:tickets)
"""
_OLD_AUDIT = "SELECT id FROM audit WHERE datetime(at) < datetime(:audit)"
_NEVER = "0001-01-01"


def create(db: sqlite_utils.Database) -> None:
    columns: dict[str, Any] = {"id": int, **dict.fromkeys(Rules.model_fields, int)}
    db.table("retention").create(columns, pk="id")
    db.table("retention").insert({"id": 1, **Rules().model_dump()})


class RetentionTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def rules(self) -> Rules:
        with self._access.guard():
            row = self._access.connection.execute(
                "SELECT calls_days, tickets_days, audit_days FROM retention"
            ).fetchone()
        return Rules(calls_days=row[0], tickets_days=row[1], audit_days=row[2])

    def set_rules(self, rules: Rules) -> None:
        with self._access.guard():
            self._access.connection.execute(
                "UPDATE retention SET calls_days = ?, tickets_days = ?, audit_days = ?",
                [rules.calls_days, rules.tickets_days, rules.audit_days],
            )

    def look(self, now: datetime) -> Going:
        """What a run would take away, without doing so."""
        limits = self._limits(now)
        with self._access.guard():
            return Going(
                calls=self._count(f"{_OLD_CALLS} AND NOT {_HELD}", limits),
                held=self._count(f"{_OLD_CALLS} AND {_HELD}", limits),
                events=self._count(
                    f"SELECT 1 FROM events WHERE call IN ({_OLD_CALLS} AND NOT {_HELD})", limits
                ),
                tickets=self._count(_OLD_TICKETS, limits),
                audit=self._count(_OLD_AUDIT, limits),
            )

    def run(self, now: datetime, most: int = CALLS_AT_ONCE) -> Going:
        """Take it away, `most` calls at a time so that nobody waits long; what was.

        To be repeated while it takes `most` calls. Each time all or nothing.
        """
        limits: dict[str, Any] = {**self._limits(now), "most": most}
        execute = self._access.connection.execute
        with self._access.guard():
            execute("PRAGMA secure_delete = ON")
            with self._access.transaction():
                execute("CREATE TEMP TABLE gone (id TEXT PRIMARY KEY)")
                execute(f"INSERT INTO gone {_OLD_CALLS} AND NOT {_HELD} LIMIT :most", limits)
                events = self._count("SELECT 1 FROM events WHERE call IN (SELECT id FROM gone)", {})
                for table in self._tables_of_calls():
                    execute(f'DELETE FROM "{table}" WHERE call IN (SELECT id FROM gone)')
                calls = execute("DELETE FROM calls WHERE id IN (SELECT id FROM gone)").rowcount
                execute("DROP TABLE gone")
                execute(_INBOX_OF_NO_CALL)
                execute(f"DELETE FROM ticket_entries WHERE ticket IN ({_OLD_TICKETS})", limits)
                tickets = execute(f"DELETE FROM tickets WHERE number IN ({_OLD_TICKETS})", limits)
                audit = execute(f"DELETE FROM audit WHERE id IN ({_OLD_AUDIT})", limits)
            execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Going(calls=calls, events=events, tickets=tickets.rowcount, audit=audit.rowcount)

    def _tables_of_calls(self) -> list[str]:
        """Every table whose rows belong to a call; tickets have a life and a time of their own."""
        rows = self._access.connection.execute(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'call' AND m.name <> 'tickets'"
        )
        return [name for (name,) in rows]

    def _limits(self, now: datetime) -> dict[str, str]:
        rules = self.rules()
        return {
            "calls": _before(now, rules.calls_days),
            "tickets": _before(now, rules.tickets_days),
            "audit": _before(now, rules.audit_days),
        }

    def _count(self, select: str, limits: dict[str, str]) -> int:
        query = f"SELECT count(*) FROM ({select})"
        return int(self._access.connection.execute(query, limits).fetchone()[0])


def _before(now: datetime, days: int) -> str:
    if not days:
        return _NEVER
    return moment_text(now.astimezone(UTC) - timedelta(days=days))
