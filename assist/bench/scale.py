"""How search scales: an index of many questions, built, loaded by a fresh process and asked.

Questions are made from the shipped corpus (`rewriting`). The parent builds and knows the true
vectors; the child (`scale_asked`) loads the index and is asked on one thread, so that its memory
and its times are those of search alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from assist.bench.rewriting import Rewritten, rewrite
from assist.errors import CorpusError
from assist.search.corpus import Row, write_rows
from assist.search.crossfit import Progress
from assist.search.dense import Floats, recall_of, true_top
from assist.search.embedder import SentenceEmbedder
from assist.search.index import Manifest, build
from assist.search.text import comparable

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Scale:
    """`different` is the share of rows whose text is no other's, `compared` of those that are
    still different as search compares them; `embed_s` is a part of `built_s`, `cpu_s` the processor
    time of building, all processes; `asked` is what the child measured."""

    rows: int
    different: float
    compared: float
    rewrite_s: float
    built_s: float
    embed_s: float
    cpu_s: float
    disk_bytes: int
    recall_at_10: dict[str, float]
    manifest: Manifest
    asked: dict[str, Any]


class _Remembering(SentenceEmbedder):
    """Keeps what it was asked for, so that the true neighbours need not be embedded again."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._known: dict[str, Floats] = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        found = super().encode(texts)
        self._known.update(zip(texts, found, strict=True))
        return found

    def known(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._known[text] for text in texts])


class _Clock:
    """How long each piece of work took, from the first to the last that was told of it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._spans: dict[str, tuple[float, float]] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        now = time.perf_counter()
        self._spans[what] = (self._spans.get(what, (now, now))[0], now)
        self._progress(what, done, total)

    def span_s(self, what: str) -> float:
        begin, end = self._spans[what]
        return end - begin


def measure(rows: Sequence[Row], count: int, name: str, folder: Path, progress: Progress) -> Scale:
    """With the embedder of that name; leaves the index at `folder`/index. Raises AssistError."""
    began_s = time.perf_counter()
    made = rewrite(rows, count, progress=progress)
    rewrite_s = time.perf_counter() - began_s
    different = {comparable(row.text, row.lang) for row in made.rows}
    embedder, clock = _Remembering(name), _Clock(progress)
    embedder.encode(["."])
    began_s, began_cpu_s = time.perf_counter(), _processor_s()
    manifest = build(made.rows, embedder, folder / "index", clock.tell)
    built_s, cpu_s = time.perf_counter() - began_s, _processor_s() - began_cpu_s
    asked = _asked(folder, made)
    return Scale(
        rows=count,
        different=made.distinct,
        compared=len(different) / count,
        rewrite_s=rewrite_s,
        built_s=built_s,
        embed_s=clock.span_s("embed questions"),
        cpu_s=cpu_s,
        disk_bytes=sum(path.stat().st_size for path in (folder / "index").iterdir()),
        recall_at_10=_recall(made, asked.pop("found"), embedder),
        manifest=manifest,
        asked=asked,
    )


def _processor_s() -> float:
    """Of this process and those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _asked(folder: Path, made: Rewritten) -> dict[str, Any]:
    """What a fresh process says that loads the index."""
    questions = folder / "asked.jsonl"
    write_rows(questions, made.asked)
    command = [sys.executable, "-m", "assist.bench.scale_asked", folder / "index", questions]
    ran = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **_ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise CorpusError(
            f"The index at {folder / 'index'} could not be asked: {ran.stderr.strip()[-300:]}",
            f"Run `{' '.join(map(str, command))}` to see why.",
        )
    return json.loads(ran.stdout.splitlines()[-1])


def _recall(
    made: Rewritten, found: dict[str, list[list[int]]], embedder: _Remembering
) -> dict[str, float]:
    """By language, against all rows compared."""
    recall = {}
    for lang, ids in found.items():
        own = [comparable(row.text, lang) for row in made.rows if row.lang == lang]
        asked = [comparable(row.text, lang) for row in made.asked if row.lang == lang]
        vectors, asked_vectors = embedder.known(own), embedder.encode(asked)
        wanted = true_top(vectors, asked_vectors, 10)
        recall[lang] = recall_of(vectors, asked_vectors, np.array(ids), wanted)
    return recall


def measured(
    rows: Sequence[Row], count: int, name: str, out: Path | None, progress: Progress
) -> Scale:
    """Measures in `out`, which keeps the index, or in a passing folder. Raises AssistError."""
    with tempfile.TemporaryDirectory() as spare:
        folder = out or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        return measure(rows, count, name, folder, progress)


def show(console: Console, scale: Scale) -> None:
    asked = scale.asked
    console.print(
        f"{scale.rows:,} questions, {scale.different:.1%} different texts, {scale.compared:.1%} "
        f"as compared; made in {scale.rewrite_s:.0f} s",
        highlight=False,
        soft_wrap=True,
    )
    for lang, one in scale.manifest.languages.items():
        learnt = f", learnt from {one.learnt_from:,}" if one.learnt_from else ""
        console.print(
            f"{lang}: {one.rows:,} questions, {one.vectors}{learnt}; recall@10 on held-out "
            f"questions {scale.recall_at_10.get(lang, 0.0):.4f}",
            highlight=False,
            soft_wrap=True,
        )
    rate = scale.rows * scale.compared / max(scale.embed_s, 1e-9)
    console.print(
        f"built in {scale.built_s / 60:.1f} min: embedding {scale.embed_s:.0f} s ({rate:.0f} texts "
        f"a second), learning and indexing {scale.built_s - scale.embed_s:.0f} s, "
        f"{scale.cpu_s / 60:.1f} min of processor time; {scale.disk_bytes / 1e6:,.0f} MB "
        f"on disk",
        highlight=False,
        soft_wrap=True,
    )
    console.print(
        f"a fresh process: loaded in {asked['load_s']:.1f} s, {asked['empty_mb']:,.0f} MB with the "
        f"embedder alone, {asked['loaded_mb']:,.0f} MB with the index, {asked['asked_mb']:,.0f} MB "
        f"after {asked['questions']} questions, {asked['own_mb']:,.0f} MB without pages of files",
        highlight=False,
        soft_wrap=True,
    )
    for what, name in (
        ("embed", "embed one question"),
        ("search", "vector index, 10 nearest"),
        ("match", "match: all signals"),
        ("both", "embed and match"),
    ):
        p50, p95, p99 = asked["took_ms"][what]
        cpu = "  ".join(f"{ms:.2f}" for ms in asked["cpu_ms"][what])
        console.print(
            f"{name:<26} p50 {p50:.2f}  p95 {p95:.2f}  p99 {p99:.2f} ms; processor time {cpu} ms",
            highlight=False,
            soft_wrap=True,
        )
