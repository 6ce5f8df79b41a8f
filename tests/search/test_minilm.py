from __future__ import annotations

import json

import numpy as np
import pytest

from assist.errors import ModelError
from assist.search.bert import packaged
from assist.search.embedder import WITH_MINILM, SentenceEmbedder
from assist.search.minilm import DIMENSION, FOLDER, PACKAGE, MiniLM


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM.installed()


@pytest.mark.model
def test_vectors_are_those_that_sentence_transformers_makes(minilm: MiniLM) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [
        "my internet keeps dropping out",
        "The router's light is RED, and nothing loads!",
        "someone took 200 from my card",
        "where",
    ]
    theirs = SentenceTransformer(str(packaged(PACKAGE, FOLDER, "MiniLM")), device="cpu")
    wanted = np.asarray(theirs.encode(texts, normalize_embeddings=True))
    found = minilm.encode(texts)
    assert found.shape == (4, DIMENSION) and found.dtype == np.float32
    assert ((found * wanted).sum(axis=1) > 0.98).all()
    assert minilm.encode([]).shape == (0, DIMENSION)


@pytest.mark.model
def test_english_has_both_embedders_and_chinese_the_default_alone(minilm: MiniLM) -> None:
    plain, both = SentenceEmbedder(), SentenceEmbedder(WITH_MINILM)
    assert both.dimension == 512 + DIMENSION
    chinese, english = both.encode(["家里上不了网", "the internet is down"])
    assert chinese[:512] == pytest.approx(plain.encode(["家里上不了网"])[0], abs=1e-3)
    assert not chinese[512:].any()
    assert np.linalg.norm(english[:512]) == pytest.approx(5**-0.5, abs=1e-4)
    assert both.encode(["停电了"]).shape == (1, both.dimension)


@pytest.mark.parametrize("damaged", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_that_is_no_such_model_is_named(tmp_path, damaged: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"num_hidden_layers": 6}))
    (tmp_path / damaged).write_text("{}?")
    with pytest.raises(ModelError, match=tmp_path.name):
        MiniLM(tmp_path)
