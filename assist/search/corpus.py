"""The similar questions: one JSONL row a question, read and checked as a whole.

Only rows with status "live" are ever searched. This module never repairs a row in silence and
never writes to the corpus: every problem of every file is reported at once, with file and line.
What makes a corpus good beyond that is told by `editing.check`, and changes are `editing.change`'s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from assist.errors import CorpusError
from assist.problems import Problem, fault_said, refusal, rule_of, said
from assist.search.row_texts import ROW_TEXTS

OUT_OF_SCOPE = "none"

_SHOWN = 20


class Row(BaseModel):
    """One question as a caller would say it; guide "none" marks what no guide covers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    guide: str = Field(min_length=1)
    lang: Literal["zh", "en"]
    source: str = "editor"
    status: Literal["draft", "live", "retired"] = "live"
    added: date | None = None
    note: str = ""

    @field_validator("text", "guide", "id")
    @classmethod
    def _not_blank(cls, value: str, info: ValidationInfo) -> str:
        if not value.strip():
            raise refusal(
                "“{field}”不能空着，请写上内容", "'{field}' is blank", field=info.field_name
            )
        return value.strip()


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with the file and line, counted from 1, on which it stands."""

    row: Row
    path: Path
    line: int

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


def load_corpus(source: Path) -> list[Row]:
    """The live rows of one JSONL file, or of every *.jsonl directly in a folder, by file name.

    Raises CorpusError listing every problem as `file:line: what is wrong`.
    """
    return [placed.row for placed in usable_rows(source) if placed.row.status == "live"]


def usable_rows(source: Path) -> list[Placed]:
    """Every row whatever its status, with its place. Raises CorpusError as `load_corpus` does."""
    placed, problems = read_rows(source)
    if problems:
        lines = [f"{each.path}:{each.line}: {each.said.en}" for each in problems[:_SHOWN]]
        raise CorpusError(
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the corpus:\n"
            + "\n".join(lines)
            + (f"\nand {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""),
            "Mend these lines; each row needs id, text, guide and lang.",
        )
    return placed


def read_rows(source: Path) -> tuple[list[Placed], list[Problem]]:
    """What could be read, and every problem: of encoding, JSON and fields, and ids used twice.

    Raises CorpusError when there is no corpus at `source`.
    """
    problems: list[Problem] = []
    rows: list[Placed] = []
    seen: dict[str, str] = {}
    for path in _files(source):
        for number, line in enumerate(_lines(path, problems), start=1):
            if not line.strip():
                continue
            row = _row(line, path, number, problems)
            if row is None:
                continue
            placed = Placed(row, path, number)
            if row.id in seen:
                values = {"id": row.id, "place": seen[row.id]}
                problems.append(_problem(path, number, 1, "duplicate-id", **values))
                continue
            seen[row.id] = placed.place
            rows.append(placed)
    return rows, problems


def corpus_hash(rows: Iterable[Row]) -> str:
    """SHA-256 over what search depends on (id, text, guide, lang), whatever the row order."""
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: row.id):
        digest.update(json.dumps([row.id, row.text, row.guide, row.lang]).encode())
    return digest.hexdigest()


def guides_of(rows: Iterable[Row]) -> list[str]:
    """Guide ids in the rows, sorted, without "none"."""
    return sorted({row.guide for row in rows} - {OUT_OF_SCOPE})


def without_none(rows: Sequence[Row]) -> list[str]:
    """Languages in which nothing says what no guide covers."""
    known = {row.lang for row in rows if row.guide == OUT_OF_SCOPE}
    return sorted({row.lang for row in rows} - known)


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """One JSON object a line, as `load_corpus` reads it."""
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(row.model_dump_json(exclude_defaults=True) + "\n")


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    found = sorted(source.glob("*.jsonl")) if source.is_dir() else []
    if not found:
        raise CorpusError(
            f"No corpus at {source}: neither a .jsonl file nor a folder with some.",
            "Name the corpus folder, or set ASSIST_ROOT to the folder that holds corpus/.",
        )
    return found


def _lines(path: Path, problems: list[Problem]) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(_problem(path, line, 1, "encoding"))
    except OSError as error:
        reason = error.strerror
        problems.append(_problem(path, 1, 1, "encoding.unreadable", reason=reason))
    return []


def _row(line: str, path: Path, number: int, problems: list[Problem]) -> Row | None:
    try:
        value: Any = json.loads(line)
    except json.JSONDecodeError as error:
        at = error.colno
        problems.append(_problem(path, number, at, "json", reason=error.msg, column=at))
        return None
    if not isinstance(value, dict):
        found = type(value).__name__
        problems.append(_problem(path, number, 1, "schema.object", found=found))
        return None
    try:
        return Row.model_validate(value)
    except ValidationError as error:
        problems += [
            _problem(path, number, 1, "schema", fault=fault_said(fault)) for fault in error.errors()
        ]
        return None


def _problem(path: Path, line: int, at: int, key: str, **values: Any) -> Problem:
    return Problem(str(path), line, at, rule_of(key), said(ROW_TEXTS, key, values))
