"""One speaker of one call: chunks of sound in, stretches due for decoding out, facts back.

The core of the room. It does no I/O, starts no thread and reads no clock: `accept` is cheap
(speech detection only), the caller decodes what is due wherever it likes, and `take` turns the
answer into facts. Sound that was speech is never lost; a guess may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from assist.audio import AudioChunk, ms_to_samples, samples_to_ms
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
from assist.speech.scribe import Scribe
from assist.speech.tape import Tape
from assist.speech.text import loop_start, tidied, without_phantoms
from assist.speech.utterance import Due, Final, Guess, Standing, Utterance
from assist.speech.vad import WINDOW, Vad
from assist.speech.wordtimes import confidences, words_of


class _About(TypedDict):
    utterance: str
    speaker: Speaker
    start_ms: int


class Listener:
    """`prefix` begins each utterance id, which must be unique in the call: "c" -> c1, c2 …"""

    def __init__(
        self,
        prefix: str,
        speaker: Speaker,
        vad: Vad,
        options: ListenOptions,
        lang: str,
        scribe: Scribe | None = None,
    ) -> None:
        self._prefix = prefix
        self._speaker: Speaker = speaker
        self._vad = vad
        self._options = options
        self.lang = lang
        self._scribe = scribe or Scribe()
        self._near: tuple[str, ...] = ()
        self._hotwords = self._expected()
        self._count = 0
        self._waiting: dict[str, Utterance] = {}
        self._ready: list[Fact] = []
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

    def speak(self, lang: str) -> None:
        """The call's language, where the first seconds had to tell it."""
        self.lang = lang
        self._hotwords = self._expected()
        for known in self._waiting.values():
            known.draft.speak(lang)

    def expect(self, near: Sequence[str]) -> None:
        """These guides are open: their words are more likely than others from now on."""
        self._near = tuple(near)
        self._hotwords = self._expected()

    def _expected(self) -> tuple[str, ...]:
        return self._scribe.hotwords(self.lang, self._options.hotwords, self._near)

    def standing(self, due: Due) -> Standing:
        """Ask just before decoding: a guess overtaken by a later one or by its final, and a final
        made ahead of an end that did not come, are work for nothing."""
        known = self._waiting.get(due.utterance)
        return "stale" if known is None else known.standing(due)

    def take(self, due: Due, decoded: Decoded) -> list[Fact]:
        """The engine's answer to `due`; answers may come late and in any order."""
        known = self._waiting.get(due.utterance)
        if known is None:
            return []
        if isinstance(due, Guess):
            return self._take_guess(due, known, decoded)
        if due is known.final:
            del self._waiting[due.utterance]
            return self._take_final(due, known.draft, decoded)
        if due is known.ahead:
            known.answer = decoded
        return self._take_ahead(due, known, decoded)

    def take_ready(self) -> list[Fact]:
        """Facts that came true with the last sound: an utterance ended whose final was there."""
        ready, self._ready = self._ready, []
        return ready

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
        silent = self._endpointer.speech_start is None and not np.count_nonzero(windows)
        if silent and probabilities.max() < self._options.start_probability:
            self._endpointer.rest(self._scanned, count)
            self._scanned += count * WINDOW
            self._pacer = None
            self._tape.forget_before(self._needed_from())
            return []
        levels_dbfs = 10 * np.log10(np.mean(np.square(windows), axis=1) + 1e-12)
        due: list[Due] = []
        for probability, level_dbfs in zip(probabilities, levels_dbfs, strict=True):
            span = self._endpointer.feed(self._scanned, float(probability), float(level_dbfs))
            self._scanned += WINDOW
            if span is not None:
                due += self._ended(span)
            if guessing:
                due += [*self._ahead(), *self._guesses()]
        self._tape.forget_before(self._needed_from())
        return due

    def _flush(self) -> list[Due]:
        assert self._tape is not None
        self._tape.append(np.zeros(-(self._tape.end - self._scanned) % WINDOW, dtype=np.float32))
        # A guess now would only delay the final that follows at once.
        due = self._scan(guessing=False)
        span = self._endpointer.finish()
        if span is not None:
            due += self._ended(span)
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
        if step is None or (step.closes and not self._options.guess_at_pause):
            return []
        assert self._tape is not None
        utterance, end_ms = self._name(), samples_to_ms(self._scanned)
        guess = Guess(
            utterance=utterance,
            speaker=self._speaker,
            start_ms=samples_to_ms(start),
            end_ms=end_ms,
            pcm=self._tape.read(step.start, self._scanned),
            prefix=self._waiting[utterance].draft.issue(step.clause, end_ms),
            due_at_ms=end_ms,
            clause=step.clause,
            closes=step.closes,
        )
        return [guess]

    def _ahead(self) -> list[Due]:
        """The final of an utterance that seems to be over: it will be at hand when it is."""
        ear, options = self._endpointer, self._options
        if ear.speech_start is None or ear.speech_ms < options.min_speech_ms:
            return []
        pause = self._scanned - ear.speech_end
        if not options.early_final_ms or pause < ms_to_samples(options.early_final_ms):
            return []
        known = self._waiting[self._name()]
        if known.ahead and known.ahead.end_ms == samples_to_ms(ear.speech_end):
            return []
        known.ahead = self._final(Span(ear.speech_start, ear.speech_end, 0, ear.cut_before))
        known.answer = None
        return [known.ahead]

    def _ended(self, span: Span) -> list[Due]:
        """Nothing falls due when the final was decoded ahead, or is on its way."""
        known = self._waiting[self._name()]
        ahead = known.ahead
        due: list[Due] = []
        if ahead and not span.cut_after and ahead.end_ms == samples_to_ms(span.end):
            known.final = ahead
            if known.answer is not None:
                del self._waiting[ahead.utterance]
                self._ready += self._take_final(ahead, known.draft, known.answer)
        else:
            known.final = self._final(span)
            due = [known.final]
        self._current = ""
        self._pacer = None
        self._spoken_until = span.end
        return due

    def _final(self, span: Span) -> Final:
        assert self._tape is not None
        first = span.start if span.cut_before else self._padded(span.start)
        after = 0 if span.cut_after else ms_to_samples(self._options.pad_after_ms)
        return Final(
            utterance=self._name(),
            speaker=self._speaker,
            start_ms=samples_to_ms(span.start),
            end_ms=samples_to_ms(span.end),
            pcm=self._tape.read(first, span.end + after),
            sound_ms=samples_to_ms(max(first, self._tape.begin)),
            hotwords=self._hotwords,
            due_at_ms=samples_to_ms(self._scanned),
            clause=self._pacer.clause if self._pacer else 0,
        )

    def _name(self) -> str:
        """The id of the utterance going on; it gets one when something of it falls due."""
        if not self._current:
            self._count += 1
            self._current = f"{self._prefix}{self._count}"
            self._waiting[self._current] = Utterance(Draft(self.lang))
        return self._current

    def _padded(self, start: int) -> int:
        return max(self._spoken_until, start - ms_to_samples(self._options.pad_before_ms))

    def _needed_from(self) -> int:
        start = self._endpointer.speech_start
        # An onset not yet confirmed may be that long, and reach back as far again.
        oldest = self._scanned - 2 * ONSET_MEMORY * WINDOW if start is None else start
        return oldest - ms_to_samples(self._options.pad_before_ms)

    def _take_guess(self, due: Guess, known: Utterance, decoded: Decoded) -> list[Fact]:
        text = without_phantoms(tidied(decoded.text, self.lang))
        unsure = decoded.confidence < self._options.min_guess_confidence
        if unsure or loop_start(text) is not None:
            text = ""
        shown, stable = known.draft.shown, known.draft.stable
        known.draft.add(due.clause, due.end_ms, text, due.closes)
        return self._told(due, known, shown, stable)

    def _take_ahead(self, due: Final, known: Utterance, decoded: Decoded) -> list[Fact]:
        """A final whose utterance goes on, or may yet: the best guess there is."""
        text = without_phantoms(tidied(decoded.text, self.lang))
        if not text or loop_start(text) is not None:
            return []
        shown, stable = known.draft.shown, known.draft.stable
        known.draft.cover(due.clause, due.end_ms, text)
        return self._told(due, known, shown, stable)

    def _told(self, due: Due, known: Utterance, shown: str, stable: str) -> list[Fact]:
        """What changed in the draft since it read so, domain words put right."""
        draft = known.draft
        if draft.stable != stable:
            known.shown = self._scribe.stable(
                draft.stable, self.lang, known.shown.corrections, len(stable)
            )
        facts: list[Fact] = []
        if draft.shown != shown:
            rest = draft.shown[len(draft.stable) :]
            facts.append(SpeechGuessed(text=known.shown.text + rest, **_about(due)))
        if draft.stable != stable:
            corrections = known.shown.corrections
            facts.append(
                SpeechStable(text=known.shown.text, corrections=corrections, **_about(due))
            )
        return facts

    def _take_final(self, due: Final, draft: Draft, decoded: Decoded) -> list[Fact]:
        heard = tidied(decoded.text, self.lang)
        text = without_phantoms(heard)
        looped = loop_start(text)
        if text and looped is None:
            return [self._segment(due, text, decoded)]
        if not draft.shown:
            return []
        reason = "repeat" if looped is not None else "phantom" if heard else "silence"
        return [SpeechDropped(utterance=due.utterance, speaker=due.speaker, reason=reason)]

    def _segment(self, due: Final, text: str, decoded: Decoded) -> SegmentHeard:
        words = words_of(text, decoded.words, due.sound_ms, due.end_ms)
        scribed = self._scribe.final(text, self.lang, confidences(text, words))
        return SegmentHeard(
            utterance=due.utterance,
            speaker=due.speaker,
            start_ms=due.start_ms,
            end_ms=due.end_ms,
            text=scribed.text,
            display=scribed.display,
            words=words,
            corrections=scribed.corrections,
            confidence=min(1.0, max(0.0, decoded.confidence)),
            model=decoded.model,
        )


def _about(due: Due) -> _About:
    return {"utterance": due.utterance, "speaker": due.speaker, "start_ms": due.start_ms}
