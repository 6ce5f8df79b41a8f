"""When a guess falls due, and from where in the utterance it has to be decoded.

A decoder's cost grows with every character it writes, forced ones included, so a guess must not
go over the whole utterance again: a pause closes a clause, and later guesses begin behind it.
Pure arithmetic on samples of the call; text is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass

from assist.audio import ms_to_samples
from assist.speech.options import ListenOptions
from assist.speech.vad import WINDOW


@dataclass(frozen=True)
class Step:
    """Decode clause number `clause` from sample `start` on; `closes`: its last guess."""

    clause: int
    start: int
    closes: bool


class Pacer:
    """One utterance, begun at sample `start` (padding included)."""

    def __init__(self, options: ListenOptions, start: int) -> None:
        self._options = options
        self.clause = 0
        self._start = start
        self._closed_at = 0
        self._speech_before_ms = 0
        self._next_ms = options.guess_every_ms

    def step(self, now: int, speech_end: int, speech_ms: int) -> Step | None:
        """After each window: `now` samples heard, speech up to `speech_end`, `speech_ms` of it."""
        options = self._options
        if options.guess_every_ms <= 0:
            return None
        if self._closed_at and speech_end > self._closed_at:
            self._next_clause(now, speech_ms)
        if self._closed_at:
            return None
        spoken_ms = speech_ms - self._speech_before_ms
        paused = now - speech_end >= ms_to_samples(options.pause_ms)
        if paused and spoken_ms >= options.min_clause_ms:
            self._closed_at = speech_end
            return Step(self.clause, self._start, closes=True)
        if spoken_ms < self._next_ms:
            return None
        self._next_ms = (spoken_ms // options.guess_every_ms + 1) * options.guess_every_ms
        return Step(self.clause, self._start, closes=False)

    def _next_clause(self, now: int, speech_ms: int) -> None:
        padded = now - WINDOW - ms_to_samples(self._options.pad_before_ms)
        self._start = max(self._closed_at, padded)
        self.clause += 1
        self._closed_at = 0
        self._speech_before_ms = speech_ms
        self._next_ms = self._options.guess_every_ms
