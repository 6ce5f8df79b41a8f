"""`assist backstop`: calls that somebody must look at again, and what resolved them."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assist.cli.calls import open_store
from assist.cli.corpus_places import place_of
from assist.config import Settings
from assist.errors import CorpusError, GuideError
from assist.guide.load import load_book
from assist.search.corpus import Row, usable_rows
from assist.search.editing.change import append
from assist.store import Store
from assist.tables.backstop import Item, Move
from assist.wiring.parts import local_now

app = typer.Typer(help="Calls that were not resolved: who looks at them, and what resolved them.")

_By = Annotated[str, typer.Option(help="Who does it; default: the account's name.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.command("list")
def list_items(
    every: Annotated[bool, typer.Option("--all", help="Those that are resolved, too.")] = False,
    limit: Annotated[int, typer.Option(help="At most this many, earliest deadline first.")] = 50,
    as_json: _Json = False,
) -> None:
    """Show the queue, the earliest deadline first."""
    more = ("resolved",) if every else ()
    found, count = open_store().backstop.list(("open", "claimed", *more), limit)
    if as_json:
        rows = [item.model_dump(mode="json") for item in found]
        print(json.dumps({"calls": rows, "count": count}, ensure_ascii=False))
        return
    if not found:
        print("Nothing is waiting.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("call", "why", "priority", "due", "state", "by", "need"):
        table.add_column(column, no_wrap=column != "need")
    for item in found:
        why = ", ".join(item.reasons)
        row = (item.call, why, item.priority, item.due_at[:16], item.state, item.by, item.need)
        table.add_row(*map(escape, row))
    Console().print(table)
    if count > len(found):
        print(f"{len(found)} of {count}")


@app.command()
def show(call: str, as_json: _Json = False) -> None:
    """Show one call of the queue with who did what; `assist calls show` has the call itself."""
    _print(open_store(), call, as_json)


@app.command()
def claim(call: str, by: _By = "", as_json: _Json = False) -> None:
    """Take it: nobody else works on it until you return it."""
    _move(call, "claim", by, as_json)


@app.command("return")
def give_back(call: str, why: str, by: _By = "", as_json: _Json = False) -> None:
    """Put it back into the queue, with the reason."""
    _move(call, "return", by, as_json, why)


@app.command()
def resolve(
    call: str,
    text: str,
    guide: Annotated[
        str, typer.Option(help="The guide that should have led; default: the one that did.")
    ] = "",
    by: _By = "",
    as_json: _Json = False,
) -> None:
    """Say what resolved it. The guide's owner gets it as a note, the editors as draft questions."""
    _move(call, "resolve", by, as_json, text, guide)


@app.command()
def notes(
    owner: Annotated[str, typer.Option(help="Only to this owner.")] = "",
    draft: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the questions, as drafts, to FILE.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Show what resolved calls, for the owners of guides, and the questions it drafts."""
    if draft is not None and draft.suffix != ".jsonl":
        raise CorpusError(f"{draft}: drafts are written to a .jsonl file.", "Choose another name.")
    table, today = open_store().backstop, local_now().date()
    known = [placed.row for placed in usable_rows(place_of(None))]
    if draft is not None and draft.exists():
        known += [placed.row for placed in usable_rows(draft)]
    found = table.notes(owner)
    new: list[Row] = []
    for item in found:
        new += table.drafts(item, [*known, *new], today)
    if draft is not None and new:
        append(draft, new)
    if as_json:
        told = [item.model_dump(mode="json") for item in found]
        rows = [row.model_dump(mode="json", exclude_none=True) for row in new]
        print(json.dumps({"notes": told, "drafts": rows}, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    for item in found:
        to = item.owner or "the editors"
        guide = item.answer or "no guide"
        console.print(f"To {to} ({guide}), call {item.call}: {item.text}", markup=False)
    for row in new:
        console.print(f"  draft {row.id} for {row.guide}: {row.text}", markup=False)
    if draft is not None:
        print(f"{len(new)} drafts added to {draft}." if new else f"Nothing new for {draft}.")
    if not found:
        print("No notes.")


def _move(call: str, move: Move, by: str, as_json: bool, text: str = "", guide: str = "") -> None:
    store = open_store()
    owner = ""
    if move == "resolve":
        guide = guide or store.backstop.get(call).guide
        owner = _owner_of(guide)
    who = by or getpass.getuser()
    store.backstop.move(call, move, who, local_now(), text, guide, owner)
    _print(store, call, as_json)


def _owner_of(guide: str) -> str:
    """Raises GuideError for a guide that is not there."""
    if not guide:
        return ""
    guides = load_book(Settings().guides_dir).guides
    if guide not in guides:
        raise GuideError(f"There is no guide {guide!r}.", "`assist guide check` knows them.")
    return guides[guide].owner


def _print(store: Store, call: str, as_json: bool) -> None:
    item, history = store.backstop.get(call), store.backstop.history(call)
    if as_json:
        entries = [entry.model_dump(mode="json") for entry in history]
        print(json.dumps({"call": item.model_dump(mode="json"), "history": entries}))
        return
    console = Console(soft_wrap=True, highlight=False)
    for name, value in _rows(item):
        if value:
            console.print(f"{name:9} {value}", markup=False)
    for entry in history:
        console.print(f"  {entry.at} {entry.by} {entry.move} {entry.text}", markup=False)


def _rows(item: Item) -> list[tuple[str, str]]:
    return [
        ("call", f"{item.call}  (assist calls show {item.call})"),
        ("state", f"{item.state} {item.by}".strip()),
        ("why", ", ".join(item.reasons)),
        ("priority", f"{item.priority}, due {item.due_at}"),
        ("need", item.need),
        ("guide", f"{item.title} ({item.guide})" if item.guide else ""),
        ("customer", item.customer),
        ("agent", item.agent),
        ("resolved", item.text),
        ("teaches", item.answer if item.text else ""),
    ]
