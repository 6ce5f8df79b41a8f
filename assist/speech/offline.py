"""A whole recording at once: finals only, channel by channel, merged by time.

The same `Listener` and the same cuts as in a live call, so that what a recording gives is what
the call would have given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from assist.audio import AudioChunk, Recording, Resampler, ms_to_samples, samples_to_ms
from assist.events import SegmentHeard, Speaker
from assist.ports import SpeechEngine
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.utterance import Due
from assist.speech.vad import Vad
from assist.speech.whisper import LANGUAGE_MS, WhisperEngine

_CHUNK_MS = 1_000

Progress = Callable[[int, int], None]
"""Called with the milliseconds done and the milliseconds in all (both summed over channels)."""


def transcribe(
    recording: Recording,
    engine: SpeechEngine,
    vad: Vad,
    lang: str,
    progress: Progress = lambda done_ms, all_ms: None,
    options: ListenOptions | None = None,
    scribe: Scribe | None = None,
) -> list[SegmentHeard]:
    """Every utterance of the recording, by time. Raises ModelError."""
    options = replace(options or ListenOptions(), guess_every_ms=0, early_final_ms=0)
    names = recording.speakers
    all_ms = recording.duration_ms * len(names)
    segments: list[SegmentHeard] = []
    for index, speaker in enumerate(names):
        listener = Listener(speaker[0], speaker, vad, options, lang, scribe)
        for due, done_ms in _dues(listener, speaker, recording, index):
            (decoded,) = engine.decode_batch([due.window(lang)])
            facts = listener.take(due, decoded)
            segments += [fact for fact in facts if isinstance(fact, SegmentHeard)]
            progress(recording.duration_ms * index + done_ms, all_ms)
        progress(recording.duration_ms * (index + 1), all_ms)
    return sorted(segments, key=lambda segment: (segment.start_ms, segment.speaker))


def language_of(recording: Recording, engine: WhisperEngine) -> str:
    """The language of the recording's first seconds, all channels heard together."""
    samples = ms_to_samples(LANGUAGE_MS, recording.rate_hz)
    first = np.stack([channel[:samples] for channel in recording.channels]).sum(axis=0)
    resampler = Resampler(recording.rate_hz)
    return engine.language_of(np.concatenate([resampler.push(first), resampler.finish()]))


def _dues(
    listener: Listener, speaker: Speaker, recording: Recording, index: int
) -> Iterator[tuple[Due, int]]:
    """What falls due, with how many ms of the channel have been heard by then."""
    resampler = Resampler(recording.rate_hz)
    heard = 0
    for frame in recording.frames(_CHUNK_MS):
        pcm = resampler.push(frame[index])
        due = listener.accept(AudioChunk(speaker, samples_to_ms(heard), pcm))
        heard += len(pcm)
        yield from ((each, samples_to_ms(heard)) for each in due)
    last = listener.accept(AudioChunk(speaker, samples_to_ms(heard), resampler.finish()))
    yield from ((each, recording.duration_ms) for each in [*last, *listener.finish()])
