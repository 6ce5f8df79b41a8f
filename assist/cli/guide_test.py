"""`assist guide test`: the guides' own tests, as a test runner shows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from assist.cli.problems import LangOption, language, show
from assist.config import Settings
from assist.errors import GuideError
from assist.guide.load import load_book
from assist.problems import Lang
from assist.search.embedder import SentenceEmbedder
from assist.search.kept import KeptVectors
from assist.search.likeness import Likeness
from assist.train.coverage import Coverage
from assist.train.examine import Exam, examine

VECTORS = "guide-tests.npz"


def test(
    guides: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Guides to test; all of them.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Another guides folder.", metavar="DIR")
    ] = None,
    case: Annotated[str, typer.Option(help="Only cases with these words in their name.")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Name the steps and branches no test goes through.")
    ] = False,
    lang: LangOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Play the cases of guides/tests through the rules: no server, no sound.

    Each expectation that fails is a line with its place. Exit status 0 when all pass, 1 when one
    fails, 2 when guides or tests cannot be read.
    """
    settings, told_in = Settings(), language(lang)
    place = folder or settings.guides_dir
    try:
        book = load_book(place)
    except GuideError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    for name in guides or []:
        if name not in book.guides:
            raise typer.BadParameter(f"there is no guide '{name}' in {place}")
    kept = KeptVectors(SentenceEmbedder(settings.embedder), settings.data / VECTORS)
    console = Console(soft_wrap=True, highlight=False)
    exams, broken = examine(
        place,
        book,
        Likeness(kept),
        only=guides or (),
        case=case,
        told=lambda exam: None if as_json else _show(console, exam, told_in, missing=missing),
    )
    kept.keep()
    failed = sum(exam.failed + (not exam.trials and bool(exam.problems)) for exam in exams)
    if as_json:
        told = {"guides": [e.as_json() for e in exams], "problems": [p.as_json() for p in broken]}
        print(json.dumps(told, ensure_ascii=False))
    else:
        show(console, broken, told_in)
        _conclude(console, exams, len(broken))
    raise typer.Exit(2 if broken else 1 if failed else 0)


def _show(console: Console, exam: Exam, lang: Lang, *, missing: bool) -> None:
    if not exam.trials:
        console.print(Text.assemble(("– ", "yellow"), f"{exam.guide}: no tests"))
        return
    good = not exam.problems
    mark = ("✓ ", "green") if good else ("✗ ", "bold red")
    passed = len(exam.trials) - exam.failed
    counts = f"{exam.guide}: {passed} of {len(exam.trials)} cases"
    console.print(Text.assemble(mark, counts, (_covered(exam.coverage), "dim")))
    show(console, sorted(exam.problems), lang)
    if missing and exam.coverage:
        for step in exam.coverage.missing_steps:
            console.print(Text(f"    no test comes to step {step}", "yellow"))
        for step, way in exam.coverage.missing_branches:
            if step in exam.coverage.steps or way.startswith("its condition"):
                console.print(Text(f"    no test leaves step {step} by: {way}", "yellow"))


def _covered(cover: Coverage | None) -> str:
    if cover is None:
        return ""
    return f", steps {_percent(cover.step_share)}, branches {_percent(cover.branch_share)}"


def _percent(share: float) -> str:
    """Rounded down, so that 100 % is all of them."""
    return f"{int(share * 100 + 1e-9)} %"


def _conclude(console: Console, exams: list[Exam], broken: int) -> None:
    covers = [exam.coverage for exam in exams if exam.coverage]
    cases, failed = sum(len(e.trials) for e in exams), sum(e.failed for e in exams)
    steps = sum(len(c.all_steps) for c in covers)
    ways = sum(len(c.all_branches) for c in covers)
    left = sum(len(c.missing_steps) for c in covers)
    closed = sum(len(c.missing_branches) for c in covers)
    said = [f"{cases - failed} of {cases} cases pass"]
    if steps:
        said.append(f"{steps - left} of {steps} steps and {ways - closed} of {ways} branches")
    untested = sum(not exam.trials for exam in exams)
    if untested:
        said.append(f"{untested} guides without tests")
    if broken:
        said.append(f"{broken} problems in test files")
    console.print("; ".join(said), style="bold")
