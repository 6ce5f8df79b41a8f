"""One call: it hears sound, obeys commands, and writes down what follows.

Facts are taken one at a time: kept, folded, and asked for what follows from them. Everything that
blocks (decoding, meaning) runs in threads; effects run beside the call and come back as facts. What
the agent does never waits until the meaning of something heard has been found.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from assist import events as ev
from assist import rules
from assist.audio import AudioChunk
from assist.call.effects import carry_out
from assist.call.lane import Lane
from assist.call.listening import Ears
from assist.call.outbox import Outbox
from assist.errors import AssistError, CommandRefused, StoreError
from assist.journal import Journal
from assist.ports import Desk, History
from assist.rules import Tools
from assist.speech.listener import Listener
from assist.state import CallState, apply, fold

log = logging.getLogger(__name__)

MAX_CONSEQUENCES = 300
"""Facts that may follow from one fact; more means that rules run in a circle."""

ASKING = (
    ev.CustomerAsked,
    ev.DiagnosisAsked,
    ev.EarlierAsked,
    ev.OpenTicketsAsked,
    ev.TicketAsked,
)
"""Facts that ask the back office, or our own journal, for something."""


@dataclass(frozen=True)
class Parts:
    """What all calls of a process share. `thinker` runs the rules that need meaning, `hands` those
    that follow from clicks and from the back office. Without an `outbox` filing is tried once."""

    journal: Journal
    desk: Desk
    tools: Tools
    guesses: Lane
    finals: Lane
    listener: Callable[[ev.Speaker, str], Listener]
    thinker: Executor
    hands: Executor
    now: Callable[[], datetime]
    history: History | None = None
    outbox: Outbox | None = None
    index_hash: Callable[[], str] = lambda: ""


class Call:
    """A call from its first sound to its wrap-up; made by `Calls`."""

    def __init__(self, call_id: str, parts: Parts, past: Iterable[ev.Event] = ()) -> None:
        """`past` are the stored events of a call that is taken up again for after-call work."""
        self.id = call_id
        self.state: CallState = fold(past)
        self._parts = parts
        self._at_ms = self.state.at_ms
        self._ears: Ears | None = None
        self._lock = asyncio.Lock()
        self._heard_lock = asyncio.Lock()
        self._effects: set[asyncio.Task[None]] = set()

    async def start(self, started: ev.CallStarted, speakers: Sequence[ev.Speaker]) -> None:
        """The call begins; one listener a speaker. Raises StoreError."""
        parts = self._parts
        started = started.model_copy(
            update={
                "started_at": started.started_at or parts.now().isoformat(timespec="seconds"),
                "guess_model": parts.guesses.engine.name,
                "final_model": parts.finals.engine.name,
                "guides_hash": parts.tools.book.hash,
                "index_hash": parts.index_hash(),
            }
        )
        listeners: dict[ev.Speaker, Listener] = {
            speaker: parts.listener(speaker, started.lang) for speaker in speakers
        }
        self._ears = Ears(self.id, listeners, parts.guesses, parts.finals, started.lang, self._take)
        await self._take(started)

    async def hear(self, chunk: AudioChunk) -> None:
        """Sound of one speaker, in order. Waits only when the recogniser is far behind."""
        if self._ears is None or self.state.status != "live":
            return
        self._at_ms = max(self._at_ms, chunk.end_ms)
        await self._ears.hear(chunk)

    async def rehear(
        self, fact: ev.SpeechStable | ev.SegmentHeard | ev.SpeechDropped, at_ms: int
    ) -> None:
        """What an earlier run of this call had heard, for calls whose sound was not kept."""
        self._at_ms = max(self._at_ms, at_ms)
        await self._take(fact)

    async def note_index(self, index_hash: str) -> None:
        """Another index answers from now on."""
        if self.state.status == "live":
            await self._take(ev.IndexSwapped(hash=index_hash))

    async def hang_up(self, reason: str = "hangup") -> None:
        """No more sound: the last words are heard, then the call has ended. Safe to repeat."""
        ears, self._ears = self._ears, None
        if ears is None:
            return
        await ears.finish()
        await self._settle_effects()
        if self.state.status != "live":
            return  # the last words met a bug, which has ended the call
        await self._take(ev.CallEnded.model_validate({"reason": reason}))

    async def obey(self, command: ev.Command, by: str) -> None:
        """Write the command down, then do it. Raises CommandRefused if it makes no sense now."""
        async with self._lock:
            rules.check(self.state, self._parts.tools, command)
            async with self._bugs_end_the_call():
                await self._keep(ev.Commanded(command=command, by=by))

    async def answer(self, fact: ev.Fact) -> None:
        """What came back for this call later than its effect waited, its end or not."""
        await self._take(fact)

    async def settled(self) -> None:
        """Returns once everything heard so far is decoded and every effect has come back."""
        while True:
            seq = self.state.seq
            if self._ears is not None:
                await self._ears.settled()
            await self._settle_effects()
            if seq == self.state.seq and not self._effects:
                return

    async def _settle_effects(self) -> None:
        while self._effects:
            await asyncio.gather(*self._effects)

    async def _take(self, fact: ev.Fact) -> None:
        if isinstance(fact, ev.SpeechStable | ev.SegmentHeard):
            async with self._heard_lock, self._bugs_end_the_call():
                await self._ponder(fact)
            return
        async with self._lock, self._bugs_end_the_call():
            await self._keep(fact)

    async def _ponder(self, fact: ev.Fact) -> None:
        """Keep what was heard, and what follows from it once its meaning has been found.

        Clicks come in between. What follows is then asked again, of the call as it is by now; the
        sentences are known by that time.
        """
        async with self._lock:
            self._append(fact)
        state = self.state
        following = await self._consequences(fact, self._parts.thinker)
        async with self._lock:
            if self.state is not state:
                following = await self._consequences(fact, self._parts.thinker)
            await self._keep(*following)

    async def _keep(self, *facts: ev.Fact) -> None:
        """Keep facts and all that follows from them."""
        waiting = deque(facts)
        for _ in range(MAX_CONSEQUENCES):
            if not waiting:
                return
            fact = waiting.popleft()
            self._append(fact)
            waiting.extend(await self._consequences(fact, self._parts.hands))
            self._prepare_ears(fact)
            self._begin_effect(fact)
        raise RuntimeError(f"more than {MAX_CONSEQUENCES} facts followed from one")

    @asynccontextmanager
    async def _bugs_end_the_call(self) -> AsyncIterator[None]:
        """A bug ends this call, and only this one."""
        try:
            yield
        except (StoreError, CommandRefused):
            raise
        except Exception:
            log.exception("call %s: a bug ends this call", self.id)
            await self._end_by_bug()

    def _append(self, fact: ev.Fact) -> None:
        event = self._parts.journal.append(self.id, self._at_ms, fact)
        self.state = apply(self.state, event)

    async def _consequences(self, fact: ev.Fact, where: Executor) -> list[ev.Fact]:
        try:
            return await asyncio.get_running_loop().run_in_executor(
                where, rules.follow, self.state, fact, self._parts.tools
            )
        except CommandRefused:
            raise
        except AssistError as error:
            return [ev.Trouble(**error.as_json())]

    def _prepare_ears(self, fact: ev.Fact) -> None:
        if self._ears is not None and isinstance(fact, ev.GuideOpened | ev.GuideClosed):
            self._ears.expect([page.guide for page in self.state.pages])

    def _begin_effect(self, fact: ev.Fact) -> None:
        if not isinstance(fact, ASKING):
            return
        task = asyncio.create_task(self._effect(fact))
        self._effects.add(task)
        task.add_done_callback(self._effects.discard)

    async def _effect(self, fact: ev.Fact) -> None:
        parts = self._parts
        if parts.outbox is not None and isinstance(fact, ev.TicketAsked):
            await parts.outbox.send(fact, self.id, self._take)
            return
        answer = await carry_out(fact, parts.desk, parts.now, parts.history, self.id)
        if answer is not None:
            await self._take(answer)

    async def _end_by_bug(self) -> None:
        ears, self._ears = self._ears, None
        self._append(
            ev.Trouble(
                code="bug",
                message="The copilot failed in this call and has stopped following it.",
                remedy="Go on without it; the other calls are not touched. The log has the cause.",
            )
        )
        if self.state.status == "live":
            self._append(ev.CallEnded(reason="bug"))
        if ears is not None:
            asyncio.get_running_loop().create_task(ears.stop())
