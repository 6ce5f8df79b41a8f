"""`assist guide backtest`: stored calls run again, and what would have gone differently."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist import events as ev
from assist.cli.bars import bars
from assist.config import Settings
from assist.errors import AssistError, StoreError
from assist.guide.load import load_book
from assist.rules.tools import Tools
from assist.search.embedder import SentenceEmbedder
from assist.search.finder import Finder
from assist.search.kept import KeptVectors
from assist.search.likeness import Likeness
from assist.store import Store
from assist.train.backtest import Backtest
from assist.train.backtest import backtest as run_again
from assist.train.replay import only_events
from assist.wiring.live_index import LiveIndex
from assist.wiring.parts import local_now


def backtest(
    calls: Annotated[
        list[str] | None, typer.Argument(metavar="[CALL]...", help="Stored calls; the newest.")
    ] = None,
    guides: Annotated[
        Path | None, typer.Option(help="Changed guides; the product's own.", metavar="DIR")
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="Index of a changed corpus; the own.", metavar="DIR")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many of the newest calls.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Run stored calls again with changed guides or index: what was heard and clicked then, and a
    back office that answers what it answered then. Nothing is filed, nothing is stored.

    Exit status 0 when all would go as they went, 1 when one would not.
    """
    settings = Settings()
    if index is not None:
        settings = settings.model_copy(update={"index": index})
    errors = Console(stderr=True, soft_wrap=True)
    tools = _tools(settings, guides or settings.guides_dir, errors)
    store = Store(settings.database, settings.seal_key)
    try:
        chosen = calls or [row["id"] for row in store.calls(limit)]
        found: list[Backtest] = []
        with bars(errors, silent=as_json) as tell:
            for number, call in enumerate(chosen):
                tell("calls", number, len(chosen))
                past = _past(store, call)
                if past:
                    found.append(run_again(past, tools))
            tell("calls", len(chosen), len(chosen))
    finally:
        store.close()
    if as_json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    else:
        _show(found)
    raise typer.Exit(1 if any(each.differences for each in found) else 0)


def _past(store: Store, call: str) -> list[ev.Event]:
    past = only_events(store.working(call))
    if not past:
        raise StoreError(f"There is no call {call!r}.", "`assist calls list` shows the calls.")
    return past


def _tools(settings: Settings, guides: Path, errors: Console) -> Tools:
    """Without a usable index no guide opens by itself, and that is said."""
    book = load_book(guides)
    embedder = SentenceEmbedder(settings.embedder)
    like = Likeness(KeptVectors(embedder, settings.data / "guide-tests.npz"))
    live = LiveIndex(settings, embedder, local_now)
    try:
        live.open()
    except AssistError as error:
        errors.print(f"{error} No guide opens by itself.", style="yellow", markup=False)
        return Tools(book, like)
    return Tools(book, like, live.asks(Finder.listen))


def _show(found: list[Backtest]) -> None:
    console = Console()
    table = Table("call", "what", "then", "now")
    for each in found:
        for number, difference in enumerate(each.differences):
            call = each.call if number == 0 else ""
            table.add_row(call, difference.what, difference.then, difference.now)
        if each.refused:
            name = "" if each.differences else each.call
            table.add_row(name, "clicks", "", f"{each.refused} no longer fit")
    if table.row_count:
        console.print(table)
    changed = sum(bool(each.differences) for each in found)
    console.print(f"{changed} of {len(found)} calls would go differently")
