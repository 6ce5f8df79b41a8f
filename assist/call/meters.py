"""What hearing costs, counted for Prometheus: per call while it lives, and in total.

Nothing decides by these figures, and no text ever gets into them.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assist.speech.schedule import Job

_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13)


class Meters:
    """One registry a process; made by the wiring and handed on."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        kinds = ("kind", "model")
        self._queue_s = Histogram(
            "assist_speech_queue_seconds",
            "Wait of a decode for its model",
            kinds,
            registry=registry,
            buckets=_SECONDS,
        )
        self._decode_s = Histogram(
            "assist_speech_decode_seconds",
            "Time of a batch in its model",
            kinds,
            registry=registry,
            buckets=_SECONDS,
        )
        self._decoded_s = Counter(
            "assist_speech_decoded_seconds",
            "Sound given to the models, windows overlap",
            kinds,
            registry=registry,
        )
        self._sound_s = Counter(
            "assist_speech_sound_seconds", "Sound of all channels that came in", registry=registry
        )
        self._dropped = Counter(
            "assist_speech_dropped",
            "Guesses stale before their turn",
            registry=registry,
        )
        self._fell_back = Counter(
            "assist_speech_fallbacks",
            "Finals written by the fast model under load",
            registry=registry,
        )
        self._refused = Counter(
            "assist_calls_refused", "Calls refused, by reason", ["reason"], registry=registry
        )
        self._live = Gauge("assist_calls_live", "Calls being heard now", registry=registry)
        calls = ("call",)
        self._call_work_s = Counter(
            "assist_call_decode_seconds",
            "A live call's share of decoding",
            calls,
            registry=registry,
        )
        self._call_sound_s = Counter(
            "assist_call_sound_seconds",
            "A live call's sound, of its longer channel",
            calls,
            registry=registry,
        )
        self._call_dropped = Counter(
            "assist_call_dropped", "A live call's stale guesses", calls, registry=registry
        )
        self._call_factor = Gauge(
            "assist_call_real_time_factor",
            "A live call's decoding per second of its sound",
            calls,
            registry=registry,
        )
        self._factor = Gauge(
            "assist_speech_real_time_factor",
            "Decoding per second of call, all calls so far",
            registry=registry,
        )
        self._work: dict[str, float] = {}
        self._heard: dict[str, float] = {}
        self._all_work = 0.0
        self._all_heard = 0.0

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)

    def began(self, call: str) -> None:
        self._live.inc()
        self._work[call] = self._heard[call] = 0.0

    def ended(self, call: str) -> None:
        """A call's own lines go with it, so that the list does not grow with every call."""
        if self._work.pop(call, None) is None:
            return
        self._live.dec()
        del self._heard[call]
        for each in (self._call_work_s, self._call_sound_s, self._call_dropped, self._call_factor):
            if (call,) in each._metrics:
                each.remove(call)

    def refused(self, reason: str) -> None:
        self._refused.labels(reason).inc()

    def heard(self, call: str, channel_s: float, call_s: float) -> None:
        """`channel_s` of sound came in and made the call `call_s` longer."""
        self._sound_s.inc(channel_s)
        if call in self._heard and call_s > 0:
            self._heard[call] += call_s
            self._all_heard += call_s
            self._call_sound_s.labels(call).inc(call_s)

    def dropped(self, call: str) -> None:
        self._dropped.inc()
        if call in self._work:
            self._call_dropped.labels(call).inc()

    def decoded(
        self, job: Job, model: str, *, waited_s: float, work_s: float, batch_s: float
    ) -> None:
        """`work_s` is this window's share of its batch, which took `batch_s`."""
        call, kind = job.call, "final" if job.is_final else "guess"
        self._queue_s.labels(kind, model).observe(waited_s)
        self._decode_s.labels(kind, model).observe(batch_s)
        self._decoded_s.labels(kind, model).inc(len(job.pcm) / 16_000)
        if job.fell_back:
            self._fell_back.inc()
        self._all_work += work_s
        if self._all_heard:
            self._factor.set(self._all_work / self._all_heard)
        if call in self._work:
            self._work[call] += work_s
            self._call_work_s.labels(call).inc(work_s)
            if self._heard[call]:
                self._call_factor.labels(call).set(self._work[call] / self._heard[call])
