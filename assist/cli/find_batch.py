"""`assist find --batch`: a file of sentences, a line of answer each. No logic beyond showing."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from assist.cli.bars import bars
from assist.errors import CorpusError
from assist.search.batch import Asked, Tally, ask, read_batch
from assist.search.evidence import Finding
from assist.search.finder import Finder

_STDIN = "-"
_SHOWN = 20


def find_batch(finder: Finder, file: Path, lang: str | None, top: int, as_json: bool) -> None:
    """Answers on standard output as they come; bar, problems and tally on standard error."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    asked = read_batch(_bytes(file))
    _name_problems(errors, file, asked)
    tally = Tally(finder.guides)
    with bars(errors, silent=sys.stdout.isatty()) as tell, noticing_ctrl_c() as stop_if_asked:
        for one, finding in ask(finder, asked, lang, max(top, 3), tell):
            stop_if_asked()
            if not one.problem:
                tally.add(one.expected, finding)
            print(_json(one, finding, top) if as_json else _line(one, finding))
    sys.stdout.flush()
    _show(errors, tally)


@contextmanager
def noticing_ctrl_c() -> Iterator[Callable[[], None]]:
    """Ctrl-C may arrive in a library's callback or finaliser, where what it raises is lost: the
    function given raises KeyboardInterrupt for one that came before."""
    asked = False

    def note(number: int, frame: object) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)


def plain(finding: Finding, top: int | None = None) -> dict[str, Any]:
    """A finding as `--json` tells it."""
    return {
        "decision": finding.decision,
        "matches": [
            {"guide": match.guide, "score": match.score, "question": match.question}
            for match in finding.matches[:top]
        ],
    }


def _json(one: Asked, finding: Finding, top: int) -> str:
    told = {"line": one.line, "text": one.text, **plain(finding, top)}
    told |= {"expected": one.expected} if one.expected else {}
    told |= {"problem": one.problem} if one.problem else {}
    return json.dumps(told, ensure_ascii=False)


def _line(one: Asked, finding: Finding) -> str:
    """Columns parted by tabs: decision, guide, score, text."""
    best = finding.matches[0] if finding.matches else None
    guide, score = (best.guide, f"{best.score:.4f}") if best else ("", "")
    return "\t".join((finding.decision, guide, score, one.text))


def _bytes(file: Path) -> bytes:
    if str(file) == _STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{file}: cannot be read ({error.strerror}).", "Check the path; - is standard input."
        ) from error


def _name_problems(errors: Console, file: Path, asked: list[Asked]) -> None:
    name = "standard input" if str(file) == _STDIN else str(file)
    wrong = [one for one in asked if one.problem]
    for one in wrong[:_SHOWN]:
        errors.print(f"{name}:{one.line}: {one.problem}", style="yellow", markup=False)
    if len(wrong) > _SHOWN:
        errors.print(f"and {len(wrong) - _SHOWN} more lines that are not asked", style="yellow")
    if not asked:
        errors.print(f"{name} holds no text.", style="yellow", markup=False)


def _show(errors: Console, tally: Tally) -> None:
    every = tally.covered + tally.uncovered
    if not every:
        return
    for guide, count in sorted(tally.unknown.items()):
        text = f"'{guide}' is expected {count} times, and the index does not have it."
        errors.print(text, style="yellow", markup=False)
    if tally.covered:
        errors.print(
            f"{tally.covered} texts that a guide covers: first is right "
            f"{tally.first / tally.covered:.1%}, among the first three "
            f"{tally.among_three / tally.covered:.1%}, opened rightly "
            f"{tally.right_open / tally.covered:.1%}."
        )
    errors.print(f"{every} texts in all: opened wrongly {tally.wrong_open / every:.1%}.")
