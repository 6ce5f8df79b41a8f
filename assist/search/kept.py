"""Vectors kept in a file between runs: a sentence embedded once is not embedded again.

For checks that ask the same sentences over and over; a live call never goes through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assist.ports import Embedder


class KeptVectors:
    """`ports.Embedder` over another one, which is only asked for texts it has not seen.

    A file that cannot be read, or is of another dimension, counts as empty.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self.name = embedder.name
        self._embedder, self._path = embedder, path
        self._new = False
        self._vectors = _read(path)

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder's own. Raises ModelError."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embedder.encode(new), strict=True))
            self._new = True
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._vectors[text] for text in texts])

    def keep(self) -> None:
        """Write what is known to the file, aside and then in its place."""
        if not self._new:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new.npz")
        texts = list(self._vectors)
        vectors = np.stack([self._vectors[text] for text in texts])
        np.savez(aside, texts=np.array(texts, dtype=np.str_), vectors=vectors)
        aside.replace(self._path)
        self._new = False


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return {}
