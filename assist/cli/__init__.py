"""The `assist` command: each group of commands in its own module, errors said in one place."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assist import __version__
from assist.cli import (
    accounts,
    backstop,
    calls,
    corpus,
    demo,
    desk,
    doctor,
    find,
    gateway,
    guide,
    index,
    lexicon,
    models,
    replay,
    retention,
    serve,
    tickets,
    token,
    transcribe,
)
from assist.errors import AssistError
from assist.privacy import log_to_stderr

app = typer.Typer(
    help="A live copilot for call-centre agents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(models.app, name="models")
app.add_typer(index.app, name="index")
app.add_typer(corpus.app, name="corpus")
app.add_typer(guide.app, name="guide")
app.add_typer(lexicon.app, name="lexicon")
app.add_typer(calls.app, name="calls")
app.add_typer(desk.app, name="desk")
app.add_typer(gateway.app, name="gateway")
app.add_typer(tickets.app, name="tickets")
app.add_typer(backstop.app, name="backstop")
app.add_typer(accounts.app, name="accounts")
app.add_typer(token.app, name="token")
app.add_typer(retention.app, name="retention")
app.command("find")(find.find)
app.command("replay")(replay.replay)
app.command("transcribe")(transcribe.transcribe)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"assist {__version__}")
        raise typer.Exit


@app.callback()
def options(
    data: Annotated[
        Path | None, typer.Option(help="Folder of run-time data instead of ./var.", metavar="DIR")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if data is not None:
        os.environ["ASSIST_DATA"] = str(data)


def main() -> None:
    """Exit status 0 done, 1 a known error (said on standard error), 2 wrong usage."""
    log_to_stderr()
    try:
        app()
    except AssistError as error:
        console = Console(stderr=True, soft_wrap=True)
        console.print(f"[red]error ({error.code}):[/red]", end=" ")
        console.print(error.message, markup=False, highlight=False)
        if error.remedy:
            console.print(error.remedy, style="dim", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
