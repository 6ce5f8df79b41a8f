"""Packets of one speaker, put into order again; what does not come in time is given up.

Order is by sequence number, or chunk. Some systems count the packets of both speakers together, so
a number that is missing means nothing where the timestamps leave no gap. Never holds more than
`DEPTH_MS` of sound, and never waits for anything where packets carry no number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from assist.audio import Pcm

DEPTH_MS = 200
"""ms of sound held back while an earlier packet is missing; the most that reordering delays."""

SLACK_MS = 10
"""ms by which timestamps may be off without a packet being missing."""

MOST_HELD = 64
"""Packets held back at most, however short they say they are."""

MOST_SILENCE = 50
"""Lost packets without timestamps that silence is put in place of, at one time."""

LATE_IN_A_ROW = 50
"""So many late packets one after the other are a sender that began to count anew."""


@dataclass(frozen=True)
class Packet:
    """`at_ms` is the sender's timestamp, `seq` its number; None where the protocol has none."""

    pcm: Pcm
    duration_ms: float
    seq: int | None = None
    at_ms: float | None = None


@dataclass
class JitterBuffer:
    """`lost`, `late` (came after it was given up, or twice) and `reordered` count packets."""

    lost: int = 0
    late: int = 0
    reordered: int = 0
    _next: int | None = None
    _due_ms: float | None = None
    _held: dict[int, Packet] = field(default_factory=dict)
    _late_in_a_row: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.lost, self.late, self.reordered

    @property
    def held_ms(self) -> float:
        return sum(packet.duration_ms for packet in self._held.values())

    def push(self, packet: Packet) -> list[Packet]:
        """What can go on now, in order."""
        if packet.seq is None:
            return [packet]
        if self._next is not None and packet.seq < self._next:
            return self._take_late(packet)
        self._late_in_a_row = 0
        if packet.seq in self._held:
            self.late += 1
            return []
        if self._held:
            self.reordered += packet.seq < max(self._held)
        self._held[packet.seq] = packet
        ready = self._ready()
        while self.held_ms > DEPTH_MS or len(self._held) > MOST_HELD:
            ready += self._give_up()
        return ready

    def flush(self) -> list[Packet]:
        """The stream is over: all that is held, gaps and all."""
        ready: list[Packet] = []
        while self._held:
            ready += self._give_up()
        return ready

    def _take_late(self, packet: Packet) -> list[Packet]:
        self.late += 1
        self._late_in_a_row += 1
        if self._late_in_a_row < LATE_IN_A_ROW:
            return []
        ready = self.flush()
        self._next, self._due_ms, self._late_in_a_row = None, None, 0
        return ready + self.push(packet)

    def _ready(self) -> list[Packet]:
        ready = []
        while self._held and self._follows(first := self._held[min(self._held)]):
            ready.append(self._take(first))
        return ready

    def _follows(self, packet: Packet) -> bool:
        if self._next is None or packet.seq == self._next:
            return True
        if packet.at_ms is None or self._due_ms is None:
            return False
        return packet.at_ms <= self._due_ms + SLACK_MS

    def _give_up(self) -> list[Packet]:
        """The earliest held goes on without what should come before it."""
        first = self._held[min(self._held)]
        missing = 0 if self._follows(first) else self._missing(first)
        self.lost += missing
        first = self._take(first)
        if missing and first.at_ms is None:
            silence = np.zeros(len(first.pcm) * min(missing, MOST_SILENCE), dtype=np.float32)
            first = replace(first, pcm=np.concatenate([silence, first.pcm]))
        return [first, *self._ready()]

    def _missing(self, packet: Packet) -> int:
        assert packet.seq is not None and self._next is not None
        by_number = packet.seq - self._next
        if packet.at_ms is None or self._due_ms is None or not packet.duration_ms:
            return by_number
        by_time = round((packet.at_ms - self._due_ms) / packet.duration_ms)
        return max(1, min(by_number, by_time))

    def _take(self, packet: Packet) -> Packet:
        assert packet.seq is not None
        del self._held[packet.seq]
        self._next = packet.seq + 1
        self._due_ms = None if packet.at_ms is None else packet.at_ms + packet.duration_ms
        return packet
