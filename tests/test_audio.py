"""Reading recordings and decoding frames; what cannot be read is named with a remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from assist.audio import (
    RATE_HZ,
    Lane,
    Resampler,
    decode_alaw,
    decode_mulaw,
    decode_pcm16,
    read_recording,
    samples_to_ms,
)
from assist.errors import AudioError


def tone(rate_hz: int, seconds: float = 1.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate_hz * seconds)) / rate_hz)


def wav(path: Path, channels: int = 2, rate_hz: int = 8000) -> Path:
    soundfile.write(path, np.stack([tone(rate_hz)] * channels, axis=1), rate_hz)
    return path


def test_a_recording_is_read_and_cut_into_chunks_to_the_last_sample(tmp_path: Path) -> None:
    recording = read_recording(wav(tmp_path / "a.wav"))
    assert recording.speakers == ("customer", "agent")
    chunks = [chunk for frame in recording.chunks(100) for chunk in frame]
    for speaker in recording.speakers:
        mine = [c for c in chunks if c.speaker == speaker]
        assert sum(len(c.pcm) for c in mine) == pytest.approx(RATE_HZ, abs=2)
        ends = [c.end_ms for c in mine]
        assert all(abs(c.at_ms - end) <= 1 for c, end in zip(mine[1:], ends, strict=False)), (
            "each chunk begins where the one before ends"
        )


def test_resampling_keeps_the_tone() -> None:
    lane = Lane("customer", Resampler(8000))
    parts = [lane.push(p.astype(np.float32)) for p in np.array_split(tone(8000), 7)]
    parts.append(lane.finish())
    pcm = np.concatenate([p.pcm for p in parts if p])
    peak_hz = np.argmax(np.abs(np.fft.rfft(pcm))) * RATE_HZ / len(pcm)
    assert peak_hz == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: p / "none.wav", "no such file"),
        (lambda p: _text(p / "text.wav"), "not a sound file"),
        (lambda p: wav(p / "three.wav", channels=3), "3 channels"),
        (lambda p: wav(p / "odd.wav", rate_hz=7000), "7000 Hz is not supported"),
        (lambda p: _half(wav(p / "half.wav")), "cut short"),
        (lambda p: wav_of_nothing(p / "empty.wav"), "holds no sound"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place_and_remedy(tmp_path, make, message) -> None:
    path = make(tmp_path)
    with pytest.raises(AudioError, match=message) as caught:
        read_recording(path)
    assert caught.value.remedy


def test_a_flac_cut_short_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, (16000, 2)), 8000)
    _half(path)
    with pytest.raises(AudioError):
        read_recording(path)


def _text(path: Path) -> Path:
    path.write_text("RIFF, or so it says")
    return path


def _half(path: Path) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def wav_of_nothing(path: Path) -> Path:
    soundfile.write(path, np.zeros((0, 1)), 8000)
    return path


def test_interleaved_samples_come_apart() -> None:
    left, right = decode_pcm16(np.array([1000, -1000, 2000, -2000], dtype="<i2").tobytes(), 2)
    assert list(left * 32768) == [1000, 2000] and list(right * 32768) == [-1000, -2000]


def test_mulaw_silence_and_full_scale_match_the_standard() -> None:
    (decoded,) = decode_mulaw(bytes([0xFF, 0x7F, 0x00, 0x80]), 1)
    # G.711: 0xFF and 0x7F are zero, 0x00 is the most negative (-32124), 0x80 the most positive.
    assert [round(float(x) * 32768) for x in decoded] == [0, 0, -32124, 32124]


def test_an_idle_line_is_silence_in_either_law() -> None:
    """A-law has no zero: the smallest steps up and down are ±8. Sound keeps them."""
    idle, sounding = b"\xd5\x55\xd5\xd5" * 40, b"\xd5\x55\xd5\xd4" * 40
    assert not decode_alaw(idle, 1)[0].any() and not decode_mulaw(b"\xff\x7f" * 80, 1)[0].any()
    (decoded,) = decode_alaw(sounding, 1)
    assert [round(float(x) * 32768) for x in decoded[:4]] == [8, -8, 8, 24]


@given(st.binary(max_size=2000), st.integers(1, 2))
def test_any_bytes_decode_or_are_refused(data: bytes, channels: int) -> None:
    for decode, width in ((decode_pcm16, 2), (decode_mulaw, 1)):
        if len(data) % (width * channels):
            with pytest.raises(AudioError, match=str(len(data))):
                decode(data, channels)
        else:
            parts = decode(data, channels)
            assert {len(p) for p in parts} == {len(data) // width // channels}
            assert all(np.all(np.abs(p) <= 1) for p in parts)


def test_an_unknown_rate_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AudioError, match="8000"):
        Resampler(7999)


def test_durations() -> None:
    assert samples_to_ms(800, 8000) == 100
