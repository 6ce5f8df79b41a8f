"""The JSON API of tickets: list, one with its history, and moves."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assist.accounts.model import Person
from assist.errors import NotAllowed
from assist.events import Priority
from assist.tables.tickets import MOST_ROWS, Wanted
from assist.tickets import OPEN_STATES, Level, Move, State, Ticket, allowed
from assist.web.house import House, house_of
from assist.web.people import person_of


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

    move: Move


OF_AGENTS = ("append", "confirm")
"""What an agent may do with a ticket of a call of theirs."""
_MOVE_TICKET: TypeAdapter[MoveTicket] = TypeAdapter(MoveTicket)


async def tickets(request: Request) -> JSONResponse:
    house = house_of(request)
    asked = FindTickets.model_validate(dict(request.query_params))
    names = ("type", "level", "unit", "priority", "customer", "call")
    wanted = Wanted(
        states=asked.state,
        over_at=house.now() if asked.overdue else None,
        agent=_only_of(person_of(request)),
        **{name: getattr(asked, name) for name in names},
    )
    found, count = house.store.tickets.list(wanted, asked.limit, asked.offset)
    page = [ticket.model_dump(mode="json") for ticket in found]
    told = {"tickets": page, "count": count, "offset": asked.offset}
    return JSONResponse(told | {"now": house.now().isoformat()})


async def choices(request: Request) -> JSONResponse:
    """What tickets can be chosen by: types by id, and the units that have open ones."""
    house = house_of(request)
    types = {each.id: each.title for each in house.book.tickets.values()}
    return JSONResponse({"types": types, "units": house.store.tickets.units()})


async def ticket(request: Request) -> JSONResponse:
    return JSONResponse(
        _shown(house_of(request), request.path_params["number"], person_of(request))
    )


async def move(request: Request) -> JSONResponse:
    house, number = house_of(request), request.path_params["number"]
    asked, person = _MOVE_TICKET.validate_json(await request.body() or b"{}"), person_of(request)
    _check_sees(house, person, house.store.tickets.get(number))
    if _only_of(person) and asked.move.kind not in OF_AGENTS:
        raise NotAllowed(
            "An agent adds to a ticket and confirms recovery; the rest is a supervisor's.",
            "Add a note, or ask a supervisor.",
            code="not_allowed.move",
        )
    house.store.tickets.move(number, asked.move, person.login, house.now())
    return JSONResponse(_shown(house, number, person))


ROUTES = (
    Route("/api/tickets", tickets),
    Route("/api/ticket-choices", choices),
    Route("/api/tickets/{number}", ticket),
    Route("/api/tickets/{number}/moves", move, methods=["POST"]),
)


def _only_of(person: Person) -> str:
    """The agent whose tickets alone this person sees; empty for who sees all."""
    sees_all = person.machine or person.is_any("elite", "supervisor", "admin")
    return "" if sees_all else person.login


def _check_sees(house: House, person: Person, ticket: Ticket) -> None:
    """Raises NotAllowed for the ticket of another agent's call."""
    if (agent := _only_of(person)) and house.store.call(ticket.call)["agent"] != agent:
        raise NotAllowed(
            "This ticket is of another agent's call.",
            "Open one of your own; a supervisor sees all tickets.",
            code="not_allowed.ticket",
        )


def _shown(house: House, number: str, person: Person) -> dict[str, Any]:
    """The ticket, what this person may do with it now, and what was done."""
    found = house.store.tickets.get(number)
    _check_sees(house, person, found)
    can = [row for row in allowed(found.state) if not _only_of(person) or row in OF_AGENTS]
    entries = [
        entry.model_dump(mode="json", exclude={"ticket"})
        for entry in house.store.tickets.history(number)
    ]
    type_ = house.book.tickets.get(found.type)
    labels = {name: field.label for name, field in type_.fields.items()} if type_ else {}
    return {
        "ticket": found.model_dump(mode="json"),
        "labels": labels,
        "allowed": can,
        "history": entries,
        "now": house.now().isoformat(),
    }


def _states(value: object) -> object:
    if value == "open":
        return OPEN_STATES
    return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value
