"""tf-idf over n-grams: the wording and the sound of a text as sparse rows of length 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Grams:
    """Vocabulary and weights, which can be stored without a pickle."""

    def __init__(self, analyse: Callable[[str], list[str]]) -> None:
        self._analyse = analyse
        self._at: dict[str, int] = {}
        self._idf: NDArray[Any] = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Sequence[str]) -> Any:
        """Learns the vocabulary; returns the sparse matrix (texts, terms)."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        options: dict[str, Any] = {"analyzer": self._analyse, "dtype": np.float32}
        vectoriser: Any = TfidfVectorizer(sublinear_tf=True, **options)
        matrix = vectoriser.fit_transform(texts)
        self._at, self._idf = vectoriser.vocabulary_, vectoriser.idf_
        return matrix

    def __call__(self, texts: Sequence[str]) -> Any:
        """(texts, terms), what `TfidfVectorizer.transform` gives, without its checks: they cost
        more than one text does."""
        from scipy.sparse import csr_matrix

        terms: list[int] = []
        counts: list[int] = []
        ends = np.zeros(len(texts) + 1, dtype=np.int32)
        for number, text in enumerate(texts):
            found = sorted(
                (at, count)
                for gram, count in Counter(self._analyse(text)).items()
                if (at := self._at.get(gram)) is not None
            )
            terms += [at for at, _ in found]
            counts += [count for _, count in found]
            ends[number + 1] = len(terms)
        at = np.array(terms, dtype=np.int32)
        weights = (np.log(np.array(counts, dtype=np.float32)) + 1) * self._idf[at]
        row = np.repeat(np.arange(len(texts)), np.diff(ends))
        length = np.sqrt(np.bincount(row, weights=weights**2, minlength=len(texts)))
        data = (weights / length[row]).astype(np.float32)
        return csr_matrix((data, at, ends), shape=(len(texts), len(self._idf)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"terms": np.array(sorted(self._at, key=self._at.__getitem__)), "idf": self._idf}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        self._at = {str(term): at for at, term in enumerate(arrays["terms"])}
        self._idf = arrays["idf"]
