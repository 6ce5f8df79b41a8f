"""What is compared fast gives what comparing plainly gives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from assist.search.corpus import Row
from assist.search.dense import flat
from assist.search.embedder import SentenceEmbedder
from assist.search.grams import Grams
from assist.search.near import AVERAGE, NEAREST, AllRows, Asked, best_of_classes
from assist.search.noise import Recogniser
from assist.search.text import char_grams, comparable, sound_grams

BEYOND = 1024


@pytest.mark.model
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_shipped_corpus_is_compared_as_plainly_as_can_be(
    corpus: list[Row], embedder: SentenceEmbedder, lang: str
) -> None:
    rows = [row for row in corpus if row.lang == lang]
    texts = [comparable(row.text, lang) for row in rows]
    recogniser = Recogniser(np.random.default_rng(0))
    asked = [recogniser.hear(text, 0.1) for text in texts[::40]]
    vectors, asked_vectors = embedder.encode(texts), embedder.encode(asked)
    names, label = np.unique([row.guide for row in rows], return_inverse=True)
    grams = [Grams(char_grams), Grams(sound_grams)]
    found = AllRows(label, len(names), flat(vectors), *(one.fit(texts) for one in grams))
    similar = [_beyond(asked_vectors @ vectors.T), _plain(char_grams, texts, asked)]
    similar.append(_plain(sound_grams, texts, asked))
    for batch in (range(len(asked)), range(3)):
        some = [asked[at] for at in batch]
        near, question = found(
            Asked(asked_vectors[: len(some)], grams[0](some), grams[1](some)),
        )
        for guide in range(len(names)):
            mine = np.flatnonzero(label == guide)
            total = sum(one[:, mine] for one in similar)[: len(some)]
            chosen = np.searchsorted(mine, question[:, guide])
            assert (mine[chosen] == question[:, guide]).all()
            best = np.take_along_axis(total, chosen[:, None], axis=1)
            assert best[:, 0] == pytest.approx(total.max(axis=1), abs=1e-5)
            for signal, one in enumerate(similar):
                top = np.sort(one[: len(some), mine], axis=1)[:, -3:]
                assert near[:, guide, signal, NEAREST] == pytest.approx(top[:, -1], abs=1e-5)
                assert near[:, guide, signal, AVERAGE] == pytest.approx(top.mean(1), abs=1e-5)


def _plain(analyse: object, texts: list[str], asked: list[str]) -> np.ndarray:
    vectoriser = TfidfVectorizer(analyzer=analyse, dtype=np.float32, sublinear_tf=True)
    rows = vectoriser.fit_transform(texts)
    return (vectoriser.transform(asked) @ rows.T).toarray()


def _beyond(cosines: np.ndarray) -> np.ndarray:
    """Rows beyond the nearest 1024 count as the last of those."""
    if cosines.shape[1] <= BEYOND:
        return cosines
    return np.maximum(cosines, np.sort(cosines, axis=1)[:, -BEYOND, None])


def test_classes_of_no_row_of_one_and_of_many() -> None:
    similar = np.array([[[0.5, -0.4, 0.1, 0.2, 0.3]]], np.float32)
    near, question = best_of_classes(similar, np.array([0, 1, 1, 5]), np.array([9, 4, 3, 2, 1]))
    assert near[0, :, 0, NEAREST] == pytest.approx([0.5, 0.0, 0.3])
    assert near[0, :, 0, AVERAGE] == pytest.approx([0.5, 0.0, 0.2])
    assert question.tolist() == [[9, 0, 1]]


def test_a_text_without_a_known_n_gram_is_like_nothing() -> None:
    grams = Grams(char_grams)
    grams.fit(["网断了", "电费高"])
    found: csr_matrix = grams(["???", "网断了", ""])
    assert found.shape[0] == 3 and np.diff(found.indptr).tolist()[::2] == [0, 0]
    assert np.linalg.norm(found[1].toarray()) == pytest.approx(1.0)
