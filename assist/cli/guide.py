"""`assist guide`: what is wrong with the guides, one line a problem. It shows; `check` judges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from assist.config import Settings
from assist.guide.check import check as problems_of
from assist.guide.check import exit_code
from assist.guide.source import Problem

app = typer.Typer(help="Scenario guides: check what editors wrote.", no_args_is_help=True)
_STYLE = {"error": "bold red", "warning": "yellow"}


@app.callback()
def group() -> None:
    """Keeps `check` a command of its own while it is the only one."""


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A guides folder or one file of it; the product's own.")
    ] = None,
) -> None:
    """Name every problem with its place, as `path:line:col: [level] text (rule)`.

    Exit status 0 without problems, 1 with warnings only, 2 with errors. docs/guide-rules.md
    explains each rule.
    """
    console = Console(soft_wrap=True, highlight=False)
    place = path or Settings().guides_dir
    problems = problems_of(place)
    for problem in problems:
        console.print(_line(problem))
    errors = sum(p.level == "error" for p in problems)
    warnings = len(problems) - errors
    console.print(f"{place}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")
    raise typer.Exit(exit_code(problems))


def _line(problem: Problem) -> Text:
    place = f"{problem.path}:{problem.line}:{problem.column}: "
    level = (f"[{problem.level}]", _STYLE[problem.level])
    return Text.assemble(place, level, f" {problem.message} ", (f"({problem.rule})", "dim"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
