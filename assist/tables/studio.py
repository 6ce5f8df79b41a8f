"""Working copies of guides, the versions that went live, and who did what with them.

A guide that is live is a file; here stands what is not a file yet, and what was one. A move is
checked and kept in one transaction. Whoever has written a text never approves it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sqlite_utils
from pydantic import BaseModel, ConfigDict

from assist.errors import StoreError, StudioRefused
from assist.tables.access import Access, moment_text

DraftState = Literal["draft", "review", "approved"]
Move = Literal[
    "begin", "submit", "withdraw", "return", "approve", "rebase", "discard", "publish", "roll_back"
]
How = Literal["published", "rolled_back", "found"]
_FROM: dict[str, tuple[DraftState, DraftState]] = {
    "submit": ("draft", "review"),
    "withdraw": ("review", "draft"),
    "return": ("review", "draft"),
    "approve": ("review", "approved"),
}


class Draft(BaseModel):
    """`base` is the hash of the file it began from, "" for a guide that is new; `revision` grows
    with every save; `authors` are all who have changed it."""

    model_config = ConfigDict(frozen=True)

    guide: str
    text: str
    base: str
    state: DraftState = "draft"
    revision: int = 1
    authors: tuple[str, ...] = ()
    note: str = ""
    by: str = ""
    at: str = ""
    approver: str = ""


class Version(BaseModel):
    """A text that was live, with its file's hash. `found`: somebody put it on disk, not we."""

    model_config = ConfigDict(frozen=True)

    id: int = 0
    guide: str
    text: str
    hash: str
    how: How
    at: str
    by: str
    authors: tuple[str, ...] = ()
    approver: str = ""
    note: str = ""


class Entry(BaseModel):
    at: str
    by: str
    move: Move
    note: str
    version: int | None = None


class Use(BaseModel):
    """What became of the calls a guide led."""

    led: int = 0
    solved: int = 0
    ticket: int = 0
    escalated: int = 0


def create(db: sqlite_utils.Database) -> None:
    kinds: dict[str, Any] = {"revision": int, "id": int}
    db.table("studio_drafts").create(
        {name: kinds.get(name, str) for name in Draft.model_fields}, pk="guide"
    )
    db.table("studio_versions").create(
        {name: kinds.get(name, str) for name in Version.model_fields}, pk="id"
    )
    db.table("studio_versions").create_index(["guide"])
    columns: dict[str, Any] = {"id": int, "guide": str, "at": str, "by": str, "move": str}
    db.table("studio_entries").create({**columns, "note": str, "version": int}, pk="id")
    db.table("studio_entries").create_index(["guide"])


