"""The desk over real HTTP: a good back office, a dead, a slow, a busy and a mad one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assist.desk import HttpDesk, load_connectors
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.rows import TicketRow
from assist.errors import DeskDown, DeskError
from assist.ports import Desk

from .conftest import CONNECTORS, NOW, Serve, running

Handler = Callable[[Request], Awaitable[Response]]


def app_that(handler: Handler) -> Starlette:
    return Starlette(routes=[Route("/{rest:path}", handler, methods=["GET", "POST"])])


def desk_at(address: str, timeout_s: float = 1) -> HttpDesk:
    return HttpDesk(address, load_connectors(CONNECTORS), timeout_s)


async def every_question(desk: Desk) -> list[DeskError]:
    """What each of the three questions raises."""
    troubles = []
    for question in (
        desk.find_customer("15403726618"),
        desk.diagnose("broadband.line", {"account": "6001037266"}, 1),
        desk.file_ticket("k", "broadband.repair", "t", {"phone": "15403726618"}),
    ):
        with pytest.raises(DeskError) as caught:
            await question
        troubles.append(caught.value)
    return troubles


async def test_a_caller_is_found(desk: HttpDesk) -> None:
    customer = await desk.find_customer("+86 154 0372 6618")
    assert customer is not None
    assert (customer.name, customer.title) == ("刘建国", "先生")
    assert customer.broadband_account == "6001037266"
    assert "broadband_alarm" in customer.tags
    assert await desk.find_customer("13900000000") is None
    assert await desk.find_customer("") is None
    assert await desk.find_customer("anonymous") is None


async def test_open_tickets_come_with_the_customer(desk: HttpDesk) -> None:
    customer = await desk.find_customer("15446071893")
    assert customer is not None
    assert [t.type for t in customer.open_tickets] == ["broadband.repair"]


async def test_a_number_of_two_customers_is_nobodys(serve: Serve) -> None:
    async def two(request: Request) -> Response:
        people = [{"id": "1", "name": "A", "phone": "1"}, {"id": "2", "name": "B", "phone": "2"}]
        return JSONResponse({"customers": people})

    desk = desk_at(await serve(app_that(two)))
    assert await desk.find_customer("777") is None
    own = await desk.find_customer("2")
    assert own is not None and own.name == "B"
    await desk.aclose()


@pytest.mark.parametrize(
    ("connector", "args", "expected"),
    [
        ("broadband.line", {"account": "6001037266"}, {"los": True, "optical_dbm": None}),
        ("line.circuit", {"circuit_id": "7701 2588 13"}, {"fault": "access_fibre_cut"}),
        ("bill.unexpected", {"phone": "14255873046"}, {"top_amount_yuan": 25}),
        ("bill.unexpected", {"phone": "14255873046", "month": "2026-08"}, {"extra_yuan": 0}),
        ("power.usage", {"account": "3302187594", "month": ""}, {"usage_kwh": 710}),
        ("plan.fit", {"phone": "14377058219"}, {"recommended_price_yuan": 79, "data_gb": 60}),
        ("field.appointments", {"city": "云川"}, {"today_full": True}),
        ("broadband.speed", {"account": "6001102366"}, {"cause": "wifi_weak", "speed_ok": True}),
        ("mobile.account", {"phone": "14339608124"}, {"state": "owed", "owed_yuan": 86.4}),
        ("mobile.roaming", {"phone": "14320457716"}, {"pack_used_up": True}),
        ("mobile.sim", {"phone": "14269915347"}, {"state": "suspended"}),
        ("cloud.host", {"instance": "203.0.113.47"}, {"fault": "disk_full"}),
        ("power.supply", {"account": "3302459920"}, {"cause": "arrears", "owed_yuan": 212.6}),
        ("wallet.payments", {"phone": "14288031956"}, {"pattern": "new_device", "count": 2}),
        ("wallet.refund", {"phone": "14377058219"}, {"overdue": True, "stage": "submitted"}),
    ],
)
async def test_every_connector_is_answered(
    desk: HttpDesk, connector: str, args: dict[str, str], expected: dict[str, Any]
) -> None:
    done = await desk.diagnose(connector, args, 3)
    assert expected.items() <= done.result.items()
    assert done.summary == done.result["conclusion_zh"] != ""
    english = await desk.diagnose(connector, {**args, "lang": "en"}, 3)
    assert english.summary == english.result["conclusion_en"] != done.summary


async def test_a_refusal_carries_what_the_back_office_said(desk: HttpDesk) -> None:
    with pytest.raises(DeskError) as caught:
        await desk.diagnose("broadband.line", {"account": "0"}, 3)
    assert not isinstance(caught.value, DeskDown)
    assert caught.value.code == "desk.broadband_line.unknown"
    assert desk.base_url in caught.value.message and "404" in caught.value.message
    assert "registered phone" in caught.value.remedy


async def test_an_unknown_connector_names_those_there_are(desk: HttpDesk) -> None:
    with pytest.raises(DeskError, match=r"broadband\.lime") as caught:
        await desk.diagnose("broadband.lime", {}, 3)
    assert "broadband.line" in caught.value.remedy


async def test_filing_again_and_at_once_gives_one_ticket(desk: HttpDesk, database: Path) -> None:
    ask = ("通话7:dispatch", "broadband.repair", "宽带上不了网", {"phone": "15403726618"})
    filed = await asyncio.gather(*(desk.file_ticket(*ask) for _ in range(25)))
    assert len(set(filed)) == 1
    assert filed[0].status == "dispatched"
    records = Records(database, lambda: NOW)
    assert len(records.find(TicketRow, "type = ? and key not like 'seed:%'", [ask[1]])) == 1
    records.close()
    with pytest.raises(DeskError, match="other content"):
        await desk.file_ticket(ask[0], ask[1], ask[2], {"phone": "other"})


async def test_a_dead_back_office_is_down_at_once(dead_address: str) -> None:
    desk = desk_at(dead_address, timeout_s=5)
    started = time.monotonic()
    for trouble in await every_question(desk):
        assert isinstance(trouble, DeskDown)
        assert dead_address in trouble.message and "desk_url" in trouble.remedy
        assert "15403726618" not in str(trouble), "no caller's number in a message"
    assert time.monotonic() - started < 5
    await desk.aclose()


async def test_a_slow_back_office_is_down_within_the_timeout(serve: Serve) -> None:
    async def slow(request: Request) -> Response:
        await asyncio.sleep(3)
        return JSONResponse({})

    desk = desk_at(await serve(app_that(slow)), timeout_s=0.3)
    for ask in (
        desk.find_customer("1"),
        desk.diagnose("plan.fit", {"phone": "1"}, 0.3),
        desk.file_ticket("k", "t", "t", {}),
    ):
        started = time.monotonic()
        with pytest.raises(DeskDown, match=r"within 0\.3 s"):
            await ask
        assert time.monotonic() - started < 2
    await desk.aclose()


async def test_a_slow_drip_is_down_within_the_timeout(serve: Serve) -> None:
    async def drip(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(30):
                yield b" "
                await asyncio.sleep(0.1)

        return StreamingResponse(parts(), media_type="application/json")

    desk = desk_at(await serve(app_that(drip)), timeout_s=0.4)
    with pytest.raises(DeskDown):
        await desk.find_customer("1")
    await desk.aclose()


async def test_a_busy_back_office_is_asked_again(serve: Serve) -> None:
    seen: list[str] = []

    async def busy_once(request: Request) -> Response:
        seen.append(request.headers.get("Idempotency-Key", ""))
        if len(seen) % 2:
            return JSONResponse({}, 503)
        return JSONResponse({"customers": [], "number": "N1", "status": "dispatched"})

    desk = desk_at(await serve(app_that(busy_once)), timeout_s=3)
    assert await desk.find_customer("1") is None
    assert (await desk.file_ticket("key 1", "t", "t", {})).number == "N1"
    assert seen == ["", "", "key%201", "key%201"], "a retry carries the same key"
    await desk.aclose()


async def test_a_back_office_that_stays_busy_is_down(serve: Serve) -> None:
    asked = 0

    async def busy(request: Request) -> Response:
        nonlocal asked
        asked += 1
        return PlainTextResponse("try later", 503)

    desk = desk_at(await serve(app_that(busy)), timeout_s=5)
    with pytest.raises(DeskDown, match="503"):
        await desk.find_customer("1")
    assert asked == 3
    await desk.aclose()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>login</html>",
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'{"customers": [{"name": 7}], "number": null}',
        b'{"customers": "all", "number": 4}',
        b"[" * 50_000,
    ],
)
async def test_nonsense_is_named_as_such(serve: Serve, body: bytes) -> None:
    async def mad(request: Request) -> Response:
        return Response(body, media_type="application/json")

    desk = desk_at(await serve(app_that(mad)))
    for ask in (desk.find_customer("1"), desk.file_ticket("k", "t", "t", {})):
        with pytest.raises(DeskError) as caught:
            await ask
        assert caught.value.code == "desk.nonsense"
        assert desk.base_url in caught.value.message and caught.value.remedy
    if not body.startswith(b"{"):
        with pytest.raises(DeskError):
            await desk.diagnose("plan.fit", {"phone": "1"}, 1)
    await desk.aclose()


async def test_a_refusal_without_words_still_says_where(serve: Serve) -> None:
    async def no(request: Request) -> Response:
        return PlainTextResponse("no", 500)

    desk = desk_at(await serve(app_that(no)))
    for trouble in await every_question(desk):
        assert trouble.code == "desk.refused"
        assert "HTTP 500" in trouble.message and trouble.remedy
    await desk.aclose()


async def test_a_back_office_dying_between_questions_is_down() -> None:
    async def empty(request: Request) -> Response:
        return JSONResponse({"customers": []})

    async with running(app_that(empty)) as address:
        desk = desk_at(address)
        assert await desk.find_customer("1") is None
    with pytest.raises(DeskDown):
        await desk.find_customer("1")
    await desk.aclose()


@pytest.mark.parametrize("address", ["127.0.0.1:8711", "ftp://x", "http://", "http://[x"])
async def test_an_address_that_is_none_is_a_clear_trouble(address: str) -> None:
    with pytest.raises(DeskError) as caught:
        await desk_at(address).find_customer("1")
    assert address in caught.value.message and "desk_url" in caught.value.remedy


async def test_a_proxy_of_the_environment_is_not_used(
    sandbox: str, dead_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", dead_address)
    monkeypatch.setenv("ALL_PROXY", dead_address)
    desk = desk_at(sandbox)
    assert await desk.find_customer("15403726618") is not None
    await desk.aclose()
