"""The audit log: who did what to the house itself, and how it ended. Rows are only ever added;
the time they are kept for is the only thing that takes them away. Private data is masked; the id of
a call is none, and names it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.privacy import mask
from assist.tables.access import Access, moment_text

Action = Literal[
    "sign_in",
    "sign_out",
    "account",
    "token",
    "request",
    "call.opened",
    "connection",
    "retention",
]
Outcome = Literal["done", "failed", "refused"]
MOST_ROWS = 500
_LONGEST = 500


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    at: str
    who: str
    action: Action
    what: str
    outcome: Outcome


class Wanted(BaseModel):
    """What a page of the log is asked for; days are of UTC, the last one included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str = ""
    action: Action | Literal[""] = ""
    outcome: Outcome | Literal[""] = ""
    since: str = ""
    until: str = ""


def create(db: sqlite_utils.Database) -> None:
    columns: dict[str, Any] = {"id": int, "at": str, "who": str}
    db.table("audit").create({**columns, "action": str, "what": str, "outcome": str}, pk="id")
    for name in ("at", "who"):
        db.table("audit").create_index([name])


class AuditTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def add(
        self, at: datetime, who: str, action: Action, what: str, outcome: Outcome = "done"
    ) -> None:
        with self._access.guard():
            self._access.connection.execute(
                "INSERT INTO audit (at, who, action, what, outcome) VALUES (?, ?, ?, ?, ?)",
                [
                    moment_text(at),
                    mask(who)[:_LONGEST],
                    action,
                    (what if action == "call.opened" else mask(what))[:_LONGEST],
                    outcome,
                ],
            )

    def list(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[list[Entry], int]:
        """A page, newest first, and how many there are in all."""
        where, values = ["1"], list[Any]()
        for name in ("who", "action", "outcome"):
            if value := getattr(wanted, name):
                where.append(f"{name} = ?")
                values.append(value)
        if wanted.since:
            where.append("at >= ?")
            values.append(wanted.since)
        if wanted.until:
            where.append("substr(at, 1, 10) <= ?")
            values.append(wanted.until[:10])
        said = " AND ".join(where)
        with self._access.guard():
            execute = self._access.connection.execute
            (count,) = execute(f"SELECT count(*) FROM audit WHERE {said}", values).fetchone()
            rows = execute(
                "SELECT id, at, who, action, what, outcome FROM audit"
                f" WHERE {said} ORDER BY id DESC LIMIT ? OFFSET ?",
                [*values, min(limit, MOST_ROWS), offset],
            ).fetchall()
        names = Entry.model_fields
        return [Entry(**dict(zip(names, row, strict=True))) for row in rows], int(count)
