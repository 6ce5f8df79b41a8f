"""The speech detector as it is shipped: streaming, separate memories, silence and tones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assist.audio import RATE_HZ, AudioChunk, Pcm, Resampler
from assist.speech.endpoint import Endpointer, Span
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.vad import WINDOW, SileroVad

SECONDS = 30
A_SECOND = 31
"""Windows of it."""


@pytest.fixture(scope="module")
def vad() -> SileroVad:
    return SileroVad()


def seconds(count: int = SECONDS) -> np.ndarray:
    return np.arange(count * RATE_HZ) / RATE_HZ


def in_one_go(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """By the library's own way with Silero, which never rests."""
    from faster_whisper.vad import get_vad_model

    # It blanks the end of the last window before it looks at it: one more, to throw away.
    padded = np.append(windows.reshape(-1), np.zeros(WINDOW, dtype=np.float32))
    return get_vad_model()(padded).reshape(-1)[:-1]


def streamed(vad: SileroVad, windows: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    stream = vad.stream()
    return np.concatenate(
        [stream.probabilities(windows[at : at + step]) for at in range(0, len(windows), step)]
    )


def spans(probabilities: NDArray[np.float32], windows: NDArray[np.float32]) -> Iterator[Span]:
    ear = Endpointer(ListenOptions())
    levels_dbfs = 10 * np.log10(np.mean(np.square(windows), axis=1) + 1e-12)
    for number, (probability, level) in enumerate(zip(probabilities, levels_dbfs, strict=True)):
        if span := ear.feed(number * WINDOW, float(probability), float(level)):
            yield span
    if span := ear.finish():
        yield span


@settings(max_examples=25, deadline=None)
@given(
    stretches=st.lists(st.tuples(st.booleans(), st.integers(1, A_SECOND)), min_size=1, max_size=6),
    step=st.integers(1, 40),
)
def test_streaming_hears_what_the_whole_recording_gives(
    vad: SileroVad, stretches: list[tuple[bool, int]], step: int
):
    """Sound, and digital silence of up to a second, cut into pieces of any length."""
    rng = np.random.default_rng(1)
    still, sound = 0, []
    for sounds, count in stretches:
        count = count if sounds else min(count, A_SECOND - still)
        still = 0 if sounds else still + count
        sound.append(rng.standard_normal((count, WINDOW)) * rng.uniform(0.001, 0.3) * sounds)
    windows = np.concatenate(sound).astype(np.float32)
    assert streamed(vad, windows, step) == pytest.approx(in_one_go(windows), abs=1e-5)


def test_the_borders_of_a_recorded_call_are_those_of_the_whole(
    vad: SileroVad, telephone_call: list[Pcm]
):
    for channel in telephone_call:
        pcm = Resampler(8_000).push(channel)
        windows = pcm[: len(pcm) // WINDOW * WINDOW].reshape(-1, WINDOW)
        found = list(spans(streamed(vad, windows, 3), windows))
        assert len(found) >= 5 and found == list(spans(in_one_go(windows), windows))


def test_however_long_nothing_comes_the_ear_hears_as_well_after_it(
    vad: SileroVad, telephone_call: list[Pcm]
):
    """As a line with silence suppression sends a call. Asked throughout the silence the model
    loses a tenth of what is said after it."""
    voice = Resampler(8_000).push(telephone_call[0])[: WINDOW * 400].reshape(-1, WINDOW)
    short, long = (np.zeros((count, WINDOW), dtype=np.float32) for count in (40, 1_000))
    soon = streamed(vad, np.concatenate([short, voice, short, voice]), 3)
    late = streamed(vad, np.concatenate([long, voice, long, voice]), 7)
    assert np.array_equal(soon[40:440], late[1_000:1_400])
    assert np.array_equal(soon[480:], late[2_400:])
    windows = np.concatenate([long, voice, long, voice])
    heard, asked = (list(spans(p, windows)) for p in (late, in_one_go(windows)))
    assert sum(s.end - s.start for s in heard) > sum(s.end - s.start for s in asked)


def test_speakers_do_not_share_a_memory(vad: SileroVad):
    rng = np.random.default_rng(2)
    noise = (rng.standard_normal((40, WINDOW)) * 0.2).astype(np.float32)
    fresh = vad.stream().probabilities(noise[:5])
    busy = vad.stream()
    vad.stream().probabilities(noise)
    assert np.array_equal(busy.probabilities(noise[:5]), fresh)


def noise(level_dbfs: float) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.standard_normal(SECONDS * RATE_HZ) * 10 ** (level_dbfs / 20)


def dtmf() -> np.ndarray:
    keys = [(697, 1209), (770, 1336), (852, 1477), (941, 1336)]
    at = seconds()
    key = np.array(keys)[(at * 2).astype(int) % 4]
    tone = np.sin(2 * np.pi * key[:, 0] * at) + np.sin(2 * np.pi * key[:, 1] * at)
    return 0.2 * tone * (at % 0.5 < 0.12)


def ring_back() -> np.ndarray:
    at = seconds()
    return 0.2 * np.sin(2 * np.pi * 450 * at) * (at % 5 < 1)


@pytest.mark.parametrize(
    "sound",
    [np.zeros(SECONDS * RATE_HZ), noise(-40), noise(-25), ring_back(), dtmf()],
    ids=["digital silence", "noise", "loud noise", "ring-back tone", "DTMF"],
)
def test_what_is_no_voice_is_never_due(vad: SileroVad, sound: np.ndarray):
    listener = Listener("c", "customer", vad, ListenOptions(), "zh")
    pcm: Pcm = sound.astype(np.float32)
    assert listener.accept(AudioChunk("customer", 0, pcm)) + listener.finish() == []


def test_a_telephone_voice_is_heard(vad: SileroVad, telephone_call: list[Pcm], turns_s):
    """Silero's usual threshold of 0.5 misses most of some telephone voices."""
    for channel, speaker in enumerate(("customer", "agent")):
        listener = Listener(speaker[0], speaker, vad, ListenOptions(guess_every_ms=0), "zh")
        resampler = Resampler(8_000)
        pcm = np.concatenate([resampler.push(telephone_call[channel]), resampler.finish()])
        found = listener.accept(AudioChunk(speaker, 0, pcm)) + listener.finish()
        for start_s, end_s in turns_s[speaker]:
            covering = [
                due
                for due in found
                if due.start_ms / 1000 < start_s + 0.5 and due.end_ms / 1000 > end_s - 0.5
            ]
            assert covering, f"{speaker} from {start_s} s to {end_s} s"
