"""The supervisor's wall: pages, the socket of live calls, figures, and alerts."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from assist.errors import AssistError
from assist.insight.board import Rows, changes
from assist.insight.funnel import funnels
from assist.web.house import House, house_of
from assist.web.pages import page
from assist.web.people import person_of
from assist.web.wall import EVERY_S, Wall


async def rows(request: Request) -> JSONResponse:
    wall = _wall(request)
    return JSONResponse({"now": _now(request), "calls": [*wall.rows().values()]})


async def topics(request: Request) -> JSONResponse:
    """Scenarios today; `guides` names those whose calls there are."""
    house = house_of(request)
    found = [asdict(topic) for topic in _wall(request).topics()]
    titles = {guide.id: guide.title for guide in house.book.guides.values()}
    return JSONResponse({"topics": [t | {"title": titles.get(t["guide"], "")} for t in found]})


async def funnel(request: Request) -> JSONResponse:
    house, guide = house_of(request), request.path_params["guide"]
    if guide not in house.book.guides:
        raise AssistError("There is no such guide.", "GET /api/guides lists them.", code="guide")
    found = funnels(guide, house.store.figures.walks(guide))
    now = house.book.guides[guide].hash
    editions = [asdict(each) | {"in_use": each.hash == now} for each in found]
    return JSONResponse({"guide": guide, "editions": editions})


async def uncovered(request: Request) -> JSONResponse:
    """What callers asked today that no guide helped with, the most frequent first."""
    found = await _wall(request).uncovered()
    return JSONResponse({"needs": [asdict(need) for need in found]})


async def alerts(request: Request) -> JSONResponse:
    return JSONResponse({"alerts": _alerts(house_of(request))})


async def acknowledge(request: Request) -> JSONResponse:
    house, person = house_of(request), person_of(request)
    table = house.store.alerts
    asked = request.path_params["alert"]
    number = int(asked) if asked.isdecimal() else 0
    alert = table.acknowledge(number, person.login, house.now())
    _wall(request).alerts_version += 1
    return JSONResponse({"alert": alert.model_dump(mode="json")})


async def live(socket: WebSocket) -> None:
    """All rows once, then what changes; alerts once, then whenever one of them does."""
    await socket.accept()
    sending = asyncio.create_task(_send(socket))
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _send(socket: WebSocket) -> None:
    wall, house = _wall(socket), house_of(socket)
    told: Rows | None = None
    version = -1
    while True:
        now = wall.rows()
        message: dict[str, Any] = changes(told or {}, now)
        if told is None:
            message = {"changed": [], "first": True, **message}
        if version != wall.alerts_version:
            version = wall.alerts_version
            message["alerts"] = _alerts(house)
        told = now
        if message:
            await socket.send_json({"now": _now(socket), **message})
        await asyncio.sleep(EVERY_S)


ROUTES = (
    Route("/wall", page("wall.html")),
    Route("/backstop", page("backstop.html")),
    Route("/tickets", page("tickets.html")),
    Route("/tickets/{number}", page("tickets.html")),
    Route("/api/wall", rows),
    Route("/api/wall/topics", topics),
    Route("/api/wall/uncovered", uncovered),
    Route("/api/wall/funnels/{guide}", funnel),
    Route("/api/alerts", alerts),
    Route("/api/alerts/{alert}/acknowledge", acknowledge, methods=["POST"]),
    WebSocketRoute("/v1/wall", live),
)


def _alerts(house: House) -> list[dict[str, Any]]:
    return [alert.model_dump(mode="json") for alert in house.store.alerts.open()]


def _now(connection: HTTPConnection) -> str:
    return _wall(connection).now().isoformat(timespec="milliseconds")


def _wall(connection: HTTPConnection) -> Wall:
    return connection.app.state.wall
