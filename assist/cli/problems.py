"""How `assist … check` shows problems and ends: a line each, a count, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from assist.problems import Problem, exit_code

_STYLE = {"error": "bold red", "warning": "yellow"}


def conclude(
    place: Path, problems: Sequence[Problem], *counted: str, as_json: bool = False
) -> typer.Exit:
    """Print them; the exit to raise. `counted` says what else was found, before the counts.

    As JSON: one object with the problems, and nothing else.
    """
    if as_json:
        print(json.dumps({"problems": [asdict(each) for each in problems]}, ensure_ascii=False))
        return typer.Exit(exit_code(problems))
    console = Console(soft_wrap=True, highlight=False)
    show(console, problems)
    errors = sum(problem.level == "error" for problem in problems)
    counts = (*counted, _count(errors, "error"), _count(len(problems) - errors, "warning"))
    console.print(f"{place}: {', '.join(counts)}")
    return typer.Exit(exit_code(problems))


def show(console: Console, problems: Sequence[Problem]) -> None:
    for problem in problems:
        console.print(_line(problem), soft_wrap=True)


def _line(problem: Problem) -> Text:
    place = f"{problem.path}:{problem.line}:{problem.column}: "
    level = (f"[{problem.level}]", _STYLE[problem.level])
    return Text.assemble(place, level, f" {problem.message} ", (f"({problem.rule})", "dim"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
