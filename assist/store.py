"""The journal's database: event rows are the truth, the `calls` table is a projection of them.

SQLite in WAL mode through sqlite-utils. A row that `append` returned from survives a crash of the
process. Calls belong to the process that holds their owner lock; `recover` marks those whose
process is gone as broken off and touches no one else's.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils
from filelock import FileLock, Timeout
from sqlite_utils.db import NotFoundError

from assist import events as ev
from assist.errors import StoreError


class Store:
    """One database file. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Open or create. Raises StoreError when the file is no database or cannot be written."""
        self.path = path
        self._owner = uuid.uuid4().hex[:12]
        with self._guard():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._owner_lock(self._owner))
            self._lock.acquire(timeout=1)
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._db = sqlite_utils.Database(self._connection)
            self._db.enable_wal()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            _migrate(self._db)

    def close(self) -> None:
        self._db.close()
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def append(self, event: ev.Event) -> None:
        """Keep one event and what the calls table says because of it, or neither."""
        row = {
            "call": event.call,
            "seq": event.seq,
            "at_ms": event.at_ms,
            "kind": event.fact.kind,
            "fact": ev.FACT.dump_json(event.fact).decode(),
        }
        with self._guard(), self._transaction():
            self._connection.execute(
                "INSERT INTO events (call, seq, at_ms, kind, fact)"
                " VALUES (:call, :seq, :at_ms, :kind, :fact)",
                row,
            )
            self._project(event)

    def last_seq(self, call: str) -> int:
        with self._guard():
            found = self._connection.execute(
                "SELECT max(seq) FROM events WHERE call = ?", [call]
            ).fetchone()
        return int(found[0] or 0)

    def events(self, call: str, after: int = 0) -> Iterator[ev.Event]:
        """The call's events with a higher number than `after`, in order."""
        with self._guard():
            rows = self._connection.execute(
                "SELECT seq, at_ms, fact FROM events WHERE call = ? AND seq > ? ORDER BY seq",
                [call, after],
            ).fetchall()
        for seq, at_ms, fact in rows:
            yield ev.Event(call=call, seq=seq, at_ms=at_ms, fact=ev.FACT.validate_json(fact))

    def calls(self, limit: int = 100) -> list[dict[str, Any]]:
        """Newest first."""
        with self._guard():
            return list(self._db["calls"].rows_where(order_by="started_at desc, id", limit=limit))

    def call(self, call: str) -> dict[str, Any]:
        """Raises StoreError when there is no such call."""
        try:
            with self._guard():
                return self._db.table("calls").get(call)
        except NotFoundError as error:
            raise StoreError(
                f"There is no call {call!r} in {self.path}.", "`assist calls list` shows the calls."
            ) from error

    def recover(self) -> list[str]:
        """Ids of live calls whose process has died; each gets a `call_ended: broken_off` event."""
        broken = []
        for row in self.calls(limit=10_000):
            if row["status"] == "live" and not self._is_alive(row["owner"]):
                seq = self.last_seq(row["id"])
                last = next(iter(self.events(row["id"], after=seq - 1)), None)
                ended = ev.CallEnded(reason="broken_off")
                at_ms = last.at_ms if last else 0
                self.append(ev.Event(call=row["id"], seq=seq + 1, at_ms=at_ms, fact=ended))
                broken.append(row["id"])
        return broken

    def _project(self, event: ev.Event) -> None:
        match event.fact:
            case ev.CallStarted() as started:
                self._db.table("calls").insert(
                    {
                        "id": event.call,
                        "agent": started.agent,
                        "number": started.number,
                        "source": started.source,
                        "lang": started.lang,
                        "started_at": started.started_at,
                        "status": "live",
                        "owner": self._owner,
                        "guide": "",
                        "outcome": "",
                        "ticket": "",
                    }
                )
            case ev.GuideOpened(guide=guide):
                self._update(event.call, guide=guide)
            case ev.TicketFiled(number=number):
                self._update(event.call, ticket=number)
            case ev.CallWrapped(outcome=outcome):
                self._update(event.call, outcome=outcome)
            case ev.CallEnded(reason=reason):
                ended = reason in ("hangup", "stopped")
                self._update(event.call, status="ended" if ended else "broken_off")

    def _update(self, call: str, **columns: str) -> None:
        self._db.table("calls").update(call, columns)

    def _owner_lock(self, owner: str) -> Path:
        return self.path.parent / f".owner-{owner}.lock"

    def _is_alive(self, owner: str) -> bool:
        if owner == self._owner:
            return True
        lock = FileLock(self._owner_lock(owner))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        self._owner_lock(owner).unlink(missing_ok=True)
        return False

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, Timeout) as error:
            raise StoreError(
                f"{self.path}: the journal cannot be used ({error}).",
                "Check free disk space and access rights; `--data DIR` chooses another folder.",
            ) from error


# ---------------------------------------------------------------- migrations, in order


def _create_events(db: sqlite_utils.Database) -> None:
    db.table("events").create(
        {"call": str, "seq": int, "at_ms": int, "kind": str, "fact": str},
        pk=("call", "seq"),
    )


def _create_calls(db: sqlite_utils.Database) -> None:
    columns = ("id", "agent", "number", "source", "lang", "started_at", "status", "owner")
    db.table("calls").create(
        {name: str for name in (*columns, "guide", "outcome", "ticket")}, pk="id"
    )
    db.table("calls").create_index(["started_at"])


_MIGRATIONS: tuple[Callable[[sqlite_utils.Database], None], ...] = (_create_events, _create_calls)


def _migrate(db: sqlite_utils.Database) -> None:
    done = db.execute("PRAGMA user_version").fetchone()[0]
    if done > len(_MIGRATIONS):
        raise StoreError(
            f"The database is of version {done}; this program knows {len(_MIGRATIONS)}.",
            "Update the program, or choose another folder with `--data DIR`.",
        )
    for number, migration in enumerate(_MIGRATIONS[done:], start=done + 1):
        migration(db)
        db.execute(f"PRAGMA user_version = {number}")
