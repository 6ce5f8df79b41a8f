"""Sound on its way in: reading files, decoding µ-law, bringing everything to 16 kHz mono.

Inside the house sound is always float32 in -1..1 at `RATE_HZ`, one array a speaker.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from assist.errors import AudioError
from assist.events import Speaker

RATE_HZ = 16_000
_IDLE: dict[str, bytes] = {"ULAW": b"\xff\x7f", "ALAW": b"\xd5\x55"}
"""How a silent line is coded: the smallest steps up and down, between which A-law has no zero."""

Pcm = NDArray[np.float32]

Speed = Literal["1", "4", "max"]
"""How fast a recording is played: in real time, four times that, or as fast as it is understood."""

SUPPORTED_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


@dataclass(frozen=True)
class AudioChunk:
    """A stretch of one speaker's sound; `at_ms` is where it begins in the call."""

    speaker: Speaker
    at_ms: int
    pcm: Pcm

    @property
    def end_ms(self) -> int:
        return self.at_ms + samples_to_ms(len(self.pcm))


def samples_to_ms(samples: int, rate_hz: int = RATE_HZ) -> int:
    return round(samples * 1000 / rate_hz)


def ms_to_samples(ms: float, rate_hz: int = RATE_HZ) -> int:
    return round(ms * rate_hz / 1000)


class Resampler:
    """Streaming resampler to 16 kHz for one speaker; `finish` gives the filter's last samples."""

    def __init__(self, rate_hz: int) -> None:
        if rate_hz not in SUPPORTED_RATES_HZ:
            raise AudioError(
                f"A sample rate of {rate_hz} Hz is not supported.",
                f"Send one of {', '.join(map(str, SUPPORTED_RATES_HZ))} Hz.",
            )
        self._stream = (
            None
            if rate_hz == RATE_HZ
            else soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32", quality="HQ")
        )

    def push(self, pcm: Pcm) -> Pcm:
        return pcm if self._stream is None else self._stream.resample_chunk(pcm)

    def finish(self) -> Pcm:
        empty = np.zeros(0, dtype=np.float32)
        return empty if self._stream is None else self._stream.resample_chunk(empty, last=True)


class Lane:
    """One speaker's sound on its way to 16 kHz chunks that carry their place in the call."""

    def __init__(self, speaker: Speaker, resampler: Resampler) -> None:
        self._speaker: Speaker = speaker
        self._resampler = resampler
        self._samples = 0

    def push(self, pcm: Pcm) -> AudioChunk | None:
        """None while the resampler still holds all of it back."""
        return self._chunk(self._resampler.push(pcm))

    def finish(self) -> AudioChunk | None:
        return self._chunk(self._resampler.finish())

    def _chunk(self, pcm: Pcm) -> AudioChunk | None:
        at_ms = samples_to_ms(self._samples)
        self._samples += len(pcm)
        return AudioChunk(self._speaker, at_ms, pcm) if len(pcm) else None


def decode_pcm16(data: bytes, channels: int) -> list[Pcm]:
    """Interleaved little-endian 16-bit samples -> one float array a channel.

    Raises AudioError when the bytes are not whole frames.
    """
    frame = 2 * channels
    if len(data) % frame:
        raise AudioError(
            f"A frame of {len(data)} bytes is not a whole number of {frame}-byte samples.",
            "Send complete little-endian 16-bit samples for every channel.",
        )
    samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / 32768.0
    return _split(samples, channels)


def encode_pcm16(*channels: Pcm) -> bytes:
    """Little-endian 16-bit samples, channels interleaved; those of a 16-bit file as they are."""
    samples = np.round(np.stack(channels, axis=1) * 32768)
    return np.clip(samples, -32768, 32767).astype("<i2").tobytes()


def encode_mulaw(*channels: Pcm) -> bytes:
    """G.711 µ-law bytes, channels interleaved."""
    sound = io.BytesIO()
    flat = np.stack(channels, axis=1).reshape(-1)
    soundfile.write(sound, flat, 8_000, format="RAW", subtype="ULAW")
    return sound.getvalue()


def decode_mulaw(data: bytes, channels: int) -> list[Pcm]:
    """Interleaved G.711 µ-law bytes -> one float array a channel."""
    return _decode_g711(data, channels, "ULAW")


def decode_alaw(data: bytes, channels: int) -> list[Pcm]:
    """Interleaved G.711 A-law bytes -> one float array a channel."""
    return _decode_g711(data, channels, "ALAW")


