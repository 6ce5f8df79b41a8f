"""Ten minutes each of what a telephone line carries when nobody speaks: not one character."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from assist.audio import RATE_HZ, AudioChunk, Pcm
from assist.config import Settings
from assist.events import SegmentHeard, SpeechGuessed
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.vad import SileroVad
from assist.speech.whisper import WhisperEngine
from assist.wiring.parts import open_scribe

MINUTES = 10
AT = np.arange(60 * RATE_HZ) / RATE_HZ
"""One minute; each sound repeats or goes on from there."""


def silence(minute: int) -> Pcm:
    return np.zeros(len(AT), dtype=np.float32)


def white_noise(minute: int) -> Pcm:
    """-40 dBFS."""
    return np.random.default_rng(minute).standard_normal(len(AT)).astype(np.float32) * 0.01


def ring_back(minute: int) -> Pcm:
    """450 Hz, 1 s on, 4 s off, as Chinese exchanges send it."""
    return (0.1 * np.sin(2 * np.pi * 450 * AT) * (AT % 5 < 1)).astype(np.float32)


def key_tones(minute: int) -> Pcm:
    """A DTMF digit of 100 ms every 300 ms."""
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    digit = (AT // 0.3).astype(int) % 12
    row, column = np.array(rows)[digit % 4], np.array(columns)[digit % 3]
    tone = np.sin(2 * np.pi * row * AT) + np.sin(2 * np.pi * column * AT)
    return (0.1 * tone * (AT % 0.3 < 0.1)).astype(np.float32)


def hold_music(minute: int) -> Pcm:
    """Plucked notes over a bass (Karplus and Strong 1983)."""
    rng = np.random.default_rng(7 + minute)
    music = np.zeros(len(AT))
    scale = (262, 294, 330, 392, 440, 523, 587, 659)
    for begin in np.arange(0, 59, 0.4):
        for pitch, loud in ((rng.choice(scale), 0.2), (rng.choice(scale[:4]) / 2, 0.15)):
            period = round(RATE_HZ / pitch)
            pluck = np.zeros(RATE_HZ)
            pluck[:period] = rng.uniform(-1, 1, period)
            feedback = np.zeros(period + 2)
            feedback[0], feedback[period:] = 1, -0.498
            note = lfilter([1.0], feedback, pluck)
            at = int(begin * RATE_HZ)
            room = min(len(note), len(music) - at)
            music[at : at + room] += loud * note[:room]
    return np.clip(music, -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def scribe() -> Scribe:
    """With its hints, as on the server."""
    return open_scribe(Settings(), print)


SOUNDS = (silence, white_noise, ring_back, key_tones, hold_music)


@pytest.mark.model
@pytest.mark.parametrize(
    "sound",
    [silence, white_noise, ring_back, key_tones, hold_music],
    ids=lambda each: each.__name__,
)
def test_not_a_character_in_ten_minutes(whisper_base: WhisperEngine, scribe: Scribe, sound):
    listener = Listener("c", "customer", SileroVad(), ListenOptions(), "zh", scribe)
    listener.expect(["broadband.no-internet"])
    told = []
    for minute in range(MINUTES):
        pcm = sound(minute)
        for second in range(60):
            piece = pcm[second * RATE_HZ : (second + 1) * RATE_HZ]
            due = listener.accept(AudioChunk("customer", (minute * 60 + second) * 1000, piece))
            told += listener.take_ready()
            for each in due:
                (decoded,) = whisper_base.decode_batch([each.window("zh")])
                told += listener.take(each, decoded)
    assert [fact for fact in told if isinstance(fact, SegmentHeard | SpeechGuessed)] == []
