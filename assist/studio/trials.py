"""A text tried before it is published: the guide's own tests, and the calls of the last weeks.

Both run the real rules in a thread; the store is read on the event loop, a call at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assist.guide.load import book_of
from assist.guide.shelf import Shelf
from assist.guide.wording import Like
from assist.privacy import mask
from assist.rules.tools import Tools
from assist.store import Store
from assist.studio.jobs import Job
from assist.train.backtest import Backtest, change
from assist.train.examine import examine
from assist.train.replay import only_events

MOST_CALLS = 200


async def run_tests(job: Job, shelf: Shelf, folder: Path, guide: str, like: Like) -> Any:
    """The cases of guides/tests with the text in the guide's place."""

    def run() -> Mapping[str, Any]:
        book = book_of(shelf, guide)
        exams, broken = examine(folder, book, like, only=[guide], progress=job.tell)
        exam = exams[0].as_json() if exams else None
        if exam:
            exam["problems"] = _named(exam["problems"])
        return {"exam": exam, "broken": _named([problem.as_json() for problem in broken])}

    return await asyncio.to_thread(run)


def _named(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files by their name, without the way to them."""
    return [{**each, "path": Path(each["path"]).name} for each in problems]


async def run_backtest(
    job: Job, shelf: Shelf, guide: str, tools: Tools, store: Store, calls: int
) -> Any:
    """The newest calls with the live guides and with this text among them: what differs is this
    text's doing. Values are masked."""
    book = await asyncio.to_thread(book_of, shelf, guide)
    tried = replace(tools, book=book)
    ended = [row for row in store.calls(min(calls, MOST_CALLS)) if row["status"] != "live"]
    found: list[dict[str, Any]] = []
    for number, row in enumerate(ended):
        job.tell("calls", number, len(ended))
        past = only_events(store.working(row["id"]))
        if not past:
            continue
        one = await asyncio.to_thread(change, past, tools, tried)
        if one.differences or one.refused:
            found.append(_told(one, row))
    job.tell("calls", len(ended), len(ended))
    return {"calls": len(ended), "changed": found}


def _told(one: Backtest, row: Mapping[str, Any]) -> dict[str, Any]:
    differences = [
        {"what": d.what, "then": mask(d.then), "now": mask(d.now)} for d in one.differences
    ]
    return {
        "call": one.call,
        "started_at": row["started_at"],
        "guide": row["guide"],
        "differences": differences,
        "refused": one.refused,
    }
