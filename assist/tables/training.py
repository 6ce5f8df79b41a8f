"""The trainer's room beside the journal: calls marked as cases, what a stored call was like at a
glance, and how practices went.

Marks are withdrawn, never deleted; results belong to the person who practised. A call is measured
once, after it has ended: measures are a projection of its events and can be made anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict, Field

from assist import events as ev
from assist.errors import StoreError
from assist.privacy import mask
from assist.tables.access import Access, moment_text

MOST_ROWS = 200
_MEASURED_AT_ONCE = 300
"""Ended calls measured in one go; the rest follow with the next look."""

Sort = Literal["started", "length", "troubles", "agent"]
_ORDER: dict[Sort, str] = {
    "started": "calls.started_at",
    "length": "measure.length_ms",
    "troubles": "measure.troubles",
    "agent": "calls.agent",
}


class Case(BaseModel):
    """A stored call marked for training; `withdrawn_at` is empty while it stands."""

    model_config = ConfigDict(frozen=True)

    call: str
    title: str
    note: str
    goal: str
    by: str
    at: str
    withdrawn_at: str = ""


class Listed(BaseModel):
    """A stored call as the library shows it."""

    model_config = ConfigDict(frozen=True)

    call: str
    agent: str
    source: str
    lang: str
    started_at: str
    guide: str
    outcome: str
    ticket: str
    length_ms: int
    troubles: int
    angry: bool
    case: Case | None = None


class Wanted(BaseModel):
    """What the library is asked for. Lengths in seconds, dates as YYYY-MM-DD; empty: any."""

    model_config = ConfigDict(extra="forbid")

    guide: str = ""
    outcome: ev.Outcome | Literal["", "none"] = ""
    lang: Literal["", "zh", "en"] = ""
    agent: str = ""
    ticket: Literal["", "yes", "no"] = ""
    mood: Literal["", "angry", "calm"] = ""
    troubles: Literal["", "yes", "no"] = ""
    cases: bool = False
    least_s: int = Field(default=0, ge=0)
    most_s: int = Field(default=0, ge=0)
    from_date: str = Field(default="", pattern=r"^(\d{4}-\d\d-\d\d)?$")
    to_date: str = Field(default="", pattern=r"^(\d{4}-\d\d-\d\d)?$")
    sort: Sort = "started"
    descending: bool = True
    limit: int = Field(default=25, ge=1, le=MOST_ROWS)
    offset: int = Field(default=0, ge=0)


class Result(BaseModel):
    """One practice, scored; `grade` is the whole score as JSON."""

    model_config = ConfigDict(frozen=True)

    id: str
    login: str
    name: str
    kind: str
    source: str
    title: str
    guide: str
    hints: str
    finished_at: str
    took_s: float
    total: float
    grade: str


def create(db: sqlite_utils.Database) -> None:
    db.table("training_cases").create({name: str for name in Case.model_fields}, pk="call")
    db.table("training_measures").create(
        {"call": str, "length_ms": int, "troubles": int, "angry": int}, pk="call"
    )
    columns: dict[str, Any] = {name: str for name in Result.model_fields}
    db.table("training_results").create({**columns, "took_s": float, "total": float}, pk="id")
    db.table("training_results").create_index(["login", "finished_at"])


class TrainingTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    # ------------------------------------------------------------ cases

    def mark(self, call: str, by: str, at: datetime, title: str, note: str, goal: str) -> Case:
        """Marks a call, or writes its mark anew; what was withdrawn stands again."""
        case = Case(
            call=call,
            title=mask(title.strip()),
            note=mask(note.strip()),
            goal=mask(goal.strip()),
            by=by,
            at=moment_text(at),
        )
        with self._access.guard(), self._access.transaction():
            self._write("training_cases", case.model_dump())
        return case

    def withdraw(self, call: str, at: datetime) -> Case:
        """Raises StoreError where the call is not marked."""
        with self._access.guard(), self._access.transaction():
            case = self.case(call)
            if case is None:
                raise StoreError(f"The call {call!r} is no training case.", "Mark it first.")
            case = case.model_copy(update={"withdrawn_at": case.withdrawn_at or moment_text(at)})
            self._write("training_cases", case.model_dump())
        return case

    def case(self, call: str) -> Case | None:
        """The mark, standing or withdrawn."""
        with self._access.guard():
            rows = self._rows("SELECT * FROM training_cases WHERE call = ?", [call])
        return Case.model_validate(rows[0]) if rows else None

    def cases(self) -> list[Case]:
        """Those that stand, newest first."""
        with self._access.guard():
            rows = self._rows(
                "SELECT * FROM training_cases WHERE withdrawn_at = '' ORDER BY at DESC"
            )
        return [Case.model_validate(row) for row in rows]

    # ------------------------------------------------------------ library

    def unmeasured(self) -> list[tuple[str, str]]:
        """Ended calls that are not measured yet, newest first, each with its language."""
        with self._access.guard():
            rows = self._access.connection.execute(
                "SELECT id, lang FROM calls WHERE status <> 'live'"
                " AND id NOT IN (SELECT call FROM training_measures)"
                " ORDER BY started_at DESC LIMIT ?",
                [_MEASURED_AT_ONCE],
            ).fetchall()
        return [(call, lang) for call, lang in rows]

    def measure(self, call: str, length_ms: int, troubles: int, angry: bool) -> None:
        row = {"call": call, "length_ms": length_ms, "troubles": troubles, "angry": int(angry)}
        with self._access.guard(), self._access.transaction():
            self._write("training_measures", row)

    def library(self, wanted: Wanted) -> tuple[list[Listed], int]:
        """A page of the stored calls that have ended, and how many there are in all."""
        where, values = _conditions(wanted)
        tables = (
            "calls JOIN training_measures AS measure ON measure.call = calls.id"
            " LEFT JOIN training_cases AS cases"
            " ON cases.call = calls.id AND cases.withdrawn_at = ''"
        )
        way = "DESC" if wanted.descending else "ASC"
        marks = ", ".join(f'cases."{name}" AS case_{name}' for name in Case.model_fields)
        with self._access.guard():
            count = self._rows(f"SELECT count(*) AS n FROM {tables} WHERE {where}", values)[0]["n"]
            rows = self._rows(
                "SELECT calls.id AS call, agent, source, lang, started_at, guide, outcome, ticket,"
                f" measure.length_ms, measure.troubles, measure.angry, {marks} FROM {tables}"
                f" WHERE {where} ORDER BY {_ORDER[wanted.sort]} {way}, calls.id"
                " LIMIT ? OFFSET ?",
                [*values, wanted.limit, wanted.offset],
            )
        return [_listed(row) for row in rows], count

    def people(self) -> list[str]:
        """Agents who have stored calls."""
        with self._access.guard():
            rows = self._rows("SELECT DISTINCT agent FROM calls ORDER BY agent")
        return [row["agent"] for row in rows]

    def run_of(self, source: str) -> str:
        """The newest ended call from this source, one that somebody wrapped up first; or ""."""
        with self._access.guard():
            rows = self._rows(
                "SELECT id FROM calls WHERE source = ? AND status = 'ended'"
                " ORDER BY outcome = '', started_at DESC LIMIT 1",
                [source],
            )
        return rows[0]["id"] if rows else ""

    # ------------------------------------------------------------ results

    def keep(self, result: Result) -> None:
        with self._access.guard(), self._access.transaction():
            self._write("training_results", result.model_dump())

    def result(self, result_id: str) -> Result:
        """Raises StoreError where there is none."""
        with self._access.guard():
            rows = self._rows("SELECT * FROM training_results WHERE id = ?", [result_id])
        if not rows:
            raise StoreError("There is no such practice.", "GET /api/training/results lists them.")
        return Result.model_validate(rows[0])

    def has_result(self, result_id: str) -> bool:
        with self._access.guard():
            return bool(self._rows("SELECT 1 FROM training_results WHERE id = ?", [result_id]))

    def results(self, login: str = "", limit: int = 1_000) -> list[Result]:
        """Of one person or of all, newest first."""
        with self._access.guard():
            rows = self._rows(
                "SELECT * FROM training_results WHERE ? IN ('', login)"
                " ORDER BY finished_at DESC, id LIMIT ?",
                [login, limit],
            )
        return [Result.model_validate(row) for row in rows]

    # ------------------------------------------------------------ SQL

    def _rows(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        found = self._access.connection.execute(query, values or [])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _write(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join("?" for _ in row)
        self._access.connection.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", list(row.values())
        )


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    parts, values = ["calls.status <> 'live'"], list[Any]()

    def add(part: str, *given: Any) -> None:
        parts.append(part)
        values.extend(given)

    if wanted.guide:
        add("calls.guide = ?", "" if wanted.guide == "none" else wanted.guide)
    if wanted.outcome:
        add("calls.outcome = ?", "" if wanted.outcome == "none" else wanted.outcome)
    for name in ("lang", "agent"):
        if value := getattr(wanted, name):
            add(f"calls.{name} = ?", value)
    if wanted.ticket:
        parts.append("calls.ticket <> ''" if wanted.ticket == "yes" else "calls.ticket = ''")
    if wanted.mood:
        add("measure.angry = ?", int(wanted.mood == "angry"))
    if wanted.troubles:
        parts.append("measure.troubles > 0" if wanted.troubles == "yes" else "measure.troubles = 0")
    if wanted.cases:
        parts.append("cases.call IS NOT NULL")
    if wanted.least_s:
        add("measure.length_ms >= ?", wanted.least_s * 1000)
    if wanted.most_s:
        add("measure.length_ms <= ?", wanted.most_s * 1000)
    if wanted.from_date:
        add("substr(calls.started_at, 1, 10) >= ?", wanted.from_date)
    if wanted.to_date:
        add("substr(calls.started_at, 1, 10) <= ?", wanted.to_date)
    return " AND ".join(parts), values


def _listed(row: dict[str, Any]) -> Listed:
    mark = {name: row.pop(f"case_{name}") for name in Case.model_fields}
    return Listed.model_validate({**row, "case": mark if mark["call"] else None})
