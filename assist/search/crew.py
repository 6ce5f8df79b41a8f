"""Work on very many texts, shared out among all cores; only for building large indexes.

Few texts are not worth the seconds that a process takes to start. Our embedders do without
processes: they compute outside Python's lock, and threads share one model in the cache.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from functools import partial
from queue import Empty
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assist.ports import Embedder
from assist.search.dense import EXACT_UP_TO
from assist.search.embedder import SentenceEmbedder, encode_all

Progress = Callable[[str, int, int], None]
Job = TypeVar("Job")
Result = TypeVar("Result")

_PART = 2048
_LOOK_S = 0.1


def shared_out(
    work: Callable[[Sequence[str]], Result],
    texts: Sequence[str],
    progress: Progress,
    what: str,
    many: int = EXACT_UP_TO,
) -> Iterator[Result]:
    """`work` done on one part after another, in order; beyond `many` texts by all cores, where
    `work` must be something that can be sent to another process."""
    begins, parts = _parts(texts)
    cores = os.cpu_count() or 1
    if len(texts) <= many or cores == 1:
        yield from _told(map(work, parts), begins, len(texts), progress, what)
        return
    with ProcessPoolExecutor(cores, mp_context=_spawned()) as pool:
        yield from _told(pool.map(work, parts), begins, len(texts), progress, what)


def encode_many(
    texts: Sequence[str], embedder: Embedder, progress: Progress, many: int = EXACT_UP_TO
) -> NDArray[np.float32]:
    """What `encode_all` gives; beyond `many` by all cores, each different text once. Raises
    ModelError."""
    ours = isinstance(embedder, SentenceEmbedder) and embedder.is_ours
    if len(texts) <= many or not ours:
        return encode_all(texts, embedder, progress)
    at: dict[str, int] = {}
    place = np.array([at.setdefault(text, len(at)) for text in texts], dtype=np.intp)
    begins, parts = _parts(list(at))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        encoded = pool.map(embedder.encode, parts)
        found = list(_told(encoded, begins, len(at), progress, "embed questions"))
    return np.concatenate(found)[place]


def side_by_side(
    work: Callable[[Job, Progress], Result], jobs: Sequence[Job], progress: Progress
) -> list[Result]:
    """`work` done on every job in a process of its own, as many at once as there are cores; what
    they tell is handed on from here. `work`, jobs and results are sent between processes."""
    context = _spawned()
    with context.Manager() as manager, ProcessPoolExecutor(os.cpu_count(), context) as pool:
        told = manager.Queue()
        running = [pool.submit(work, job, partial(_put, told)) for job in jobs]
        while wait(running, 0).not_done or not told.empty():
            try:
                progress(*told.get(timeout=_LOOK_S))
            except Empty:
                continue
        return [one.result() for one in running]


def _put(told: Any, what: str, done: int, total: int) -> None:
    told.put((what, done, total))


def _spawned() -> Any:
    """A fork would take over locks of libraries with threads of their own."""
    return multiprocessing.get_context("spawn")


def _parts(texts: Sequence[str]) -> tuple[range, Iterator[Sequence[str]]]:
    """Where each part begins, and the parts."""
    begins = range(0, len(texts), _PART)
    return begins, (texts[at : at + _PART] for at in begins)


def _told(
    results: Iterator[Result], begins: range, total: int, progress: Progress, what: str
) -> Iterator[Result]:
    progress(what, 0, total)
    for begin, result in zip(begins, results, strict=True):
        yield result
        progress(what, min(begin + _PART, total), total)
