"""How `assist … check` shows problems and ends: a line each, a count, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from assist.config import Settings
from assist.problems import Lang, Problem, Said, Texts, exit_code, said

LangOption = Annotated[
    str | None,
    typer.Option("--lang", help="Language of the messages, zh or en; else that of ASSIST_LANG."),
]

_STYLE = {"error": "bold red", "warning": "yellow"}
_TEXTS: Texts = {
    "error.one": ("{count} 个错误", "{count} error"),
    "error.many": ("{count} 个错误", "{count} errors"),
    "warning.one": ("{count} 个提醒", "{count} warning"),
    "warning.many": ("{count} 个提醒", "{count} warnings"),
    "rows": ("{count} 条", "{count} rows"),
    "terms": ("{count} 个词", "{count} terms"),
    "guides": ("{count} 个流程", "{count} guides"),
    "guides.unknown": ("不知道有哪些流程", "guides not known"),
    "nothing": ("什么都没有导入", "nothing was imported"),
}


def language(given: str | None) -> Lang:
    """The one asked for, or the house's own. Raises typer.BadParameter."""
    if given not in (None, "zh", "en"):
        raise typer.BadParameter(f"'{given}' is not zh or en", param_hint="--lang")
    return "en" if (given or Settings().lang) == "en" else "zh"


def counted(what: str, count: int = 0) -> Said:
    return said(_TEXTS, what, {"count": count})


def conclude(
    place: Path, problems: Sequence[Problem], *found: Said, lang: Lang, as_json: bool = False
) -> typer.Exit:
    """Print them; the exit to raise. `found` says what else was found, before the counts.

    As JSON: one object with the problems, each in both languages, and nothing else.
    """
    if as_json:
        told = {"problems": [problem.as_json() for problem in problems]}
        print(json.dumps(told, ensure_ascii=False))
        return typer.Exit(exit_code(problems))
    console = Console(soft_wrap=True, highlight=False)
    show(console, problems, lang)
    errors = sum(problem.level == "error" for problem in problems)
    counts = (*found, _count("error", errors), _count("warning", len(problems) - errors))
    comma = "，" if lang == "zh" else ", "
    console.print(f"{place}: {comma.join(each.of(lang) for each in counts)}")
    return typer.Exit(exit_code(problems))


def show(console: Console, problems: Sequence[Problem], lang: Lang) -> None:
    for problem in problems:
        console.print(_line(problem, lang), soft_wrap=True)


def _line(problem: Problem, lang: Lang) -> Text:
    place = f"{problem.path}:{problem.line}:{problem.column}: "
    level = (f"[{problem.level}]", _STYLE[problem.level])
    return Text.assemble(place, level, f" {problem.said.of(lang)} ", (f"({problem.rule})", "dim"))


def _count(level: str, number: int) -> Said:
    return counted(f"{level}.{'one' if number == 1 else 'many'}", number)
