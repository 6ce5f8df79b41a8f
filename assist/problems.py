"""What is wrong with a file that an editor wrote: one line a problem, with its place.

Whoever checks a file collects these and raises none; nothing here knows what a file means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` and `column` count from 1; `rule` is its code in the manual."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: [{self.level}] {self.message} ({self.rule})"


def exit_code(problems: Iterable[Problem]) -> int:
    """0 clean, 1 only warnings, 2 errors."""
    levels = {problem.level for problem in problems}
    return 2 if "error" in levels else 1 if "warning" in levels else 0
