"""How like each guide a text is, by four signals.

meaning  embedding similarity to the guide's questions (FAISS)
wording  character n-gram tf-idf similarity
sound    toneless pinyin n-gram tf-idf similarity: survives homophone errors of the recogniser
kind     log-odds of a logistic regression over all three representations together

One `Signals` serves one language. It compares and never decides: see `matcher`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.search.corpus import OUT_OF_SCOPE, Row
from assist.search.text import char_grams, sound_grams

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
Arrays = dict[str, NDArray[Any]]

SIGNALS = ("meaning", "wording", "sound", "kind")
NEAREST, AVERAGE = 0, 1

_NEIGHBOURS = 1024
_FEW = 16
_STRENGTH = 30.0
_FOREIGN_WEIGHT = 0.3
_SURE = 1e-5
_JITTER = 1e-3
_ROW_SPACE = 4000
_DIRECTIONS = 512


@dataclass(frozen=True)
class Likeness:
    """What one batch of texts is like.

    `near[text, class, signal, NEAREST | AVERAGE]`: cosine to the nearest row of the class, and the
    mean over its three nearest, for meaning, wording and sound. `kind[text, class]`: log-odds.
    `question[text, class]`: position of the nearest row in the corpus.
    """

    near: Floats
    kind: Floats
    question: Ints


class Grams:
    """tf-idf over n-grams with a vocabulary that can be stored without a pickle."""

    def __init__(self, analyse: Callable[[str], list[str]]) -> None:
        self._analyse = analyse
        self._vectoriser: Any = None

    def fit(self, texts: Sequence[str]) -> Any:
        """Learns the vocabulary; returns the sparse matrix (texts, terms), rows of length 1."""
        self._vectoriser = self._new()
        return self._vectoriser.fit_transform(texts)

    def __call__(self, texts: Sequence[str]) -> Any:
        return self._vectoriser.transform(texts)

    def _new(self, **known: Any) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        options: dict[str, Any] = {"analyzer": self._analyse, "dtype": np.float32, **known}
        return TfidfVectorizer(sublinear_tf=True, **options)

    def arrays(self) -> Arrays:
        vocabulary = self._vectoriser.vocabulary_
        return {
            "terms": np.array(sorted(vocabulary, key=vocabulary.__getitem__)),
            "idf": self._vectoriser.idf_,
        }

    def restore(self, arrays: Arrays) -> None:
        known = {str(term): at for at, term in enumerate(arrays["terms"])}
        self._vectoriser = self._new(vocabulary=known)
        self._vectoriser.idf_ = arrays["idf"]


class Signals:
    """Fitted on rows of one language; `classes` are its guides in order and, last, "none"."""

    def __init__(self) -> None:
        self.classes: list[str] = []
        self._members: list[Ints] = []
        self._wording = Grams(char_grams)
        self._sound = Grams(sound_grams)
        self._wording_rows: Any = None
        self._sound_rows: Any = None
        self._by_wording: Any = None
        self._by_sound: Any = None
        self._index: Any = None
        self._kind: tuple[Floats, Floats, Floats, Floats]

    def fit(
        self,
        rows: Sequence[Row],
        vectors: Floats,
        foreign: Sequence[Row] = (),
        foreign_vectors: Floats | None = None,
    ) -> Signals:
        """Learns from rows of one language.

        `foreign` are rows of the others: a multilingual embedder lets them teach the classes
        that they share (`plan.change.en` teaches `plan.change`), at a lower weight.
        """
        self._take([row.guide for row in rows], _new_index(vectors))
        texts = [row.text for row in rows]
        self._keep(self._wording.fit(texts), self._sound.fit(texts))
        shared = {family(name): at for at, name in enumerate(self.classes)}
        kept = [at for at, row in enumerate(foreign) if family(row.guide) in shared]
        if foreign_vectors is None:
            kept = []
        label = [shared[family(row.guide)] for row in rows]
        label += [shared[family(foreign[at].guide)] for at in kept]
        dense = vectors if foreign_vectors is None else np.vstack([vectors, foreign_vectors[kept]])
        weight = np.repeat([1.0, _FOREIGN_WEIGHT], [len(rows), len(kept)])
        self._kind = _learn_kinds(
            dense, self._wording_rows, self._sound_rows, np.array(label), weight, len(self.classes)
        )
        return self

    def _take(self, guides: Sequence[str], index: Any) -> None:
        self.classes = [*sorted({*guides} - {OUT_OF_SCOPE}), OUT_OF_SCOPE]
        self._members = [
            np.array([at for at, name in enumerate(guides) if name == one], dtype=np.intp)
            for one in self.classes
        ]
        self._index = index

    def _keep(self, wording_rows: Any, sound_rows: Any) -> None:
        """The rows' n-grams, and turned round: which rows have an n-gram."""
        self._wording_rows, self._sound_rows = wording_rows, sound_rows
        self._by_wording, self._by_sound = wording_rows.T.tocsr(), sound_rows.T.tocsr()

    def __call__(self, texts: Sequence[str], vectors: Floats) -> Likeness:
        """Compares each text with each class. `vectors` (texts, dimension)."""
        wording, sound = self._wording(texts), self._sound(texts)
        similar = (
            self._cosines(vectors),
            (wording @ self._by_wording).toarray(),
            (sound @ self._by_sound).toarray(),
        )
        near = np.zeros((len(texts), len(self.classes), len(similar), 2), dtype=np.float32)
        question = np.zeros((len(texts), len(self.classes)), dtype=np.intp)
        for at, members in enumerate(self._members):
            if not len(members):
                continue
            mine = [part[:, members] for part in similar]
            question[:, at] = members[np.argmax(mine[0] + mine[1] + mine[2], axis=1)]
            for signal, part in enumerate(mine):
                top = -np.partition(-part, min(2, part.shape[1] - 1), axis=1)[:, :3]
                near[:, at, signal, NEAREST] = top.max(axis=1)
                near[:, at, signal, AVERAGE] = top.mean(axis=1)
        dense_weights, wording_weights, sound_weights, intercept = self._kind
        scores = vectors @ dense_weights + intercept
        scores += wording @ wording_weights + sound @ sound_weights
        return Likeness(near, _log_odds(scores), question)

    def _cosines(self, vectors: Floats) -> Floats:
        """Cosine to every row; beyond the neighbours asked of FAISS, that of the last one."""
        count = min(self._index.ntotal, _NEIGHBOURS)
        asked = np.ascontiguousarray(vectors, dtype=np.float32)
        if len(asked) <= _FEW:
            # FAISS would spread a handful over threads, and waking them costs more than searching.
            parts = [self._index.search(one[None], count) for one in asked]
            found, ids = (np.concatenate(part) for part in zip(*parts, strict=True))
        else:
            found, ids = self._index.search(asked, count)
        full = np.repeat(found[:, -1:], self._index.ntotal, axis=1)
        np.put_along_axis(full, ids, found, axis=1)
        return full

    # -------------------------------------------------------------- to and from disk

    @property
    def index(self) -> Any:
        """The FAISS index over the rows, in their order."""
        return self._index

    def arrays(self) -> Arrays:
        """Everything learnt but the FAISS index, as plain arrays."""
        arrays: Arrays = {}
        for name, grams, rows in (
            ("wording", self._wording, self._wording_rows),
            ("sound", self._sound, self._sound_rows),
        ):
            arrays |= {f"{name}_{key}": value for key, value in grams.arrays().items()}
            arrays |= {
                f"{name}_data": rows.data,
                f"{name}_indices": rows.indices,
                f"{name}_indptr": rows.indptr,
            }
        names = ("dense", "wording", "sound", "intercept")
        return arrays | {f"kind_{name}": part for name, part in zip(names, self._kind, strict=True)}

    @classmethod
    def restore(cls, guides: Sequence[str], index: Any, arrays: Arrays) -> Signals:
        """From `arrays()`, the FAISS index, and the guide of each row. Raises KeyError."""
        from scipy.sparse import csr_matrix

        signals = cls()
        signals._take(guides, index)
        stored = []
        for name, grams in (("wording", signals._wording), ("sound", signals._sound)):
            parts = {key: arrays[f"{name}_{key}"] for key in ("terms", "idf")}
            grams.restore(parts)
            data = tuple(arrays[f"{name}_{key}"] for key in ("data", "indices", "indptr"))
            stored.append(csr_matrix(data, shape=(len(guides), len(parts["terms"]))))
        signals._keep(*stored)
        signals._kind = (
            arrays["kind_dense"],
            arrays["kind_wording"],
            arrays["kind_sound"],
            arrays["kind_intercept"],
        )
        return signals


