"""Filing that outlives the back office's bad hours: kept first, sent until it is answered.

Every ask stands in the store before anything is sent. The first try is made while the agent looks
on; when it fails the call is told that the ticket waits, and a worker sends it again, with ever
longer pauses, over the call's end and over a restart. Asks of one call go out in their order, one
at a time. The ask's key keeps the back office from filing twice; the answer's event is what takes
the ask out of the store, so it is kept once.

Which failure means what: a reasoned no (DeskRefused) is final and goes to the agent; anything else
(silence, a failure, an answer that makes no sense) may have been filed and is asked again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import tenacity

from assist import events as ev
from assist.errors import AssistError, DeskError, DeskRefused, StoreError
from assist.ports import Desk
from assist.store import Store

log = logging.getLogger(__name__)

Take = Callable[[ev.Fact], Awaitable[None]]
Tell = Callable[[str, ev.Fact], Awaitable[None]]


@dataclass(frozen=True)
class Pace:
    """`first_wait_s` and `longest_wait_s` bound the pause between two tries of one call, which
    doubles with each; `at_once` requests run side by side, so that a back office that comes back
    is not overrun; `look_every_s` is how often asks of processes that have died are looked for."""

    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    at_once: int = 4
    look_every_s: float = 10.0


class Outbox:
    """One per process that serves calls; `run` until the process stops."""

    def __init__(
        self, store: Store, desk: Desk, now: Callable[[], datetime], pace: Pace | None = None
    ) -> None:
        self._store = store
        self._desk = desk
        self._now = now
        self._pace = pace or Pace()
        self._lanes: dict[str, asyncio.Lock] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(self._pace.at_once)
        self._tell: Tell | None = None
        store.files_tickets()

    @property
    def waiting(self) -> int:
        """How many asks have no answer yet, those of other processes, too."""
        return len(self._store.outbox.waiting())

    async def send(self, asked: ev.TicketAsked, call: str, take: Take) -> None:
        """The first try; `take` gets what became of it."""
        async with self._lane(call):
            mine = self._store.outbox.of(call)
            if all(waiting.key != asked.key for waiting in mine):
                return  # a worker was quicker
            why = "An earlier ticket of this call is still to be sent."
            if mine[0].key == asked.key:
                try:
                    await take(await self._answer(self._store.asked(mine[0])))
                    return
                except (DeskError, StoreError) as error:
                    why = error.message
            await take(
                ev.TicketWaiting(key=asked.key, guide=asked.guide, step=asked.step, message=why)
            )
        self._wake(call, self._pace.first_wait_s)

    async def run(self, tell: Tell) -> None:
        """Send what waits, until cancelled; `tell` gives an answer to its call, live or over."""
        self._tell = tell
        try:
            while True:
                self._look()
                await asyncio.sleep(self._pace.look_every_s)
        finally:
            for worker in self._workers.values():
                worker.cancel()

    def _look(self) -> None:
        try:
            for call in dict.fromkeys(waiting.call for waiting in self._store.adopt()):
                self._wake(call, 0)
        except StoreError as error:
            log.warning("the outbox cannot be read: %s", error)

    def _wake(self, call: str, after_s: float) -> None:
        if self._tell is None or call in self._workers:
            return
        worker = asyncio.create_task(self._work(call, self._tell, after_s))
        self._workers[call] = worker
        worker.add_done_callback(lambda done: self._ended(call, done))

    def _ended(self, call: str, worker: asyncio.Task[None]) -> None:
        self._workers.pop(call, None)
        self._lanes.pop(call, None)
        if not worker.cancelled() and (error := worker.exception()):
            log.error("call %s: sending its tickets met a bug", call, exc_info=error)

    async def _work(self, call: str, tell: Tell, after_s: float) -> None:
        """All that waits for one call, in order."""
        await asyncio.sleep(after_s)
        pace = self._pace
        more = True
        while more:
            again = tenacity.AsyncRetrying(
                retry=tenacity.retry_if_exception_type((DeskError, StoreError)),
                wait=tenacity.wait_random_exponential(pace.first_wait_s, pace.longest_wait_s),
                before_sleep=lambda state: _log_retry(call, state),
            )
            more = await again(self._send_first, call, tell)

    async def _send_first(self, call: str, tell: Tell) -> bool:
        """Send what is next; False when nothing is. Raises DeskError, StoreError."""
        async with self._lane(call):
            waiting = self._store.outbox.of(call)
            if not waiting:
                return False
            asked = self._store.asked(waiting[0])
            async with self._gate:
                answer = await self._answer(asked)
            await tell(call, answer)
        return True

    async def _answer(self, asked: ev.TicketAsked) -> ev.Fact:
        """Filed, or refused for good. Raises DeskError where it must be asked again."""
        try:
            return await file_ticket(asked, self._desk, self._now)
        except DeskRefused as error:
            return failed(error, asked)

    def _lane(self, call: str) -> asyncio.Lock:
        return self._lanes.setdefault(call, asyncio.Lock())


async def file_ticket(
    asked: ev.TicketAsked, desk: Desk, now: Callable[[], datetime]
) -> ev.TicketFiled:
    """One try: a new ticket, or a note to one that is there. Raises DeskError."""
    if asked.append_to:
        filed = await desk.append_note(asked.key, asked.append_to, asked.note, asked.fields)
    else:
        filed = await desk.file_ticket(asked.key, asked.type, asked.title, asked.fields)
    return ev.TicketFiled(
        key=asked.key,
        guide=asked.guide,
        step=asked.step,
        type=asked.type,
        number=filed.number,
        fields=asked.fields,
        appended=bool(asked.append_to),
        filed_at=now().isoformat(timespec="seconds"),
    )


def failed(error: AssistError, asked: ev.DiagnosisAsked | ev.TicketAsked) -> ev.Trouble:
    return ev.Trouble(**error.as_json(), key=asked.key, guide=asked.guide, step=asked.step)


def _log_retry(call: str, state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("call %s: its ticket waits (try %d): %s", call, state.attempt_number, error)
