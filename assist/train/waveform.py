"""A recording as something to look at: the loudest moment of each stretch, for each channel."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assist.audio import Recording, read_recording

STRETCHES = 1_600
"""About one a pixel of a wide screen."""
_KEPT = 64
_LOUDEST = 100


@dataclass(frozen=True)
class Waveform:
    """`peaks` by speaker, each 0..100 of full scale."""

    duration_ms: int
    peaks: dict[str, list[int]]


def waveform_of(recording: Recording, stretches: int = STRETCHES) -> Waveform:
    """As many stretches as asked for, fewer where there are fewer samples."""
    peaks = {}
    for speaker, pcm in zip(recording.speakers, recording.channels, strict=True):
        count = min(stretches, len(pcm))
        edges = np.linspace(0, len(pcm), count, endpoint=False).astype(np.int64)
        loudest = np.maximum.reduceat(np.abs(pcm), edges)
        peaks[speaker] = [int(p) for p in np.round(np.clip(loudest, 0, 1) * _LOUDEST)]
    return Waveform(recording.duration_ms, peaks)


class Waveforms:
    """Computed once for each version of a file; used from one thread at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int], Waveform] = OrderedDict()

    def of(self, path: Path) -> Waveform:
        """Raises AudioError for a file that cannot be read."""
        key = (path, path.stat().st_mtime_ns if path.is_file() else 0)
        if key not in self._kept:
            self._kept[key] = waveform_of(read_recording(path))
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
