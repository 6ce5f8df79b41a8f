"""What is wrong with a file that an editor wrote: one line a problem, with its place.

Whoever checks a file collects these and raises none; nothing here knows what a file means. What is
said is said in both languages of the house, by two templates that stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]
Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
Texts = Mapping[str, tuple[str, str]]
"""By key the Chinese and the English template of a message, with `{names}` of its values. A key is
a rule, or a rule, a dot, and which of its messages."""


@dataclass(frozen=True, order=True)
class Said:
    """One sentence in both languages."""

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def as_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


def said(texts: Texts, key: str, values: Mapping[str, Any]) -> Said:
    """The message of this key; a value that is a `Said` itself stands in either language."""
    zh, en = texts[key]
    return Said(zh.format_map(_of(values, "zh")), en.format_map(_of(values, "en")))


def _of(values: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    return {k: v.of(lang) if isinstance(v, Said) else v for k, v in values.items()}


def rule_of(key: str) -> str:
    return key.partition(".")[0]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` and `column` count from 1; `rule` is its code in the manual."""

    path: str
    line: int
    column: int
    rule: str
    said: Said
    level: Level = "error"

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: Lang) -> str:
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: [{self.level}] {self.said.of(lang)} ({self.rule})"

    def as_json(self) -> dict[str, Any]:
        return {
            **{"path": self.path, "line": self.line, "column": self.column, "rule": self.rule},
            **{"level": self.level, "message": self.said.as_json()},
        }


def exit_code(problems: Iterable[Problem]) -> int:
    """0 clean, 1 only warnings, 2 errors."""
    levels = {problem.level for problem in problems}
    return 2 if "error" in levels else 1 if "warning" in levels else 0