def _decode_g711(data: bytes, channels: int, law: Literal["ULAW", "ALAW"]) -> list[Pcm]:
    if len(data) % channels:
        raise AudioError(
            f"A G.711 frame of {len(data)} bytes does not divide by {channels} channels.",
            "Send one byte for every channel of each sample.",
        )
    if not data.strip(_IDLE[law]):
        return [_silence(len(data) // channels)] * channels
    return _split(_g711(law)[np.frombuffer(data, dtype=np.uint8)], channels)


@lru_cache(maxsize=16)
def _silence(samples: int) -> Pcm:
    """Shared by all who are silent, so nobody may write into it."""
    pcm = np.zeros(samples, dtype=np.float32)
    pcm.flags.writeable = False
    return pcm


@cache
def _g711(law: Literal["ULAW", "ALAW"]) -> Pcm:
    """What each of the 256 bytes stands for."""
    samples, _ = soundfile.read(
        io.BytesIO(bytes(range(256))),
        format="RAW",
        subtype=law,
        samplerate=8000,
        channels=1,
        dtype="float32",
    )
    return samples.astype(np.float32, copy=False)


@dataclass(frozen=True)
class Recording:
    """A recorded call: one array a channel, at the file's own rate."""

    path: Path
    rate_hz: int
    channels: tuple[Pcm, ...]

    @property
    def duration_ms(self) -> int:
        return samples_to_ms(len(self.channels[0]), self.rate_hz)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Left is the customer, right the agent; a single channel holds both, mixed."""
        return ("customer", "agent") if len(self.channels) == 2 else ("mixed",)

    def chunks(self, frame_ms: int) -> Iterator[list[AudioChunk]]:
        """The call at 16 kHz: for each frame a chunk a speaker, down to the last sample."""
        lanes = [Lane(speaker, Resampler(self.rate_hz)) for speaker in self.speakers]
        for frame in self.frames(frame_ms):
            yield [c for lane, pcm in zip(lanes, frame, strict=True) if (c := lane.push(pcm))]
        yield [c for lane in lanes if (c := lane.finish())]

    def frames(self, frame_ms: int) -> Iterator[tuple[Pcm, ...]]:
        """Cut into frames of `frame_ms`, the last one shorter, all channels side by side."""
        step = ms_to_samples(frame_ms, self.rate_hz)
        for start in range(0, len(self.channels[0]), step):
            yield tuple(channel[start : start + step] for channel in self.channels)


def read_recording(path: Path) -> Recording:
    """Read a WAV, FLAC, OGG or MP3 file of one or two channels.

    Raises AudioError for a missing file, something that is no sound, a file cut short, an
    unsupported rate, more than two channels, or no samples at all.
    """
    if path.is_dir():
        raise AudioError(
            f"{path}: this is a folder.", f"Name its recordings, for instance {path}/*.wav."
        )
    try:
        with path.open("rb") as stream:
            return read_sound(stream, path)
    except FileNotFoundError as error:
        raise AudioError(f"{path}: there is no such file.", "Check the path.") from error
    except OSError as error:
        raise AudioError(
            f"{path}: cannot be read ({error.strerror}).", "Mend the file's rights, or copy it."
        ) from error


def read_sound(stream: BinaryIO, path: Path) -> Recording:
    """As `read_recording`, from an open file that can be sought in; `path` names it in errors."""
    size_bytes = stream.seek(0, io.SEEK_END)
    if size_bytes == 0:
        raise AudioError(f"{path}: the file is empty.", "Record or copy it again.")
    stream.seek(0)
    header = stream.read(12)
    stream.seek(0)
    try:
        with soundfile.SoundFile(stream) as file:
            expected = file.frames
            rate_hz = file.samplerate
            samples = file.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        # Its full text names the open stream, which says nothing to people.
        why = getattr(error, "error_string", str(error)).strip(" .")
        raise AudioError(
            f"{path}: this is not a sound file that can be read ({why}).",
            "Give a WAV or FLAC recording (OGG and MP3 are read too), whole, not cut short.",
        ) from error
    if samples.shape[0] == 0 and expected == 0:
        raise AudioError(f"{path}: the file holds no sound.", "Record the call again.")
    if samples.shape[0] == 0 or _is_cut_short(header, size_bytes, expected, samples.shape[0]):
        raise AudioError(
            f"{path}: the file is cut short: {samples.shape[0]} of {expected} frames are there.",
            "Copy the recording again.",
        )
    if samples.shape[1] > 2:
        raise AudioError(
            f"{path}: {samples.shape[1]} channels; a call has one or two.",
            "Export the call with the customer on the left and the agent on the right.",
        )
    try:
        Resampler(rate_hz)
    except AudioError as error:
        raise AudioError(f"{path}: {error.message}", error.remedy) from error
    interleaved = samples.astype(np.float32, copy=False).reshape(-1)
    return Recording(path, rate_hz, tuple(_split(interleaved, samples.shape[1])))


def _split(interleaved: Pcm, channels: int) -> list[Pcm]:
    return [np.ascontiguousarray(interleaved[i::channels]) for i in range(channels)]


def _is_cut_short(header: bytes, size_bytes: int, expected: int, found: int) -> bool:
    """libsndfile trusts a truncated WAV's file size; its RIFF header still says the real length."""
    if found < expected:
        return True
    if header[:4] != b"RIFF":
        return False
    promised = int.from_bytes(header[4:8], "little") + 8
    return promised < 0xFFFFFFF0 and size_bytes < promised - 1
