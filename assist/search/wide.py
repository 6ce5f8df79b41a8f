"""The nearest rows of each class where there are too many rows to compare with all of them.

Two sources: some rows of every class, the anchors, which are always compared, so that no class is
without figures; and the rows nearest in meaning, from an approximate index, compared by wording
and sound, too. N-grams of the rows stay on disk and are read for the candidates only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.search.crew import shared_out
from assist.search.dense import nearest
from assist.search.grams import Grams
from assist.search.near import AllRows, Arrays, Asked, Floats, Ints, best_of_classes, grouped
from assist.search.pieces import Pieces

CANDIDATES = 256

_TERM = np.dtype([("term", "<u4"), ("weight", "<f2")])


@dataclass(frozen=True)
class WideFiles:
    """What is read row by row, of one language."""

    grams: Path
    vectors: Path

    @classmethod
    def of(cls, folder: Path, lang: str) -> WideFiles:
        return cls(folder / f"{lang}.grams", folder / f"{lang}.vectors")


class GramFile:
    """Each row's n-grams and their weights, read row by row. `ends` (2 * rows + 1) are where, in
    records, the wording and then the sound of each row end."""

    def __init__(self, path: Path, ends: NDArray[np.int64]) -> None:
        self._pieces = Pieces(path)
        self._ends = ends

    def compare(self, rows: Ints, wording: Floats, sound: Floats) -> tuple[Floats, Floats]:
        """Cosine of each row to a text given as weights of all terms."""
        begin, middle, end = (self._ends[2 * rows + n] for n in (0, 1, 2))
        size = _TERM.itemsize
        read = self._pieces.read((begin * size).tolist(), ((end - begin) * size).tolist())
        records = np.frombuffer(read, dtype=_TERM)
        lengths = np.stack([middle - begin, end - middle], axis=1).ravel()
        of = np.repeat(np.arange(2 * len(rows)), lengths)
        is_sound = of % 2 == 1
        asked = np.where(
            is_sound,
            sound[np.where(is_sound, records["term"], 0)],
            wording[np.where(is_sound, 0, records["term"])],
        )
        products = asked * records["weight"]
        cosines = np.bincount(of, weights=products, minlength=2 * len(rows))
        return cosines[0::2].astype(np.float32), cosines[1::2].astype(np.float32)

    @property
    def ends(self) -> NDArray[np.int64]:
        return self._ends


def write_grams(
    path: Path,
    texts: Sequence[str],
    wording: Grams,
    sound: Grams,
    progress: Callable[[str, int, int], None],
) -> NDArray[np.int64]:
    """Writes what `GramFile` reads; returns its `ends`."""
    lengths = []
    with path.open("wb") as out:
        for counted, records in shared_out(
            partial(_count, wording, sound), texts, progress, "count n-grams"
        ):
            lengths.append(counted)
            out.write(records)
    return np.concatenate([[0], np.cumsum(np.concatenate(lengths))])


def _count(wording: Grams, sound: Grams, texts: Sequence[str]) -> tuple[NDArray[np.int64], bytes]:
    """Number of n-grams, wording and sound by turns, and their records."""
    parts = [wording(texts), sound(texts)]
    lengths = np.stack([np.diff(one.indptr) for one in parts], axis=1).ravel()
    return lengths.astype(np.int64), _interleaved(parts).tobytes()


def _interleaved(parts: Sequence[Any]) -> NDArray[Any]:
    """Row by row the terms of each matrix."""
    records = np.empty(sum(one.nnz for one in parts), dtype=_TERM)
    lengths = np.stack([np.diff(one.indptr) for one in parts], axis=1)
    begins = np.concatenate([[0], np.cumsum(lengths.ravel())[:-1]]).reshape(lengths.shape)
    for number, one in enumerate(parts):
        within = np.arange(one.nnz) - np.repeat(one.indptr[:-1], lengths[:, number])
        at = np.repeat(begins[:, number], lengths[:, number]) + within
        records["term"][at], records["weight"][at] = one.indices, one.data
    return records


class WideRows:
    """`anchors` were made of the rows at `anchored`; `label` (rows) is the class of each row."""

    def __init__(
        self,
        label: Ints,
        classes: int,
        index: Any,
        anchors: AllRows,
        anchored: Ints,
        grams: GramFile,
    ) -> None:
        self.index, self.anchors, self.anchored = index, anchors, anchored
        self._label = label.astype(np.int32)
        self._classes = classes
        self._grams = grams
        self._anchor_rows = anchored[anchors.ids]
        self._is_anchor = np.zeros(len(label), dtype=np.bool_)
        self._is_anchor[anchored] = True

    def arrays(self) -> Arrays:
        """What is neither the FAISS index nor the file of n-grams nor of the anchors' n-grams."""
        vectors = self.anchors.index.reconstruct_n(0, self.anchors.index.ntotal)
        return {
            "anchored": self.anchored,
            "anchor_vectors": vectors,
            "gram_ends": self._grams.ends,
        }

    def __call__(self, asked: Asked) -> tuple[Floats, Ints]:
        """See `near.best_of_classes`."""
        if len(asked.vectors) == 1:
            return self._one(asked)
        found = [
            self._one(Asked(asked.vectors[at : at + 1], asked.wording[at], asked.sound[at]))
            for at in range(len(asked.vectors))
        ]
        near, question = zip(*found, strict=True)
        return np.concatenate(near), np.concatenate(question)

    def _one(self, asked: Asked) -> tuple[Floats, Ints]:
        cosines, rows = nearest(self.index, asked.vectors[0], CANDIDATES)
        new = ~self._is_anchor[rows]
        cosines, rows = cosines[new], rows[new]
        wording, sound = (_spread(one) for one in (asked.wording, asked.sound))
        candidates = np.stack([cosines, *self._grams.compare(rows, wording, sound)])
        similar = np.hstack([self.anchors.similar(asked)[:, 0], candidates])
        both = np.concatenate([self._anchor_rows, rows])
        order, bounds = grouped(self._label[both], self._classes)
        return best_of_classes(similar[:, None, order], bounds, both[order])


def _spread(one: Any) -> Floats:
    """A sparse row as weights of all terms."""
    full = np.zeros(max(1, one.shape[1]), dtype=np.float32)
    full[one.indices] = one.data
    return full


def stratified(classes: Sequence[Any], most: int, seed: int = 0) -> Ints:
    """Positions of about `most` rows, each class in its share but with at least 50 where it has
    them; sorted."""
    rng = np.random.default_rng(seed)
    label = np.unique(np.asarray(classes), return_inverse=True)[1]
    kept = [np.zeros(0, dtype=np.intp)]
    for one in np.unique(label):
        mine = np.flatnonzero(label == one)
        share = max(50, round(most * len(mine) / len(label)))
        kept.append(rng.permutation(mine)[:share])
    return np.sort(np.concatenate(kept))
