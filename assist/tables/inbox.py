"""Questions that calls taught and no editor has judged yet: the studio's inbox.

A row of it is a draft question as `search.editing.gaps` or the backstop's resolutions make it. It
is asked once: what was taken or dismissed does not come back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.errors import StudioRefused
from assist.search.corpus import Row
from assist.tables.access import Access, moment_text

Origin = Literal["gap", "backstop"]
ItemState = Literal["new", "taken", "dismissed"]


class InboxItem(BaseModel):
    """`by`, `at` and `reason` are of who judged it."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    guide: str
    lang: Literal["zh", "en"]
    origin: Origin
    calls: tuple[str, ...] = ()
    note: str = ""
    state: ItemState = "new"
    found: str = ""
    by: str = ""
    at: str = ""
    reason: str = ""


def create(db: sqlite_utils.Database) -> None:
    db.table("studio_inbox").create({name: str for name in InboxItem.model_fields}, pk="id")
    db.table("studio_inbox").create_index(["state"])


class InboxTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def put(self, rows: Iterable[tuple[Row, Sequence[str]]], origin: Origin, now: datetime) -> int:
        """Draft rows with the calls they come from; how many are new here."""
        count = 0
        with self._access.guard(), self._access.transaction():
            for row, calls in rows:
                item = InboxItem(
                    id=row.id, text=row.text, guide=row.guide, lang=row.lang, origin=origin,
                    calls=tuple(calls), note=row.note, found=moment_text(now),
                )  # fmt: skip
                count += self._write(item, "INSERT OR IGNORE")
        return count

    def list(self, state: ItemState = "new", limit: int = 500) -> list[InboxItem]:
        """Newest first."""
        sql = "SELECT * FROM studio_inbox WHERE state = ? ORDER BY found DESC, guide, id LIMIT ?"
        with self._access.guard():
            return [_item(row) for row in self._rows(sql, [state, limit])]

    def pick(self, ids: Sequence[str]) -> list[InboxItem]:
        """Those that still wait; raises StudioRefused when one of the ids does not."""
        found = {item.id: item for item in self.list(limit=10_000)}
        if gone := [each for each in ids if each not in found]:
            raise StudioRefused(
                f"{', '.join(gone)}: somebody has judged it meanwhile, or it is not there.",
                "Load the page again.",
                code="studio.gone",
            )
        return [found[each] for each in dict.fromkeys(ids)]

    def judge(
        self, ids: Sequence[str], state: ItemState, by: str, at: datetime, reason: str = ""
    ) -> None:
        self._change(ids, {"state": state, "by": by, "at": moment_text(at), "reason": reason})

    def attach(self, ids: Sequence[str], guide: str) -> None:
        """To a guide that may not be there yet."""
        self._change(ids, {"guide": guide})

    def _change(self, ids: Sequence[str], values: dict[str, str]) -> None:
        with self._access.guard(), self._access.transaction():
            for item in self.pick(ids):
                self._write(item.model_copy(update=values), "INSERT OR REPLACE")

    def _write(self, item: InboxItem, how: str) -> int:
        row = item.model_dump() | {"calls": json.dumps(item.calls)}
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        sql = f"{how} INTO studio_inbox ({names}) VALUES ({marks})"
        return self._access.connection.execute(sql, [*row.values()]).rowcount

    def _rows(self, sql: str, values: Sequence[Any]) -> Sequence[dict[str, Any]]:
        rows = self._access.connection.execute(sql, values)
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _item(row: dict[str, Any]) -> InboxItem:
    return InboxItem.model_validate(row | {"calls": json.loads(row["calls"])})
