"""The backstop queue, summaries and a customer's calls over HTTP and on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from bench import BOOK, CUSTOMER, Bench
from pydantic import ValidationError
from running import ROOT
from starlette.applications import Starlette
from starlette.routing import Route

from assist import events as ev
from assist.accounts.model import Person
from assist.config import Settings
from assist.errors import AssistError
from assist.journal import Journal
from assist.store import Store
from assist.web import api, backstop_api

AT = "2026-11-23T09:00:00+08:00"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One call that ended uncovered."""
    bench = Bench()
    bench.put(ev.CallStarted(agent="anna", number="13800000001", started_at=AT))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    bench.say("customer", "家里的宽带从昨天晚上开始就一直断断续续")
    bench.put(ev.CallEnded(reason="hangup"))
    bench.press(ev.WrapUp())
    store = Store(Settings(data=tmp_path).database)
    store.files_tickets()
    journal = Journal(store)
    for fact in bench.facts:
        journal.append("c1", 0, fact)
    return store


def client_of(store: Store) -> httpx.AsyncClient:
    routes = [
        *backstop_api.ROUTES,
        Route("/api/calls/{call}/summary", api.summaries),
        Route("/api/customers/{customer}/calls", api.customer_calls),
    ]
    handlers: dict[Any, Any] = {
        AssistError: api.on_known_error,
        ValidationError: api.on_invalid,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.house = SimpleNamespace(
        store=store,
        book=BOOK,
        now=lambda: datetime.fromisoformat(AT),
        calls=SimpleNamespace(live=list),
        entrance=SimpleNamespace(opened=lambda person, call: None),
    )
    person = Person(login="bo", name="Bo", roles=frozenset({"elite"}))

    async def as_person(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {"person": person}}, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(as_person), base_url="http://house")


async def test_a_call_goes_through_the_queue(store: Store) -> None:
    async with client_of(store) as client:
        listed = (await client.get("/api/backstop")).json()
        assert [c["reasons"] for c in listed["calls"]] == [["uncovered"]]
        moves = "/api/backstop/calls/c1/moves"
        early = await client.post(moves, json={"move": "resolve", "text": "x"})
        assert (early.status_code, early.json()["code"]) == (409, "backstop.state")
        claimed = await client.post(moves, json={"move": "claim"})
        assert claimed.json()["call"]["by"] == "bo"
        assert claimed.json()["links"]["events"] == "/api/calls/c1/events"
        said = {"move": "resolve", "text": "重置端口"}
        unknown = await client.post(moves, json={**said, "guide": "nothing"})
        assert unknown.status_code == 404
        done = await client.post(moves, json={**said, "guide": "line"})
        assert done.json()["call"]["owner"] == "测试"
        notes = (await client.get("/api/backstop/notes", params={"owner": "测试"})).json()["notes"]
        assert [note["text"] for note in notes] == ["重置端口"]
        assert (await client.get("/api/backstop")).json()["count"] == 0
        assert (await client.get("/api/backstop/calls/none")).status_code == 404
        assert (await client.post(moves, json={"move": "burn"})).status_code == 422


async def test_summary_and_the_customers_calls(store: Store) -> None:
    async with client_of(store) as client:
        summary = (await client.get("/api/calls/c1/summary")).json()["summaries"]["wrap_up"]
        assert summary["summary"]["need"].startswith("家里的宽带")
        assert summary["summary"]["result"] == "未解决"
        (call,) = (await client.get(f"/api/customers/{CUSTOMER.id}/calls")).json()["calls"]
        assert (call["call"], call["outcome"], call["guides"]) == ("c1", "uncovered", [])
        assert (await client.get("/api/calls/none/summary")).status_code == 404


def test_the_command_line_works_on_the_same_queue(store: Store, tmp_path: Path) -> None:
    def assist(*words: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("assist")), "--data", str(tmp_path), *words],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(assist("backstop", "list", "--json"))["count"] == 1
    assist("backstop", "claim", "c1", "--by", "bo")
    text = assist("backstop", "resolve", "c1", "重置端口", "--by", "bo")
    assert "resolved  重置端口" in text and "bo claim" in text
    draft = tmp_path / "drafts.jsonl"
    assert "1 drafts added" in assist("backstop", "notes", "--draft", str(draft))
    row = json.loads(draft.read_text("utf-8"))
    assert row["status"] == "draft" and row["text"].startswith("家里的宽带")
    assert "Nothing new" in assist("backstop", "notes", "--draft", str(draft))
