"""What is said about calls heard live: cost, delays, losses, error rates. Pure.

Facts with their times of arrival go in, one row for each number of calls comes out. A delay is
never taken from what the listener says of itself: it is the arrival of a fact, on the clock by
which the sound was played, against the place of the word in the sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from assist.audio import RATE_HZ
from assist.bench.peer_figures import PeerFigures, percentile
from assist.events import Fact, SegmentHeard, SpeechDropped, SpeechGuessed, SpeechStable, Trouble
from assist.speech.bench import Hearing, ReferenceCall, invented, lost, rates
from assist.speech.score import ErrorRate
from assist.speech.text import units


class Told(NamedTuple):
    """`fact` arrived `at_s` seconds after the call's first sample was spoken."""

    at_s: float
    fact: Fact


@dataclass
class Played:
    """A call that was played in real time; `finals_lost` utterances ended and got no answer."""

    call: ReferenceCall
    told: list[Told] = field(default_factory=list)
    finals_lost: int = 0

    def hearing(self) -> Hearing:
        facts = [each.fact for each in self.told]
        return Hearing(
            segments=[fact for fact in facts if isinstance(fact, SegmentHeard)],
            dropped=[fact for fact in facts if isinstance(fact, SpeechDropped)],
            guesses=sum(isinstance(fact, SpeechGuessed) for fact in facts),
        )


class Delay(BaseModel):
    """Seconds; `count` words, or utterances, were timed."""

    model_config = ConfigDict(frozen=True)

    count: int
    p50_s: float | None
    p95_s: float | None


class Rates(BaseModel):
    """Errors of the final text against the reference; `numbers`: with numbers in one form."""

    model_config = ConfigDict(frozen=True)

    strict: ErrorRate
    numbers: ErrorRate


class LiveFigures(BaseModel):
    """One row: `calls` calls at once on one machine. Seconds throughout; see each field.

    `call_s`: seconds of all calls together, `audio_s`: of all channels. `at_once`: calls going on,
    mean over the run, since some are shorter and they begin one after the other. `cpu_s`: user and
    system time of the whole process until the last final, playing the sound included, loading not.
    `guess` and `stable`: from the end of a word in the sound to the first text of its utterance, of
    any tier, or at least stable, that reaches so far. `final`: from the end of the utterance to its
    final text. `guesses_dropped`: stale before their turn. `fell_back`: finals that the fast model
    wrote because of the load. `finals_lost`: ended utterances without an answer. `turns_lost`:
    turns whose last half second no segment reaches; `invented`: segments during which nobody spoke.
    `loop_p99_s`, `loop_max_s`: by how much the event loop was late for a timer. `load`: the
    machine's mean over the run's last minute. `errors`: by language.
    """

    model_config = ConfigDict(frozen=True)

    calls: int
    names: list[str]
    guess_model: str
    final_model: str
    call_s: float
    audio_s: float
    wall_s: float
    cpu_s: float
    load: float
    guess: Delay
    stable: Delay
    final: Delay
    guesses: int
    guesses_dropped: int
    segments: int
    fell_back: int
    finals_lost: int
    turns_lost: int
    invented: int
    loop_p99_s: float
    loop_max_s: float
    errors: Mapping[str, Rates]
    troubles: Mapping[str, int]

    @property
    def cpu_per_call_s(self) -> float:
        """CPU seconds for each second of a call, both channels."""
        return self.cpu_s / self.call_s

    @property
    def at_once(self) -> float:
        return self.call_s / self.wall_s


@dataclass(frozen=True)
class Run:
    """What was measured around the calls; the loop's lateness in seconds, one value a timer."""

    guess_model: str
    final_model: str
    cpu_s: float
    wall_s: float
    load: float
    loop_late_s: Sequence[float]
    guesses_dropped: int
    fell_back: int


