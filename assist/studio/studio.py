"""The studio of one process: the workshop of guides, the questions, the inbox, and trials."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from assist.errors import StudioRefused
from assist.ports import Embedder
from assist.rules.tools import Tools
from assist.search.corpus import Row
from assist.search.editing.gaps import Miss, misses_of
from assist.search.kept import KeptVectors
from assist.store import Store
from assist.studio.folder import GuidesFolder
from assist.studio.jobs import Job, Jobs
from assist.studio.known import Known
from assist.studio.questions import Questions
from assist.studio.workshop import Workshop
from assist.tables.inbox import InboxItem

MOST_CALLS = 1_000
"""Calls read for gaps, the newest first."""


@dataclass(frozen=True)
class Studio:
    """`tools` are those of a call that would begin now; without an `embedder` what needs the
    meaning of sentences is refused."""

    folder: GuidesFolder
    workshop: Workshop
    questions: Questions
    store: Store
    tools: Callable[[], Tools]
    now: Callable[[], datetime]
    embedder: KeptVectors | None
    jobs: Jobs = field(default_factory=Jobs)

    def meaning(self) -> Embedder:
        if self.embedder is None:
            raise StudioRefused(
                "The embedder cannot be used, so sentences cannot be compared.",
                "`assist doctor` says what is missing.",
                code="studio.meaning",
            )
        return self.embedder

    def remember(self) -> None:
        """What was embedded is not embedded again by the next one who asks. For threads."""
        if self.embedder is not None:
            self.embedder.keep()

    async def fill_inbox(self, job: Job) -> Any:
        """What calls said and search did not catch, and what the elite team's answers teach."""
        today = self.now().date()
        ended = [row for row in self.store.calls(MOST_CALLS) if row["status"] != "live"]
        misses: list[Miss] = []
        for number, row in enumerate(ended):
            job.tell("calls", number, len(ended))
            misses += misses_of(self.store.events(row["id"]))
            await asyncio.sleep(0)
        known = await asyncio.to_thread(self.questions.known)
        taught = self._taught(known)
        new = self.store.inbox.put(taught, "backstop", self.now())
        if misses:
            found = await asyncio.to_thread(
                self.questions.gaps, misses, self.meaning(), today, job.tell
            )
            new += self.store.inbox.put(found, "gap", self.now())
        return {"new": new, "calls": len(ended)}

    def _taught(self, known: list[Row]) -> list[tuple[Row, Sequence[str]]]:
        table, today = self.store.backstop, self.now().date()
        found: list[tuple[Row, Sequence[str]]] = []
        for item in table.notes():
            rows = table.drafts(item, [*known, *(row for row, _ in found)], today)
            found += [(row, [item.call]) for row in rows]
        return found

    async def take(self, ids: Sequence[str], guide: str, by: str) -> list[Row]:
        """Questions of the inbox become draft rows of the corpus; `guide`, where it is given, is
        theirs from now on. Raises StudioRefused, CorpusError; then none was taken."""
        items = self.store.inbox.pick(ids)
        today = self.now().date()
        rows = [_row(item, guide).model_copy(update={"added": today}) for item in items]
        taken = await asyncio.to_thread(self.questions.take, rows)
        self.store.inbox.judge(ids, "taken", by, self.now())
        return taken

    def dismiss(self, ids: Sequence[str], by: str, reason: str) -> None:
        if not reason.strip():
            raise StudioRefused(
                "To dismiss a question takes words.", "Say why it is none.", code="studio.note"
            )
        self.store.inbox.judge(ids, "dismissed", by, self.now(), reason.strip())


def _row(item: InboxItem, guide: str) -> Row:
    source = "call" if item.origin == "gap" else "backstop"
    return Row(
        id=item.id, text=item.text, guide=guide or item.guide, lang=item.lang, source=source,
        status="draft", note=item.note,
    )  # fmt: skip


def open_studio(
    guides: Path,
    corpus: Path,
    store: Store,
    tools: Callable[[], Tools],
    now: Callable[[], datetime],
    embedder: Embedder | None,
    vectors: Path,
    reread: Callable[[], Awaitable[None]],
) -> Studio:
    """`vectors` is a file that remembers what was embedded; what else is remembered lies beside
    it."""
    folder = GuidesFolder(guides)
    return Studio(
        folder=folder,
        workshop=Workshop(folder, store.studio, now, reread),
        questions=Questions(corpus, folder.shelf, Known(vectors.with_name("studio-known.json"))),
        store=store,
        tools=tools,
        now=now,
        embedder=KeptVectors(embedder, vectors) if embedder else None,
    )
