"""The supervisor's wall while the house runs: the board of live calls, and the watch for alerts.

Rows are made at most twice a second however many pages look on, and each page is told only what has
changed for it; a page that reads slowly is told less often and keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from assist.call import Parts
from assist.errors import AssistError, ModelError
from assist.guide.load import Book
from assist.insight import causes
from assist.insight.board import Board, Rows
from assist.insight.funnel import usual_times
from assist.insight.topics import Topic, same_weekdays, topics
from assist.insight.uncovered import MOST, Need, apart, needs, texts_of
from assist.search.editing.gaps import Miss, misses_of
from assist.search.likeness import Likeness
from assist.store import Store
from assist.tables.alerts import Cause

log = logging.getLogger(__name__)

EVERY_S = 0.5
WATCH_EVERY_S = 15.0
LEARN_EVERY = timedelta(minutes=10)
TOPICS_LAST = timedelta(seconds=30)
NEEDS_LAST = timedelta(minutes=5)
_AT_ONCE = 16
"""Texts embedded between two questions of live calls."""


class Wall:
    """`health()` looks around the house, as `GET /health` does; `books()` are the guides as they
    are now."""

    def __init__(
        self,
        parts: Parts,
        store: Store,
        health: Callable[[], Awaitable[Mapping[str, Any]]],
        books: Callable[[], Book],
    ) -> None:
        self.now = parts.now
        self.board = Board(books().upset, self._name)
        self.alerts_version = 0
        self._parts = parts
        self._store = store
        self._books = books
        self._health = health
        self._rows: tuple[datetime, Rows] | None = None
        self._names: dict[str, str] = {}
        self._topics: tuple[datetime, list[Topic]] | None = None
        self._needs: tuple[datetime, list[Need]] | None = None
        self._learnt_at: datetime | None = None
        parts.journal.listen(lambda event: self.board.take(event, self.now()))

    def rows(self) -> Rows:
        """By call, at most half a second old."""
        now = self.now()
        if self._rows is None or not 0 <= (now - self._rows[0]).total_seconds() < EVERY_S:
            self._rows = now, self.board.rows(now)
        return self._rows[1]

    def _name(self, login: str) -> str:
        """What people call an agent; the login where there is no account."""
        if login not in self._names:
            found = self._store.accounts.find(login)
            self._names[login] = found.person.name if found and found.person.name else login
        return self._names[login]

    def topics(self) -> list[Topic]:
        """Of today, at most half a minute old."""
        now = self.now()
        if self._topics is None or not timedelta(0) <= now - self._topics[0] < TOPICS_LAST:
            self._topics = now, self._topics_at(now)
        return self._topics[1]

    async def uncovered(self) -> list[Need]:
        """What no guide helped with today, at most five minutes old."""
        now = self.now()
        if self._needs is None or not timedelta(0) <= now - self._needs[0] < NEEDS_LAST:
            misses: list[Miss] = []
            for events in self._store.figures.uncovered(now.date().isoformat()):
                misses += [miss for miss in misses_of(events) if miss.why == "uncovered"]
                if len(misses) >= MOST:
                    break
                await asyncio.sleep(0)
            self._needs = now, await self._grouped(misses)
        return self._needs[1]

    async def _grouped(self, misses: list[Miss]) -> list[Need]:
        like = self._parts.tools.like
        if not isinstance(like, Likeness) or not misses:
            return apart(misses)
        loop, texts = asyncio.get_running_loop(), texts_of(misses)
        vectors = []
        try:
            for at in range(0, len(texts), _AT_ONCE):
                some = texts[at : at + _AT_ONCE]
                # In the thinker's thread, which owns the embedder; what is said goes between.
                vectors += await loop.run_in_executor(self._parts.thinker, like.vectors_of, some)
        except ModelError:
            return apart(misses)
        return await asyncio.to_thread(needs, misses, np.vstack(vectors))

    async def watch(self) -> None:
        """Looks for what somebody on duty must know, until cancelled."""
        while True:
            try:
                await self.look()
            except AssistError as error:
                log.warning("the watch for alerts: %s", error)
            except Exception:
                log.exception("the watch for alerts met a bug and goes on")
            await asyncio.sleep(WATCH_EVERY_S)

    async def look(self) -> None:
        """Once: learn how long steps take, where that is due, and tell all causes of now."""
        now = self.now()
        if self._learnt_at is None or now - self._learnt_at >= LEARN_EVERY:
            self._learnt_at = now
            self._names.clear()
            walks = []
            for walk in self._store.figures.walks():
                walks.append(walk)
                await asyncio.sleep(0)  # calls go on between two of them
            self.board.usual = usual_times(walks)
        self.board.upset = self._books().upset
        health = await self._health()
        if self._store.alerts.tell(self._causes(health), self.now()):
            self.alerts_version += 1

    def _causes(self, health: Mapping[str, Any]) -> Iterator[Cause]:
        now = self.now()
        titles = {guide.id: guide.title for guide in self._books().guides.values()}
        queue, _ = self._store.backstop.list(limit=500)
        yield from causes.of_topics(self.topics(), titles)
        yield from causes.of_rows(self.rows().values(), now)
        yield from causes.of_backstop(queue, now)
        yield from causes.of_health(health)

    def _topics_at(self, now: datetime) -> list[Topic]:
        today = now.date()
        before, figures = same_weekdays(today), self._store.figures
        counts = figures.days([today.isoformat(), *before], now.strftime("%H:%M:%S"))
        return topics(counts, today, figures.days_with_calls(before), figures.first_contact(now))
