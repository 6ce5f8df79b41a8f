"""What is over its time goes, with all that hangs on it; what somebody works on stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assist import events as ev
from assist.journal import Journal
from assist.store import Store
from assist.tables.audit import Wanted
from assist.tables.retention import Going, Rules

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=40)
NUMBER = "13812345678"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "assist.db")
    store.files_tickets()
    yield store
    store.close()


def call(store: Store, name: str, at: datetime, *facts: ev.Fact, ends: bool = True) -> None:
    journal = Journal(store)
    started = ev.CallStarted(agent="anna", number=NUMBER, started_at=at.isoformat())
    for fact in (started, *facts, *([ev.CallEnded(reason="hangup")] if ends else [])):
        journal.append(name, 0, fact)


def asked(key: str) -> ev.TicketAsked:
    fields = {"phone": NUMBER}
    return ev.TicketAsked(
        key=key, guide="g", step="s", type="t", title="t", fields=fields, customer="c1"
    )


def test_old_calls_go_and_those_at_work_stay(store: Store) -> None:
    raised = ev.BackstopRaised(reasons=("uncovered",), priority="normal", deadline_h=4)
    call(store, "old", OLD)
    call(store, "new", NOW - timedelta(days=3))
    call(store, "live", OLD, ends=False)
    call(store, "waits", OLD, asked("k1"))
    call(store, "raised", OLD, raised)
    filed = ev.TicketFiled(
        key="k2", number="T1", type="t", fields={}, filed_at=OLD.isoformat(), guide="g", step="s"
    )
    call(store, "ticket", OLD, asked("k2"), filed)
    store.retention.set_rules(Rules(calls_days=30))
    due = store.retention.look(NOW)
    assert (due.calls, due.held) == (1, 3)
    assert store.retention.run(NOW) == Going(calls=1, events=due.events)
    assert {row["id"] for row in store.calls()} == {"new", "live", "waits", "raised", "ticket"}
    assert list(store.events("old")) == []


def test_nothing_of_a_call_that_went_is_left_in_the_file(store: Store) -> None:
    said = ev.SlotFilled(slot="note", value="a-word-of-its-own", label="", by="agent")
    call(store, "old", OLD, said)
    store.retention.set_rules(Rules(calls_days=30))
    store.retention.run(NOW)
    kept = b"".join(p.read_bytes() for p in store.path.parent.glob("assist.db*"))
    assert b"a-word-of-its-own" not in kept


def test_nothing_goes_by_default_and_no_slip_takes_all(store: Store) -> None:
    call(store, "old", OLD)
    assert store.retention.run(NOW) == Going()
    with pytest.raises(ValueError, match="at least 7 days"):
        Rules(calls_days=1)


def test_the_audit_log_has_a_time_of_its_own(store: Store) -> None:
    store.audit.add(OLD, "anna", "sign_in", "by password")
    store.audit.add(NOW, f"{NUMBER}", "sign_in", f"of {NUMBER}", "failed")
    store.retention.set_rules(Rules(audit_days=30))
    assert store.retention.run(NOW).audit == 1
    (entry,), _ = store.audit.list(Wanted(), 10)
    assert NUMBER not in entry.who + entry.what, "private data is masked"
