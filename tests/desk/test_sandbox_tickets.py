"""Tickets: one a key whatever happens, kept as given, never lost."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from assist.desk.sandbox import create_app
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.rows import TicketRow
from assist.errors import StoreError

from .conftest import NOW, Serve

ASK = {
    "type": "broadband.repair",
    "title": "宽带上不了网",
    "fields": {"phone": "15403726618", "fault": "LOS  红灯\n闪", "empty": ""},
}


async def post(web: httpx.AsyncClient, key: str, ask: Any = ASK) -> httpx.Response:
    return await web.post("/tickets", json=ask, headers={"Idempotency-Key": key})


async def test_a_ticket_is_filed_and_kept_as_given(web: httpx.AsyncClient) -> None:
    response = await post(web, "call-1:dispatch")
    ticket = response.json()
    assert response.status_code == 201
    assert re.fullmatch(r"GD20261105-\d{6}", ticket["number"])
    assert ticket["fields"] == ASK["fields"]
    assert (ticket["customer"], ticket["status"]) == ("C1001", "dispatched")
    assert ticket["created_at"] == NOW.isoformat()
    assert (await web.get(f"/tickets/{ticket['number']}")).json() == ticket
    assert (await web.get("/tickets", params={"customer": "C1001"})).json()["tickets"] == [ticket]
    customer = (await web.get("/customers/C1001")).json()
    assert [t["number"] for t in customer["open_tickets"]] == [ticket["number"]]


async def test_the_same_key_gives_the_same_ticket(web: httpx.AsyncClient) -> None:
    first = await post(web, "k")
    turned = {**ASK, "fields": dict(reversed(list(ASK["fields"].items())))}
    again = await post(web, "k", turned)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    other = await post(web, "k", {**ASK, "title": "something else"})
    assert other.status_code == 409
    assert first.json()["number"] in other.json()["message"]
    assert (await post(web, "k2")).json()["number"] != first.json()["number"]


async def test_one_key_filed_at_once_by_two_servers_gives_one_ticket(
    serve: Serve, database: Path
) -> None:
    apps = [create_app(database, clock=lambda: NOW) for _ in range(2)]
    async with (
        httpx.AsyncClient(base_url=await serve(apps[0]), trust_env=False) as one,
        httpx.AsyncClient(base_url=await serve(apps[1]), trust_env=False) as two,
    ):
        replies = await asyncio.gather(*(post(web, "same") for web in [one, two] * 20))
        assert {r.json()["number"] for r in replies} == {replies[0].json()["number"]}
        assert sorted(r.status_code for r in replies) == [200] * 39 + [201]
        mixed = await asyncio.gather(*(post(w, f"k{i}") for i, w in enumerate([one, two] * 20)))
        assert len({r.json()["number"] for r in mixed}) == 40


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ({**ASK, "type": "Broadband Repair"}, "type"),
        ({**ASK, "title": ""}, "title"),
        ({**ASK, "fields": {"phone": 154}}, "fields.phone"),
        ({**ASK, "fields": "none"}, "fields"),
        ({**ASK, "priority": "high"}, "priority"),
        ({**ASK, "customer": "C9999"}, "customer"),
        ([], "body"),
        ("text", "body"),
    ],
)
async def test_what_does_not_fit_is_refused(web: httpx.AsyncClient, ask: Any, says: str) -> None:
    response = await post(web, "bad", ask)
    assert response.status_code == 422
    assert set(response.json()) == {"code", "message", "remedy"}
    assert says in response.json()["message"]
    assert (await post(web, "bad")).status_code == 201, "a refusal does not use the key up"


async def test_without_a_key_or_with_broken_json_nothing_is_filed(web: httpx.AsyncClient) -> None:
    keyless = await web.post("/tickets", json=ASK)
    assert (keyless.status_code, keyless.json()["code"]) == (422, "ticket.key_missing")
    assert (await post(web, "x" * 201)).status_code == 422
    head = {"Idempotency-Key": "j"}
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b""):
        assert (await web.post("/tickets", content=body, headers=head)).status_code == 422
    large = await web.post("/tickets", content=b" " * 300_000, headers=head)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert (await web.get("/tickets", params={"customer": "C1001"})).json() == {"tickets": []}


async def test_the_account_tells_more_than_the_phone(web: httpx.AsyncClient) -> None:
    ask = {**ASK, "fields": {"callback": "15403726618", "circuit": "7701258813"}}
    assert (await post(web, "a", ask)).json()["customer"] == "C1003"
    stranger = {**ASK, "fields": {"reading": "10326", "phone": "13900000000"}}
    assert (await post(web, "b", stranger)).json()["customer"] == ""


async def test_unknown_ticket_and_unknown_customer(web: httpx.AsyncClient) -> None:
    assert (await web.get("/tickets/GD20260101-000001")).status_code == 404
    assert (await web.get("/tickets", params={"customer": "C9999"})).status_code == 404


async def test_unknown_places_and_methods_are_problems_too(web: httpx.AsyncClient) -> None:
    for response in (await web.get("/nothing"), await web.delete("/tickets")):
        assert response.status_code in (404, 405)
        assert set(response.json()) == {"code", "message", "remedy"}


async def test_tickets_outlive_a_restart_and_a_new_seed(
    serve: Serve, database: Path, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(
        base_url=await serve(create_app(database, clock=lambda: NOW)), trust_env=False
    ) as web:
        number = (await post(web, "keep")).json()["number"]
    seed = tmp_path / "seed"
    seed.mkdir()
    (seed / "one.yaml").write_text(
        "cities: [{id: c, zh: 城, en: City}]\n"
        "customers: [{id: X1, name: 新, surname: 新, title: 先生, phone: '14200000001', "
        "city: c, area: 东}]\n",
        "utf-8",
    )
    records = Records(database, lambda: NOW, seed)
    kept = records.one(TicketRow, key="keep")
    assert kept and kept.number == number
    assert [c.id for c in records.customers_known_as("14200000001")] == ["X1"]
    assert records.customers_known_as("15403726618") == [], "the old records are gone"
    records.close()


def test_a_broken_seed_names_the_file(tmp_path: Path) -> None:
    for text in ("customers: [{id: 1}]", "customers: [", "strangers: []", "- 1"):
        seed = tmp_path / "seed"
        seed.mkdir(exist_ok=True)
        (seed / "bad.yaml").write_text(text, "utf-8")
        with pytest.raises(StoreError, match=r"bad\.yaml"):
            Records(tmp_path / "x.db", lambda: NOW, seed)


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    file.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match=r"desk\.db"):
        create_app(file)
