"""The speech detector as it is shipped: streaming, separate memories, silence and tones."""

from __future__ import annotations

import numpy as np
import pytest

from assist.audio import RATE_HZ, AudioChunk, Pcm, Resampler
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.vad import WINDOW, SileroVad

SECONDS = 30


@pytest.fixture(scope="module")
def vad() -> SileroVad:
    return SileroVad()


def seconds(count: int = SECONDS) -> np.ndarray:
    return np.arange(count * RATE_HZ) / RATE_HZ


def test_streaming_hears_what_the_whole_recording_gives(vad: SileroVad):
    from faster_whisper.vad import get_vad_model

    rng = np.random.default_rng(1)
    sound = (rng.standard_normal(WINDOW * 50) * np.linspace(0, 0.3, WINDOW * 50)).astype(np.float32)
    windows = sound.reshape(-1, WINDOW)
    stream = vad.stream()
    pieces = [stream.probabilities(windows[at : at + 7]) for at in range(0, 50, 7)]
    # The library blanks the end of the last window before it looks at it.
    whole = get_vad_model()(sound.copy()).reshape(-1)[:-1]
    assert np.concatenate(pieces)[:-1] == pytest.approx(whole, abs=1e-5)


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
