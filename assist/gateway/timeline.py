"""Where every piece of sound stands in the call: one clock for all its speakers, in ms of sound.

A packet that was lost leaves silence of its length, so that what follows keeps its time. A speaker
whose packets stay out while the other's come is given silence, too: what they said last comes to an
end. Time in which nobody's sound comes (hold, an outage) does not pass.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from assist.audio import RATE_HZ, AudioChunk, Pcm, Resampler, ms_to_samples, samples_to_ms
from assist.events import Speaker
from assist.gateway.jitter import SLACK_MS

LAG_MS = 1_000
"""How far a speaker may stay behind the other before silence is put in their place; what comes
later than that, by its timestamp, is too late."""

PADDED_MS = 2_000
"""Most silence put in place of packets that stay out; enough to end an utterance."""

FILLED_MS = 1_000
"""Gaps up to here are filled with silence; after longer ones listening begins anew."""

OUTAGE_MS = 5_000
"""A gap of all speakers that is longer is none of the call's time."""

QUIET_MS = 1_500
"""Digital silence is heard for so long, which ends any utterance, then every other piece of it is
left out …"""

PREROLL_MS = 500
"""… and as much of it comes back before the next sound, for the ear to find its beginning."""

BEAT_MS = 1_000

RESTING_MS = 500
"""Digital silence that is left out is counted in pieces of that length, not packet by packet."""

SETTLED_MS = 500
"""ms of digital silence after which a resampler holds nothing else, and need not be asked."""


class Timeline:
    """All speakers of one call. `late` counts packets whose time had been given away."""

    def __init__(self) -> None:
        self._lanes: dict[Speaker, _Lane] = {}
        self.head_ms = 0.0
        self.late = 0

    def open(self, speaker: Speaker, rate_hz: int) -> list[AudioChunk]:
        """This speaker's sound comes at this rate from now on; the end of what came before.

        Raises AudioError for a rate that is not served.
        """
        before = self._lanes.get(speaker)
        lane = _Lane(speaker, rate_hz, self.head_ms)
        self._lanes[speaker] = lane
        return before.finish() if before else []

    def place(self, speaker: Speaker, pcm: Pcm, at_ms: float | None = None) -> list[AudioChunk]:
        """`at_ms` is the call's time; None follows on what came before."""
        lane, head_ms = self._lanes[speaker], self.head_ms
        follows_ms = head_ms if lane.stayed_out else lane.end_ms
        target_ms = follows_ms if at_ms is None else at_ms
        target_ms = min(target_ms, head_ms + OUTAGE_MS)
        if target_ms < lane.end_ms - LAG_MS:
            self.late += 1
            return []
        placed = lane.put(pcm, target_ms)
        self.head_ms = max(head_ms, lane.end_ms)
        due_ms = self.head_ms - LAG_MS
        for other in self._lanes.values():
            if other.end_ms < due_ms and other is not lane:
                placed += other.keep_up(due_ms)
        return placed

    def finish(self) -> list[AudioChunk]:
        return [chunk for lane in self._lanes.values() for chunk in lane.finish()]


