"""`assist calls`: the stored calls."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.table import Table

from assist import events as ev
from assist.cli.screen import Screen
from assist.config import Settings
from assist.errors import StoreError
from assist.store import Store

app = typer.Typer(help="Stored calls: list them, look into one, export its events.")


@app.command("list")
def list_calls(limit: int = typer.Option(50, help="At most this many, newest first.")) -> None:
    """Show the stored calls, newest first."""
    rows = open_store().calls(limit)
    if not rows:
        print("No calls yet. `assist demo` plays one.")
        return
    table = Table(box=None, pad_edge=False)
    columns = ("id", "started_at", "status", "lang", "number", "guide", "outcome", "ticket")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(str(row[column]) for column in columns))
    Console().print(table)


@app.command()
def show(call: str) -> None:
    """Print a stored call as it was seen: transcript, guide, steps, diagnosis, ticket."""
    store = open_store()
    store.call(call)
    screen = Screen(Console(), live=False)
    for event in store.events(call):
        screen.on_event(event)
    screen.close()


@app.command()
def export(call: str) -> None:
    """Print a stored call's events as JSON lines."""
    store = open_store()
    store.call(call)
    for event in store.events(call):
        sys.stdout.write(ev.EVENT.dump_json(event).decode() + "\n")


def open_store() -> Store:
    """The journal that is there. Raises StoreError when no call was ever kept."""
    settings = Settings()
    if not settings.database.exists():
        raise StoreError(
            f"{settings.database}: there is no journal yet.",
            "Play a call with `assist demo`, or name the folder with `assist --data DIR`.",
        )
    return Store(settings.database, settings.seal_key)
