"""One speaker of one call: chunks of sound in, stretches due for decoding out, facts back.

The core of the room. It does no I/O, starts no thread and reads no clock: `accept` is cheap
(speech detection only), the caller decodes what is due wherever it likes, and `take` turns the
answer into facts. Sound that was speech is never lost; a guess may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from assist.audio import AudioChunk, Pcm, ms_to_samples, samples_to_ms
from assist.events import (
    Fact,
    SegmentHeard,
    Speaker,
    SpeechDropped,
    SpeechGuessed,
    SpeechStable,
)
from assist.ports import Decoded
from assist.speech.draft import Draft
from assist.speech.endpoint import ONSET_MEMORY, Endpointer, Span
from assist.speech.options import ListenOptions
from assist.speech.pacing import Pacer
from assist.speech.tape import Tape
from assist.speech.text import loop_start, tidied, without_phantoms
from assist.speech.vad import WINDOW, Vad


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Sound of one utterance; times are ms of the call, without the padding that `pcm` has.

    `prefix` is agreed text to force into the decoder, `due_at_ms` how much of the call had been
    heard when the decode fell due.
    """

    utterance: str
    speaker: Speaker
    start_ms: int
    end_ms: int
    pcm: Pcm = field(repr=False, compare=False)
    prefix: str = ""
    due_at_ms: int


@dataclass(frozen=True, kw_only=True)
class Guess(_Stretch):
    """A clause of the utterance, as far as it has been heard. May be dropped once it is stale."""

    clause: int = 0
    closes: bool = False


@dataclass(frozen=True, kw_only=True)
class Final(_Stretch):
    """The whole utterance. Must be decoded."""


Due = Guess | Final


class _About(TypedDict):
    utterance: str
    speaker: Speaker
    start_ms: int


