"""Notes to tickets and a customer's open tickets, over real HTTP; which refusals are final."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assist.desk import HttpDesk
from assist.errors import DeskDown, DeskError, DeskRefused

from .conftest import Serve

KIND = "broadband.repair"


async def test_open_tickets_are_those_that_are_not_closed(desk: HttpDesk, database: Path) -> None:
    customer = await desk.find_customer("15446071893")
    assert customer
    known = await desk.open_tickets(customer.id)
    assert known == customer.open_tickets and known
    with sqlite3.connect(database) as db:
        db.execute("UPDATE tickets SET status = 'closed' WHERE number = ?", [known[0].number])
    assert known[0] not in await desk.open_tickets(customer.id)
    with pytest.raises(DeskRefused):
        await desk.open_tickets("nobody")


async def test_a_note_is_appended_once_a_key(desk: HttpDesk, database: Path) -> None:
    filed = await desk.file_ticket("k", KIND, "报修", {"phone": "15403726618"})
    note = ("k2", filed.number, "灯: 红灯", {"box": "红灯"})
    answers = await asyncio.gather(*(desk.append_note(*note) for _ in range(10)))
    assert set(answers) == {filed}
    with sqlite3.connect(database) as db:
        assert db.execute("SELECT ticket, text FROM notes").fetchall() == [
            (filed.number, "灯: 红灯")
        ]
    with pytest.raises(DeskRefused, match="something else"):
        await desk.append_note("k2", filed.number, "灯: 绿灯", {})


async def test_what_takes_no_note_says_why(desk: HttpDesk, database: Path) -> None:
    filed = await desk.file_ticket("k", KIND, "报修", {"phone": "15403726618"})
    with sqlite3.connect(database) as db:
        db.execute("UPDATE tickets SET status = 'closed' WHERE number = ?", [filed.number])
    with pytest.raises(DeskRefused, match="closed already") as closed:
        await desk.append_note("n", filed.number, "x", {})
    assert closed.value.code == "desk.ticket.closed" and closed.value.remedy
    with pytest.raises(DeskRefused, match="No such ticket"):
        await desk.append_note("n", "GD19990101-000001", "x", {})
    with pytest.raises(DeskRefused, match="text"):
        await desk.append_note("n", filed.number, "", {})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (JSONResponse({"message": "no such number"}, 422), DeskRefused),
        (PlainTextResponse("please sign in", 403), DeskError),
        (JSONResponse({"message": "failure"}, 500), DeskError),
        (JSONResponse({"message": "later"}, 503), DeskDown),
    ],
)
async def test_only_a_reasoned_no_is_final(
    serve: Serve, answer: Response, kind: type[DeskError]
) -> None:
    async def say(request: Request) -> Response:
        return answer

    app = Starlette(routes=[Route("/{rest:path}", say, methods=["POST"])])
    desk = HttpDesk(await serve(app), {}, 3)
    with pytest.raises(DeskError) as caught:
        await desk.file_ticket("k", "t", "t", {})
    assert type(caught.value) is kind
    await desk.aclose()