def _new_index(vectors: Floats) -> Any:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


def family(guide: str) -> str:
    """A scenario whatever its language: `plan.change.en` and `plan.change` are one."""
    return guide.removesuffix(".en").removesuffix(".zh")


def _learn_kinds(
    dense: Floats, wording: Any, sound: Any, label: Ints, weight: NDArray[np.float64], classes: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights (features, classes) of each part, and intercepts, of a multinomial logistic
    regression over [dense | wording | sound].

    Rows of `dense` beyond those of `wording` are foreign and have no n-grams.
    """
    from scipy.sparse import csr_matrix, hstack, vstack
    from threadpoolctl import threadpool_limits

    grams: Any = hstack([wording, sound]).tocsr()
    foreign = csr_matrix((len(dense) - grams.shape[0], grams.shape[1]), dtype=np.float32)
    grams = vstack([grams, foreign]).tocsr()
    learn = _learn_in_row_space if len(dense) <= _ROW_SPACE else _learn_projected
    # Matrices of a thousand rows: threads spend more time waiting for each other than they save.
    with threadpool_limits(limits=1):
        dense_weights, gram_weights, intercept = learn(dense, grams, label, weight, classes)
    cut = wording.shape[1]
    return (
        np.ascontiguousarray(dense_weights, dtype=np.float32),
        np.ascontiguousarray(gram_weights[:cut], dtype=np.float32),
        np.ascontiguousarray(gram_weights[cut:], dtype=np.float32),
        intercept.astype(np.float32),
    )


def _learn_in_row_space(dense: Floats, grams: Any, label: Ints, weight: Any, classes: int) -> Any:
    """Exact, in the space that the rows span: they are far fewer than n-grams."""
    from scipy.linalg import cholesky, solve_triangular

    gram = (dense @ dense.T + (grams @ grams.T).toarray()).astype(np.float64)
    gram[np.diag_indices_from(gram)] += _JITTER
    spanned: Any = cholesky(gram, lower=True)
    coefficients, intercept = _regress(spanned, label, weight, classes)
    dual: Any = solve_triangular(spanned, coefficients.T, lower=True, trans=1)
    return dense.T @ dual, grams.T @ dual, intercept


def _learn_projected(dense: Floats, grams: Any, label: Ints, weight: Any, classes: int) -> Any:
    """For many rows: n-grams brought down to their main directions first."""
    from sklearn.decomposition import TruncatedSVD

    projection: Any = TruncatedSVD(_DIRECTIONS, random_state=0).fit(grams).components_
    features = np.hstack([dense, grams @ projection.T])
    coefficients, intercept = _regress(features, label, weight, classes)
    cut = dense.shape[1]
    return coefficients[:, :cut].T, projection.T @ coefficients[:, cut:].T, intercept


def _regress(features: Any, label: Ints, weight: Any, classes: int) -> Any:
    """Coefficients (classes, features) and intercepts; a class without rows is never likely."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit(features, label, sample_weight=weight)
    coefficients: Any = model.coef_
    intercept: Any = model.intercept_
    if len(model.classes_) == 2:
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    full, offset = np.zeros((classes, features.shape[1])), np.full(classes, -20.0)
    full[model.classes_], offset[model.classes_] = coefficients, intercept
    return full, offset


def _log_odds(scores: Floats) -> Floats:
    """Log-odds of each class against all the others together, within +-11.5."""
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share = np.clip(share, _SURE, 1 - _SURE)
    return np.log(share / (1 - share)).astype(np.float32)
