"""One speech model and its worker threads, shared by all calls of the process.

A thread gets arrays and returns values; what is decoded next is `speech.schedule`'s decision, and
the answers go back to the calls on the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from assist.call.meters import Meters
from assist.errors import AssistError
from assist.ports import Decoded, SpeechEngine
from assist.speech.schedule import Job, Schedule, ScheduleOptions

log = logging.getLogger(__name__)

NICENESS = 5
"""How far decoding stands back behind the event loop, which answers clicks and takes sound in."""

T = TypeVar("T")


class Lane:
    """`relieves` is a lane of a slower model whose late finals this one writes instead."""

    def __init__(
        self,
        engine: SpeechEngine,
        options: ScheduleOptions | None = None,
        meters: Meters | None = None,
        relieves: Lane | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`clock` gives seconds for the metrics; nothing is decided by it."""
        self.engine = engine
        self.options = options or ScheduleOptions()
        self.meters = meters or Meters()
        self.schedule = Schedule(self.options)
        self._relieves = relieves
        self._clock = clock
        self._changed = asyncio.Event()
        self._workers: list[asyncio.Task[None]] = []
        self._pool = ThreadPoolExecutor(
            max_workers=engine.workers,
            thread_name_prefix=engine.name,
            initializer=_stand_back,
        )

    def put(self, job: Job) -> None:
        """Let a decode wait for its turn; its answer comes by `job.answer`, on this loop."""
        job.asked_s = self._clock()
        self.schedule.put(job)
        self._tell_dropped()
        if not self._workers:
            count = self.engine.workers
            self._workers = [asyncio.create_task(self._work()) for _ in range(count)]
        self._changed.set()

    def wake(self) -> None:
        """Something that waits may have become due or late."""
        self._changed.set()

    def forget(self, call: str) -> None:
        self.schedule.forget(call)
        self._tell_dropped()

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """Anything else that needs the model, in one of its threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args))

    def close(self) -> None:
        for worker in self._workers:
            worker.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell_dropped(self) -> None:
        for job in self.schedule.take_dropped():
            if not job.is_final:
                self.meters.dropped(job.call)
            job.answer(job, None)

    def _next(self) -> list[Job]:
        late = self._relieves.schedule.take_late() if self._relieves else []
        batch = late or self.schedule.take()
        self._tell_dropped()
        return batch

    async def _work(self) -> None:
        while True:
            batch = self._next()
            if not batch:
                self._changed.clear()
                await self._changed.wait()
                continue
            begun_s = self._clock()
            answers = await self._decode(batch)
            taken_s = self._clock() - begun_s
            for job, answer in zip(batch, answers, strict=True):
                self.meters.decoded(
                    job,
                    self.engine.name,
                    waited_s=begun_s - job.asked_s,
                    work_s=taken_s / len(batch),
                    batch_s=taken_s,
                )
                job.answer(job, answer)

    async def _decode(self, batch: Sequence[Job]) -> Sequence[Decoded | AssistError]:
        try:
            windows = [job.due.window(job.lang) for job in batch]
            return await self.run(self.engine.decode_batch, windows)
        except AssistError as error:
            return [error] * len(batch)
        except Exception:
            log.exception("%s failed on %d windows", self.engine.name, len(batch))
            trouble = AssistError(
                "The recogniser failed on a stretch of speech; it is left out of the transcript.",
                "Go on; the log has the cause.",
                code="speech.failed",
            )
            return [trouble] * len(batch)


def _stand_back() -> None:
    # Only Linux gives threads a niceness of their own; elsewhere decoding competes as before.
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
