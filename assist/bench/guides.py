"""What guides cost: checking a thousand of them, deciding what follows from a fact, files that no
editor should write. CPU time of one thread throughout: the machine is often shared."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from assist import events as ev
from assist import rules
from assist.bench.broken import broken, judge_connector, judge_guide
from assist.bench.calls import Say, led, spoken_of
from assist.config import Settings
from assist.errors import AssistError
from assist.guide.check import check
from assist.guide.load import load_book
from assist.guide.shelf import read_shelf
from assist.rules.tools import Tools
from assist.search.embedder import SentenceEmbedder
from assist.search.likeness import Likeness
from assist.state import CallState, apply

NO_GUIDES = {"offers", "moods", "priors", "house"}


@dataclass(frozen=True)
class Checked:
    """`first_s` is a fresh process's, `again_s` that of a server which knows the texts."""

    guides: int
    lines: int
    problems: int
    first_s: float
    again_s: float


@dataclass(frozen=True)
class Decided:
    """Milliseconds of CPU; `embedder_p50` and `embedder_p99` with what the embedder took to read
    each new sentence, which a live call's thread takes beside."""

    decisions: int
    p50: float
    p99: float
    worst: float
    embedder_p50: float
    embedder_p99: float


def copies(guides_dir: Path, folder: Path, count: int) -> None:
    """The shipped guides, and copies of them with other ids until there are `count`."""
    for name in ("tickets", "connectors"):
        shutil.copytree(guides_dir / name, folder / name)
    for name in NO_GUIDES:
        shutil.copy(guides_dir / f"{name}.yaml", folder)
    files = sorted(p for p in guides_dir.glob("*.yaml") if p.stem not in NO_GUIDES)
    for number, path in zip(range(count), itertools.cycle(files), strict=False):
        name = path.stem if number < len(files) else f"{path.stem}.copy{number}"
        text = path.read_text(encoding="utf-8")
        text = text.replace(f"id: {path.stem}\n", f"id: {name}\n", 1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def check_many(guides_dir: Path, folder: Path, count: int) -> Checked:
    copies(guides_dir, folder, count)
    lines = sum(len(p.read_bytes().splitlines()) for p in folder.glob("*.yaml"))
    began = time.process_time()
    problems = check(folder)
    first = time.process_time() - began
    gc.collect()
    began = time.process_time()
    check(folder)
    return Checked(count, lines, len(problems), first, time.process_time() - began)


def decide(references: Sequence[Path], say: Say) -> Decided:
    """Every fact and command of these calls once more through the rules, each alone.

    Search is left out: a card is open, or not, by what was stored. Likeness of meaning is real; its
    sentences are known already for the first figures, as they are not for the second.
    """
    book = load_book(Settings().guides_dir)
    embedder = SentenceEmbedder(Settings().embedder)
    calls = asyncio.run(led([spoken_of(path) for path in references], say))
    known = Likeness(embedder, remembered=100_000)
    known.learn(sorted(book.phrases()))
    fresh = Likeness(embedder, remembered=100_000)
    fresh.learn(sorted(book.phrases()))
    new = [cost for cost in _costs(calls, Tools(book, fresh))]
    for _ in _costs(calls, Tools(book, known)):
        pass
    warm = [cost for cost in _costs(calls, Tools(book, known))]
    return Decided(len(warm), *_percentiles(warm), max(warm), *_percentiles(new))


def _costs(calls: Sequence[Sequence[ev.Event]], tools: Tools) -> Iterator[float]:
    for events in calls:
        state = CallState()
        for event in events:
            state = apply(state, event)
            began = time.thread_time_ns()
            with suppress(AssistError):  # as the call itself would have told it
                rules.follow(state, event.fact, tools)
            yield (time.thread_time_ns() - began) / 1e6


def _percentiles(costs: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(costs, n=100)
    return cuts[49], cuts[98]


def broken_files(guides_dir: Path, folder: Path, count: int, start: int) -> dict[str, int]:
    """How many files of each kind were looked at, and how many had problems.

    Raises what a file raised, with the smallest such file, if one does.
    """
    shelf = read_shelf(guides_dir)
    guides = [entry.document.text for entry in shelf.guides.values()]
    connectors = [p.read_text("utf-8") for p in sorted((guides_dir / "connectors").glob("*.yaml"))]
    found = {"guides": 0, "guides refused": 0, "connectors": 0, "connectors refused": 0}

    def guide(raw: bytes) -> None:
        found["guides"] += 1
        found["guides refused"] += bool(judge_guide(raw, shelf, folder / "plan.change.yaml"))

    def connector(raw: bytes) -> None:
        found["connectors"] += 1
        found["connectors refused"] += bool(judge_connector(raw))

    _look(guide, guides, count * 3 // 4, start)
    _look(connector, connectors, count - count * 3 // 4, start)
    return found


def _look(judge: Callable[[bytes], None], shipped: list[str], count: int, start: int) -> None:
    checks: list[HealthCheck] = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.generate, Phase.shrink]
    many = settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=checks,
        phases=phases,
    )

    @many
    @seed(start)
    @given(raw=broken(shipped))
    def look(raw: bytes) -> None:
        judge(raw)

    look()
