"""The FAISS index over sentence vectors: exact as long as that is fast, approximate above.

The approximate one looks into a few cells around k-means centres, compares codes of half a bit a
component there (product quantisation, FAISS's fast scan), and compares the best of them again by
vectors of 16 bits, which are read from their own file. How many cells is found here by measuring on
the corpus's own rows, and what was measured is kept in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from assist.search.pieces import Pieces

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
Progress = Callable[[str, int, int], None]

EXACT_UP_TO = 50_000
"""Questions of all languages together."""
RECALL = 0.99
TOP = 10

_AIM = 0.995
_AGAIN = 512
"""Rows that are compared again by their vectors, at least twice as many as are asked for."""
_ASKED = 500
_PROBES = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_TRAINED_ON = 40
_ROUNDS = 10
_BATCH = 20_000
_SAME = 1e-6


class VectorIndex(BaseModel):
    """`kind` is FAISS's own name. For an approximate one: how many cells are looked into, and of
    the 10 nearest rows the share (0..1) that is found, measured on `asked` rows of the corpus."""

    model_config = ConfigDict(frozen=True)

    kind: str = "Flat"
    probes: int = 0
    recall_at_10: float = 1.0
    asked: int = 0

    @property
    def exact(self) -> bool:
        return self.kind == "Flat"

    def __str__(self) -> str:
        if self.exact:
            return "exact vector index"
        return (
            f"approximate vector index {self.kind}, looking into {self.probes} cells: recall@10 "
            f"{self.recall_at_10:.3f} on {self.asked} questions"
        )


def flat(vectors: Floats) -> Any:
    """An exact index."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


class VectorFile:
    """Vectors of 16 bits, read row by row: mapped into memory, every page that any question has
    touched would stay there."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._pieces = Pieces(path)
        self._bytes = 2 * dimension

    def rows(self, ids: Ints) -> Floats:
        """(ids, dimension)"""
        read = self._pieces.read((ids * self._bytes).tolist(), [self._bytes] * len(ids))
        return np.frombuffer(read, dtype="<f2").reshape(len(ids), -1).astype(np.float32)


@dataclass(frozen=True)
class Approximate:
    """`cells` is FAISS's index of short codes, `vectors` what its best are compared by again."""

    cells: Any
    vectors: VectorFile

    def nearest(self, vector: Floats, count: int) -> tuple[Floats, Ints]:
        """See `nearest`."""
        asked = np.ascontiguousarray(vector[None], dtype=np.float32)
        ids = self.cells.search(asked, max(_AGAIN, 2 * count))[1][0]
        ids = np.sort(ids[ids >= 0])
        cosines = self.vectors.rows(ids) @ asked[0]
        best = np.argsort(-cosines, kind="stable")[:count]
        return cosines[best], ids[best]


def approximate(
    vectors: Floats, path: Path, progress: Progress, seed: int = 0
) -> tuple[Approximate, VectorIndex]:
    """Built, and measured on rows drawn from it: asked for a row's neighbours but itself. The
    vectors are written to `path`."""
    import faiss

    rng = np.random.default_rng(seed)
    count, dimension = vectors.shape
    cells = int(2 ** round(np.log2(4 * np.sqrt(count))))
    codes = next(n for n in range(max(1, dimension // 4), 0, -1) if dimension % n == 0)
    kind = f"IVF{cells},PQ{codes}x4fs"
    inside: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    inside.cp.niter = _ROUNDS
    inside.cp.seed = seed + 1
    progress("train vector index", 0, 1)
    drawn = np.sort(rng.permutation(count)[: _TRAINED_ON * cells])
    inside.train(vectors[drawn])
    progress("train vector index", 1, 1)
    with path.open("wb") as file:
        for at in range(0, count, _BATCH):
            progress("fill vector index", at, count)
            inside.add(vectors[at : at + _BATCH])
            file.write(vectors[at : at + _BATCH].astype("<f2").tobytes())
    progress("fill vector index", count, count)
    index = Approximate(inside, VectorFile(path, dimension))
    asked = np.sort(rng.permutation(count)[:_ASKED])
    progress("measure vector index", 0, 1)
    wanted = true_top(vectors, vectors[asked], TOP, asked)
    recall: dict[int, float] = {}
    for probes in (n for n in _PROBES if n <= cells):
        inside.nprobe = probes
        found = np.full((len(asked), TOP + 1), -1, dtype=np.intp)
        for row, vector in zip(found, vectors[asked], strict=True):
            ids = nearest(index, vector, TOP + 1)[1]
            row[: len(ids)] = ids
        recall[probes] = recall_of(vectors, vectors[asked], found, wanted, asked)
        if recall[probes] >= _AIM:
            break
    progress("measure vector index", 1, 1)
    inside.nprobe = probes = max(recall, key=lambda n: (recall[n], -n))
    described = VectorIndex(
        kind=kind, probes=probes, recall_at_10=round(recall[probes], 4), asked=len(asked)
    )
    return index, described


def write(index: Any, path: Path) -> None:
    """What is not in the file of vectors."""
    import faiss

    faiss.write_index(index.cells if isinstance(index, Approximate) else index, str(path))


def read(path: Path, vectors: Path | None = None) -> Any:
    """An exact index from its file, an approximate one with its file of vectors. Raises OSError."""
    import faiss

    index: Any = faiss.read_index(str(path))
    return Approximate(index, VectorFile(vectors, index.d)) if vectors else index


def true_top(vectors: Floats, asked: Floats, top: int, but: Ints | None = None) -> Floats:
    """The cosine of the last of the `top` nearest rows of each asked vector, by comparing all;
    `but` (asked) is a row that does not count."""
    last = np.full((len(asked), top), -np.inf, dtype=np.float32)
    for at in range(0, len(vectors), _BATCH):
        cosines = asked @ vectors[at : at + _BATCH].T
        if but is not None:
            mine = np.flatnonzero((but >= at) & (but < at + _BATCH))
            cosines[mine, but[mine] - at] = -np.inf
        both = np.hstack([last, cosines])
        last = np.partition(both, both.shape[1] - top, axis=1)[:, -top:]
    return last.min(axis=1)


def recall_of(
    vectors: Floats, asked: Floats, found: Ints, wanted: Floats, but: Ints | None = None
) -> float:
    """Share of the nearest that were found. `found` (asked, at least 10) are rows, the best first;
    one as near as the last of the true ones counts, whichever of several equals it is."""
    hits = 0
    for at, ids in enumerate(found):
        kept = ids[ids >= 0]
        if but is not None:
            kept = kept[kept != but[at]]
        cosines = vectors[kept[:TOP]] @ asked[at]
        hits += int((cosines >= wanted[at] - _SAME).sum())
    return hits / (len(found) * TOP)


def nearest(index: Any, vector: Floats, count: int) -> tuple[Floats, Ints]:
    """Cosines and rows, the nearest first; fewer than `count` where cells hold fewer."""
    if isinstance(index, Approximate):
        return index.nearest(vector, count)
    asked = np.ascontiguousarray(vector[None], dtype=np.float32)
    found, ids = index.search(asked, count)
    kept = ids[0] >= 0
    return found[0][kept], ids[0][kept]


@contextmanager
def one_thread() -> Iterator[None]:
    """For measuring: FAISS shares out whatever it is given among all cores otherwise."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