def live_figures(played: Sequence[Played], run: Run) -> LiveFigures:
    heard = [(each.call, each.hearing()) for each in played]
    channels = [pcm for call, _ in heard for pcm in call.channels.values()]
    return LiveFigures(
        calls=len(played),
        names=[call.name for call, _ in heard],
        guess_model=run.guess_model,
        final_model=run.final_model,
        call_s=sum(call.seconds for call, _ in heard),
        audio_s=sum(len(pcm) for pcm in channels) / RATE_HZ,
        wall_s=run.wall_s,
        cpu_s=run.cpu_s,
        load=run.load,
        guess=_delay(late for each in played for late in word_delays(each.told, "guess")),
        stable=_delay(late for each in played for late in word_delays(each.told, "stable")),
        final=_delay(late for each in played for late in final_delays(each.told)),
        guesses=sum(hearing.guesses for _, hearing in heard),
        guesses_dropped=run.guesses_dropped,
        segments=sum(len(hearing.segments) for _, hearing in heard),
        fell_back=run.fell_back,
        finals_lost=sum(each.finals_lost for each in played),
        turns_lost=sum(len(lost(call, hearing)) for call, hearing in heard),
        invented=sum(len(invented(call, hearing)) for call, hearing in heard),
        loop_p99_s=percentile(run.loop_late_s, 99) or 0.0,
        loop_max_s=max(run.loop_late_s, default=0.0),
        errors=_errors(heard),
        troubles=Counter(
            each.fact.code for one in played for each in one.told if isinstance(each.fact, Trouble)
        ),
    )


def word_delays(told: Sequence[Told], tier: Literal["guess", "stable"]) -> list[float]:
    """Seconds from the end of each word to the first text that reaches as far as it.

    Words and their ends are those of the final text; a text reaches the n-th word when it has n
    units, right or wrong: what is measured is when the agent could read on, not how well.
    """
    kinds = (SpeechStable, SegmentHeard)
    shown: dict[str, list[tuple[float, int]]] = {}
    for at_s, fact in told:
        if isinstance(fact, kinds) or (tier == "guess" and isinstance(fact, SpeechGuessed)):
            shown.setdefault(fact.utterance, []).append((at_s, len(units(fact.text))))
    return [
        # A correction may have made the final text shorter than what was heard.
        next((at_s for at_s, count in shown[fact.utterance] if count > place), final_s)
        - word.end_ms / 1000
        for final_s, fact in told
        if isinstance(fact, SegmentHeard)
        for place, word in enumerate(fact.words)
    ]


def final_delays(told: Sequence[Told]) -> list[float]:
    """Seconds from the end of each utterance, its last speech, to its final text."""
    return [at_s - f.end_ms / 1000 for at_s, f in told if isinstance(f, SegmentHeard)]


def floor_ratio(row: LiveFigures, floor: Sequence[PeerFigures]) -> float | None:
    """CPU of a live row against the cheapest offline floor, both a second of sound.

    None where no floor heard the same calls with the same model.
    """
    ratios: list[float] = []
    for system in {each.system for each in floor}:
        mine = [each for each in floor if (each.system, each.model) == (system, row.final_model)]
        cpu_s = sum(each.cpu_s or 0.0 for each in mine)
        if cpu_s and {each.call for each in mine} == set(row.names):
            ratios.append((row.cpu_s / row.audio_s) / (cpu_s / sum(each.audio_s for each in mine)))
    return max(ratios, default=None)


def _delay(late: Iterable[float]) -> Delay:
    values = list(late)
    return Delay(count=len(values), p50_s=percentile(values, 50), p95_s=percentile(values, 95))


def _errors(heard: Sequence[tuple[ReferenceCall, Hearing]]) -> dict[str, Rates]:
    found: dict[str, Rates] = {}
    for call, hearing in heard:
        for speaker in call.channels:
            strict, numbers = rates(call, speaker, hearing.text(speaker))
            before = found.get(call.lang, Rates(strict=ErrorRate(), numbers=ErrorRate()))
            found[call.lang] = Rates(
                strict=before.strict + strict, numbers=before.numbers + numbers
            )
    return found
