"""`assist tickets`: lists, one ticket, each move, and what is refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assist import events as ev
from assist.cli import app
from assist.errors import StoreError, TicketRefused
from assist.journal import Journal
from assist.store import Store
from assist.tables.tickets import Wanted

LATE, NEW = "GD20260101-000001", "GD20990101-000002"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal with a ticket that is long overdue and one that is not."""
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    store = Store(tmp_path / "assist.db")
    store.files_tickets()
    journal = Journal(store)
    now = datetime.now().astimezone()
    for number, at, kind in ((LATE, now - timedelta(days=3), "repair"), (NEW, now, "line")):
        call = f"call-{kind}"
        journal.append(call, 0, ev.CallStarted(agent="anna", started_at=at.isoformat()))
        place = {"key": f"{call}/g/s", "guide": "g", "step": "s", "type": kind}
        fields = {"phone": "13800000001", "fault": "没网"}
        asked = ev.TicketAsked(**place, title="报修", fields=fields, group="装维班", deadline_h=24)
        journal.append(call, 0, asked)
        filed = ev.TicketFiled(**place, number=number, fields=fields, filed_at=at.isoformat())
        journal.append(call, 0, filed)
    store.close()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["tickets", *words])


def shown(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_lists_and_the_overdue(data: Path) -> None:
    table = run("list").output
    assert table.index(NEW) < table.index(LATE), "newest first"
    assert "group 装维班" in table and "filed" in table
    assert shown("list", "--type", "line")["tickets"][0]["number"] == NEW
    page = shown("list", "--limit", "1", "--offset", "1")
    assert page["count"] == 2 and [t["number"] for t in page["tickets"]] == [LATE]
    assert [t["number"] for t in shown("overdue")["tickets"]] == [LATE]
    assert "No such tickets." in run("list", "--state", "closed").output
    wrong = run("list", "--state", "lost")
    assert wrong.exit_code == 2 and "no state lost" in wrong.output


def test_a_ticket_from_filing_to_its_end(data: Path) -> None:
    assert "13800000001" not in run("show", LATE).output, "kept masked"
    moves = [
        ["dispatch", LATE, "--level", "province", "--unit", "云川省", "--by", "bo"],
        ["append", LATE, "客户晚上在家"],
        ["suspend", LATE, "--until", "2999-01-01", "--why", "等供电"],
        ["review", LATE, "--passed", "--by", "cai", "--why", "属实"],
        ["resume", LATE],
        ["confirm", LATE],
        ["close", LATE, "--result", "solved"],
    ]
    for words in moves:
        assert run(*words).exit_code == 0, words
        if words[0] == "suspend":
            assert shown("overdue")["count"] == 1, "under review the clock runs on"
        if words[0] == "review":
            assert shown("overdue")["count"] == 0, "suspended: nobody can work on it"
    text = run("show", LATE).output
    for part in ("dispatched to province 云川省", "suspension passed", "属实", "closed, solved"):
        assert part in text
    assert "nothing, it is closed" in text
    history = shown("show", LATE)["history"]
    assert [entry["seq"] for entry in history] == list(range(1, 9))
    assert [entry["by"] for entry in history][:2] == ["anna", "bo"]


def test_what_is_refused_says_what_is_allowed_and_changes_nothing(data: Path) -> None:
    refused = run("close", NEW, "--result", "solved")
    assert isinstance(refused.exception, TicketRefused)
    assert "close withdrawn" in refused.exception.remedy
    wrong = run("dispatch", NEW, "--level", "moon", "--unit", "x")
    assert isinstance(wrong.exception, TicketRefused) and "level" in wrong.exception.message
    assert isinstance(run("show", "GD0").exception, StoreError)
    when = run("suspend", NEW, "--until", "soon", "--why", "x")
    assert when.exit_code == 2 and "no moment" in when.output
    assert len(shown("show", NEW)["history"]) == 1


def test_the_table_is_what_the_entries_say(data: Path) -> None:
    """The projection is folded anew from each ticket's history."""
    run("dispatch", NEW, "--level", "province", "--unit", "云川省")
    store = Store(data / "assist.db")
    found, count = store.tickets.list(Wanted(), limit=10)
    assert count == 2
    for ticket in found:
        assert store.tickets.get(ticket.number).model_dump(
            exclude={"filed_at", "due_at", "changed_at"}
        ) == ticket.model_dump(exclude={"filed_at", "due_at", "changed_at"})
    store.close()
