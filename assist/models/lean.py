"""A leaner copy of a multilingual Whisper: the same model, less the words nobody here speaks.

Of Whisper's 50,000 text tokens Chinese and English use about half. Every decoding step multiplies
by the whole table, which is more than half of a small model's work: without the others a token
costs about a third less, and no weight that is kept changes. The copy is a CTranslate2 folder like
its source. Nothing here loads or runs a model.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assist.models.catalogue import MODEL_FILE
from assist.models.files import publish

log = logging.getLogger(__name__)

KEPT_LANGUAGES = ("zh", "en")
"""Those a lean copy can write."""

_SHELF = ".lean"
_SOURCE = "source.json"
_PREPROCESSOR = "preprocessor_config.json"
_LAYOUT = 1
"""Raise it when a copy would come out otherwise than before: old ones are then made anew."""
_LOCK_WAIT_S = 120.0

_BINARY_VERSION = 6
_DTYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""CTranslate2's numbering of element types (`ctranslate2.specs.model_spec`)."""

_PER_TOKEN = "decoder/embeddings/", "decoder/projection/"
_WORDS = 10_000
"""Most frequent English words whose tokens are kept; rarer ones are still written, in pieces."""

_HAN = r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]"

_ALWAYS = (
    "0123456789",
    "，。？！；：、…—“”‘’《》（）【】·％￥℃+-*/=%&@#$€£°'\"()[]{}<>.,?!;:_~^|\\",
)


@dataclass(frozen=True)
class _Tensor:
    name: str
    shape: tuple[int, ...]
    dtype: int
    data: bytes

    def rows(self, kept: NDArray[np.int64]) -> _Tensor:
        """Only these rows of the first dimension."""
        array = np.frombuffer(self.data, dtype=_DTYPES[self.dtype]).reshape(self.shape)
        return replace(self, shape=(len(kept), *self.shape[1:]), data=array[kept].tobytes())


def lean_folder(folder: Path, models_dir: Path) -> Path:
    """The lean copy of the model in `folder`, made on first use below `models_dir`.

    Where none can be made (no room, no right to write, a layout not known here) `folder` itself:
    it hears the same and takes longer, which the log says.
    """
    came_from = _fingerprint(folder)
    target = models_dir / _SHELF / f"{folder.name}-{came_from['key']}"
    if _is_from(target, came_from):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_suffix(".lock"), timeout=_LOCK_WAIT_S):
            if not _is_from(target, came_from):
                _make(folder, target, came_from)
        return target
    except (OSError, ValueError, KeyError, TypeError, struct.error, Timeout) as error:
        log.warning(
            "%s: no lean copy could be made in %s (%r). The whole model is used: the text is the "
            "same, decoding takes a third longer.",
            folder, target.parent, error,
        )  # fmt: skip
        return folder


def _fingerprint(folder: Path) -> dict[str, Any]:
    """What tells one model file from another without reading it; `key` names the place."""
    found = (folder / MODEL_FILE).stat()
    key = f"{zlib.crc32(str(folder.resolve()).encode()):08x}"
    return {
        "layout": _LAYOUT, "key": key, "bytes": found.st_size, "changed_ns": found.st_mtime_ns,
    }  # fmt: skip


def _is_from(target: Path, came_from: dict[str, Any]) -> bool:
    try:
        return json.loads((target / _SOURCE).read_text(encoding="utf-8")) == came_from
    except (OSError, ValueError):
        return False


def _make(folder: Path, target: Path, came_from: dict[str, Any]) -> None:
    build = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(build, ignore_errors=True)
    try:
        build.mkdir()
        make_lean(folder, build)
        _write(build / _SOURCE, came_from)
        publish(build, target)
    finally:
        with suppress(OSError):
            shutil.rmtree(build)


def make_lean(source: Path, target: Path) -> int:
    """Write a lean copy of the CTranslate2 Whisper in `source` to the empty folder `target`.

    Returns how many tokens are kept. Raises OSError, or ValueError, KeyError, TypeError or
    struct.error when `source` is not laid out as expected.
    """
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary = json.loads((source / "vocabulary.json").read_text(encoding="utf-8"))
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    kept = np.array(_kept_ids(tokenizer, source / "tokenizer.json"), dtype=np.int64)
    # Special tokens follow the text tokens, also those that only the vocabulary knows.
    kept = np.concatenate([kept, np.arange(_text_tokens(tokenizer), len(vocabulary))])
    new_id = {int(old): new for new, old in enumerate(kept)}
    with (source / MODEL_FILE).open("rb") as old, (target / MODEL_FILE).open("wb") as new:
        _copy_weights(old, new, len(vocabulary), kept)
    _write(target / "tokenizer.json", _renumbered(tokenizer, new_id))
    _write(target / "vocabulary.json", [vocabulary[old] for old in kept])
    for name in ("suppress_ids", "suppress_ids_begin", "lang_ids"):
        config[name] = [new_id[old] for old in config.get(name, ()) if old in new_id]
    _write(target / "config.json", config)
    with suppress(FileNotFoundError):
        shutil.copyfile(source / _PREPROCESSOR, target / _PREPROCESSOR)
    return len(kept)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _text_tokens(tokenizer: dict[str, Any]) -> int:
    return min(token["id"] for token in tokenizer["added_tokens"])


