"""The journal's database: event rows are the truth, the `calls` table is a projection of them.

SQLite in WAL mode through sqlite-utils. Rows are masked by the journal before they come here;
values that a call needs to be taken up again stand beside them, sealed. A row that `append`
returned from survives a crash of the process. Calls belong to the process that holds their owner
lock; `recover` marks those whose process is gone as broken off and touches no one else's.
"""

from __future__ import annotations

import logging
import sqlite3
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils
from filelock import FileLock, Timeout
from sqlite_utils.db import NotFoundError

from assist import events as ev
from assist.errors import StoreError
from assist.privacy import Sealer
from assist.tables.access import Access
from assist.tables.accounts import AccountTable, SessionTable
from assist.tables.alerts import AlertTable
from assist.tables.audit import AuditTable
from assist.tables.backstop import BackstopTable
from assist.tables.figures import Figures
from assist.tables.inbox import InboxTable
from assist.tables.migrations import migrate, sealed_fact
from assist.tables.outbox import OutboxTable, Waiting
from assist.tables.practices import PracticeTable
from assist.tables.retention import RetentionTable
from assist.tables.studio import StudioTable
from assist.tables.tickets import TicketTable
from assist.tables.tokens import TokenTable
from assist.tables.training import TrainingTable

log = logging.getLogger(__name__)

_CALLS_BACK = 5
"""Calls of a customer looked through for one that a guide led."""


