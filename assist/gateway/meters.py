"""What the doors count, for Prometheus: per protocol, never per call, and never a word."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


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
        self._frames = Counter(
            "assist_door_frames", "Frames of sound taken in", door, registry=registry
        )
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
        self._delay_s = Histogram(
            "assist_door_delay_seconds",
            "From a frame's arrival to its sound being taken by the recogniser",
            door,
            registry=registry,
            buckets=_SECONDS,
        )
        self._of_frames: dict[str, tuple[Counter, Histogram]] = {}

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
        if door not in self._of_frames:  # looking labels up costs more than counting
            self._of_frames[door] = self._frames.labels(door), self._delay_s.labels(door)
        frames, delays_s = self._of_frames[door]
        frames.inc(count)
        delays_s.observe(delay_s)

    def packets(self, door: str, what: str, count: int) -> None:
        if count:
            self._packets.labels(door, what).inc(count)

    def value(self, name: str, *labels: str) -> float:
        """One figure, for whoever looks at it in this process."""
        names = {"assist_door_ended_total": "how", "assist_door_refused_total": "reason"}
        keys = ["door", names.get(name, "what")]
        found = self._registry.get_sample_value(name, dict(zip(keys, labels, strict=False)))
        return found or 0.0
