"""The one contract of all doors: `start`, `audio`, `hold`, `resume`, `meta`, `end`.

A `Line` is one connection to the phone system, a `Visit` one call that is being fed. A visit may
have several lines (a speaker each); a line that brings a speaker who is there already takes that
speaker over. A visit without lines waits for its grace, then the call ends: nothing that happens on
a wire leaves a call behind. Held, a call goes on without its sound.

Everything here happens on the event loop; `clock` gives monotonic seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from assist import events as ev
from assist.audio import AudioChunk, Pcm, Resampler
from assist.call import Call
from assist.config import DoorSettings
from assist.errors import AudioError
from assist.gateway.acts import Act, Audio, End, Hold, Meta, Resume, Settle, Start, protocol_error
from assist.gateway.jitter import LATE_IN_A_ROW, JitterBuffer, Packet
from assist.gateway.meters import DoorMeters
from assist.gateway.timeline import OUTAGE_MS, Timeline

Gone = Literal["goodbye", "broke_off", "silent", "replaced", "error", "restart"]
SPEAKERS: tuple[ev.Speaker, ...] = ("customer", "agent", "mixed")


class Visit:
    """One call that is being fed, by one line or by several."""

    def __init__(self, call: Call, door: str, key: str) -> None:
        """`key` is the id by which the phone system knows the call."""
        self.call = call
        self.key = key
        self.door = door
        self.timeline = Timeline()
        self.lines: list[Line] = []
        self.held = False
        self.alone_since_s: float | None = None
        self.grace_s = 0.0

    async def hear(self, chunks: list[AudioChunk]) -> None:
        for chunk in chunks:
            await self.call.hear(chunk)

    async def hold(self) -> None:
        if not self.held:
            self.held = True
            await self.call.answer(ev.CallHeld())

    async def resume(self) -> None:
        if self.held:
            self.held = False
            for line in self.lines:
                line.cut()
            await self.call.answer(ev.CallResumed())

    async def tell(self, agent: str = "", number: str = "") -> None:
        """Who has the call, or whose it is, became known, or changed."""
        started = self.call.state.started
        had = started.agent if started else ""
        if agent and agent != had:
            await self.call.answer(ev.CallTransferred(to=agent, from_agent=had))
        if number and number not in self.call.state.looked_up and not self.call.state.customer:
            await self.call.answer(ev.CustomerAsked(number=number))

    async def end(self, reason: str) -> None:
        await self.hear(self.timeline.finish())
        await self.call.hang_up(reason)


class Keeper(Protocol):
    """What a line needs of the lobby."""

    meters: DoorMeters
    clock: Callable[[], float]

    async def join(self, line: Line, start: Start) -> Visit: ...

    async def leave(self, line: Line, visit: Visit, reason: str) -> None: ...

    async def miss(self, line: Line, visit: Visit) -> None: ...

    def login_of(self, agent: str) -> str: ...


class Line:
    """One connection. Made by the lobby; its adapter's acts come in by `do`."""

    def __init__(
        self,
        lobby: Keeper,
        door: str,
        options: DoorSettings,
        drop: Callable[[Gone], None],
    ) -> None:
        """`drop` makes the connection end, for the reason given; it may be called at any time."""
        self.door = door
        self.options = options
        self.drop = drop
        self.visit: Visit | None = None
        self.speakers: set[ev.Speaker] = set()
        self.heard_s = lobby.clock()
        self._lobby = lobby
        self._shift_ms: float | None = None
        self._buffers: dict[ev.Speaker, JitterBuffer] = {}
        self._rate_hz = 0
        self._counted: dict[ev.Speaker, tuple[int, int, int]] = {}
        self._late_in_a_row = 0

    async def do(self, act: Act) -> None:
        """Raises AssistError for what makes no sense here, or cannot be served."""
        match act:
            case Audio():
                await self.audio(act.speaker, act.pcm, act.at_ms, act.seq)
            case Start():
                await self.start(act)
            case Hold():
                await self.hold()
            case Resume():
                await self.resume()
            case Meta():
                await self.meta(act.agent, act.number)
            case Settle():
                await self._visited().call.settled()
            case End():
                await self.end(act.reason)
            case _:
                raise TypeError(f"{act} is for the connection")

    async def start(self, start: Start) -> str:
        """The id of the call that begins, or goes on."""
        if self.visit is not None:
            raise protocol_error(
                "The call has started already.", "Open a second connection for a second call."
            )
        if not start.speakers or len(set(start.speakers)) != len(start.speakers):
            raise AudioError(
                f"The channels are said to be {', '.join(start.speakers) or 'nobody'}.",
                "Name who is on which channel, e.g. customer, agent.",
            )
        Resampler(start.rate_hz)
        self._rate_hz = start.rate_hz
        self.visit = await self._lobby.join(self, start)
        return self.visit.call.id

    async def audio(
        self, speaker: ev.Speaker, pcm: Pcm, at_ms: float | None = None, seq: int | None = None
    ) -> None:
        """Sound of one speaker at the rate of the start; `at_ms` by the sender's clock."""
        visit = self._visited()
        if speaker not in self.speakers or visit.held:
            return
        if seq is None:  # nothing to put in order
            await self._place(visit, speaker, pcm, at_ms)
            return
        duration_ms = len(pcm) * 1000 / self._rate_hz
        for packet in self._buffers[speaker].push(Packet(pcm, duration_ms, seq, at_ms)):
            await self._place(visit, speaker, packet.pcm, packet.at_ms)
        self._count(speaker)

    async def hold(self) -> None:
        """Hold or mute: no hang-up."""
        await self._visited().hold()

    async def resume(self) -> None:
        await self._visited().resume()

    async def meta(self, agent: str = "", number: str = "") -> None:
        await self._visited().tell(self._lobby.login_of(agent), number)

    async def end(self, reason: str = "hangup") -> None:
        """Goodbye. The call ends with its last line."""
        visit, self.visit = self.visit, None
        if visit is not None:
            await self._flush(visit)
            await self._lobby.leave(self, visit, reason)

    async def lost(self) -> None:
        """The connection is gone without goodbye."""
        visit, self.visit = self.visit, None
        if visit is not None:
            await self._flush(visit)
            await self._lobby.miss(self, visit)

    def cut(self) -> None:
        """The sender's clock may have gone on without us: it is set anew by the next packet."""
        self._shift_ms = None
        self._buffers = {speaker: JitterBuffer() for speaker in self._buffers}
        self._counted.clear()

    def take(self, speakers: set[ev.Speaker]) -> None:
        """These speakers come by this line from now on."""
        self.speakers |= speakers
        for speaker in speakers:
            self._buffers[speaker] = JitterBuffer()
            self._counted.pop(speaker, None)

    def give(self, speakers: set[ev.Speaker]) -> None:
        """These speakers come by another line from now on; without any the line is dropped."""
        self.speakers -= speakers
        if not self.speakers:
            self.visit = None
            self.drop("replaced")

    @property
    def meters(self) -> DoorMeters:
        return self._lobby.meters

    @property
    def patience_s(self) -> float:
        held = self.visit is not None and self.visit.held
        return self.options.hold_s if held else self.options.idle_s

    async def _place(
        self, visit: Visit, speaker: ev.Speaker, pcm: Pcm, sent_ms: float | None
    ) -> None:
        """`sent_ms` by the sender's clock."""
        at_ms = None
        if sent_ms is not None:
            head_ms = visit.timeline.head_ms
            late_by = None if self._shift_ms is None else sent_ms + self._shift_ms - head_ms
            if late_by is None or late_by > OUTAGE_MS:
                self._shift_ms = head_ms - sent_ms
            at_ms = sent_ms + (self._shift_ms or 0.0)
        late = visit.timeline.late
        chunks = visit.timeline.place(speaker, pcm, at_ms)
        if visit.timeline.late == late:
            self._late_in_a_row = 0
        else:
            self.meters.packets(self.door, "late", 1)
            self._late_in_a_row += 1
            if self._late_in_a_row >= LATE_IN_A_ROW:
                self._shift_ms = None  # its clock began anew
        if chunks:
            await visit.hear(chunks)

    async def _flush(self, visit: Visit) -> None:
        for speaker, buffer in self._buffers.items():
            for packet in buffer.flush():
                if speaker in self.speakers and not visit.held:
                    await self._place(visit, speaker, packet.pcm, packet.at_ms)
            self._count(speaker)

    def _count(self, speaker: ev.Speaker) -> None:
        now, before = self._buffers[speaker].counts, self._counted.get(speaker, (0, 0, 0))
        if now == before:
            return
        self._counted[speaker] = now
        for what, count, had in zip(("lost", "late", "reordered"), now, before, strict=True):
            self.meters.packets(self.door, what, count - had)

    def _visited(self) -> Visit:
        if self.visit is None:
            raise protocol_error(
                "There is no call on this connection.", "Send the start message first."
            )
        return self.visit
