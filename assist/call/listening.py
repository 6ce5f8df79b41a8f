"""Threads of a call: sound goes to the listeners, their decodes to the models' worker threads.

A thread gets an array and returns a value; everything else happens on the event loop. Guesses that
became stale while they waited are dropped, finals never.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from assist.audio import AudioChunk
from assist.errors import AssistError
from assist.events import Fact, Speaker, Trouble
from assist.ports import Decoded, SpeechEngine
from assist.speech.listener import Due, Final, Guess, Listener

MAX_FINALS_WAITING = 16
"""Beyond this, `hear` waits: the phone system is held back, no sound is lost."""

Tell = Callable[[Fact], Awaitable[None]]


class Lane:
    """One model and its single worker thread, shared by all calls of the process."""

    def __init__(self, engine: SpeechEngine) -> None:
        self.engine = engine
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=engine.name)

    async def decode(self, due: Due, lang: str) -> Decoded:
        work = partial(
            self.engine.decode,
            due.pcm,
            lang=lang,
            prefix=due.prefix if isinstance(due, Guess) else "",
            final=isinstance(due, Final),
        )
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class Ears:
    """The listeners of one call and the decodes that are due for them."""

    def __init__(
        self,
        listeners: Mapping[Speaker, Listener],
        guesses: Lane,
        finals: Lane,
        lang: str,
        tell: Tell,
    ) -> None:
        self._listeners = listeners
        self._lanes = {Guess: guesses, Final: finals}
        self._lang = lang
        self._tell = tell
        self._guesses: dict[Speaker, Guess] = {}
        self._finals: deque[Final] = deque()
        self._changed = asyncio.Condition()
        self._busy = 0
        self._workers = [
            asyncio.create_task(self._work(self._next_guess)),
            asyncio.create_task(self._work(self._next_final)),
        ]

    async def hear(self, chunk: AudioChunk) -> None:
        """Take sound in; returns at once unless too many finals wait."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._finals) < MAX_FINALS_WAITING)
            self._schedule(self._listeners[chunk.speaker].accept(chunk))
            self._changed.notify_all()

    async def finish(self) -> None:
        """The sound is over: the last words are decoded, then the workers rest."""
        async with self._changed:
            for listener in self._listeners.values():
                self._schedule(listener.finish())
            self._changed.notify_all()
        await self.settled()
        await self.stop()

    async def settled(self) -> None:
        """Returns when nothing is waiting and nothing is being decoded."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: not self._guesses and not self._finals and not self._busy
            )

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _schedule(self, dues: list[Due]) -> None:
        for due in dues:
            if isinstance(due, Final):
                self._finals.append(due)
                waiting = self._guesses.get(due.speaker)
                if waiting and waiting.utterance == due.utterance:
                    del self._guesses[due.speaker]
            else:
                self._guesses[due.speaker] = due

    def _next_guess(self) -> Guess | None:
        if not self._guesses:
            return None
        speaker = next(iter(self._guesses))
        return self._guesses.pop(speaker)

    def _next_final(self) -> Final | None:
        return self._finals.popleft() if self._finals else None

    async def _work(self, take_next: Callable[[], Due | None]) -> None:
        while True:
            async with self._changed:
                due = take_next()
                while due is None:
                    await self._changed.wait()
                    due = take_next()
                self._busy += 1
            try:
                await self._decode(due)
            finally:
                async with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    async def _decode(self, due: Due) -> None:
        if self._listeners[due.speaker].is_stale(due):
            return
        try:
            decoded = await self._lanes[type(due)].decode(due, self._lang)
        except AssistError as error:
            await self._tell(Trouble(code=error.code, message=error.message, remedy=error.remedy))
            return
        for fact in self._listeners[due.speaker].take(due, decoded):
            await self._tell(fact)
