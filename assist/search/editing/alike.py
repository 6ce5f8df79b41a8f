"""How like two questions are: by meaning (embedder cosine) and by wording (character n-grams).

Both together, because each alone is fooled: meaning by two needs told in the same frame, wording by
two sentences that share a product's name. Says how alike, never which of two is the better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assist.search.corpus import Placed, Row
from assist.search.crossfit import Progress
from assist.search.signals import Floats, Grams, Ints
from assist.search.text import char_grams, comparable, plain, tokens

NEAR = 0.6
"""Mean of both likenesses from which two rows say nearly the same. In the shipped corpus no two
rows of different guides reach it; a row with one word changed is at 0.8 and above."""

_WORTH_COMPARING = 0.5
_BLOCK = 1024


def folded(text: str) -> str:
    """What is left of a text when case, width, spaces and punctuation do not count."""
    return " ".join(tokens(plain(text))) or plain(text)


def said(row: Row) -> str:
    """The row as search compares it: without greeting and filler."""
    return comparable(row.text, row.lang)


@dataclass(frozen=True)
class Near:
    """Two rows and the mean of their likenesses, 0..1; `row` stands later than `other`."""

    row: Placed
    other: Placed
    likeness: float


class Alike:
    """Rows of one language, ready to be compared."""

    def __init__(self, rows: Sequence[Placed], vectors: Floats) -> None:
        """`vectors` (rows, dimension) as `embedder.encode_all` gives them for what the rows say."""
        self.rows = rows
        self._vectors = vectors
        self._grams = Grams(char_grams)
        self._wording: Any = self._grams.fit([plain(each.row.text) for each in rows])

    def across_guides(self, progress: Progress) -> Iterator[Near]:
        """For each row the nearest one before it of another guide, where it is near enough."""
        guides = np.unique([each.row.guide for each in self.rows], return_inverse=True)[1]
        for start in range(0, len(self.rows), _BLOCK):
            progress("compare questions", start, len(self.rows))
            block = self._vectors[start : start + _BLOCK]
            meaning = block @ self._vectors[: start + len(block)].T
            later, earlier = np.nonzero(meaning >= _WORTH_COMPARING)
            counts = (start + later > earlier) & (guides[start + later] != guides[earlier])
            later, earlier = later[counts], earlier[counts]
            if not len(later):
                continue
            both = (meaning[later, earlier] + self._worded(start + later, earlier)) / 2
            for at in map(int, np.unique(later[both >= NEAR])):
                own = np.flatnonzero(later == at)
                best = int(own[both[own].argmax()])
                other = self.rows[int(earlier[best])]
                yield Near(self.rows[start + at], other, float(both[best]))
        progress("compare questions", len(self.rows), len(self.rows))

    def nearest(self, text: str, vector: Floats, top: int) -> list[tuple[Placed, float]]:
        """The rows most like a text, best first. `vector` (dimension) is of what it says."""
        worded = (self._grams([plain(text)]) @ self._wording.T).toarray()[0]
        both = (self._vectors @ vector + worded) / 2
        order = np.argsort(-both, kind="stable")[:top]
        return [(self.rows[at], round(float(both[at]), 4)) for at in order]

    def _worded(self, some: Ints, others: Ints) -> Floats:
        """Cosine over n-grams of the rows at these positions, pair by pair."""
        products = self._wording[some].multiply(self._wording[others])
        return np.asarray(products.sum(axis=1), dtype=np.float32).ravel()
