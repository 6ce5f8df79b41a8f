"""Tickets and their history: entries are the truth, the `tickets` table is a projection of them.

A move is checked and kept in one transaction, so two people in two processes cannot both close a
ticket. Fields and texts are kept masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from assist import events as ev
from assist.errors import StoreError
from assist.privacy import mask
from assist.tables.access import Access, moment_of, moment_text
from assist.tickets import (
    ENTRY,
    OPEN_STATES,
    Append,
    Entry,
    File,
    Level,
    Move,
    State,
    Ticket,
    apply,
    check,
    fold,
)

MOST_ROWS = 500
_MOMENTS = ("filed_at", "due_at", "changed_at", "suspended_from", "suspended_until", "closed_at")


@dataclass(frozen=True)
class Wanted:
    """Which tickets; empty fields do not matter. `agent`: of that agent's calls; `over_at`: only
    those over age at that moment."""

    states: tuple[State, ...] = ()
    type: str = ""
    level: Level | str = ""
    unit: str = ""
    priority: ev.Priority | str = ""
    customer: str = ""
    call: str = ""
    agent: str = ""
    over_at: datetime | None = None


def create(db: sqlite_utils.Database) -> None:
    db.table("ticket_entries").create(
        {"ticket": str, "seq": int, "entry": str}, pk=("ticket", "seq")
    )
    columns = [*Ticket.model_fields]
    types: dict[str, Any] = {name: int if name == "seq" else str for name in columns}
    db.table("tickets").create(types, pk="number")
    for name in ("state", "due_at", "filed_at", "customer", "unit"):
        db.table("tickets").create_index([name])


class TicketTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    # ------------------------------------------------------------ out of calls

    def project(self, event: ev.Event) -> None:
        """A filed ticket begins, an appended note goes to it; within the event's transaction."""
        if not isinstance(event.fact, ev.TicketFiled):
            return
        filed, asked = event.fact, self._asked(event.call, event.fact.key)
        at = moment_of(filed.filed_at or self._began(event.call))
        by = self._agent(event.call)
        ticket = self._find(filed.number)
        if filed.appended:
            if ticket is not None and ticket.state in OPEN_STATES and asked is not None:
                self._keep(ticket, Append(text=asked.note or "-"), by, at)
        elif ticket is None and asked is not None:
            self._keep(filed.number, _file(event.call, filed, asked), by, at)

    def _asked(self, call: str, key: str) -> ev.TicketAsked | None:
        """The last ask under this key, masked."""
        rows = self._access.connection.execute(
            "SELECT fact FROM events WHERE call = ? AND kind = 'ticket_asked' ORDER BY seq DESC",
            [call],
        )
        facts = (ev.FACT.validate_json(text) for (text,) in rows)
        return next((f for f in facts if isinstance(f, ev.TicketAsked) and f.key == key), None)

    def _began(self, call: str) -> str:
        return self._of_call(call, "started_at")

    def _agent(self, call: str) -> str:
        return self._of_call(call, "agent")

    def _of_call(self, call: str, column: str) -> str:
        row = self._access.connection.execute(
            f"SELECT {column} FROM calls WHERE id = ?", [call]
        ).fetchone()
        return row[0] if row else ""

    # ------------------------------------------------------------ by people

    def move(self, number: str, move: Move, by: str, at: datetime) -> Ticket:
        """Raises TicketRefused with what is allowed; StoreError when there is no such ticket."""
        with self._access.guard(), self._access.transaction():
            ticket = self._known(number)
            check(ticket, move, at)
            return self._keep(ticket, _masked(move), by, at)

    def get(self, number: str) -> Ticket:
        """Raises StoreError when there is no such ticket."""
        with self._access.guard():
            return self._known(number)

    def history(self, number: str) -> list[Entry]:
        with self._access.guard():
            return list(self._entries(number))

    def units(self) -> list[str]:
        """Where open tickets are now."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT DISTINCT unit FROM tickets WHERE state <> 'closed' ORDER BY unit"
            ).fetchall()
        return [unit for (unit,) in rows if unit]

    def list(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[list[Ticket], int]:
        """A page and how many there are in all; the most overdue first where these are asked for,
        else the newest."""
        where, values = _conditions(wanted)
        order = "due_at, number" if wanted.over_at else "filed_at DESC, number DESC"
        with self._access.guard():
            execute = self._access.connection.execute
            (count,) = execute(f"SELECT count(*) FROM tickets WHERE {where}", values).fetchone()
            rows = execute(
                f"SELECT * FROM tickets WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
                [*values, min(limit, MOST_ROWS), offset],
            )
            names = [column[0] for column in rows.description]
            found = [_ticket(dict(zip(names, row, strict=True))) for row in rows.fetchall()]
        return found, int(count)

    # ------------------------------------------------------------ small hands

    def _keep(self, ticket: Ticket | str, move: Move | File, by: str, at: datetime) -> Ticket:
        known = ticket if isinstance(ticket, Ticket) else None
        number = ticket.number if isinstance(ticket, Ticket) else ticket
        entry = Entry(ticket=number, seq=known.seq + 1 if known else 1, at=at, by=by, move=move)
        after = apply(known, entry)
        self._access.connection.execute(
            "INSERT INTO ticket_entries (ticket, seq, entry) VALUES (?, ?, ?)",
            [number, entry.seq, ENTRY.dump_json(entry).decode()],
        )
        row = _row(after)
        marks = ", ".join("?" for _ in row)
        self._access.connection.execute(
            f"INSERT OR REPLACE INTO tickets ({', '.join(row)}) VALUES ({marks})",
            [*row.values()],
        )
        return after

    def _known(self, number: str) -> Ticket:
        ticket = self._find(number)
        if ticket is None:
            raise StoreError(
                f"There is no ticket {number!r} here.",
                "`assist tickets list` shows those that were filed in calls.",
                code="ticket",
            )
        return ticket

    def _find(self, number: str) -> Ticket | None:
        return fold(self._entries(number))

    def _entries(self, number: str) -> Iterator[Entry]:
        rows = self._access.connection.execute(
            "SELECT entry FROM ticket_entries WHERE ticket = ? ORDER BY seq", [number]
        ).fetchall()
        return (ENTRY.validate_json(text) for (text,) in rows)


def _file(call: str, filed: ev.TicketFiled, asked: ev.TicketAsked) -> File:
    """Deadlines of calls from before there were any are taken as one day."""
    return File(
        call=call,
        key=filed.key,
        type=filed.type,
        title=asked.title,
        fields=filed.fields,
        customer=asked.customer,
        unit=asked.group,
        priority=asked.priority,
        deadline_h=asked.deadline_h or 24,
    )


def _masked(move: Move) -> Move:
    texts = {name: mask(value) for name, value in move if name in ("text", "why") and value}
    return move.model_copy(update=texts)


def _row(ticket: Ticket) -> dict[str, Any]:
    """Moments in UTC, so that they sort as texts; the entries keep them as they were given."""
    row = ticket.model_dump(mode="json")
    for name in _MOMENTS:
        moment: datetime | None = getattr(ticket, name)
        row[name] = moment_text(moment) if moment else None
    return {**row, "fields": json.dumps(ticket.fields, ensure_ascii=False)}


def _ticket(row: dict[str, Any]) -> Ticket:
    return Ticket.model_validate({**row, "fields": json.loads(row["fields"])})


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    parts, values = ["1"], list[Any]()
    states = wanted.states
    if wanted.over_at is not None:
        # Nobody can work on what is suspended; its deadline waits, and so does this list.
        states = tuple(s for s in states or OPEN_STATES if s != "suspended" and s in OPEN_STATES)
        parts.append("due_at < ?")
        values.append(moment_text(wanted.over_at))
    if states:
        parts.append(f"state IN ({', '.join('?' for _ in states)})")
        values += states
    for name in ("type", "level", "unit", "priority", "customer", "call"):
        if value := getattr(wanted, name):
            parts.append(f'"{name}" = ?')
            values.append(value)
    if wanted.agent:
        parts.append('"call" IN (SELECT id FROM calls WHERE agent = ?)')
        values.append(wanted.agent)
    return " AND ".join(parts), values
