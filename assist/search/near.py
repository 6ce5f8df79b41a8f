"""The nearest rows of each class, by meaning, wording and sound, where every row is compared.

Knows nothing of what the classes are. What holds too many rows for that is `wide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
Arrays = dict[str, NDArray[Any]]

NEAREST, AVERAGE = 0, 1

_TOP = 3
_NEIGHBOURS = 1024
_FEW = 16


@dataclass(frozen=True)
class Asked:
    """Texts as they are compared: `vectors` (texts, dimension), and sparse (texts, terms)."""

    vectors: Floats
    wording: Any
    sound: Any


class AllRows:
    """Compares with every row. `label` (rows) is the class of each, below `classes`."""

    def __init__(self, label: Ints, classes: int, index: Any, wording: Any, sound: Any) -> None:
        self.index = index
        self.wording, self.sound = wording, sound
        self.ids, self._bounds = grouped(label, classes)
        # Turned round, for "which rows have this n-gram", with the rows of a class side by side.
        self._by_wording = wording[self.ids].T.tocsr()
        self._by_sound = sound[self.ids].T.tocsr()

    def __call__(self, asked: Asked) -> tuple[Floats, Ints]:
        """See `best_of_classes`."""
        cosines = self._cut(self._cosines(asked.vectors))
        return best_of_classes(self._similar(asked, cosines), self._bounds, self.ids)

    def similar(self, asked: Asked) -> Floats:
        """(3, texts, rows in the order of `ids`)."""
        return self._similar(asked, self._cosines(asked.vectors))

    def _similar(self, asked: Asked, cosines: Floats) -> Floats:
        wording = (asked.wording @ self._by_wording).toarray()
        sound = (asked.sound @ self._by_sound).toarray()
        return np.stack([cosines[:, self.ids], wording, sound])

    def _cosines(self, vectors: Floats) -> Floats:
        """Cosine to every row."""
        faiss = _faiss()
        asked = np.ascontiguousarray(vectors, dtype=np.float32)
        count, dimension = self.index.ntotal, self.index.d
        full = np.empty((len(asked), count), dtype=np.float32)
        if len(asked) > _FEW:
            stored = faiss.rev_swig_ptr(self.index.get_xb(), count * dimension)
            np.matmul(asked, stored.reshape(count, dimension).T, out=full)
            return full
        # A handful one by one: waking threads for them costs more than comparing.
        for one, out in zip(asked, full, strict=True):
            faiss.fvec_inner_products_ny(
                faiss.swig_ptr(out), faiss.swig_ptr(one), self.index.get_xb(), dimension, count
            )
        return full

    def _cut(self, cosines: Floats) -> Floats:
        """What is beyond the nearest is as far as the last of them."""
        beyond = cosines.shape[1] - _NEIGHBOURS
        if beyond <= 0:
            return cosines
        last = np.partition(cosines, beyond, axis=1)[:, beyond, None]
        return np.maximum(cosines, last)


def _faiss() -> Any:
    """Its stubs know the classes only."""
    import faiss

    return faiss


def grouped(label: NDArray[np.integer], classes: int) -> tuple[Ints, Ints]:
    """Positions with those of a class side by side, and where each class begins and ends."""
    order = np.argsort(label, kind="stable")
    return order, np.searchsorted(label[order], np.arange(classes + 1))


def best_of_classes(similar: Floats, bounds: Ints, ids: Ints) -> tuple[Floats, Ints]:
    """`similar` (signals, texts, columns), class c in the columns bounds[c]:bounds[c + 1], which
    are rows `ids`. Returns near[text, class, signal, NEAREST | AVERAGE], the greatest and the mean
    of the three greatest (0 where a class has no row), and the row[text, class] that is greatest
    over all signals."""
    signals, texts, _ = similar.shape
    classes = len(bounds) - 1
    top = np.full((texts, classes, signals, _TOP), -np.inf, dtype=np.float32)
    question = np.zeros((texts, classes), dtype=np.intp)
    together = similar.sum(axis=0)
    for at, (begin, end) in enumerate(pairwise(bounds)):
        if begin == end:
            continue
        question[:, at] = ids[begin + together[:, begin:end].argmax(axis=1)]
        kept = min(_TOP, end - begin)
        part = np.partition(similar[:, :, begin:end], end - begin - kept, axis=-1)
        top[:, at, :, :kept] = part[..., -kept:].swapaxes(0, 1)
    held = np.minimum(np.diff(bounds), _TOP)[:, None]
    near = np.zeros((texts, classes, signals, 2), dtype=np.float32)
    near[..., NEAREST] = np.where(held > 0, top.max(axis=-1), 0)
    total = np.where(np.isfinite(top), top, 0).sum(axis=-1)
    near[..., AVERAGE] = total / np.maximum(held, 1).astype(np.float32)
    return near, question
