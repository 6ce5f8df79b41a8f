"""`assist tickets`: tickets that calls filed, and moving them on."""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assist.cli.calls import open_store
from assist.errors import TicketRefused, first_problem
from assist.store import Store
from assist.tables.tickets import Wanted
from assist.tickets import MOVE, OPEN_STATES, Entry, State, Ticket, allowed
from assist.wiring.parts import local_now

app = typer.Typer(help="Tickets that calls filed: list them, look into one, move it on.")

_By = Annotated[str, typer.Option(help="Who does it; default: the account's name.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
_Why = Annotated[str, typer.Option(help="Why; kept in the history.")]
_Number = Annotated[str, typer.Argument(metavar="TICKET")]


@app.command("list")
def list_tickets(
    state: Annotated[
        str, typer.Option(help="States, comma-separated; `open` is all but closed.")
    ] = "",
    type: Annotated[str, typer.Option(help="Ticket type.")] = "",
    level: Annotated[str, typer.Option(help="group, province or city.")] = "",
    unit: Annotated[str, typer.Option(help="Who has it.")] = "",
    priority: Annotated[str, typer.Option(help="low, normal, high or urgent.")] = "",
    customer: Annotated[str, typer.Option(help="Customer id.")] = "",
    limit: Annotated[int, typer.Option(help="At most this many, newest first.")] = 50,
    offset: Annotated[int, typer.Option(help="Leave out so many.")] = 0,
    as_json: _Json = False,
) -> None:
    """Show tickets, newest first."""
    wanted = Wanted(
        states=_states(state),
        type=type,
        level=level,
        unit=unit,
        priority=priority,
        customer=customer,
    )
    _print_list(open_store(), wanted, limit, offset, as_json, "No such tickets.")


@app.command()
def overdue(
    limit: Annotated[int, typer.Option(help="At most this many, the most overdue first.")] = 50,
    as_json: _Json = False,
) -> None:
    """Show open tickets that are past their deadline, the most overdue first."""
    wanted = Wanted(over_at=local_now())
    _print_list(open_store(), wanted, limit, 0, as_json, "Nothing is past its deadline.")


@app.command()
def show(number: _Number, as_json: _Json = False) -> None:
    """Show a ticket with its history and what may be done with it now."""
    store = open_store()
    _print_one(store.tickets.get(number), store.tickets.history(number), as_json)


@app.command()
def dispatch(
    number: _Number,
    level: Annotated[str, typer.Option(help="group, province or city: one level at a time.")],
    unit: Annotated[str, typer.Option(help="Who gets it.")],
    why: _Why = "",
    by: _By = "",
    as_json: _Json = False,
) -> None:
    """Give it to a unit of the group, of a province or of a city."""
    _move(number, {"kind": "dispatch", "level": level, "unit": unit, "why": why}, by, as_json)


@app.command()
def append(number: _Number, text: str, by: _By = "", as_json: _Json = False) -> None:
    """Append to its description."""
    _move(number, {"kind": "append", "text": text}, by, as_json)


@app.command()
def confirm(number: _Number, why: _Why = "", by: _By = "", as_json: _Json = False) -> None:
    """The customer confirms that it works again."""
    _move(number, {"kind": "confirm", "why": why}, by, as_json)


@app.command()
def suspend(
    number: _Number,
    until: Annotated[str, typer.Option(help="YYYY-MM-DD or YYYY-MM-DDTHH:MM, local time.")],
    why: Annotated[str, typer.Option(help="Why work cannot go on; kept in the history.")],
    by: _By = "",
    as_json: _Json = False,
) -> None:
    """Ask for a suspension; a review decides on it."""
    _move(number, {"kind": "suspend", "until": _moment(until), "why": why}, by, as_json)


@app.command()
def review(
    number: _Number,
    passed: Annotated[bool, typer.Option("--passed/--rejected", help="How it was decided.")],
    why: _Why = "",
    by: _By = "",
    as_json: _Json = False,
) -> None:
    """Decide on a suspension; only one that passed moves the deadline."""
    _move(number, {"kind": "review", "passed": passed, "why": why}, by, as_json)


@app.command()
def resume(number: _Number, why: _Why = "", by: _By = "", as_json: _Json = False) -> None:
    """Work goes on after a suspension."""
    _move(number, {"kind": "resume", "why": why}, by, as_json)


@app.command()
def close(
    number: _Number,
    result: Annotated[str, typer.Option(help="solved, unsolved, withdrawn or duplicate.")],
    why: _Why = "",
    by: _By = "",
    as_json: _Json = False,
) -> None:
    """Close it; `solved` needs the customer's confirmation first."""
    _move(number, {"kind": "close", "result": result, "why": why}, by, as_json)


def _move(number: str, asked: dict[str, Any], by: str, as_json: bool) -> None:
    try:
        move = MOVE.validate_python(asked)
    except ValidationError as error:
        raise TicketRefused(
            f"That is no move: {first_problem(error, 'move')}.",
            f"See `assist tickets {asked['kind']} --help`.",
            code="ticket.move",
        ) from error
    store = open_store()
    ticket = store.tickets.move(number, move, by or getpass.getuser(), local_now())
    _print_one(ticket, store.tickets.history(number), as_json)


def _states(text: str) -> tuple[State, ...]:
    if text == "open":
        return OPEN_STATES
    known: tuple[State, ...] = (*OPEN_STATES, "closed")
    asked = [part.strip() for part in text.split(",") if part.strip()]
    if unknown := [part for part in asked if part not in known]:
        raise typer.BadParameter(f"no state {', '.join(unknown)}; there are {', '.join(known)}")
    return tuple(state for state in known if state in asked)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no moment; write 2026-11-05T18:00") from error


def _print_list(
    store: Store, wanted: Wanted, limit: int, offset: int, as_json: bool, none: str
) -> None:
    found, count = store.tickets.list(wanted, limit, offset)
    if as_json:
        rows = [ticket.model_dump(mode="json") for ticket in found]
        print(json.dumps({"tickets": rows, "count": count}, ensure_ascii=False))
        return
    if not found:
        print(none)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("ticket", "type", "state", "priority", "with", "filed", "due"):
        table.add_column(column, no_wrap=True)
    now = local_now()
    for ticket in found:
        table.add_row(
            ticket.number,
            ticket.type,
            ticket.state,
            ticket.priority,
            escape(_place(ticket)),
            _when(ticket.filed_at),
            _due(ticket, now),
        )
    console = Console()
    console.print(table)
    if count > len(found):
        console.print(f"{len(found)} of {count}", style="dim")


def _print_one(ticket: Ticket, history: list[Entry], as_json: bool) -> None:
    can = allowed(ticket.state)
    if as_json:
        shown = {
            "ticket": ticket.model_dump(mode="json"),
            "allowed": can,
            "history": [entry.model_dump(mode="json") for entry in history],
        }
        print(json.dumps(shown, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    console.print(f"[bold]{ticket.number}[/bold]  {escape(ticket.title)} ({ticket.type})")
    result = f", {ticket.result}" if ticket.result else ""
    console.print(
        f"{ticket.state}{result}, {ticket.priority}, with {escape(_place(ticket))}, "
        f"due {_due(ticket, local_now())}"
    )
    for name, value in ticket.fields.items():
        if value:
            console.print(f"  {escape(name)}: {escape(value)}", highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in ("when", "who", "what", "why"):
        table.add_column(column)
    for entry in history:
        table.add_row(
            _when(entry.at), escape(entry.by), escape(_what(entry)), escape(_why_of(entry))
        )
    console.print(table)
    console.print(f"Allowed now: {', '.join(can) or 'nothing, it is closed'}", style="dim")


def _what(entry: Entry) -> str:
    told = entry.move.model_dump(exclude={"kind", "why", "fields", "call", "key"})
    match entry.move.kind:
        case "file":
            return f"filed, {told['deadline_h']:g} h"
        case "dispatch":
            return f"dispatched to {told['level']} {told['unit']}"
        case "append":
            return f"appended: {told['text']}"
        case "suspend":
            return f"suspension until {_when(told['until'])} asked for"
        case "review":
            return f"suspension {'passed' if told['passed'] else 'rejected'}"
        case "close":
            return f"closed, {told['result']}"
    return {"confirm": "recovery confirmed", "resume": "resumed"}[entry.move.kind]


def _why_of(entry: Entry) -> str:
    return getattr(entry.move, "why", "")


def _place(ticket: Ticket) -> str:
    return f"{ticket.level} {ticket.unit}".strip()


def _when(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _due(ticket: Ticket, now: datetime) -> str:
    late = ticket.due_at < now and ticket.state not in ("closed", "suspended")
    return f"[red]{_when(ticket.due_at)}[/red]" if late else _when(ticket.due_at)
