"""Practices that are not finished, move by move, so that they outlive the process.

What a trainee said and pressed is kept sealed: it may hold numbers that somebody typed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.privacy import Sealer
from assist.tables.access import Access, moment_of, moment_text

LASTS = timedelta(days=7)
"""An unfinished practice waits so long for its person, from the last move on."""


class KeptMove(BaseModel):
    """`events` the practice had after it; `elapsed_ms` on the practice's own clock."""

    model_config = ConfigDict(frozen=True)

    elapsed_ms: int
    events: int
    move: str


class Kept(BaseModel):
    """A practice as it was asked for, and what was done since; both as JSON."""

    model_config = ConfigDict(frozen=True)

    id: str
    login: str
    title: str
    asked: str
    began_at: datetime
    moves: tuple[KeptMove, ...]


class Unfinished(BaseModel):
    """`title` is empty for a simulated caller: the trainee finds out."""

    model_config = ConfigDict(frozen=True)

    practice: str
    title: str
    touched_at: str


def create(db: sqlite_utils.Database) -> None:
    columns = ("id", "login", "title", "asked", "began_at", "touched_at")
    db.table("open_practices").create(dict.fromkeys(columns, str), pk="id")
    db.table("open_practice_moves").create(
        {"practice": str, "number": int, "elapsed_ms": int, "events": int, "move": bytes},
        pk=("practice", "number"),
    )


class PracticeTable:
    def __init__(self, access: Access, sealer: Sealer) -> None:
        self._access, self._sealer = access, sealer

    def begin(self, kept: Kept, most: int) -> None:
        """Keeps the beginning; what waited too long goes, and the oldest beyond `most` of one
        person."""
        execute = self._access.connection.execute
        at = kept.began_at
        with self._access.guard(), self._access.transaction():
            execute(
                "INSERT INTO open_practices (id, login, title, asked, began_at, touched_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [kept.id, kept.login, kept.title, kept.asked, at.isoformat(), moment_text(at)],
            )
            execute(
                "DELETE FROM open_practices WHERE touched_at < ? OR id IN (SELECT id FROM"
                " open_practices WHERE login = ? ORDER BY touched_at DESC, rowid DESC"
                " LIMIT -1 OFFSET ?)",
                [moment_text(at - LASTS), kept.login, most],
            )
            self._sweep()

    def moved(self, practice: str, move: KeptMove, at: datetime) -> None:
        """One more move; nothing where the practice is not kept any more."""
        execute = self._access.connection.execute
        with self._access.guard(), self._access.transaction():
            known = execute(
                "UPDATE open_practices SET touched_at = ? WHERE id = ?", [moment_text(at), practice]
            )
            if known.rowcount:
                execute(
                    "INSERT INTO open_practice_moves (practice, number, elapsed_ms, events, move)"
                    " SELECT ?, count(*) + 1, ?, ?, ? FROM open_practice_moves WHERE practice = ?",
                    [
                        practice,
                        move.elapsed_ms,
                        move.events,
                        self._sealer.seal(move.move),
                        practice,
                    ],
                )

    def find(self, practice: str, login: str, now: datetime) -> Kept | None:
        """None where there is none of this person, it waited too long, or its key is lost."""
        execute = self._access.connection.execute
        with self._access.guard():
            row = execute(
                "SELECT title, asked, began_at, touched_at FROM open_practices"
                " WHERE id = ? AND login = ?",
                [practice, login],
            ).fetchone()
            rows = execute(
                "SELECT elapsed_ms, events, move FROM open_practice_moves WHERE practice = ?"
                " ORDER BY number",
                [practice],
            ).fetchall()
        if row is None or now - moment_of(row[3]) > LASTS:
            return None
        moves = list[KeptMove]()
        for elapsed_ms, events, sealed in rows:
            if (move := self._sealer.unseal(sealed)) is None:
                return None
            moves.append(KeptMove(elapsed_ms=elapsed_ms, events=events, move=move))
        title, asked, began_at, _ = row
        return Kept(
            id=practice,
            login=login,
            title=title,
            asked=asked,
            began_at=datetime.fromisoformat(began_at),
            moves=tuple(moves),
        )

    def unfinished(self, login: str, now: datetime) -> list[Unfinished]:
        """Of this person, the latest first; tries of another way are not gone on with."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT id, title, touched_at FROM open_practices WHERE login = ?"
                " AND touched_at >= ? AND json_extract(asked, '$.seq') = 0"
                " ORDER BY touched_at DESC, rowid DESC",
                [login, moment_text(now - LASTS)],
            ).fetchall()
        return [Unfinished(practice=id_, title=title, touched_at=at) for id_, title, at in rows]

    def end(self, practice: str) -> None:
        with self._access.guard(), self._access.transaction():
            self._access.connection.execute("DELETE FROM open_practices WHERE id = ?", [practice])
            self._sweep()

    def _sweep(self) -> None:
        self._access.connection.execute(
            "DELETE FROM open_practice_moves WHERE practice NOT IN (SELECT id FROM open_practices)"
        )