class Listener:
    """`prefix` begins each utterance id, which must be unique in the call: "c" -> c1, c2 …"""

    def __init__(
        self, prefix: str, speaker: Speaker, vad: Vad, options: ListenOptions, lang: str
    ) -> None:
        self._prefix = prefix
        self._speaker: Speaker = speaker
        self._vad = vad
        self._options = options
        self._lang = lang
        self._count = 0
        self._waiting: dict[str, Draft] = {}
        self._tape: Tape | None = None

    def accept(self, chunk: AudioChunk) -> list[Due]:
        """16 kHz sound of this speaker, in order; any length, 20-100 ms is usual."""
        at = ms_to_samples(chunk.at_ms)
        if self._tape is None:
            self._begin(at)
        due: list[Due] = []
        assert self._tape is not None
        gap = at - self._tape.end
        pcm = chunk.pcm
        if gap > ms_to_samples(self._options.bridge_ms):
            due += self._flush()
            self._begin(at)
        elif gap > ms_to_samples(self._options.jitter_ms):
            pcm = np.concatenate([np.zeros(gap, dtype=np.float32), pcm])
        elif gap < -ms_to_samples(self._options.jitter_ms):
            pcm = pcm[-gap:]  # heard already: a phone system that sends a stretch twice
        self._tape.append(pcm)
        return due + self._scan()

    def finish(self) -> list[Due]:
        """The call is over: whatever is being said is due, to the last sample."""
        return [] if self._tape is None else self._flush()

    def is_stale(self, due: Due) -> bool:
        """Whether decoding `due` would be work for nothing: a guess overtaken by a later one of
        the same clause or by its final. Ask just before decoding."""
        if not isinstance(due, Guess):
            return False
        draft = self._waiting.get(due.utterance)
        return draft is None or draft.is_overtaken(due.clause, due.end_ms)

    def take(self, due: Due, decoded: Decoded) -> list[Fact]:
        """The engine's answer to `due`; answers may come late and in any order."""
        draft = self._waiting.get(due.utterance)
        if draft is None:
            return []
        if isinstance(due, Guess):
            return self._take_guess(due, draft, decoded)
        del self._waiting[due.utterance]
        return self._take_final(due, draft, decoded)

    def _begin(self, at: int) -> None:
        """Listening starts at sample `at`, with an ear that remembers nothing."""
        self._tape = Tape(at)
        self._scanned = at
        self._spoken_until = at
        self._ear = self._vad.stream()
        self._endpointer = Endpointer(self._options)
        self._current = ""
        self._pacer: Pacer | None = None

    def _scan(self, guessing: bool = True) -> list[Due]:
        """Look at every whole window not yet looked at."""
        assert self._tape is not None
        count = (self._tape.end - self._scanned) // WINDOW
        if count == 0:
            return []
        windows = self._tape.read(self._scanned, self._scanned + count * WINDOW)
        windows = windows.reshape(count, WINDOW)
        probabilities = self._ear.probabilities(windows)
        levels_dbfs = 10 * np.log10(np.mean(np.square(windows), axis=1) + 1e-12)
        due: list[Due] = []
        for probability, level_dbfs in zip(probabilities, levels_dbfs, strict=True):
            span = self._endpointer.feed(self._scanned, float(probability), float(level_dbfs))
            self._scanned += WINDOW
            if span is not None:
                due.append(self._final(span))
            if guessing:
                due += self._guesses()
        self._tape.forget_before(self._needed_from())
        return due

    def _flush(self) -> list[Due]:
        assert self._tape is not None
        self._tape.append(np.zeros(-(self._tape.end - self._scanned) % WINDOW, dtype=np.float32))
        # A guess now would only delay the final that follows at once.
        due = self._scan(guessing=False)
        span = self._endpointer.finish()
        if span is not None:
            due.append(self._final(span))
        self._tape = None
        return due

    def _guesses(self) -> list[Due]:
        start = self._endpointer.speech_start
        if start is None:
            self._pacer = None
            return []
        if self._pacer is None:
            first = start if self._endpointer.cut_before else self._padded(start)
            self._pacer = Pacer(self._options, first)
        step = self._pacer.step(
            self._scanned, self._endpointer.speech_end, self._endpointer.speech_ms
        )
        if step is None:
            return []
        assert self._tape is not None
        utterance, end_ms = self._name(), samples_to_ms(self._scanned)
        guess = Guess(
            utterance=utterance,
            speaker=self._speaker,
            start_ms=samples_to_ms(start),
            end_ms=end_ms,
            pcm=self._tape.read(step.start, self._scanned),
            prefix=self._waiting[utterance].issue(step.clause, end_ms),
            due_at_ms=end_ms,
            clause=step.clause,
            closes=step.closes,
        )
        return [guess]

    def _final(self, span: Span) -> Final:
        assert self._tape is not None
        first = span.start if span.cut_before else self._padded(span.start)
        after = 0 if span.cut_after else ms_to_samples(self._options.pad_after_ms)
        final = Final(
            utterance=self._name(),
            speaker=self._speaker,
            start_ms=samples_to_ms(span.start),
            end_ms=samples_to_ms(span.end),
            pcm=self._tape.read(first, span.end + after),
            due_at_ms=samples_to_ms(self._scanned),
        )
        self._current = ""
        self._pacer = None
        self._spoken_until = span.end
        return final

    def _name(self) -> str:
        """The id of the utterance going on; it gets one when something of it falls due."""
        if not self._current:
            self._count += 1
            self._current = f"{self._prefix}{self._count}"
            self._waiting[self._current] = Draft(self._lang)
        return self._current

    def _padded(self, start: int) -> int:
        return max(self._spoken_until, start - ms_to_samples(self._options.pad_before_ms))

    def _needed_from(self) -> int:
        start = self._endpointer.speech_start
        # An onset not yet confirmed may be that long, and reach back as far again.
        oldest = self._scanned - 2 * ONSET_MEMORY * WINDOW if start is None else start
        return oldest - ms_to_samples(self._options.pad_before_ms)

    def _take_guess(self, due: Guess, draft: Draft, decoded: Decoded) -> list[Fact]:
        text = without_phantoms(tidied(decoded.text, self._lang))
        unsure = decoded.confidence < self._options.min_guess_confidence
        if unsure or loop_start(text) is not None:
            text = ""
        shown, stable = draft.shown, draft.stable
        draft.add(due.clause, due.end_ms, text, due.closes)
        facts: list[Fact] = []
        if draft.shown != shown:
            facts.append(SpeechGuessed(text=draft.shown, **_about(due)))
        if draft.stable != stable:
            facts.append(SpeechStable(text=draft.stable, **_about(due)))
        return facts

    def _take_final(self, due: Final, draft: Draft, decoded: Decoded) -> list[Fact]:
        heard = tidied(decoded.text, self._lang)
        text = without_phantoms(heard)
        looped = loop_start(text)
        if text and looped is None:
            return [
                SegmentHeard(
                    utterance=due.utterance,
                    speaker=due.speaker,
                    start_ms=due.start_ms,
                    end_ms=due.end_ms,
                    text=text,
                    confidence=min(1.0, max(0.0, decoded.confidence)),
                    model=decoded.model,
                )
            ]
        if not draft.shown:
            return []
        reason = "repeat" if looped is not None else "phantom" if heard else "silence"
        return [SpeechDropped(utterance=due.utterance, speaker=due.speaker, reason=reason)]


def _about(due: Due) -> _About:
    return {"utterance": due.utterance, "speaker": due.speaker, "start_ms": due.start_ms}
