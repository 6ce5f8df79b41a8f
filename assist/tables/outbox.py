"""What the back office has been asked to file and has not answered yet.

A row is written with the `ticket_asked` event that it stands for and leaves this state only with
the event that answers it: filed, or refused. So an ask survives a crash at any point, and its
answer is kept once. Values stay with the event, masked and sealed; a row has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlite_utils

from assist import events as ev
from assist.tables.access import Access


@dataclass(frozen=True)
class Waiting:
    """An ask without an answer: event `seq` of the call; `owner` is whose call it is."""

    key: str
    call: str
    seq: int
    owner: str


def create(db: sqlite_utils.Database) -> None:
    db.table("outbox").create(
        {"id": int, "key": str, "call": str, "seq": int, "status": str}, pk="id"
    )
    db.table("outbox").create_index(["status", "call", "id"])
    db.table("outbox").create_index(["key"])


class OutboxTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def project(self, event: ev.Event) -> None:
        """What an event does to the table; within the transaction that keeps the event."""
        execute = self._access.connection.execute
        match event.fact:
            case ev.TicketAsked(key=key):
                execute(
                    "INSERT INTO outbox (key, call, seq, status) VALUES (?, ?, ?, 'waiting')",
                    [key, event.call, event.seq],
                )
            case ev.TicketFiled(key=key):
                self._answered(key, event.call, "filed")
            case ev.Trouble(key=key) if key:
                self._answered(key, event.call, "refused")

    def _answered(self, key: str, call: str, status: str) -> None:
        self._access.connection.execute(
            "UPDATE outbox SET status = ? WHERE key = ? AND call = ? AND status = 'waiting'",
            [status, key, call],
        )

    def waiting(self) -> list[Waiting]:
        """In the order in which they were asked."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT key, call, seq, owner FROM outbox JOIN calls ON calls.id = call"
                " WHERE outbox.status = 'waiting' ORDER BY outbox.id"
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def of(self, call: str) -> list[Waiting]:
        """What waits of one call, in order."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT key, call, seq, owner FROM outbox JOIN calls ON calls.id = call"
                " WHERE outbox.status = 'waiting' AND call = ? ORDER BY outbox.id",
                [call],
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def take_over(self, call: str, old: str, new: str) -> bool:
        """The call of a process that is gone becomes ours; False where another was quicker."""
        with self._access.guard(), self._access.transaction():
            changed = self._access.connection.execute(
                "UPDATE calls SET owner = ? WHERE id = ? AND owner = ?", [new, call, old]
            )
        return changed.rowcount == 1
