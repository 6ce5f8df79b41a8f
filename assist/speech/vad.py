"""Speech probability of each 32 ms window: the Silero model that faster-whisper brings along.

The model is shared and holds no state; each speaker has a `VadStream` with its own memory, so
that no call leaks into the next. It never decides where an utterance begins or ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assist.audio import Pcm
from assist.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WINDOW = 512
"""Samples of a window at 16 kHz (32 ms): the only size Silero v6 takes."""

_CONTEXT = 64
_MEMORY = (1, 1, 128)

_STILL = 31
"""Windows (1 s) of digital silence after which an ear is at rest. Asked on and on about nothing,
the LSTM's cell grows without a bound; after ten seconds of it the model misses the first words. So
from there on every ear has the memory of one that has heard a second of silence and nothing else,
and the model is not asked."""


class VadStream(Protocol):
    """One speaker's ear."""

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (n, WINDOW), in order and without gaps since the last call -> shape (n,), 0..1."""
        ...


class Vad(Protocol):
    def stream(self) -> VadStream: ...


class SileroVad:
    """Raises ModelError when the model file is not where faster-whisper keeps it."""

    def __init__(self) -> None:
        import onnxruntime
        from faster_whisper.utils import get_assets_path

        found = sorted(Path(get_assets_path()).glob("silero_vad_v*.onnx"))
        if not found:
            raise ModelError(
                f"{get_assets_path()}: the speech detector silero_vad_v6.onnx is missing.",
                "Install faster-whisper again.",
            )
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(found[-1]), options, providers=["CPUExecutionProvider"]
        )
        silence = np.zeros((_STILL, WINDOW), dtype=np.float32)
        self._rest = _listen(self._session, _NOTHING, silence)[1]

    def stream(self) -> VadStream:
        return _SileroStream(self._session, self._rest)


@dataclass(frozen=True)
class _Memory:
    """The LSTM's, and the last 64 samples, which the model wants before each window."""

    hidden: NDArray[np.float32]
    cell: NDArray[np.float32]
    context: Pcm


_NOTHING = _Memory(
    np.zeros(_MEMORY, dtype=np.float32),
    np.zeros(_MEMORY, dtype=np.float32),
    np.zeros(_CONTEXT, dtype=np.float32),
)


class _SileroStream:
    def __init__(self, session: InferenceSession, rest: _Memory) -> None:
        self._session = session
        self._rest = rest
        self._memory = _NOTHING
        self._still = 0
        """Windows of digital silence just heard."""

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        found = np.zeros(len(windows), dtype=np.float32)
        if self._still > _STILL and not np.count_nonzero(windows):
            return found
        end = 0
        for resting, stretch in groupby(windows, self._rests):
            begin, end = end, end + sum(1 for _ in stretch)
            if resting:
                self._memory = self._rest
            else:
                heard = _listen(self._session, self._memory, windows[begin:end])
                found[begin:end], self._memory = heard
        return found

    def _rests(self, window: Pcm) -> bool:
        self._still = 0 if np.count_nonzero(window) else self._still + 1
        return self._still > _STILL


def _listen(
    session: InferenceSession, memory: _Memory, windows: NDArray[np.float32]
) -> tuple[NDArray[np.float32], _Memory]:
    contexts = np.vstack([memory.context[None, :], windows[:-1, -_CONTEXT:]])
    sound = np.concatenate([contexts, windows], axis=1)
    result = session.run(None, {"input": sound, "h": memory.hidden, "c": memory.cell})
    probabilities, hidden, cell = (np.asarray(part) for part in result)
    return probabilities.reshape(-1), _Memory(hidden, cell, windows[-1, -_CONTEXT:].copy())
