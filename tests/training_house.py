"""The real app over a real store and the shipped guides, without a model: for the trainer's room.

Two stored calls: `new` went through today's guide from the first word to the ticket; `old` was led
by an edition that is gone, and is played from the recording o01.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from running import ROOT
from train.lexical import like

from assist import events as ev
from assist.accounts.keys import Keys
from assist.call import Calls, Parts
from assist.config import Settings
from assist.desk import RecordedDesk
from assist.guide.load import Book, load_book
from assist.journal import Journal
from assist.rules import Tools
from assist.search.by_hand import Hit
from assist.search.evidence import Finding
from assist.store import Store
from assist.train.cases import read_cases
from assist.train.room import TrainingRoom
from assist.train.verdict import run_case
from assist.web.app import create_app
from assist.web.house import House
from assist.web.hub import Hub
from assist.wiring import loop
from assist.wiring.entrance import open_entrance
from assist.wiring.parts import _deaf, local_now
from assist.wiring.server import serving

GUIDE = "broadband.no-internet"
OLD = ROOT / "tests/browser/fixtures/broadband_call.jsonl"


@cache
def book() -> Book:
    return load_book(ROOT / "guides")


@cache
def expert_facts() -> tuple[ev.Fact, ...]:
    """The first case of the guide's tests, gone through."""
    files, _ = read_cases(ROOT / "guides", book())
    cases = next(file for file in files if file.guide == GUIDE)
    trial = run_case(cases, 0, Tools(book(), like))
    assert trial.passed
    return tuple(trial.facts)


def keep_calls(store: Store) -> None:
    journal, at_ms = Journal(store), 0
    for fact in expert_facts():
        if isinstance(fact, ev.CallStarted):
            fact = fact.model_copy(update={"agent": "elite", "source": "phone"})
        if isinstance(fact, ev.SegmentHeard):
            at_ms = fact.end_ms
        journal.append("new", at_ms, fact)
    for line in OLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["fact"]["kind"] == "call_started":
            row["fact"]["source"] = "demo o01"
        journal.append("old", row["at_ms"], ev.EVENT.validate_python(row).fact)


class _Searches:
    meaning = "missing"

    async def type_in(self, text: str, lang: str) -> list[Hit]:
        return [Hit(GUIDE, "宽带上不了网", ((0, 2),), 1.0)] if text else []

    async def find(self, text: str, lang: str) -> tuple[Finding, Any]:
        return Finding("silent"), self.meaning


class TrainingHouse:
    """`with TrainingHouse(folder) as house:` serves until the block ends."""

    def __init__(self, data: Path) -> None:
        self._settings = Settings().model_copy(update={"data": data, "port": 0})
        self._up, self._down = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: loop.run(self._serve()), daemon=True)
        self.url = ""

    def __enter__(self) -> TrainingHouse:
        self._thread.start()
        while not self._up.wait(0.1):
            assert self._thread.is_alive(), "the house does not open"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._down.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, settings = asyncio.get_running_loop(), self._settings
        store = Store(settings.database, settings.seal_key)
        if not store.calls():
            keep_calls(store)
        tools, (lane, _) = Tools(book(), like), _deaf()
        with ThreadPoolExecutor(1) as thinker, ThreadPoolExecutor(1) as hands:
            parts = Parts(
                journal=Journal(store),
                desk=RecordedDesk(()),
                tools=tools,
                guesses=lane,
                finals=lane,
                listener=None,  # type: ignore[arg-type]  # nothing is heard here
                thinker=thinker,
                hands=hands,
                now=local_now,
            )
            calls = Calls(parts, store.working, 10)
            known = {
                "calls": calls,
                "store": store,
                "hub": Hub(parts.journal, store.events),
                "books": book,
                "searches": _Searches(),
                "ui_dir": settings.ui_dir,
                "demo_calls": {},
                "play_demo": self._play,
                "health": self._health,
                "metrics": lambda: b"",
                "now": local_now,
                "entrance": open_entrance(
                    settings.model_copy(update={"demo": True}), store, Keys()
                ),
                "data": settings.data,
                "training": TrainingRoom(
                    lambda: tools,
                    calls_dir=settings.corpus_dir / "calls",
                    guides_dir=settings.guides_dir,
                    corpus_dir=settings.corpus_dir,
                ),
            }
            # What other rooms need of the house is not asked for here.
            absent: Any = None
            house = House(**{each.name: known.get(each.name, absent) for each in fields(House)})
            async with serving(create_app(house), "127.0.0.1", 0) as self.url:
                self._up.set()
                await self._down.wait()
        lane.close()
        store.close()

    async def _play(self, name: str, speed: str, agent: str) -> str:
        return "old"

    async def _health(self) -> dict[str, Any]:
        return {"ok": True}
