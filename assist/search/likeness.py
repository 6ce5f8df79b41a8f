"""Likeness of meaning between a sentence and some phrases, 0..1, with the vectors remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assist.ports import Embedder


class Likeness:
    """Callable as `guide.hear.Like`. Used from one thread at a time."""

    def __init__(self, embedder: Embedder, remembered: int = 8_192) -> None:
        self._embedder = embedder
        self._remembered = remembered
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def __call__(self, text: str, phrases: Sequence[str]) -> list[float]:
        """Cosine of `text` to each phrase; below zero counts as nothing in common."""
        if not phrases:
            return []
        self._learn([text, *phrases])
        vector = self._vectors[text]
        scores = [float(max(0.0, vector @ self._vectors[phrase])) for phrase in phrases]
        while len(self._vectors) > self._remembered:
            self._vectors.popitem(last=False)
        return scores

    def _learn(self, texts: list[str]) -> None:
        new = list(dict.fromkeys(t for t in texts if t not in self._vectors))
        if new:
            self._vectors.update(zip(new, self._embedder.encode(new), strict=True))
        for text in texts:
            self._vectors.move_to_end(text)