class _Lane:
    """One speaker: wire rate in, chunks of 16 kHz out; `end_ms` is where what came in ends."""

    def __init__(self, speaker: Speaker, rate_hz: int, begin_ms: float) -> None:
        self._speaker: Speaker = speaker
        self._rate_hz = rate_hz
        self._whole = rate_hz // math.gcd(rate_hz, RATE_HZ)
        """Samples that are a whole number of samples of ours."""
        self._gate = _Gate()
        self._begin(begin_ms)
        self._padded_ms = 0.0
        self._nothing: Pcm | None = None
        """The last array found silent: a silent line brings the same one over and over."""

    def _begin(self, at_ms: float) -> None:
        self._resampler = Resampler(self._rate_hz)
        self._from_ms = self.end_ms = at_ms
        self._taken = 0
        self._given = 0
        self._owed = 0  # samples of silence that nobody has been given yet
        self._still = 0  # samples of silence that the resampler was given last

    @property
    def stayed_out(self) -> bool:
        return self._padded_ms > 0

    def put(self, pcm: Pcm, at_ms: float) -> list[AudioChunk]:
        gap_ms = at_ms - self.end_ms
        self._padded_ms = 0.0
        if gap_ms > FILLED_MS:
            before = self.finish()
            self._begin(at_ms)
            return before + self._push(pcm)
        if gap_ms > SLACK_MS:
            pcm = np.concatenate([self._silence(gap_ms), pcm])
        return self._push(pcm)

    def keep_up(self, until_ms: float) -> list[AudioChunk]:
        """Silence up to there, in pieces of 100 ms and for a while only."""
        behind_ms = until_ms - self.end_ms
        if behind_ms < 100 or self._padded_ms >= PADDED_MS:
            return []
        behind_ms = min(behind_ms, PADDED_MS - self._padded_ms)
        self._padded_ms += behind_ms
        return self._push(self._silence(behind_ms))

    def finish(self) -> list[AudioChunk]:
        owed = self._pay() if self._owed else []
        return owed + self._chunks(self._resampler.finish())

    def _push(self, pcm: Pcm) -> list[AudioChunk]:
        self._taken += len(pcm)
        self.end_ms = self._from_ms + self._taken * 1000 / self._rate_hz
        if self._gate.resting and (pcm is self._nothing or not np.count_nonzero(pcm)):
            self._nothing = pcm
            self._owed += len(pcm)
            enough = self._owed * 1000 >= RESTING_MS * self._rate_hz
            return self._pay() if enough else []
        owed = self._pay() if self._owed else []
        self._still = 0
        return owed + self._chunks(self._resampler.push(pcm))

    def _pay(self) -> list[AudioChunk]:
        """Silence amid silence is the same at any rate."""
        owed, self._owed = self._owed, 0
        settled = self._still * 1000 >= SETTLED_MS * self._rate_hz
        count = owed // self._whole if settled else 0
        silence = np.zeros(count * self._whole * RATE_HZ // self._rate_hz, dtype=np.float32)
        paid = self._chunks(silence)
        if rest := owed - count * self._whole:
            self._still += rest
            paid += self._chunks(self._resampler.push(np.zeros(rest, dtype=np.float32)))
        return paid

    def _chunks(self, pcm: Pcm) -> list[AudioChunk]:
        at_ms = round(self._from_ms) + samples_to_ms(self._given)
        self._given += len(pcm)
        return self._gate.passed(AudioChunk(self._speaker, at_ms, pcm)) if len(pcm) else []

    def _silence(self, ms: float) -> Pcm:
        return np.zeros(ms_to_samples(ms, self._rate_hz), dtype=np.float32)


class _Gate:
    """Long digital silence costs no listening; sound comes with the silence before it."""

    def __init__(self) -> None:
        self._quiet_ms = 0
        self._beat_ms = 0
        self._back: deque[AudioChunk] = deque()

    @property
    def resting(self) -> bool:
        return self._quiet_ms > QUIET_MS

    def passed(self, chunk: AudioChunk) -> list[AudioChunk]:
        ms = samples_to_ms(len(chunk.pcm))
        if np.abs(chunk.pcm).max() > 1e-4:
            self._quiet_ms = 0
            back = [*self._back, chunk]
            self._back.clear()
            return back
        self._quiet_ms += ms
        if self._quiet_ms <= QUIET_MS:
            return [chunk]
        self._back.append(chunk)
        while len(self._back) > 1 and chunk.end_ms - self._back[0].end_ms > PREROLL_MS:
            self._back.popleft()
        self._beat_ms += ms
        if self._beat_ms < BEAT_MS:
            return []
        self._beat_ms = 0
        self._back.clear()
        return [chunk]
