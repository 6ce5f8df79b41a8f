"""Practices over the trainer's room, each move kept as it is made. One that this process does not
know is gone through again from what was kept: its person comes back to the same point.

The rules think in the thinker's thread, which owns the embedder, a moment at a time: live calls go
between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from assist import events as ev
from assist.accounts.model import Person
from assist.errors import AssistError
from assist.tables.practices import Kept, KeptMove
from assist.train.course import Course
from assist.train.moves import MOVE, Asked, Hinted, Move, do
from assist.train.practice import Practice
from assist.train.room import MOST_OF_ONE, new_id
from assist.web.house import House

T = TypeVar("T")


class Practices:
    def __init__(self, house: House) -> None:
        self._house = house
        self._coming_back = asyncio.Lock()
        """Two windows that come back at once must not come to two practices."""

    async def think(self, work: Callable[[], T]) -> T:
        """In the thread that owns the embedder, one thing at a time."""
        return await asyncio.get_running_loop().run_in_executor(
            self._house.calls.parts.thinker, work
        )

    async def begin(self, asked: Asked, title: str, person: Person) -> Practice:
        """`title` names the practice of a call. Raises AssistError."""
        now = self._house.now()
        practice = await self._open(new_id(), asked, title, person, now)
        kept = Kept(
            id=practice.id,
            login=person.login,
            title=title,
            asked=asked.model_dump_json(),
            began_at=now,
            moves=(),
        )
        self._house.store.practices.begin(kept, MOST_OF_ONE)
        return practice

    async def find(self, practice_id: str, person: Person) -> Practice:
        """Raises AssistError where there is none of this person's that is open."""
        room = self._house.training
        if (open_ := room.open_practice(practice_id, person)) is not None:
            return open_
        async with self._coming_back:
            kept = self._house.store.practices.find(practice_id, person.login, self._house.now())
            if kept is not None and room.open_practice(practice_id, person) is None:
                await self._go_through_again(kept, person)
            return room.practice(practice_id, person)

    async def move(self, practice: Practice, move: Move) -> list[ev.Event]:
        """What came of it, after it is kept."""
        now = self._house.now()
        events = await self.think(lambda: do(practice, move, now))
        self._keep(practice, move, now)
        return events

    async def hint(self, practice: Practice) -> dict[str, str]:
        told = await self.think(practice.hint)
        self._keep(practice, Hinted(), self._house.now())
        return told

    def end(self, practice: Practice) -> None:
        """It is scored, or given up: nobody comes back to it."""
        self._house.store.practices.end(practice.id)

    def _keep(self, practice: Practice, move: Move, now: datetime) -> None:
        kept = KeptMove(
            elapsed_ms=practice.elapsed_ms(now),
            events=len(practice.sandbox.events),
            move=MOVE.dump_json(move).decode(),
        )
        self._house.store.practices.moved(practice.id, kept, now)

    async def _go_through_again(self, kept: Kept, person: Person) -> None:
        """Raises AssistError where it does not come to the same point any more."""
        asked = Asked.model_validate_json(kept.asked)
        practice = await self._open(kept.id, asked, kept.title, person, kept.began_at)
        elapsed_ms = 0
        for each in kept.moves:
            elapsed_ms = each.elapsed_ms
            at = kept.began_at + timedelta(milliseconds=elapsed_ms)
            move = MOVE.validate_json(each.move)
            try:
                await self.think(lambda move=move, at=at: do(practice, move, at))
                same = len(practice.sandbox.events) == each.events
            except AssistError:
                same = False
            if not same:
                self._house.training.close(kept.id, person)
                self._house.store.practices.end(kept.id)
                raise AssistError(
                    "The guides have changed since: this practice cannot go on where it was.",
                    "Go back to the training room and begin again.",
                    code="training.changed",
                )
        practice.go_on(self._house.now(), elapsed_ms)

    async def _open(
        self, practice_id: str, asked: Asked, title: str, person: Person, began: datetime
    ) -> Practice:
        house, room = self._house, self._house.training
        if asked.seq:
            house.store.call(asked.call)
            past = list(house.store.events(asked.call))
            return await self.think(
                lambda: room.what_if(past, asked.seq, person, began, practice_id)
            )
        if asked.call:
            past = list(house.store.events(asked.call))
            expert = await self._expert(past)
            return await self.think(
                lambda: room.practise_call(
                    past, expert, title, asked.hints, person, began, practice_id
                )
            )
        questions = await asyncio.to_thread(room.questions, asked.guide)
        return await self.think(
            lambda: room.practise_guide(
                asked.guide,
                asked.hints,
                asked.temperament,
                asked.seed,
                person,
                began,
                questions,
                asked.case,
                practice_id,
            )
        )

    async def _expert(self, past: list[ev.Event]) -> Course:
        found = Course()
        steps = self._house.training.expert(past)
        while (step := await self.think(lambda: next(steps, None))) is not None:
            found = step
        return found
