"""Likeness of meaning between a sentence and some phrases, 0..1, with the vectors remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assist.ports import Embedder

_STACKS = 512
"""Lists of phrases kept as matrices."""
_ANSWERS = 1_024
"""The rules ask of one utterance twice: what it fills, and what it contradicts."""


class Likeness:
    """Callable as `guide.hear.Like`, from any thread."""

    def __init__(self, embedder: Embedder, remembered: int = 8_192) -> None:
        self._embedder = embedder
        self._remembered = remembered
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._answers: OrderedDict[tuple[str, tuple[str, ...]], list[float]] = OrderedDict()
        self._stacks: OrderedDict[tuple[str, ...], NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, text: str, phrases: Sequence[str]) -> list[float]:
        """Cosine of `text` to each phrase; below zero counts as nothing in common."""
        if not phrases:
            return []
        asked = (text, tuple(phrases))
        if (known := self._answers.get(asked)) is not None:
            return known
        (vector,) = self.vectors_of([text])
        answer = np.maximum(0.0, self._stacked(asked[1]) @ vector).tolist()
        with self._lock:
            self._answers[asked] = answer
            while len(self._answers) > _ANSWERS:
                self._answers.popitem(last=False)
        return answer

    def _stacked(self, phrases: tuple[str, ...]) -> NDArray[np.float32]:
        """The phrases' vectors as one matrix; an editor's lists come again with every utterance."""
        with self._lock:
            if (known := self._stacks.get(phrases)) is not None:
                self._stacks.move_to_end(phrases)
                return known
        stack = np.stack(self.vectors_of(list(phrases)))
        with self._lock:
            self._stacks[phrases] = stack
            while len(self._stacks) > _STACKS:
                self._stacks.popitem(last=False)
        return stack

    def learn(self, phrases: Sequence[str]) -> None:
        """Remember these now, so that no caller has to wait for them."""
        self.vectors_of(list(phrases))

    def vectors_of(self, texts: list[str]) -> list[NDArray[np.float32]]:
        """Unit vectors, remembered ones where there are any. Raises ModelError."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embedder.encode(new), strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._remembered:
                self._vectors.popitem(last=False)
        return [known[text] for text in texts]