def _kept_ids(tokenizer: dict[str, Any], path: Path) -> list[int]:
    """Text tokens that Chinese (both scripts) and English are written with, in order of id.

    A token is kept with the two it is merged from, so that every kept one can still be reached.
    """
    from tokenizers import Tokenizer

    raw = Tokenizer.from_file(str(path))
    vocab: dict[str, int] = tokenizer["model"]["vocab"]
    name_of = {number: name for name, number in vocab.items()}
    parts = {"".join(pair): pair for pair in _merges(tokenizer)}
    kept = {number for name, number in vocab.items() if _is_chinese(raw.decode([number]), name)}
    texts = list(_texts())
    for first in range(0, len(texts), 20_000):
        for coded in raw.encode_batch(texts[first : first + 20_000], add_special_tokens=False):
            kept.update(number for number in coded.ids if number in name_of)
    waiting = [name_of[number] for number in kept]
    while waiting:
        for part in parts.get(waiting.pop(), ()):
            if vocab[part] not in kept:
                kept.add(vocab[part])
                waiting.append(part)
    return sorted(kept)


def _texts() -> Iterator[str]:
    """English words as a transcript may hold them: within a sentence and at its beginning."""
    from wordfreq import top_n_list

    yield from _ALWAYS
    yield from (f" {number}" for number in range(10_000))
    yield from (f"{number}" for number in range(10_000))
    for word in top_n_list("en", _WORDS):
        for cased in {word, word.capitalize(), word.upper()}:
            yield cased
            yield " " + cased
            yield f" {cased}'s"


def _is_chinese(text: str, name: str) -> bool:
    """A byte, a piece of a character, or Han characters and their punctuation."""
    return len(name) == 1 or "\ufffd" in text or re.search(_HAN, text) is not None


def _merges(tokenizer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The file writes a merge as a pair, or (older ones) as "one two"."""
    for merge in tokenizer["model"]["merges"]:
        one, two = merge.split(" ") if isinstance(merge, str) else merge
        yield one, two


def _renumbered(tokenizer: dict[str, Any], new_id: dict[int, int]) -> dict[str, Any]:
    model = tokenizer["model"]
    vocab = {name: new_id[old] for name, old in model["vocab"].items() if old in new_id}
    merges = [
        [one, two]
        for one, two in _merges(tokenizer)
        if one in vocab and two in vocab and one + two in vocab
    ]
    added = [{**token, "id": new_id[token["id"]]} for token in tokenizer["added_tokens"]]
    return {
        **tokenizer,
        "model": {**model, "vocab": vocab, "merges": merges},
        "added_tokens": added,
        # Names special tokens by their old numbers; nobody here encodes with them.
        "post_processor": None,
    }


def _copy_weights(old: BinaryIO, new: BinaryIO, tokens: int, kept: NDArray[np.int64]) -> None:
    """CTranslate2's binary format (`ctranslate2.specs.model_spec.ModelSpec.save`)."""
    version = _read(old, "I")
    if version != _BINARY_VERSION:
        raise ValueError(f"binary version {version}, expected {_BINARY_VERSION}")
    _put(new, "I", version)
    _put_name(new, _read_name(old))
    _put(new, "I", _read(old, "I"))
    count = _read(old, "I")
    _put(new, "I", count)
    for _ in range(count):
        tensor = _read_tensor(old)
        if tensor.name.startswith(_PER_TOKEN) and tensor.shape[:1] == (tokens,):
            tensor = tensor.rows(kept)
        _put_tensor(new, tensor)
    new.write(old.read())  # names that share a tensor


def _read(file: BinaryIO, kind: str) -> int:
    return struct.unpack(kind, file.read(struct.calcsize(kind)))[0]


def _put(file: BinaryIO, kind: str, value: int) -> None:
    file.write(struct.pack(kind, value))


def _read_name(file: BinaryIO) -> str:
    return file.read(_read(file, "H")).rstrip(b"\0").decode()


def _put_name(file: BinaryIO, name: str) -> None:
    coded = name.encode() + b"\0"
    _put(file, "H", len(coded))
    file.write(coded)


def _read_tensor(file: BinaryIO) -> _Tensor:
    name = _read_name(file)
    shape = tuple(_read(file, "I") for _ in range(_read(file, "B")))
    dtype = _read(file, "B")
    return _Tensor(name, shape, dtype, file.read(_read(file, "I")))


def _put_tensor(file: BinaryIO, tensor: _Tensor) -> None:
    _put_name(file, tensor.name)
    _put(file, "B", len(tensor.shape))
    for size in tensor.shape:
        _put(file, "I", size)
    _put(file, "B", tensor.dtype)
    _put(file, "I", len(tensor.data))
    file.write(tensor.data)
