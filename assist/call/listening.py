"""The ears of one call: sound to the listeners, their decodes to the lanes, facts back.

Everything here happens on the event loop and nothing is decided by a clock. Guesses that became
stale while they waited are dropped, finals never.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from assist.audio import AudioChunk, samples_to_ms
from assist.call.lane import Lane
from assist.errors import AssistError
from assist.events import Fact, LanguageTold, Speaker, Trouble
from assist.ports import Decoded
from assist.speech.listener import Listener
from assist.speech.schedule import Job
from assist.speech.utterance import Due, Final
from assist.state import LANGUAGE_NOT_GIVEN

log = logging.getLogger(__name__)

MAX_FINALS_WAITING = 16
"""Beyond this, `hear` waits: the phone system is held back, no sound is lost."""

LANGUAGE_AFTER_MS = 2_000
"""ms of speech from which a call's language is told, where nobody gave it; a shorter utterance is
taken when it is over."""

SAY_AGAIN_MS = 60_000
"""ms of call after which it is said once more that the fast model writes the finals."""

Tell = Callable[[Fact], Awaitable[None]]


class Ears:
    """The listeners of one call and the decodes that are due for them."""

    def __init__(
        self,
        call: str,
        listeners: Mapping[Speaker, Listener],
        guesses: Lane,
        finals: Lane,
        lang: str,
        tell: Tell,
    ) -> None:
        """`lang` is "auto" where the first seconds are to tell it."""
        self._call = call
        self._listeners = listeners
        self._guesses = guesses
        self._finals = finals
        self._lang = lang
        self._tell = tell
        self._heard_ms = 0
        self._fell_back_ms = -SAY_AGAIN_MS
        self._held: list[Due] = []
        self._pending: set[Job] = set()
        self._answers: asyncio.Queue[tuple[Job, Decoded | AssistError]] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._failure: AssistError | None = None
        self._reader = asyncio.create_task(self._read())
        guesses.meters.began(call)

    async def hear(self, chunk: AudioChunk) -> None:
        """Take sound in; returns at once unless too many finals wait. Raises StoreError when
        what was heard before could not be kept."""
        if self._failure:
            raise self._failure
        await self._until(lambda: self._finals_waiting() < MAX_FINALS_WAITING)
        grown_ms = max(0, chunk.end_ms - self._heard_ms)
        self._heard_ms += grown_ms
        sound_s = samples_to_ms(len(chunk.pcm)) / 1000
        self._guesses.meters.heard(self._call, sound_s, grown_ms / 1000)
        listener = self._listeners[chunk.speaker]
        await self._schedule(listener.accept(chunk))
        for fact in listener.take_ready():
            await self._tell(fact)

    def expect(self, guides: Sequence[str]) -> None:
        """The ids of the guides that are open."""
        for listener in self._listeners.values():
            listener.expect(guides)

    async def finish(self) -> None:
        """The sound is over: the last words are decoded, then the ears rest."""
        for listener in self._listeners.values():
            await self._schedule(listener.finish())
            for fact in listener.take_ready():
                await self._tell(fact)
        if self._held:
            await self._tell_language(self._held[-1])
        await self.settled()
        await self.stop()

    async def settled(self) -> None:
        """Returns when nothing is waiting and nothing is being decoded."""
        await self._until(lambda: not self._pending)

    async def stop(self) -> None:
        for lane in (self._guesses, self._finals):
            lane.forget(self._call)
        self._guesses.meters.ended(self._call)
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    def _finals_waiting(self) -> int:
        return sum(job.is_final for job in self._pending)

    async def _schedule(self, dues: list[Due]) -> None:
        for due in dues:
            if self._lang != "auto":
                self._put(due)
                continue
            self._held = [x for x in self._held if isinstance(x, Final)] + [due]
            if isinstance(due, Final) or samples_to_ms(len(due.pcm)) >= LANGUAGE_AFTER_MS:
                await self._tell_language(due)
        # Sound that came in may have ended an utterance, or made a final late.
        for lane in (self._guesses, self._finals):
            lane.wake()

    async def _tell_language(self, due: Due) -> None:
        """What is due was held back until now, since nobody knew how to decode it."""
        told = await self._language_of(due)
        self._lang = told.lang if isinstance(told, LanguageTold) else LANGUAGE_NOT_GIVEN
        for listener in self._listeners.values():
            listener.speak(self._lang)
        await self._tell(told)
        held, self._held = self._held, []
        for each in held:
            self._put(each)

    async def _language_of(self, due: Due) -> LanguageTold | Trouble:
        """A recogniser that fails at it costs this call its language, and nobody the connection."""
        engine = self._finals.engine
        try:
            return LanguageTold(lang=await self._finals.run(engine.language_of, due.pcm))
        except Exception:
            log.exception("call %s: %s failed at telling the language", self._call, engine.name)
            return _language_unknown()

    def _put(self, due: Due) -> None:
        job = Job(
            call=self._call,
            due=due,
            lang=self._lang,
            standing=self._listeners[due.speaker].standing,
            heard_ms=lambda: self._heard_ms,
            answer=self._answered,
        )
        self._pending.add(job)
        (self._finals if isinstance(due, Final) else self._guesses).put(job)

    def _answered(self, job: Job, answer: Decoded | AssistError | None) -> None:
        if answer is None:
            self._done(job)
        else:
            self._answers.put_nowait((job, answer))

    def _done(self, job: Job) -> None:
        self._pending.discard(job)
        self._changed.set()

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    async def _read(self) -> None:
        """Answers become facts one after the other."""
        while True:
            job, answer = await self._answers.get()
            try:
                await self._take(job, answer)
            except AssistError as error:
                self._failure = error
            finally:
                self._done(job)

    async def _take(self, job: Job, answer: Decoded | AssistError) -> None:
        if isinstance(answer, AssistError):
            await self._tell(Trouble(**answer.as_json()))
            return
        if job.fell_back and self._heard_ms - self._fell_back_ms >= SAY_AGAIN_MS:
            self._fell_back_ms = self._heard_ms
            await self._tell(_fell_back(self._finals.engine.name, answer.model))
        for fact in self._listeners[job.due.speaker].take(job.due, answer):
            await self._tell(fact)


def _fell_back(better: str, faster: str) -> Trouble:
    return Trouble(
        code="speech.fell_back",
        message=f"The machine is busy: {faster} writes the final text for now instead of {better}.",
        remedy="Nothing is lost; expect more misheard words until the load falls.",
        values={"better": better, "faster": faster},
    )


def _language_unknown() -> Trouble:
    return Trouble(
        code="speech.language_unknown",
        message="The language of this call could not be told; it is heard as Chinese.",
        remedy="Nothing is lost. If another language is spoken, go by your own ears, and have "
        "`lang` given when such calls are connected; the log has the cause.",
    )
