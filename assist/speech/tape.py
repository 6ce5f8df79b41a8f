"""The last seconds of one speaker's sound, addressed by sample of the call.

It holds what an open utterance and its padding need and forgets the rest: memory stays flat.
"""

from __future__ import annotations

import numpy as np

from assist.audio import RATE_HZ, Pcm


class Tape:
    """`begin` and `end` are the first sample held and the one after the last."""

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self._held = 0
        self._room: Pcm = np.zeros(RATE_HZ, dtype=np.float32)

    @property
    def end(self) -> int:
        return self.begin + self._held

    @property
    def room_s(self) -> float:
        """Seconds of sound the memory taken has room for."""
        return len(self._room) / RATE_HZ

    def append(self, pcm: Pcm) -> None:
        needed = self._held + len(pcm)
        if needed > len(self._room):
            room = np.zeros(2 * needed, dtype=np.float32)
            room[: self._held] = self._room[: self._held]
            self._room = room
        self._room[self._held : needed] = pcm
        self._held = needed

    def read(self, start: int, end: int) -> Pcm:
        """A copy of the samples from `start` to `end`, as far as they are held."""
        first = max(start, self.begin) - self.begin
        return self._room[first : max(first, min(end, self.end) - self.begin)].copy()

    def forget_before(self, start: int) -> None:
        """Let go of older sound; done in strides, so that a small chunk costs no copying."""
        gone = min(start, self.end) - self.begin
        if gone < RATE_HZ:
            return
        kept = self._held - gone
        self._room[:kept] = self._room[gone : self._held].copy()
        self.begin += gone
        self._held = kept
