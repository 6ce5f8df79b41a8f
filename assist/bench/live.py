"""Calls heard in real time, many at once, by the same ears and lanes as on the server.

Only listening is measured: no journal, no search, no guide. Sound comes when it would have been
spoken, 100 ms at a time, whether or not the ears keep up, and nothing is decided by the figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import psutil
from prometheus_client.parser import text_string_to_metric_families

from assist.audio import AudioChunk
from assist.bench.live_figures import LiveFigures, Played, Run, Told, live_figures
from assist.call.lane import Lane
from assist.call.listening import Ears
from assist.call.meters import Meters
from assist.events import Fact, Speaker
from assist.speech.bench import ReferenceCall, chunks
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.utterance import Due, Final
from assist.speech.vad import Vad
from assist.wiring.parts import listen_options

SPREAD_S = 5.0
"""Seconds within which the calls of a run begin, one after the other."""

_TIMER_S = 0.01


@dataclass(frozen=True)
class Parts:
    """What all calls share; `guesses` and `finals` may be the same lane, both count in `meters`."""

    guesses: Lane
    finals: Lane
    meters: Meters
    vad: Vad
    scribe: Scribe


async def live(
    calls: Sequence[ReferenceCall], parts: Parts, spread_s: float = SPREAD_S
) -> LiveFigures:
    """One row of figures; see `heard_at_once`."""
    return live_figures(*await heard_at_once(calls, parts, spread_s))


async def heard_at_once(
    calls: Sequence[ReferenceCall], parts: Parts, spread_s: float = SPREAD_S
) -> tuple[list[Played], Run]:
    """All `calls` at once; takes as long as the longest. Nothing else may work in this process.

    Raises ModelError when a model cannot decode at all.
    """
    for lane in (parts.guesses, parts.finals):
        await _warm_up(lane, calls, parts.scribe)
    loop = asyncio.get_running_loop()
    late_s: list[float] = []
    timer = asyncio.create_task(_watch_loop(late_s))
    counts, cpu_s, begun_s = _counts(parts.meters), time.process_time(), loop.time()
    try:
        played = await asyncio.gather(
            *(
                _play(f"{call.name}-{index}", call, parts, index * spread_s / len(calls))
                for index, call in enumerate(calls)
            )
        )
    finally:
        timer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await timer
    cpu_s, wall_s = time.process_time() - cpu_s, loop.time() - begun_s
    after = _counts(parts.meters)

    def counted(name: str) -> int:
        return round(after[name] - counts[name])

    run = Run(
        guess_model=parts.guesses.engine.name,
        final_model=parts.finals.engine.name,
        cpu_s=cpu_s,
        wall_s=wall_s,
        load=psutil.getloadavg()[0],
        loop_late_s=late_s,
        guesses_dropped=counted("assist_speech_dropped_total"),
        fell_back=counted("assist_speech_fallbacks_total"),
    )
    return played, run


async def _play(name: str, call: ReferenceCall, parts: Parts, wait_s: float) -> Played:
    await asyncio.sleep(wait_s)
    clock = asyncio.get_running_loop().time
    played, begun_s = Played(call), clock()

    async def tell(fact: Fact) -> None:
        played.told.append(Told(clock() - begun_s, fact))

    listeners: dict[Speaker, _Watched] = {
        speaker: _Watched(
            speaker, parts.vad, listen_options(parts.guesses, parts.finals), call.lang, parts.scribe
        )
        for speaker in call.channels
    }
    ears = Ears(name, listeners, parts.guesses, parts.finals, call.lang, tell)
    try:
        for _, chunk in chunks(call):
            if chunk is not None:
                # Sound is there once it has been spoken to its end.
                await asyncio.sleep(begun_s + chunk.end_ms / 1000 - clock())
                await ears.hear(chunk)
        await ears.finish()
    finally:
        await ears.stop()
    played.finals_lost = sum(listener.unanswered() for listener in listeners.values())
    return played


class _Watched(Listener):
    """A listener that remembers which finals fell due, to count those without an answer."""

    def __init__(
        self, speaker: Speaker, vad: Vad, options: ListenOptions, lang: str, scribe: Scribe
    ) -> None:
        super().__init__(speaker[0], speaker, vad, options, lang, scribe)
        self._finals: list[Final] = []

    def accept(self, chunk: AudioChunk) -> list[Due]:
        return self._noted(super().accept(chunk))

    def finish(self) -> list[Due]:
        return self._noted(super().finish())

    def unanswered(self) -> int:
        return sum(self.standing(final) == "due" for final in self._finals)

    def _noted(self, due: list[Due]) -> list[Due]:
        self._finals += [each for each in due if isinstance(each, Final)]
        return due


async def _warm_up(lane: Lane, calls: Sequence[ReferenceCall], scribe: Scribe) -> None:
    """The first text of a language loads its tables; no call of a running server pays for that."""
    for lang, call in {call.lang: call for call in calls}.items():
        spoken = [turn for turn in call.turns if turn.speaker in call.channels]
        for turn in spoken[:1]:
            pcm = call.sound_of(turn)
            await lane.run(partial(lane.engine.decode, pcm, lang=lang, final=True))
            await asyncio.to_thread(scribe.final, turn.text, lang)


async def _watch_loop(late_s: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due_s = clock() + _TIMER_S
        await asyncio.sleep(_TIMER_S)
        late_s.append(clock() - due_s)


def _counts(meters: Meters) -> dict[str, float]:
    """Counters of the whole process, by name."""
    families = text_string_to_metric_families(meters.text().decode())
    return {each.name: each.value for one in families for each in one.samples if not each.labels}
