"""Calls that somebody must look at again: a queue, who works on what, and what resolved it.

A projection of `backstop_raised` facts with the moves people make beside it: claim, return,
resolve. A move is checked and kept in one transaction, so two people never have the same call. The
note to a guide's owner is the resolution itself; the questions it drafts are read from the call.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist import events as ev
from assist.errors import BackstopRefused, StoreError
from assist.privacy import mask
from assist.search.corpus import Row
from assist.search.editing.gaps import drafts, gap_of, misses_of
from assist.tables.access import Access, moment_of, moment_text

State = Literal["open", "claimed", "resolved"]
Move = Literal["claim", "return", "resolve"]
MOST_ROWS = 500
_FROM: dict[Move, tuple[State, State]] = {
    "claim": ("open", "claimed"),
    "return": ("claimed", "open"),
    "resolve": ("claimed", "resolved"),
}


class Item(BaseModel):
    """`by` has claimed or resolved it; `answer` is the guide that should have led, and its owner
    is told `text`. Moments are ISO 8601 in UTC."""

    model_config = ConfigDict(frozen=True)

    call: str
    reasons: tuple[ev.BackstopReason, ...]
    priority: ev.Priority
    need: str
    guide: str
    title: str
    customer: str
    agent: str
    raised_at: str
    due_at: str
    state: State = "open"
    by: str = ""
    text: str = ""
    answer: str = ""
    owner: str = ""
    resolved_at: str = ""


class Entry(BaseModel):
    at: str
    by: str
    move: Move
    text: str


def create(db: sqlite_utils.Database) -> None:
    db.table("backstop").create({name: str for name in Item.model_fields}, pk="call")
    db.table("backstop").create_index(["state", "due_at"])
    columns: dict[str, Any] = {"id": int, "call": str, "at": str, "by": str}
    db.table("backstop_entries").create({**columns, "move": str, "text": str}, pk="id")
    db.table("backstop_entries").create_index(["call"])


class BackstopTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def project(self, event: ev.Event) -> None:
        """A raised call stands in the queue once; within the event's transaction."""
        if not isinstance(event.fact, ev.BackstopRaised):
            return
        known = self._find(event.call)
        if known is not None and known.state == "resolved":
            return
        fact = event.fact
        customer, agent, began = self._access.connection.execute(
            "SELECT customer, agent, started_at FROM calls WHERE id = ?", [event.call]
        ).fetchone()
        raised = _moment(began) + timedelta(milliseconds=event.at_ms)
        due = (raised + timedelta(hours=fact.deadline_h)).isoformat(timespec="seconds")
        item = Item(
            call=event.call,
            reasons=fact.reasons,
            priority=fact.priority,
            need=fact.need,
            guide=fact.guide,
            title=fact.title,
            customer=customer,
            agent=agent,
            raised_at=known.raised_at if known else raised.isoformat(timespec="seconds"),
            due_at=min(due, known.due_at) if known else due,
            state=known.state if known else "open",
            by=known.by if known else "",
        )
        self._write(item)

    def move(
        self,
        call: str,
        move: Move,
        by: str,
        at: datetime,
        text: str = "",
        answer: str = "",
        owner: str = "",
    ) -> Item:
        """Raises BackstopRefused with what is the matter; StoreError where there is no such call.

        `answer` and `owner` belong to a resolution: the guide it teaches, and whom to tell.
        """
        with self._access.guard(), self._access.transaction():
            item = self._known(call)
            _check(item, move, by, text)
            moment = moment_text(at)
            done: dict[str, Any] = {"state": _FROM[move][1], "by": "" if move == "return" else by}
            if move == "resolve":
                done |= {"text": mask(text), "answer": answer or item.guide}
                done |= {"owner": owner, "resolved_at": moment}
            item = item.model_copy(update=done)
            self._write(item)
            self._access.connection.execute(
                'INSERT INTO backstop_entries (call, at, "by", move, text) VALUES (?, ?, ?, ?, ?)',
                [call, moment, by, move, mask(text)],
            )
        return item

    def get(self, call: str) -> Item:
        with self._access.guard():
            return self._known(call)

    def history(self, call: str) -> list[Entry]:
        with self._access.guard():
            rows = self._access.connection.execute(
                'SELECT at, "by", move, text FROM backstop_entries WHERE call = ? ORDER BY id',
                [call],
            ).fetchall()
        return [Entry(at=at, by=by, move=move, text=text) for at, by, move, text in rows]

    def list(
        self, states: tuple[State, ...] = ("open", "claimed"), limit: int = 50, offset: int = 0
    ) -> tuple[list[Item], int]:
        """A page, the earliest deadline first, and how many there are in all."""
        marks = ", ".join("?" for _ in states)
        with self._access.guard():
            execute = self._access.connection.execute
            where = f"FROM backstop WHERE state IN ({marks})"
            (count,) = execute(f"SELECT count(*) {where}", states).fetchone()
            rows = execute(
                f"SELECT * {where} ORDER BY due_at, call LIMIT ? OFFSET ?",
                [*states, min(limit, MOST_ROWS), offset],
            )
            names = [column[0] for column in rows.description]
            found = [_item(dict(zip(names, row, strict=True))) for row in rows.fetchall()]
        return found, int(count)

    def counts(self, at: datetime) -> dict[str, int]:
        """How many are `open`, `claimed`, and of these `over` their deadline at that moment."""
        moment = moment_text(at)
        with self._access.guard():
            row = self._access.connection.execute(
                "SELECT coalesce(sum(state = 'open'), 0), coalesce(sum(state = 'claimed'), 0),"
                " coalesce(sum(due_at < ?), 0) FROM backstop WHERE state <> 'resolved'",
                [moment],
            ).fetchone()
        return dict(zip(("open", "claimed", "over"), row, strict=True))

    def notes(self, owner: str = "", limit: int = MOST_ROWS) -> list[Item]:
        """What owners are told: resolutions that name a guide or ask for one."""
        return [x for x in self.list(("resolved",), limit)[0] if not owner or x.owner == owner]

    def drafts(self, item: Item, known: list[Row], added: date) -> list[Row]:
        """Draft questions out of a resolved call, but for those the corpus has; masked."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT seq, at_ms, fact FROM events WHERE call = ? ORDER BY seq", [item.call]
            ).fetchall()
        events = (
            ev.Event(call=item.call, seq=seq, at_ms=at_ms, fact=ev.FACT.validate_json(fact))
            for seq, at_ms, fact in rows
        )
        gap = gap_of(misses_of(events), item.answer)
        if gap is None:
            return []
        resolved = f"resolved: {item.text}"
        made = drafts([gap], known, added)
        return [row.model_copy(update={"note": f"{row.note}; {resolved}"}) for row in made]

    # ------------------------------------------------------------ small hands

    def _write(self, item: Item) -> None:
        row = {**item.model_dump(mode="json"), "reasons": json.dumps(item.reasons)}
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        self._access.connection.execute(
            f"INSERT OR REPLACE INTO backstop ({names}) VALUES ({marks})", [*row.values()]
        )

    def _find(self, call: str) -> Item | None:
        rows = self._access.connection.execute("SELECT * FROM backstop WHERE call = ?", [call])
        names = [column[0] for column in rows.description]
        row = rows.fetchone()
        return _item(dict(zip(names, row, strict=True))) if row else None

    def _known(self, call: str) -> Item:
        item = self._find(call)
        if item is None:
            raise StoreError(
                f"The call {call!r} is not in the backstop queue.",
                "`assist backstop list` shows what is.",
                code="backstop",
            )
        return item


def _check(item: Item, move: Move, by: str, text: str) -> None:
    needed = _FROM[move][0]
    if item.state != needed:
        raise BackstopRefused(
            f"The call {item.call} is {item.state}{f' by {item.by}' if item.by else ''}; "
            f"to {move} it, it must be {needed}.",
            "Claim it first." if item.state == "open" else "Look at its history.",
            code="backstop.state",
            values={"state": item.state, "by": item.by},
        )
    if move != "claim" and item.by != by:
        raise BackstopRefused(
            f"The call {item.call} is claimed by {item.by}, not by {by}.",
            f"Ask {item.by} to return it.",
            code="backstop.claimed",
            values={"by": item.by},
        )
    if move != "claim" and not text.strip():
        raise BackstopRefused(
            f"To {move} a call takes words.",
            "Say what resolved it." if move == "resolve" else "Say why it goes back.",
            code="backstop.text",
        )


def _item(row: dict[str, Any]) -> Item:
    return Item.model_validate({**row, "reasons": json.loads(row["reasons"])})


def _moment(text: str) -> datetime:
    """In UTC, so that moments sort as texts."""
    return moment_of(text).astimezone(UTC)
