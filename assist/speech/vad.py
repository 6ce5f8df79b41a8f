"""Speech probability of each 32 ms window: the Silero model that faster-whisper brings along.

The model is shared and holds no state; each speaker has a `VadStream` with its own memory, so
that no call leaks into the next. It never decides where an utterance begins or ends.
"""

from __future__ import annotations

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

    def stream(self) -> VadStream:
        return _SileroStream(self._session)


class _SileroStream:
    """Keeps the LSTM's memory and the last 64 samples, which the model wants before each window."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self._hidden = np.zeros(_MEMORY, dtype=np.float32)
        self._cell = np.zeros(_MEMORY, dtype=np.float32)
        self._context: Pcm = np.zeros(_CONTEXT, dtype=np.float32)

    def probabilities(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        contexts = np.vstack([self._context[None, :], windows[:-1, -_CONTEXT:]])
        result = self._session.run(
            None,
            {
                "input": np.concatenate([contexts, windows], axis=1),
                "h": self._hidden,
                "c": self._cell,
            },
        )
        probabilities, self._hidden, self._cell = (np.asarray(part) for part in result)
        self._context = windows[-1, -_CONTEXT:].copy()
        return probabilities.reshape(-1)
