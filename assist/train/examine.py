"""All guide tests of a folder, run and counted: what `assist guide test` shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.errors import GuideError
from assist.guide.load import Book
from assist.guide.wording import Like
from assist.problems import LANGS, Problem, Said
from assist.rules.tools import Tools
from assist.train.cases import Cases, read_cases
from assist.train.coverage import Coverage, coverage_of
from assist.train.trial import Trial
from assist.train.verdict import run_case


@dataclass(frozen=True)
class Exam:
    """The tests of one guide. A guide without tests has no trials and no coverage."""

    guide: str
    trials: tuple[Trial, ...] = ()
    problems: tuple[Problem, ...] = ()
    coverage: Coverage | None = None

    @property
    def failed(self) -> int:
        return sum(not trial.passed for trial in self.trials)

    def as_json(self) -> dict[str, Any]:
        cover = self.coverage
        return {
            "guide": self.guide,
            "cases": [{"case": t.case.case, "passed": t.passed} for t in self.trials],
            "problems": [problem.as_json() for problem in self.problems],
            "steps": round(cover.step_share, 4) if cover else 0.0,
            "branches": round(cover.branch_share, 4) if cover else 0.0,
            "missing_steps": cover.missing_steps if cover else [],
            "missing_branches": cover.missing_branches if cover else [],
        }


def examine(
    guides_dir: Path,
    book: Book,
    like: Like,
    *,
    only: Sequence[str] = (),
    case: str = "",
    told: Callable[[Exam], None] = lambda _: None,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> tuple[list[Exam], list[Problem]]:
    """Runs the tests of the guides, or of `only` these; `case` is part of a case's name.
    `progress` is told guide, cases done and cases of each; what it raises ends the run.

    Also what is wrong with the test files themselves. A customer's record that is none is a
    problem of its case.
    """
    files, problems = read_cases(guides_dir, book)
    if only:
        wanted = {str(guides_dir / "tests" / f"{name}.yaml") for name in only}
        problems = [p for p in problems if p.path in wanted or p.path.endswith("fixtures.yaml")]
    by_guide = {file.guide: file for file in files}
    broken = {Path(p.path).stem for p in problems}
    tools = Tools(book, like)
    exams: list[Exam] = []
    for guide in only or sorted(book.guides):
        if guide not in broken:
            exam = _exam(guide, by_guide.get(guide), tools, case, progress)
            told(exam)
            exams.append(exam)
    return exams, problems


def _exam(
    guide: str,
    cases: Cases | None,
    tools: Tools,
    name: str,
    progress: Callable[[str, int, int], None],
) -> Exam:
    if cases is None:
        return Exam(guide)
    trials: list[Trial] = []
    problems: list[Problem] = []
    for number, case in enumerate(cases.cases):
        progress(guide, number, len(cases.cases))
        if name not in case.case:
            continue
        try:
            trial = run_case(cases, number, tools)
        except GuideError as error:
            told = Said(error.message, error.message)
            problems.append(cases.document.marked(("cases", number), "test", told))
            continue
        trials.append(trial)
        for failure in trial.failures:
            zh, en = (f"{case.case}: {failure.said.of(lang)}" for lang in LANGS)
            problems.append(cases.document.marked(failure.loc, "test", Said(zh, en)))
    cover = coverage_of(tools.guide(guide), [trial.facts for trial in trials], tools)
    return Exam(guide, tuple(trials), tuple(problems), cover)
