"""What the whole server takes: a call of hours, and clicks while it listens.

Everything is real: process, sockets, journal, models. Sound comes from the recorded calls.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from assist.audio import RATE_HZ, Pcm
from assist.bench.peer_figures import percentile
from assist.bench.recorded import recorded
from assist.bench.served import RunningServer
from assist.config import Settings
from assist.errors import AssistError
from assist.speech.bench import ReferenceCall, load_call

Say = Callable[[str], None]

_FRAME_S = 0.5
_EVERY_S = 20.0
"""Seconds from one turn of the long call to the next."""
_SETTLED_S = 600.0
"""Seconds of the long call after which memory should no longer grow: caches are filled by then."""
_CLICK_EVERY_S = 0.1


@dataclass(frozen=True)
class LongFigures:
    """`drift_ms`: how much later or earlier the same turn was heard at the end than in the second
    round of turns, against its true place. `first_mib`, `last_mib`: memory of the server's process
    once it has settled, and at the end. `last_words`: of the turn in whose midst it hung up."""

    hours: float
    wall_s: float
    segments: int
    turns: int
    drift_ms: int
    first_mib: float
    last_mib: float
    last_words: str
    last_said: str

    def __str__(self) -> str:
        return (
            f"{self.hours:.2f} h in {self.wall_s:.0f} s; {self.segments} segments of {self.turns} "
            f"turns; memory {self.first_mib:.0f} -> {self.last_mib:.0f} MiB "
            f"({self.last_mib - self.first_mib:+.0f}; floor ±30); drift {self.drift_ms:+d} ms "
            f"(floor ±100); hung up in mid-word: {self.last_words!r} of {self.last_said!r}"
        )


@dataclass(frozen=True)
class ClickFigures:
    calls: int
    clicks: int
    p50_ms: float
    p99_ms: float
    worst_ms: float

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.clicks} clicks: p50 {self.p50_ms:.1f} ms, "
            f"p99 {self.p99_ms:.1f} ms (floor 20), worst {self.worst_ms:.0f} ms"
        )


def long_call(server: RunningServer, call: ReferenceCall, hours: float, say: Say) -> LongFigures:
    """A call of `hours`, a turn every 20 s on a silent line, as fast as it can be heard.

    It hangs up in the middle of a turn. Raises AssistError when the server refuses.
    """
    turns = [turn for turn in call.turns if turn.end_s - turn.start_s > 1.5]
    spans = [(turn, call.sound_of(turn)) for turn in turns]
    placed, begun_s = 0, time.perf_counter()
    process, sizes = psutil.Process(server.pid), dict[float, float]()
    with server.connect("/v1/audio") as line:
        name = _start(line, call.lang)
        at_s, source = 0.0, cycle(spans)
        while at_s < hours * 3600:
            turn, spoken = next(source)
            placed += 1
            pcm = np.zeros(int(_EVERY_S * RATE_HZ), dtype=np.float32)
            pcm[: len(spoken)] = spoken
            _send(line, pcm, turn.speaker)
            at_s += _EVERY_S
            sizes[at_s] = process.memory_info().rss / 2**20
            if placed % 30 == 0:
                say(f"{at_s / 60:.0f} min, {sizes[at_s]:.0f} MiB …")
        half, spoken = spans[0]
        _send(line, spoken[: len(spoken) // 2], half.speaker)
        line.send(json.dumps({"type": "stop"}))
        _answer(line, "ended")
    facts = [event["fact"] for event in server.events(name)]
    heard = sorted(
        (fact for fact in facts if fact["kind"] == "segment_heard"), key=lambda f: f["start_ms"]
    )
    before = [f for f in heard if f["start_ms"] < at_s * 1000]
    round_ms = len(spans) * _EVERY_S * 1000
    # The same turn in each round; not the first one, before which the line's noise was unknown.
    starts = [f["start_ms"] % round_ms for f in _first_of_each(before, round_ms)][1:]
    settled = [size for second, size in sizes.items() if second >= min(_SETTLED_S, at_s / 2)]
    return LongFigures(
        hours=at_s / 3600,
        wall_s=time.perf_counter() - begun_s,
        segments=len(before),
        turns=placed,
        drift_ms=round(starts[-1] - starts[0]) if starts else 0,
        first_mib=settled[0],
        last_mib=settled[-1],
        last_words=" ".join(f["text"] for f in heard if f["start_ms"] >= at_s * 1000),
        last_said=half.text,
    )


def clicks(server: RunningServer, names: Sequence[str], seconds: float) -> ClickFigures:
    """Demo calls `names` in real time, all at once; a guide is opened and closed by hand in the
    first of them, ten times a second. Raises AssistError when a click is refused."""
    calls = [server.play(name, speed="1") for name in names]
    took_ms: list[float] = []
    guide = server.get("/api/guides")["guides"][0]["id"]
    kinds = cycle(({"kind": "open_guide", "guide": guide}, {"kind": "close_guide", "guide": guide}))
    ends_s = time.perf_counter() + seconds
    with server.connect(f"/v1/calls/{calls[0]}/events?after=0") as panel:
        for number in count():
            if time.perf_counter() >= ends_s:
                break
            sent_s = time.perf_counter()
            panel.send(json.dumps({"ref": str(number), "command": next(kinds)}))
            while (answer := json.loads(panel.recv(timeout=20))).get("ref") != str(number):
                pass
            took_ms.append((time.perf_counter() - sent_s) * 1000)
            if not answer.get("ok"):
                raise AssistError(f"A click was refused: {answer}.", "Look at the call's events.")
            time.sleep(_CLICK_EVERY_S)
    return ClickFigures(
        calls=len(calls),
        clicks=len(took_ms),
        p50_ms=percentile(took_ms, 50) or 0.0,
        p99_ms=percentile(took_ms, 99) or 0.0,
        worst_ms=max(took_ms),
    )


def _first_of_each(heard: Sequence[Mapping[str, Any]], round_ms: float) -> list[Mapping[str, Any]]:
    """The first segment of each round of turns; `heard` is in order of time."""
    rounds: dict[int, Mapping[str, Any]] = {}
    for segment in heard:
        rounds.setdefault(int(segment["start_ms"] // round_ms), segment)
    return list(rounds.values())


def _start(line: Any, lang: str) -> str:
    line.send(
        json.dumps(
            {
                "type": "start", "agent": "bench", "format": "pcm16", "rate_hz": RATE_HZ,
                "channels": ["customer", "agent"], "lang": lang, "lockstep": True,
            }
        )
    )  # fmt: skip
    return _answer(line, "started")["call"]


def _send(line: Any, pcm: Pcm, speaker: str) -> None:
    """One frame, or several of half a second; waits until all in it is decoded."""
    frame = int(_FRAME_S * RATE_HZ)
    for first in range(0, len(pcm), frame):
        piece = np.rint(pcm[first : first + frame] * 32_767).astype("<i2")
        both = np.zeros((len(piece), 2), dtype="<i2")
        both[:, 0 if speaker == "customer" else 1] = piece
        line.send(both.tobytes())
        _answer(line, "heard")


def _answer(line: Any, kind: str) -> dict[str, Any]:
    answer = json.loads(line.recv(timeout=120))
    if answer["type"] != kind:
        raise AssistError(f"The server answered {answer}.", "Look at its log.")
    return answer


def run(settings: Settings, hours: float, counts: Sequence[int], seconds: float, say: Say) -> None:
    """Each on a server of its own with an empty data folder. Raises AssistError."""
    folder = settings.corpus_dir / "calls"
    names = recorded(folder)
    models = f"{settings.guess_model} / {settings.final_model}"
    with tempfile.TemporaryDirectory() as data:
        if hours:
            with RunningServer(Path(data) / "long") as server:
                long = long_call(server, load_call(folder / f"{names[0]}.flac"), hours, say)
            say(f"{models}: {long}")
        for number in counts:
            with RunningServer(Path(data) / f"clicks{number}") as server:
                at_once = [names[at % len(names)] for at in range(number)]
                found = clicks(server, at_once, seconds)
            say(f"{models}: {found}")