class StudioTable:
    def __init__(self, access: Access) -> None:
        self._access = access

    def draft(self, guide: str) -> Draft | None:
        with self._access.guard():
            return self._find(guide)

    def drafts(self) -> list[Draft]:
        with self._access.guard():
            return [Draft.model_validate(r) for r in self._rows("SELECT * FROM studio_drafts", [])]

    def begin(self, guide: str, text: str, base: str, by: str, at: datetime) -> Draft:
        """The working copy; one that is there already stays. A text of one's own (`base` is "" or
        another one's text) makes its beginner an author."""
        with self._access.guard(), self._access.transaction():
            if known := self._find(guide):
                return known
            authors = () if base else (by,)
            draft = Draft(
                guide=guide, text=text, base=base, authors=authors, by=by, at=moment_text(at)
            )
            self._write("studio_drafts", draft.model_dump())
            self._enter(guide, "begin", by, at)
        return draft

    def save(self, guide: str, text: str, revision: int, by: str, at: datetime) -> Draft:
        """Raises StudioRefused when another window has saved since `revision`; a text that is
        saved anew goes back to being a draft."""
        with self._access.guard(), self._access.transaction():
            draft = self._known(guide)
            if draft.revision != revision:
                raise StudioRefused(
                    f"{draft.by} has saved this guide meanwhile (revision {draft.revision}).",
                    "Take over their text, or keep yours over it.",
                    code="studio.stale",
                    values={"by": draft.by, "at": draft.at, "revision": str(draft.revision)},
                )
            if draft.text == text:
                return draft
            authors = tuple(dict.fromkeys((*draft.authors, by)))
            changed: dict[str, Any] = {"text": text, "revision": revision + 1, "authors": authors}
            changed |= {"state": "draft", "by": by, "at": moment_text(at), "approver": ""}
            draft = draft.model_copy(update=changed)
            self._write("studio_drafts", draft.model_dump())
        return draft

    def move(
        self, guide: str, move: Move, by: str, at: datetime, revision: int, note: str = ""
    ) -> Draft:
        """submit, withdraw, return or approve. Raises StudioRefused with what is the matter."""
        with self._access.guard(), self._access.transaction():
            draft = self._known(guide)
            _check(draft, move, by, revision, note)
            changed: dict[str, Any] = {"state": _FROM[move][1]}
            changed["approver"] = by if move == "approve" else ""
            if move == "submit":
                changed["note"] = note
            draft = draft.model_copy(update=changed)
            self._write("studio_drafts", draft.model_dump())
            self._enter(guide, move, by, at, note)
        return draft

    def rebase(self, guide: str, base: str, by: str, at: datetime) -> Draft:
        """The text now stands against another file; it has to be looked at once more."""
        with self._access.guard(), self._access.transaction():
            draft = self._known(guide)
            authors = tuple(dict.fromkeys((*draft.authors, by)))
            changed: dict[str, Any] = {"base": base, "state": "draft", "authors": authors}
            draft = draft.model_copy(update={**changed, "revision": draft.revision + 1})
            self._write("studio_drafts", draft.model_dump())
            self._enter(guide, "rebase", by, at)
        return draft

    def discard(self, guide: str, by: str, at: datetime) -> None:
        with self._access.guard(), self._access.transaction():
            self._known(guide)
            self._execute("DELETE FROM studio_drafts WHERE guide = ?", [guide])
            self._enter(guide, "discard", by, at)

    def keep(self, version: Version, at: datetime, *, ends_draft: bool = False) -> Version:
        """What is live from now on, or was found to be."""
        with self._access.guard(), self._access.transaction():
            row = version.model_dump(exclude={"id"}) | {"at": moment_text(at)}
            number = self._write("studio_versions", row)
            if ends_draft:
                # One saved meanwhile stays, and is told from what is published now.
                self._execute(
                    "DELETE FROM studio_drafts WHERE guide = ? AND text = ?",
                    [version.guide, version.text],
                )
            if version.how != "found":
                move: Move = "publish" if version.how == "published" else "roll_back"
                self._enter(version.guide, move, version.by, at, version.note, number)
        return version.model_copy(update={"id": number, "at": row["at"]})

    def versions(self, guide: str) -> list[Version]:
        """Newest first."""
        sql = "SELECT * FROM studio_versions WHERE guide = ? ORDER BY id DESC"
        with self._access.guard():
            return [Version.model_validate(row) for row in self._rows(sql, [guide])]

    def version(self, guide: str, number: int) -> Version:
        sql = "SELECT * FROM studio_versions WHERE guide = ? AND id = ?"
        with self._access.guard():
            found = self._rows(sql, [guide, number])
        if not found:
            raise StoreError(f"There is no version {number} of {guide}.", "Its history lists them.")
        return Version.model_validate(found[0])

    def entries(self, guide: str) -> list[Entry]:
        """Newest first."""
        sql = 'SELECT at, "by", move, note, version FROM studio_entries WHERE guide = ?'
        with self._access.guard():
            rows = self._rows(f"{sql} ORDER BY id DESC", [guide])
        return [Entry.model_validate(row) for row in rows]

    def use(self, now: datetime, days: int = 30) -> dict[str, Use]:
        """By guide: the calls of the last days that it led; one put away as not fitting did not,
        and a call only run again is no call."""
        since = moment_text(now.astimezone(UTC) - timedelta(days=days))
        with self._access.guard():
            rows = self._execute(
                "SELECT guide, outcome, count(*) FROM calls WHERE guide <> ''"
                " AND source NOT LIKE 'replay of %' AND datetime(started_at) >= datetime(?)"
                " AND NOT EXISTS (SELECT 1 FROM events WHERE call = calls.id"
                " AND kind = 'guide_closed' AND json_extract(fact, '$.guide') = calls.guide"
                " AND json_extract(fact, '$.reason') = 'dismissed')"
                " GROUP BY guide, outcome",
                [since],
            ).fetchall()
        counts: dict[str, dict[str, int]] = {}
        for guide, outcome, count in rows:
            one = counts.setdefault(guide, {"led": 0})
            one["led"] += count
            if outcome in Use.model_fields:
                one[outcome] = count
        return {guide: Use(**count) for guide, count in counts.items()}

    # ------------------------------------------------------------ small hands

    def _execute(self, sql: str, values: list[Any]) -> Any:
        return self._access.connection.execute(sql, values)

    def _rows(self, sql: str, values: list[Any]) -> list[dict[str, Any]]:
        rows = self._execute(sql, values)
        names = [column[0] for column in rows.description]
        found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return [
            row | ({"authors": json.loads(row["authors"])} if "authors" in row else {})
            for row in found
        ]

    def _find(self, guide: str) -> Draft | None:
        rows = self._rows("SELECT * FROM studio_drafts WHERE guide = ?", [guide])
        return Draft.model_validate(rows[0]) if rows else None

    def _known(self, guide: str) -> Draft:
        if draft := self._find(guide):
            return draft
        raise StudioRefused(
            f"There is no working copy of {guide}.", "Open the guide.", code="studio.no-draft"
        )

    def _write(self, table: str, row: dict[str, Any]) -> int:
        row = {**row, "authors": json.dumps(row["authors"], ensure_ascii=False)}
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        sql = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"
        return int(self._execute(sql, [*row.values()]).lastrowid or 0)

    def _enter(
        self, guide: str, move: Move, by: str, at: datetime, note: str = "", version: int = 0
    ) -> None:
        self._execute(
            'INSERT INTO studio_entries (guide, at, "by", move, note, version)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [guide, moment_text(at), by, move, note, version or None],
        )


def _check(draft: Draft, move: Move, by: str, revision: int, note: str) -> None:
    needed = _FROM[move][0]
    if draft.state != needed:
        raise StudioRefused(
            f"{draft.guide} is in the state '{draft.state}'; to {move} it, it must be '{needed}'.",
            "Load the page again.",
            code="studio.state",
            values={"state": draft.state},
        )
    if draft.revision != revision:
        raise StudioRefused(
            f"{draft.guide} has changed since it was looked at.",
            "Load the page again and look at it once more.",
            code="studio.stale",
            values={"by": draft.by, "at": draft.at, "revision": str(draft.revision)},
        )
    if move == "approve" and by in draft.authors:
        raise StudioRefused(
            f"{by} has written in this text and cannot approve it.",
            "Somebody else must look at it.",
            code="studio.author",
        )
    if move in ("submit", "return") and not note.strip():
        raise StudioRefused(
            f"To {move} a guide takes words.",
            "Say what has changed." if move == "submit" else "Say what is to be mended.",
            code="studio.note",
        )
