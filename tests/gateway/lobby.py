"""Doors over calls that only write down what they are given: no model, no back office.

`Ear` stands where a `Call` would: it keeps what it hears, in order, and what it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from assist import events as ev
from assist.audio import RATE_HZ, AudioChunk, Pcm, encode_mulaw, ms_to_samples
from assist.call import Calls
from assist.config import DoorSettings, DoorsSettings
from assist.errors import AssistError
from assist.gateway.acts import Act, Adapter, Audio, Close, End, Reply, Start
from assist.gateway.door import Gone, Line
from assist.gateway.lobby import Lobby
from assist.state import CallState, apply


@dataclass
class Ear:
    """A call's ear: `heard` are the chunks, `facts` what was told, `ended` why it ended."""

    id: str
    started: ev.CallStarted
    heard: list[AudioChunk] = field(default_factory=list)
    facts: list[ev.Fact] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    state: CallState = field(default_factory=CallState)

    async def hear(self, chunk: AudioChunk) -> None:
        assert not self.ended, "sound after the end"
        self.heard.append(chunk)

    async def answer(self, fact: ev.Fact) -> None:
        assert not self.ended, "a fact after the end"
        self.take(fact)

    def take(self, fact: ev.Fact) -> None:
        self.facts.append(fact)
        event = ev.Event(call=self.id, seq=len(self.facts), at_ms=0, fact=fact)
        self.state = apply(self.state, event)

    async def settled(self) -> None:
        pass

    async def hang_up(self, reason: str = "hangup") -> None:
        if not self.ended:
            self.ended.append(reason)

    def sound(self, speaker: ev.Speaker) -> Pcm:
        """What was heard of a speaker, at 16 kHz, each chunk at its place."""
        chunks = [chunk for chunk in self.heard if chunk.speaker == speaker]
        length = max((ms_to_samples(c.at_ms) + len(c.pcm) for c in chunks), default=0)
        pcm = np.zeros(length, dtype=np.float32)
        for chunk in chunks:
            at = ms_to_samples(chunk.at_ms)
            pcm[at : at + len(chunk.pcm)] = chunk.pcm
        return pcm

    @property
    def kinds(self) -> list[str]:
        return [fact.kind for fact in self.facts]


@dataclass
class Ears:
    """Where `Calls` would be; `refuses` is said to every new call."""

    calls: dict[str, Ear] = field(default_factory=dict)
    refuses: AssistError | None = None

    async def begin(
        self, started: ev.CallStarted, speakers: Sequence[ev.Speaker], call_id: str = ""
    ) -> Ear:
        if self.refuses:
            raise self.refuses
        call_id = call_id or f"call-{len(self.calls)}"
        if call_id in self.calls:
            raise AssistError(f"A call {call_id!r} exists already.", code="calls.duplicate")
        ear = self.calls[call_id] = Ear(call_id, started)
        ear.take(started)
        return ear

    @property
    def only(self) -> Ear:
        (ear,) = self.calls.values()
        return ear


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def open_lobby(doors: DoorsSettings | None = None) -> tuple[Lobby, Ears, Clock]:
    ears, clock = Ears(), Clock()
    return Lobby(cast(Calls, ears), doors or DoorsSettings(), clock), ears, clock


class Socket:
    """A connection without a network: an adapter, its line, and what was replied."""

    def __init__(self, lobby: Lobby, adapter: Adapter, door: str = "test", **options: Any) -> None:
        self.lobby = lobby
        self.adapter = adapter
        self.replies: list[str | bytes] = []
        self.closed: Close | None = None
        self.dropped: Gone | None = None
        self.error: AssistError | None = None
        self.line: Line = lobby.enter(door, DoorSettings(**options), self._drop)

    def _drop(self, how: Gone) -> None:
        self.dropped = self.dropped or how

    async def send(self, *messages: str | bytes) -> None:
        """As the shell does: an error is told, and ends the connection."""
        for message in messages:
            if self.closed or self.dropped:
                return
            self.line.heard_s = self.lobby.clock()
            try:
                await self._perform(self.adapter.receive(message))
            except AssistError as error:
                self.error = error
                await self._perform(self.adapter.refused(error))
                await self.lobby.exit(self.line, "error")

    async def break_off(self) -> None:
        await self.lobby.exit(self.line, "broke_off")

    async def _perform(self, acts: Iterable[Act]) -> None:
        for act in acts:
            if self.closed or self.dropped:
                return
            match act:
                case Reply(data=data):
                    self.replies.append(data)
                case Close():
                    self.closed = act
                case Start():
                    call_id = await self.line.start(act)
                    await self._perform(self.adapter.started(call_id))
                case End():
                    call_id = self.line.visit.call.id if self.line.visit else ""
                    await self.line.do(act)
                    await self._perform(self.adapter.ended(call_id))
                    await self.lobby.exit(self.line, "goodbye")
                case _:
                    assert not isinstance(act, Audio) or act.pcm.dtype == np.float32
                    await self.line.do(act)


def tone(hz: float, seconds: float, rate_hz: int = 8000, loud: float = 0.4) -> Pcm:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (loud * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def pcm16(pcm: Pcm) -> bytes:
    return (pcm * 32767).astype("<i2").tobytes()


def mulaw(pcm: Pcm) -> bytes:
    return encode_mulaw(pcm)


def pitch_at(pcm: Pcm, from_ms: float, to_ms: float) -> float:
    """The strongest frequency there, Hz; 0 where it is silent."""
    part = pcm[ms_to_samples(from_ms) : ms_to_samples(to_ms)]
    if len(part) < 160 or np.abs(part).max() < 0.02:
        return 0.0
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return float(np.argmax(spectrum) * RATE_HZ / len(part))
