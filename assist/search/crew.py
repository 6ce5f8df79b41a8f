"""Work on very many texts, shared out among processes; only for building large indexes.

Few texts are not worth the seconds that a process takes to start.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assist.ports import Embedder
from assist.search.dense import EXACT_UP_TO
from assist.search.embedder import SentenceEmbedder, encode_all

Progress = Callable[[str, int, int], None]
Result = TypeVar("Result")

_PART = 2048


def shared_out(
    work: Callable[[Sequence[str]], Result],
    texts: Sequence[str],
    progress: Progress,
    what: str,
    many: int = EXACT_UP_TO,
) -> Iterator[Result]:
    """`work` done on one part after another, in order; beyond `many` texts by all cores, where
    `work` must be something that can be sent to another process."""
    begins = range(0, len(texts), _PART)
    parts = (texts[at : at + _PART] for at in begins)
    cores = os.cpu_count() or 1
    if len(texts) <= many or cores == 1:
        yield from _told(map(work, parts), begins, len(texts), progress, what)
        return
    # A fork would take over locks of libraries with threads of their own.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=spawned) as pool:
        yield from _told(pool.map(work, parts), begins, len(texts), progress, what)


def encode_many(
    texts: Sequence[str], embedder: Embedder, progress: Progress, many: int = EXACT_UP_TO
) -> NDArray[np.float32]:
    """What `encode_all` gives; beyond `many` by all cores, each different text once. Raises
    ModelError."""
    if len(texts) <= many or not isinstance(embedder, SentenceEmbedder):
        return encode_all(texts, embedder, progress)
    at: dict[str, int] = {}
    place = np.array([at.setdefault(text, len(at)) for text in texts], dtype=np.intp)
    work = partial(_encode, embedder.name)
    parts = list(shared_out(work, list(at), progress, "embed questions", many))
    return np.concatenate(parts)[place]


def _encode(name: str, texts: Sequence[str]) -> NDArray[np.float32]:
    return _embedder(name).encode(texts)


@cache
def _embedder(name: str) -> SentenceEmbedder:
    """One a process: loading takes seconds."""
    return SentenceEmbedder(name)


def _told(
    results: Iterator[Result], begins: range, total: int, progress: Progress, what: str
) -> Iterator[Result]:
    progress(what, 0, total)
    for begin, result in zip(begins, results, strict=True):
        yield result
        progress(what, min(begin + _PART, total), total)
