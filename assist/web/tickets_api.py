"""The JSON API of tickets: list, one with its history, and moves."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.events import Priority
from assist.tables.tickets import MOST_ROWS, Wanted
from assist.tickets import OPEN_STATES, Level, Move, State, allowed
from assist.web.house import House


class FindTickets(BaseModel):
    """What `GET /api/tickets` may be asked; states are comma-separated, `open` means all of them
    but closed."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[tuple[State, ...], BeforeValidator(lambda v: _states(v))] = ()
    type: str = ""
    level: Level | str = ""
    unit: str = ""
    priority: Priority | str = ""
    customer: str = ""
    call: str = ""
    overdue: bool = False
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0)


class MoveTicket(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    move: Move


_MOVE_TICKET: TypeAdapter[MoveTicket] = TypeAdapter(MoveTicket)


async def tickets(request: Request) -> JSONResponse:
    house = _house(request)
    asked = FindTickets.model_validate(dict(request.query_params))
    names = ("type", "level", "unit", "priority", "customer", "call")
    wanted = Wanted(
        states=asked.state,
        over_at=house.now() if asked.overdue else None,
        **{name: getattr(asked, name) for name in names},
    )
    found, count = house.store.tickets.list(wanted, asked.limit, asked.offset)
    page = [ticket.model_dump(mode="json") for ticket in found]
    return JSONResponse({"tickets": page, "count": count, "offset": asked.offset})


async def ticket(request: Request) -> JSONResponse:
    return JSONResponse(_shown(_house(request), request.path_params["number"]))


async def move(request: Request) -> JSONResponse:
    house, number = _house(request), request.path_params["number"]
    asked = _MOVE_TICKET.validate_json(await request.body() or b"{}")
    house.store.tickets.move(number, asked.move, asked.by, house.now())
    return JSONResponse(_shown(house, number))


ROUTES = (
    Route("/api/tickets", tickets),
    Route("/api/tickets/{number}", ticket),
    Route("/api/tickets/{number}/moves", move, methods=["POST"]),
)


def _shown(house: House, number: str) -> dict[str, Any]:
    """The ticket, what may be done with it now, and what was."""
    found = house.store.tickets.get(number)
    entries = [
        entry.model_dump(mode="json", exclude={"ticket"})
        for entry in house.store.tickets.history(number)
    ]
    return {
        "ticket": found.model_dump(mode="json"),
        "allowed": allowed(found.state),
        "history": entries,
    }


def _states(value: object) -> object:
    if value == "open":
        return OPEN_STATES
    return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value


def _house(request: Request) -> House:
    return request.app.state.house
