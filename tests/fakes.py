"""Scripted speech for the tests of every room: sound that carries a script, and an ear for it.

A script line becomes a slow ramp whose values say which line it is and how far it has got, so the
scripted engine reads the text off the samples it is given, whatever window a listener cuts. The
values survive 16-bit PCM and resampling, not µ-law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assist.audio import RATE_HZ, Pcm, ms_to_samples, samples_to_ms
from assist.events import Speaker
from assist.ports import Decoded, TimedWord, Window
from assist.speech.vad import VadStream

_FIRST = 0.1
_STEP = 0.02
_RAMP = 0.016


@dataclass(frozen=True)
class Line:
    """Said by `speaker` from `start_ms` to `end_ms` of the call; at most 40 lines a script."""

    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Heard:
    """What an engine was given and what it answered."""

    lang: str
    prefix: str
    final: bool
    duration_ms: int
    text: str
    hotwords: tuple[str, ...] = ()


def scripted_sound(
    lines: Sequence[Line], speaker: Speaker, duration_ms: int, rate_hz: int = RATE_HZ
) -> Pcm:
    """One speaker's channel of the script."""
    pcm = np.zeros(ms_to_samples(duration_ms, rate_hz), dtype=np.float32)
    for number, line in enumerate(lines):
        if line.speaker == speaker:
            start = ms_to_samples(line.start_ms, rate_hz)
            end = ms_to_samples(line.end_ms, rate_hz)
            low = _FIRST + _STEP * number
            pcm[start:end] = np.linspace(low, low + _RAMP, end - start, dtype=np.float32)
    return pcm


@dataclass
class ScriptedEngine:
    """A `ports.SpeechEngine` that reads scripted sound; `received` is every decode, in order."""

    lines: Sequence[Line]
    name: str = "scripted"
    workers: int = 1
    spoken: str = "zh"
    confidence: float = 0.9
    received: list[Heard] = field(default_factory=list)

    def decode(self, pcm: Pcm, *, lang: str, prefix: str = "", final: bool) -> Decoded:
        return self.answer(Window(pcm, lang, final=final, prefix=prefix))

    def answer(self, window: Window) -> Decoded:
        """The one place every decode goes through, for fakes that fail or wait."""
        pcm, lang, prefix, final = window.pcm, window.lang, window.prefix, window.final
        parts = [self._part(pcm, number) for number in range(len(self.lines))]
        text = "".join(parts) if lang == "zh" else " ".join(filter(None, parts))
        if not text.startswith(prefix):
            text = prefix + text[len(prefix) :]
        duration_ms = samples_to_ms(len(pcm))
        self.received.append(Heard(lang, prefix, final, duration_ms, text, window.hotwords))
        silent = not any(parts)
        sure = 0.0 if silent else self.confidence
        words = self._words(text, samples_to_ms(len(pcm)), lang) if final else ()
        return Decoded(text, sure, float(silent), self.name, words=words)

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        return [self.answer(window) for window in windows]

    def language_of(self, pcm: Pcm) -> str:
        return self.spoken

    def _words(self, text: str, duration_ms: int, lang: str) -> tuple[TimedWord, ...]:
        """Spread evenly over the window."""
        parts = list(text) if lang == "zh" else text.split()
        step = duration_ms / max(1, len(parts))
        return tuple(
            TimedWord(part, round(at * step), round((at + 1) * step), self.confidence)
            for at, part in enumerate(parts)
        )

    def _part(self, pcm: Pcm, number: int) -> str:
        """The characters of a line that lie within the window."""
        low = _FIRST + _STEP * number
        # Resampling rings at the edges of a line: a few stray samples are not a voice.
        mine = np.flatnonzero((pcm >= low - 0.001) & (pcm <= low + _RAMP + 0.001))
        if len(mine) < RATE_HZ // 50:
            return ""
        first, last = (float(np.median(pcm[mine[at]])) for at in (slice(32), slice(-32, None)))
        text = self.lines[number].text
        start, end = (round((value - low) / _RAMP * len(text)) for value in (first, last))
        return text[max(0, start) : max(0, end)]


class LoudnessVad:
    """A `speech.Vad` for scripted sound: whatever is not silent is speech."""

    def stream(self) -> VadStream:
        return _LoudnessStream()


class _LoudnessStream:
    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        loud = np.sqrt(np.mean(np.square(windows), axis=1)) > 0.02
        return loud.astype(np.float32) * np.float32(0.98) + np.float32(0.01)
