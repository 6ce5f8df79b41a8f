from __future__ import annotations

import numpy as np
import pytest

from assist.errors import ModelError
from assist.search.embedder import WITH_E5, SentenceEmbedder
from assist.search.small_e5 import DIMENSION, SmallE5


@pytest.fixture(scope="module")
def e5() -> SmallE5:
    return SmallE5.installed()


@pytest.mark.model
def test_the_same_request_is_nearer_than_another_in_both_languages(e5: SmallE5) -> None:
    texts = ["家里上不了网", "宽带断了", "the internet is down", "我想吃面条"]
    vectors = e5.encode(texts)
    assert vectors.shape == (4, DIMENSION) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alike = vectors @ vectors.T
    assert min(alike[0, 1], alike[0, 2]) > alike[0, 3]
    assert e5.encode([]).shape == (0, DIMENSION)


@pytest.mark.model
def test_both_embedders_stand_side_by_side(e5: SmallE5) -> None:
    both = SentenceEmbedder(WITH_E5)
    assert both.dimension == 512 + DIMENSION
    vectors = both.encode(["家里上不了网", "宽带断了"])
    assert vectors.shape == (2, both.dimension)
    assert np.linalg.norm(vectors[:, :512], axis=1) == pytest.approx(np.full(2, 5**-0.5), abs=1e-4)


def test_a_file_that_is_no_such_model_is_named(tmp_path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(ModelError, match=r"model\.bin"):
        SmallE5(path)
    path.write_bytes(b"E5S1" + bytes(3))
    with pytest.raises(ModelError, match=r"model\.bin"):
        SmallE5(path)
    with pytest.raises(ModelError, match="absent"):
        SmallE5(tmp_path / "absent")
