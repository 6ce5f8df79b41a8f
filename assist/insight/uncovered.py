"""What callers asked today that no guide helped with, grouped by meaning. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.search.editing.gaps import Miss, gaps_of
from assist.search.text import content

MOST = 200
"""Utterances grouped at once, the newest calls first."""
_SAMPLES = 3


@dataclass(frozen=True)
class Need:
    """Calls that asked the same; `questions` are a few of the ways in which it was put."""

    calls: tuple[str, ...]
    questions: tuple[str, ...]
    lang: str


class _Known:
    """Vectors that were asked for before, as an embedder."""

    name = "known"

    def __init__(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self._rows = dict(zip(texts, vectors, strict=True))
        self.dimension = vectors.shape[1]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.vstack([self._rows[text] for text in texts])


def texts_of(misses: Sequence[Miss]) -> list[str]:
    """What is to be embedded of them."""
    return [content(miss.text, miss.lang) for miss in misses[:MOST]]


def needs(misses: Sequence[Miss], vectors: NDArray[np.float32]) -> list[Need]:
    """Those of most calls first; `vectors` are of `texts_of(misses)`."""
    misses = misses[:MOST]
    known = _Known(texts_of(misses), vectors)
    found = gaps_of(misses, known, least_calls=1, each=_SAMPLES)
    return [_need(gap.misses, gap.questions) for gap in found]


def apart(misses: Sequence[Miss]) -> list[Need]:
    """Where nothing embeds: each call by itself."""
    calls = dict.fromkeys(miss.call for miss in misses[:MOST])
    each = [[miss for miss in misses if miss.call == call] for call in calls]
    return [_need(said, said[:_SAMPLES]) for said in each]


def _need(misses: Sequence[Miss], questions: Sequence[Miss]) -> Need:
    return Need(
        calls=tuple(dict.fromkeys(miss.call for miss in misses)),
        questions=tuple(miss.text for miss in questions),
        lang=misses[0].lang,
    )