class Store:
    """One database file. Used from one thread."""

    def __init__(self, path: Path, key_file: Path | None = None) -> None:
        """Open or create. Raises StoreError when the file is no database or cannot be written.

        `key_file` seals values; without one it is `seal.key` beside the database.
        """
        self.path = path
        self._sealer = Sealer(key_file or path.parent / "seal.key")
        self._owner = uuid.uuid4().hex[:12]
        with self._guard():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._owner_lock(self._owner))
            self._lock.acquire(timeout=1)
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._db = sqlite_utils.Database(self._connection)
            self._db.enable_wal()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            migrate(self._db, self._sealer)
        access = Access(self._connection, self._guard, self._transaction)
        self.tickets = TicketTable(access)
        self.outbox = OutboxTable(access)
        self.backstop = BackstopTable(access)
        self.alerts = AlertTable(access)
        self.training = TrainingTable(access)
        self.practices = PracticeTable(access, self._sealer)
        self.figures = Figures(access)
        self.accounts, self.sessions = AccountTable(access), SessionTable(access)
        self.tokens, self.audit = TokenTable(access), AuditTable(access)
        self.retention = RetentionTable(access)
        self.studio, self.inbox = StudioTable(access), InboxTable(access)
        self._files = False

    def close(self) -> None:
        self._db.close()
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def files_tickets(self) -> None:
        """From now on what calls ask to be filed is real: it waits in the outbox until the back
        office has it, and has a life of its own then. Reruns leave this off."""
        self._files = True

    def append(self, event: ev.Event, working: ev.Fact | None = None) -> None:
        """Keep one event and what the tables say because of it, or neither.

        `working` is the fact with the values that are masked in the event; it is kept sealed.
        """
        row = {
            "call": event.call,
            "seq": event.seq,
            "at_ms": event.at_ms,
            "kind": event.fact.kind,
            "fact": ev.FACT.dump_json(event.fact).decode(),
            "sealed": sealed_fact(self._sealer, working),
        }
        with self._guard(), self._transaction():
            self._connection.execute(
                "INSERT INTO events (call, seq, at_ms, kind, fact, sealed)"
                " VALUES (:call, :seq, :at_ms, :kind, :fact, :sealed)",
                row,
            )
            self._project(event)
            if self._files:
                self.outbox.project(event)
                self.tickets.project(event)
                self.backstop.project(event)

    def last_seq(self, call: str) -> int:
        with self._guard():
            found = self._connection.execute(
                "SELECT max(seq) FROM events WHERE call = ?", [call]
            ).fetchone()
        return int(found[0] or 0)

    def events(
        self,
        call: str,
        after: int = 0,
        *,
        unsealed: bool = False,
        kinds: Collection[str] = (),
    ) -> Iterator[ev.Event]:
        """The call's events with a higher number than `after`, in order, masked; of these `kinds`
        only, if any are named.

        `unsealed`: with the values that are needed to go on with the call, where the key opens
        them; where it does not they stay masked, and the log says so.
        """
        with self._guard():
            rows = self._connection.execute(
                "SELECT seq, at_ms, fact, sealed FROM events"
                f" WHERE call = ? AND seq > ?{_among('kind', kinds)} ORDER BY seq",
                [call, after, *kinds],
            ).fetchall()
        shut = 0
        for seq, at_ms, fact, sealed in rows:
            if unsealed and sealed is not None:
                opened = self._sealer.unseal(sealed)
                shut += opened is None
                fact = opened or fact
            yield ev.Event(call=call, seq=seq, at_ms=at_ms, fact=ev.FACT.validate_json(fact))
        if shut:
            log.warning("call %s: %d sealed values stay masked. %s", call, shut, self._no_key())

    def working(self, call: str) -> Iterator[ev.Event]:
        """The events with which a call is taken up again."""
        return self.events(call, unsealed=True)

    def asked(self, waiting: Waiting) -> ev.TicketAsked:
        """What is to be filed, with its values. Raises StoreError where the key does not open
        them: stars are never filed."""
        with self._guard():
            fact, sealed = self._connection.execute(
                "SELECT fact, sealed FROM events WHERE call = ? AND seq = ?",
                [waiting.call, waiting.seq],
            ).fetchone()
        opened = fact if sealed is None else self._sealer.unseal(sealed)
        if opened is None:
            raise StoreError(
                f"The ticket {waiting.key} cannot be sent: its values are sealed.", self._no_key()
            )
        asked = ev.FACT.validate_json(opened)
        assert isinstance(asked, ev.TicketAsked), "a row of the outbox stands for an ask"
        return asked

    def adopt(self) -> list[Waiting]:
        """What waits to be sent and is ours to send: asked here, or by a process that is gone."""
        mine, alive = list[Waiting](), dict[str, bool]()
        for waiting in self.outbox.waiting():
            owner = waiting.owner
            if owner != self._owner:
                if alive.setdefault(owner, self._is_alive(owner)):
                    continue
                if not self.outbox.take_over(waiting.call, owner, self._owner):
                    continue
            mine.append(waiting)
        return mine

    def key_trouble(self) -> str:
        """What is wrong with the key of the sealed values, for people; empty when nothing is.

        Raises StoreError when the key file holds no key.
        """
        self._sealer.check()
        with self._guard():
            found = self._connection.execute(
                "SELECT sealed FROM events WHERE sealed IS NOT NULL ORDER BY rowid DESC LIMIT 1"
            ).fetchone()
        return "" if found is None or self._sealer.unseal(found[0]) else self._no_key()

    def _no_key(self) -> str:
        return (
            f"The key file {self._sealer.key_file} is missing or is not the one they were sealed "
            "with: calls from before the restart show and file masked values only. Put the right "
            "key file back, or name it with ASSIST_KEY_FILE."
        )

    def calls(self, limit: int = 100, agent: str = "") -> list[dict[str, Any]]:
        """Newest first; of one agent, if any is named."""
        where, order = ("agent = ?" if agent else None), "started_at desc, id"
        with self._guard():
            named = [agent] if agent else None
            return list(self._db["calls"].rows_where(where, named, order_by=order, limit=limit))

    def call(self, call: str) -> dict[str, Any]:
        """Raises StoreError when there is no such call."""
        try:
            with self._guard():
                return self._db.table("calls").get(call)
        except NotFoundError as error:
            raise StoreError(
                f"There is no call {call!r} in {self.path}.", "`assist calls list` shows the calls."
            ) from error

    def last_call(self, customer: str, before: str) -> ev.LastCall | None:
        """What the customer's latest call but for the call `before` was about.

        A customer is known by id, since numbers are kept masked. Calls that are still live or were
        only run again, and guides that the agent put away as not fitting, do not count.
        """
        return next((c for c in self.last_calls(customer, before) if c.guide), None)

    def last_calls(
        self, customer: str, before: str = "", limit: int = _CALLS_BACK
    ) -> tuple[ev.LastCall, ...]:
        """The customer's latest calls but for the call `before`, newest first; which calls and
        guides count as in `last_call`."""
        with self._guard():
            rows = self._connection.execute(
                "SELECT id, started_at, outcome, disposition, ticket FROM calls"
                " WHERE customer = ? AND id <> ?"
                " AND status <> 'live' AND source NOT LIKE 'replay of %'"
                " ORDER BY started_at DESC LIMIT ?",
                [customer, before, limit],
            ).fetchall()
        return tuple(self._last_call(*row) for row in rows)

    def _last_call(
        self, call: str, started_at: str, outcome: Any, disposition: str, ticket: str
    ) -> ev.LastCall:
        led = self._led_by(call)
        return ev.LastCall(
            guide=led[-1].guide if led else "",
            title=led[-1].title if led else "",
            started_at=started_at,
            outcome=outcome,
            call=call,
            guides=tuple(opened.guide for opened in led),
            disposition=disposition,
            ticket=ticket,
        )

    def _led_by(self, call: str) -> tuple[ev.GuideOpened, ...]:
        """The guides of a call that were not put away, the one it ended with last."""
        with self._guard():
            rows = self._connection.execute(
                "SELECT fact FROM events WHERE call = ? AND kind IN ('guide_opened',"
                " 'guide_closed') ORDER BY seq",
                [call],
            ).fetchall()
        kept: dict[str, ev.GuideOpened] = {}
        for (text,) in rows:
            match ev.FACT.validate_json(text):
                case ev.GuideOpened() as opened:
                    kept.pop(opened.guide, None)
                    kept[opened.guide] = opened
                case ev.GuideClosed(guide=guide, reason="dismissed"):
                    kept.pop(guide, None)
                case _:
                    pass
        return tuple(kept.values())

    def past_offers(self, customer: str, before: str) -> tuple[ev.PastOffer, ...]:
        """What the customer was offered in other calls than `before`, newest first.

        The last decision of each call counts; an offer that the call ended with unsaid does not.
        """
        with self._guard():
            rows = self._connection.execute(
                "SELECT calls.id, calls.started_at, events.fact FROM calls JOIN events"
                " ON events.call = calls.id AND events.kind = 'offer_decided'"
                " WHERE calls.customer = ? AND calls.id <> ? AND source NOT LIKE 'replay of %'"
                " ORDER BY calls.started_at DESC, calls.id, events.seq DESC",
                [customer, before],
            ).fetchall()
        found: dict[tuple[str, str], ev.PastOffer] = {}
        for call, started_at, text in rows:
            match ev.FACT.validate_json(text):
                case ev.OfferDecided(by="system", evidence=None):
                    continue
                case ev.OfferDecided(offer=offer, decision=decision) if started_at:
                    past = ev.PastOffer(offer=offer, decision=decision, decided_on=started_at[:10])
                    found.setdefault((call, offer), past)
                case _:
                    pass
        return tuple(found.values())

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
                        "customer": "",
                        "guide": "",
                        "outcome": "",
                        "ticket": "",
                        "disposition": "",
                    }
                )
            case ev.CallTransferred(to=agent):
                self._update(event.call, agent=agent)
            case ev.CustomerFound(customer=customer):
                self._update(event.call, customer=customer.id)
            case ev.GuideOpened(guide=guide):
                self._update(event.call, guide=guide)
            case ev.TicketFiled(number=number):
                self._update(event.call, ticket=number)
            case ev.CallWrapped(outcome=outcome, disposition=disposition):
                self._update(event.call, outcome=outcome, disposition=disposition)
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


def _among(column: str, values: Collection[str]) -> str:
    return f" AND {column} IN ({', '.join('?' for _ in values)})" if values else ""
