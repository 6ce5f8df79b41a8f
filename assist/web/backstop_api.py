"""The JSON API of the backstop queue: list, one with its context, and moves."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.errors import AssistError
from assist.tables.backstop import MOST_ROWS, Move, State
from assist.web.house import house_of
from assist.web.pages import prefix_of
from assist.web.people import person_of


class FindBackstop(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0)


class MoveBackstop(BaseModel):
    """`text` is what resolved it, or why it goes back; `guide` the one that should have led."""

    model_config = ConfigDict(extra="forbid")

    move: Move
    text: str = Field(default="", max_length=4_000)
    guide: str = ""


async def items(request: Request) -> JSONResponse:
    asked = FindBackstop.model_validate(dict(request.query_params))
    states: tuple[State, ...] = (asked.state,) if asked.state else ("open", "claimed")
    house = house_of(request)
    table = house.store.backstop
    found, count = table.list(states, asked.limit, asked.offset)
    page = [item.model_dump(mode="json") for item in found]
    told = {"calls": page, "count": count, "offset": asked.offset}
    return JSONResponse(
        told | {"counts": table.counts(house.now()), "now": house.now().isoformat()}
    )


async def item(request: Request) -> JSONResponse:
    return JSONResponse(_shown(request, request.path_params["call"]))


async def move(request: Request) -> JSONResponse:
    house, call = house_of(request), request.path_params["call"]
    asked = MoveBackstop.model_validate_json(await request.body() or b"{}")
    table, owner = house.store.backstop, ""
    guide = asked.guide or table.get(call).guide
    if asked.move == "resolve" and guide:
        known = house.book.guides.get(guide)
        if known is None and asked.guide:
            raise AssistError(
                "There is no such guide.", "GET /api/guides lists them.", code="guide"
            )
        owner = known.owner if known else ""
    table.move(call, asked.move, person_of(request).login, house.now(), asked.text, guide, owner)
    return JSONResponse(_shown(request, call))


async def notes(request: Request) -> JSONResponse:
    found = house_of(request).store.backstop.notes(request.query_params.get("owner", ""))
    return JSONResponse({"notes": [item.model_dump(mode="json") for item in found]})


ROUTES = (
    Route("/api/backstop", items),
    Route("/api/backstop/notes", notes),
    Route("/api/backstop/calls/{call}", item),
    Route("/api/backstop/calls/{call}/moves", move, methods=["POST"]),
)


def _shown(request: Request, call: str) -> dict[str, Any]:
    """The call with who did what, and where its full context is."""
    table, root = house_of(request).store.backstop, prefix_of(request.scope)
    return {
        "call": table.get(call).model_dump(mode="json"),
        "history": [entry.model_dump(mode="json") for entry in table.history(call)],
        "links": {"panel": f"{root}/panel?call={call}", "events": f"{root}/api/calls/{call}/events"}
        | {"summary": f"{root}/api/calls/{call}/summary"},
    }
