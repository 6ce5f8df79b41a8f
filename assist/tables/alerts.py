"""Alerts: what somebody on duty must know, once, with evidence, and who has taken note.

An alert stands under its key as long as its cause does: told again it is the same one. It is
cleared when its cause is gone; a cause that comes back later makes a new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.errors import AlertRefused
from assist.tables.access import Access, moment_text

Kind = Literal["surge", "stuck", "stuck_many", "backstop_over", "desk_down", "tickets_waiting"]
Level = Literal["notice", "warning", "urgent"]
MOST_ROWS = 200


class Cause(BaseModel):
    """What is the matter now. `key` tells causes apart; `values` are the evidence, for a page that
    says it in its own words; `link` leads to where it can be looked into."""

    model_config = ConfigDict(frozen=True)

    key: str
    kind: Kind
    level: Level
    values: dict[str, str]
    link: str


class Alert(Cause):
    """Moments are ISO 8601 in UTC; empty ones have not come."""

    id: int
    raised_at: str
    seen_at: str
    cleared_at: str = ""
    acked_by: str = ""
    acked_at: str = ""


def create(db: sqlite_utils.Database) -> None:
    columns: dict[str, Any] = {name: str for name in Alert.model_fields}
    db.table("alerts").create({**columns, "id": int}, pk="id")
    db.table("alerts").create_index(["cleared_at", "key"])


class AlertTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def tell(self, causes: Iterable[Cause], at: datetime) -> bool:
        """These are all causes there are now. Whether anything has changed for who looks on."""
        now = {cause.key: cause for cause in causes}
        moment = moment_text(at)
        changed = False
        with self._access.guard(), self._access.transaction():
            for alert in self._select("cleared_at = ''"):
                cause = now.pop(alert.key, None)
                if cause is None:
                    self._set(alert.id, cleared_at=moment)
                    changed = True
                    continue
                worse = cause.level != alert.level
                changed = changed or worse or cause.values != alert.values
                # What has become more pressing is to be taken note of anew.
                fresh = {"acked_by": "", "acked_at": ""} if worse else {}
                self._set(
                    alert.id,
                    level=cause.level,
                    values=json.dumps(cause.values, ensure_ascii=False),
                    seen_at=moment,
                    **fresh,
                )
            for cause in now.values():
                row = {**cause.model_dump(), "raised_at": moment, "seen_at": moment}
                row["values"] = json.dumps(cause.values, ensure_ascii=False)
                row |= {"cleared_at": "", "acked_by": "", "acked_at": ""}
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                self._access.connection.execute(
                    f"INSERT INTO alerts ({names}) VALUES ({marks})", [*row.values()]
                )
                changed = True
        return changed

    def open(self) -> list[Alert]:
        """Uncleared ones: not taken note of first, then the most pressing, then the oldest."""
        order = ("urgent", "warning", "notice")
        with self._access.guard():
            found = self._select("cleared_at = ''")
        return sorted(found, key=lambda a: (bool(a.acked_by), order.index(a.level), a.raised_at))

    def acknowledge(self, alert: int, by: str, at: datetime) -> Alert:
        """Raises AlertRefused where there is none, or somebody else was first."""
        with self._access.guard(), self._access.transaction():
            found = next(iter(self._select("id = ?", alert)), None)
            if found is None:
                raise AlertRefused(
                    f"There is no alert {alert}.", "Reload the wall.", code="alert.gone"
                )
            if found.acked_by and found.acked_by != by:
                raise AlertRefused(
                    f"{found.acked_by} has taken note of it already.",
                    f"Ask {found.acked_by}.",
                    code="alert.taken",
                    values={"by": found.acked_by},
                )
            moment = found.acked_at or moment_text(at)
            self._set(alert, acked_by=by, acked_at=moment)
        return found.model_copy(update={"acked_by": by, "acked_at": moment})

    def _set(self, alert: int, **columns: str) -> None:
        names = ", ".join(f'"{name}" = ?' for name in columns)
        self._access.connection.execute(
            f"UPDATE alerts SET {names} WHERE id = ?", [*columns.values(), alert]
        )

    def _select(self, where: str, *values: object) -> list[Alert]:
        rows = self._access.connection.execute(
            f"SELECT * FROM alerts WHERE {where} ORDER BY id DESC LIMIT {MOST_ROWS}", values
        )
        names = [column[0] for column in rows.description]
        found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return [Alert.model_validate({**row, "values": json.loads(row["values"])}) for row in found]
