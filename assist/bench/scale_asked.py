"""The child of `scale`: loads an index, is asked one question after another, prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from assist.search.corpus import load_corpus
from assist.search.dense import TOP, nearest, one_thread
from assist.search.embedder import SentenceEmbedder
from assist.search.index import load, read_manifest
from assist.search.text import comparable


def main(folder: Path, questions: Path) -> dict[str, Any]:
    embedder = SentenceEmbedder(read_manifest(folder).embedder)
    embedder.encode(["."])
    empty_mb = _resident_mb()
    began_s = time.perf_counter()
    index = load(folder, embedder)
    load_s = time.perf_counter() - began_s
    loaded_mb = _resident_mb()
    took_ms: dict[str, list[float]] = {"embed": [], "search": [], "match": [], "both": []}
    # Of the same, without the time in which other programs had the processor.
    cpu_ms: dict[str, list[float]] = {"embed": [], "search": [], "match": [], "both": []}
    found: dict[str, list[list[int]]] = {}
    asked = load_corpus(questions)

    def timed(what: str, work: Callable[[], Any]) -> Any:
        began_s, began_cpu_s = time.perf_counter(), time.thread_time()
        result = work()
        took_ms[what].append((time.perf_counter() - began_s) * 1000)
        cpu_ms[what].append((time.thread_time() - began_cpu_s) * 1000)
        return result

    with one_thread():
        for row in asked[:20]:  # the first ones read files and fill caches
            text = comparable(row.text, row.lang)
            index.languages[row.lang].matcher.log_odds([text], embedder.encode([text]))
        for row in asked:
            text = comparable(row.text, row.lang)
            matcher = index.languages[row.lang].matcher
            vectors = timed("embed", lambda text=text: embedder.encode([text]))
            found_rows = timed(
                "search",
                lambda matcher=matcher, vectors=vectors: nearest(
                    matcher.signals.index, vectors[0], TOP
                )[1],
            )
            timed(
                "match",
                lambda matcher=matcher, text=text, vectors=vectors: matcher.log_odds(
                    [text], vectors
                ),
            )
            for ms in (took_ms, cpu_ms):
                ms["both"].append(ms["embed"][-1] + ms["match"][-1])
            found.setdefault(row.lang, []).append(found_rows.tolist())
    return {
        "questions": len(asked),
        "load_s": load_s,
        "empty_mb": empty_mb,
        "loaded_mb": loaded_mb,
        "asked_mb": _resident_mb(),
        "own_mb": _own_mb(),
        "found": found,
        "took_ms": _percentiles(took_ms),
        "cpu_ms": _percentiles(cpu_ms),
    }


def _percentiles(times: dict[str, list[float]]) -> dict[str, list[float]]:
    return {what: np.percentile(ms, [50, 95, 99]).tolist() for what, ms in times.items()}


def _own_mb() -> float:
    """Without resident pages of files, which the system takes back when it needs the memory."""
    maps = psutil.Process().memory_maps(grouped=True)
    return sum(one.anonymous for one in maps) / 1e6


def _resident_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
