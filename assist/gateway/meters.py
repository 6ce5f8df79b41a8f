"""What the doors count, for Prometheus: per protocol, never per call, and never a word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_BOUNDS = (*map(str, map(float, _SECONDS)), "+Inf")


@dataclass
class _Taken:
    """Of one door: frames, and how many messages took how long (`_BOUNDS`, not yet summed up)."""

    frames: int = 0
    delay_s: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * len(_BOUNDS))


class _Frames(Collector):
    """What is counted for every message. The library's own counters take a lock and walk their
    buckets each time, which two hundred phone sockets feel; here nothing is summed up until
    somebody asks."""

    def __init__(self) -> None:
        self.doors: dict[str, _Taken] = {}

    def collect(self) -> Iterator[Metric]:
        frames = CounterMetricFamily(
            "assist_door_frames", "Frames of sound taken in", labels=["door"]
        )
        delays = HistogramMetricFamily(
            "assist_door_delay_seconds",
            "From a frame's arrival to its sound being taken by the recogniser",
            labels=["door"],
        )
        for door, taken in self.doors.items():
            frames.add_metric([door], taken.frames)
            summed = zip(_BOUNDS, map(float, accumulate(taken.counts)), strict=True)
            delays.add_metric([door], list(summed), taken.delay_s)
        yield frames
        yield delays


class DoorMeters:
    """One registry a process; made by the wiring and handed on."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        door = ["door"]
        self._open = Gauge("assist_door_connections", "Connections now", door, registry=registry)
        self._connected = Counter(
            "assist_door_connected", "Connections so far", door, registry=registry
        )
        self._refused = Counter(
            "assist_door_refused",
            "Connections and calls refused, by reason",
            ["door", "reason"],
            registry=registry,
        )
        self._frames = _Frames()
        registry.register(self._frames)
        self._packets = Counter(
            "assist_door_packets",
            "Packets that did not come as they should: lost, late, reordered",
            ["door", "what"],
            registry=registry,
        )
        self._wire = Counter(
            "assist_door_ended",
            "How connections ended: goodbye, broke_off, silent, replaced, error, restart",
            ["door", "how"],
            registry=registry,
        )

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)

    def connected(self, door: str) -> None:
        self._open.labels(door).inc()
        self._connected.labels(door).inc()

    def gone(self, door: str, how: str) -> None:
        self._open.labels(door).dec()
        self._wire.labels(door, how).inc()

    def refused(self, door: str, reason: str) -> None:
        self._refused.labels(door, reason).inc()

    def frames(self, door: str, count: int, delay_s: float) -> None:
        """`count` frames came in one message, a frame a speaker."""
        taken = self._frames.doors.get(door)
        if taken is None:
            taken = self._frames.doors[door] = _Taken()
        taken.frames += count
        taken.delay_s += delay_s
        taken.counts[bisect_left(_SECONDS, delay_s)] += 1

    def packets(self, door: str, what: str, count: int) -> None:
        if count:
            self._packets.labels(door, what).inc(count)

    def value(self, name: str, *labels: str) -> float:
        """One figure, for whoever looks at it in this process."""
        names = {"assist_door_ended_total": "how", "assist_door_refused_total": "reason"}
        keys = ["door", names.get(name, "what")]
        found = self._registry.get_sample_value(name, dict(zip(keys, labels, strict=False)))
        return found or 0.0
