"""`assist retention`: how long calls, tickets and the audit log are kept."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import ValidationError

from assist.cli.accounts import note, open_any_store
from assist.cli.calls import open_store
from assist.errors import StoreError, first_problem
from assist.tables.retention import CALLS_AT_ONCE, Going, Rules
from assist.wiring.parts import local_now

app = typer.Typer(help="How long what is kept is kept.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Show the days, and what a run would take away now."""
    table = open_any_store().retention
    for name, days in table.rules():
        print(f"{name.removesuffix('_days'):8} {f'{days} days' if days else 'kept for good'}")
    print(in_words(table.look(local_now()), "would go"))


@app.command("set")
def set_days(
    calls: Annotated[int | None, typer.Option(help="Days of calls; 0 keeps them.")] = None,
    tickets: Annotated[int | None, typer.Option(help="Days of closed tickets.")] = None,
    audit: Annotated[int | None, typer.Option(help="Days of the audit log.")] = None,
) -> None:
    """Set the days; what is not named stays as it is."""
    store = open_any_store()
    given = {"calls_days": calls, "tickets_days": tickets, "audit_days": audit}
    changes = {name: days for name, days in given.items() if days is not None}
    try:
        rules = Rules.model_validate({**store.retention.rules().model_dump(), **changes})
    except ValidationError as error:
        raise StoreError(
            f"{first_problem(error, 'days')}.", "0 keeps everything.", code="retention.days"
        ) from error
    store.retention.set_rules(rules)
    note(store, "retention", "set " + " ".join(f"{name}={days}" for name, days in rules))
    show()


@app.command()
def run(
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Take away what is over its time, with the values sealed beside it."""
    store = open_store()
    if dry:
        print(in_words(store.retention.look(local_now()), "would go"))
        return
    now = local_now()
    gone = part = store.retention.run(now)
    while part.calls == CALLS_AT_ONCE:
        part = store.retention.run(now)
        gone = gone.plus(part)
    note(store, "retention", f"run: {gone}")
    print(in_words(gone, "gone"))


def in_words(going: Going, verb: str) -> str:
    held = f"; {going.held} old calls stay, somebody works on them" if going.held else ""
    return (
        f"{going.calls} calls with {going.events} events, {going.tickets} tickets, "
        f"{going.audit} lines of the audit log {verb}{held}."
    )
