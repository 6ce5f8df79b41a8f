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
from assist.search.dense import VectorIndex, approximate, flat
from assist.search.grams import Grams
from assist.search.near import AVERAGE, NEAREST, AllRows, Arrays, Asked, Floats, Ints
from assist.search.text import char_grams, sound_grams
from assist.search.wide import GramFile, WideFiles, WideRows, stratified, write_grams

__all__ = ["AVERAGE", "NEAREST", "SIGNALS", "Arrays", "Floats", "Grams", "Ints", "Signals"]

SIGNALS = ("meaning", "wording", "sound", "kind")
LEARNT_FROM = 3_000
"""Questions that weights, thresholds and n-grams are learnt from where there are too many for all:
with those of other languages few enough to be learnt from exactly."""
ANCHORS = 4_000

_STRENGTH = 30.0
_FOREIGN_WEIGHT = 0.3
_SURE = 1e-5
_JITTER = 1e-3
_ROW_SPACE = 4000
_DIRECTIONS = 512

Progress = Callable[[str, int, int], None]


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


class Signals:
    """Fitted on rows of one language; `classes` are its guides in order and, last, "none"."""

    def __init__(self) -> None:
        self.classes: list[str] = []
        self.described = VectorIndex()
        self._label: Ints
        self._wording = Grams(char_grams)
        self._sound = Grams(sound_grams)
        self._rows: AllRows | WideRows
        self._kind: tuple[Floats, Floats, Floats, Floats]

    def fit(
        self,
        rows: Sequence[Row],
        vectors: Floats,
        foreign: Sequence[Row] = (),
        foreign_vectors: Floats | None = None,
        emphasis: float = 1.0,
    ) -> Signals:
        """Learns from rows of one language, and compares with each of them.

        `foreign` are rows of the others: a multilingual embedder lets them teach the classes
        that they share (`plan.change.en` teaches `plan.change`), at a lower weight. `emphasis` is
        how long a vector is beside n-grams where the signal "kind" learns from both.
        """
        label = self._take([row.guide for row in rows])
        texts = [row.text for row in rows]
        wording, sound = self._wording.fit(texts), self._sound.fit(texts)
        self._rows = AllRows(label, len(self.classes), flat(vectors), wording, sound)
        shared = {family(name): at for at, name in enumerate(self.classes)}
        kept = [at for at, row in enumerate(foreign) if family(row.guide) in shared]
        if foreign_vectors is None:
            kept = []
        taught = [shared[family(row.guide)] for row in rows]
        taught += [shared[family(foreign[at].guide)] for at in kept]
        dense = vectors if foreign_vectors is None else np.vstack([vectors, foreign_vectors[kept]])
        weight = np.repeat([1.0, _FOREIGN_WEIGHT], [len(rows), len(kept)])
        self._kind = _learn_kinds(
            dense, wording, sound, np.array(taught), weight, len(self.classes), emphasis
        )
        return self

    def widen(
        self,
        rows: Sequence[Row],
        vectors: Floats,
        stored: WideFiles,
        progress: Progress = lambda what, done, total: None,
    ) -> None:
        """Goes on with what it has learnt, but compares with these rows, too many to compare with
        all, by way of an approximate index. Their vectors and n-grams are written to `stored`."""
        label = self._label_of([row.guide for row in rows])
        index, self.described = approximate(vectors, stored.vectors, progress)
        texts = [row.text for row in rows]
        ends = write_grams(stored.grams, texts, self._wording, self._sound, progress)
        anchored = stratified(label.tolist(), ANCHORS)
        near = [texts[at] for at in anchored]
        anchors = AllRows(
            label[anchored],
            len(self.classes),
            flat(vectors[anchored]),
            self._wording(near),
            self._sound(near),
        )
        self._label = label
        self._rows = WideRows(
            label, len(self.classes), index, anchors, anchored, GramFile(stored.grams, ends)
        )

    def _take(self, guides: Sequence[str]) -> Ints:
        self.classes = [*sorted({*guides} - {OUT_OF_SCOPE}), OUT_OF_SCOPE]
        self._label = self._label_of(guides)
        return self._label

    def _label_of(self, guides: Sequence[str]) -> Ints:
        at = {name: position for position, name in enumerate(self.classes)}
        return np.array([at[name] for name in guides], dtype=np.intp)

    def __call__(self, texts: Sequence[str], vectors: Floats) -> Likeness:
        """Compares each text with each class. `vectors` (texts, dimension)."""
        wording, sound = self._wording(texts), self._sound(texts)
        near, question = self._rows(Asked(vectors, wording, sound))
        dense_weights, wording_weights, sound_weights, intercept = self._kind
        scores = vectors @ dense_weights + intercept
        scores += wording @ wording_weights + sound @ sound_weights
        return Likeness(near, _log_odds(scores), question)

    # -------------------------------------------------------------- to and from disk

    @property
    def index(self) -> Any:
        """The index over the rows' vectors, in their order; see `dense`."""
        return self._rows.index

    def arrays(self) -> Arrays:
        """Everything learnt but the FAISS index and the file of n-grams, as plain arrays."""
        wide = self._rows if isinstance(self._rows, WideRows) else None
        compared = self._rows.anchors if isinstance(self._rows, WideRows) else self._rows
        arrays: Arrays = {}
        for name, grams, rows in (
            ("wording", self._wording, compared.wording),
            ("sound", self._sound, compared.sound),
        ):
            arrays |= {f"{name}_{key}": value for key, value in grams.arrays().items()}
            arrays |= {
                f"{name}_data": rows.data,
                f"{name}_indices": rows.indices,
                f"{name}_indptr": rows.indptr,
            }
        if wide is not None:
            arrays |= wide.arrays()
        names = ("dense", "wording", "sound", "intercept")
        return arrays | {f"kind_{name}": part for name, part in zip(names, self._kind, strict=True)}

    @classmethod
    def restore(
        cls, guides: Sequence[str], index: Any, arrays: Arrays, stored: WideFiles | None = None
    ) -> Signals:
        """From `arrays()`, the index of `dense.read`, each row's guide and, where there are too
        many rows to compare with all, their files. Raises KeyError, OSError."""
        from scipy.sparse import csr_matrix

        signals = cls()
        label = signals._take(guides)
        classes = len(signals.classes)
        wide = "anchored" in arrays
        anchored = arrays["anchored"] if wide else np.arange(len(guides))
        compared = []
        for name, own in (("wording", signals._wording), ("sound", signals._sound)):
            parts = {key: arrays[f"{name}_{key}"] for key in ("terms", "idf")}
            own.restore(parts)
            data = tuple(arrays[f"{name}_{key}"] for key in ("data", "indices", "indptr"))
            compared.append(csr_matrix(data, shape=(len(anchored), len(parts["terms"]))))
        if wide:
            if stored is None:
                raise KeyError("grams")
            near = AllRows(label[anchored], classes, flat(arrays["anchor_vectors"]), *compared)
            ends = GramFile(stored.grams, arrays["gram_ends"])
            signals._rows = WideRows(label, classes, index, near, anchored, ends)
        else:
            signals._rows = AllRows(label, classes, index, *compared)
        signals._kind = (
            arrays["kind_dense"],
            arrays["kind_wording"],
            arrays["kind_sound"],
            arrays["kind_intercept"],
        )
        return signals


def family(guide: str) -> str:
    """A scenario whatever its language: `plan.change.en` and `plan.change` are one."""
    return guide.removesuffix(".en").removesuffix(".zh")


def _learn_kinds(
    dense: Floats,
    wording: Any,
    sound: Any,
    label: Ints,
    weight: NDArray[np.float64],
    classes: int,
    emphasis: float,
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
        dense_weights, gram_weights, intercept = learn(
            emphasis * dense, grams, label, weight, classes
        )
    cut = wording.shape[1]
    return (
        np.ascontiguousarray(emphasis * dense_weights, dtype=np.float32),
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
