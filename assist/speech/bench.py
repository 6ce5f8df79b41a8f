"""How well and how dearly recorded calls are heard: the figures of `scripts/bench_speech`.

A call is a two-channel recording with a JSON reference beside it (turns: speaker, start and end
in seconds, text). Costs are this process's CPU seconds, so that other work on the machine does
not count; the wall clock is given too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import soxr

from assist.audio import RATE_HZ, AudioChunk, Pcm, Recording, read_recording
from assist.errors import AudioError
from assist.events import Fact, SegmentHeard, Speaker, SpeechDropped
from assist.ports import SpeechEngine
from assist.speech.domain.lexicon import Lexicon, folded
from assist.speech.domain.lexicon_file import EDITED
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.score import ErrorRate, error_rate
from assist.speech.scribe import Scribe
from assist.speech.utterance import Guess
from assist.speech.vad import Vad

if TYPE_CHECKING:
    from rich.table import Table

_CHUNK = RATE_HZ // 10
_SLACK_S = 0.3


@dataclass(frozen=True)
class Turn:
    speaker: Speaker
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class ReferenceCall:
    """`channels` are at 16 kHz, in the order of `speakers`; `guide` is what `decisive_turn` opens,
    "" where nothing fits."""

    name: str
    lang: str
    turns: tuple[Turn, ...]
    channels: Mapping[Speaker, Pcm]
    guide: str = ""
    decisive_turn: int = 0

    @property
    def seconds(self) -> float:
        return max(len(pcm) for pcm in self.channels.values()) / RATE_HZ

    @property
    def opens_ms(self) -> float | None:
        """The end of the decisive turn; None where nothing fits, or the call was cut before it."""
        if not self.guide or self.decisive_turn >= len(self.turns):
            return None
        return self.turns[self.decisive_turn].end_s * 1000

    def sound_of(self, turn: Turn) -> Pcm:
        return self.channels[turn.speaker][int(turn.start_s * RATE_HZ) : int(turn.end_s * RATE_HZ)]

    def said(self, speaker: Speaker) -> list[Turn]:
        return [turn for turn in self.turns if turn.speaker == speaker]


@dataclass
class Hearing:
    """What came of a call; `cpu_s` and `wall_s` by kind of work: vad, guess, final."""

    segments: list[SegmentHeard] = field(default_factory=list)
    dropped: list[SpeechDropped] = field(default_factory=list)
    guesses: int = 0
    cpu_s: dict[str, float] = field(default_factory=dict)
    wall_s: dict[str, float] = field(default_factory=dict)

    def text(self, speaker: Speaker) -> str:
        mine = [segment for segment in self.segments if segment.speaker == speaker]
        return " ".join(segment.text for segment in sorted(mine, key=lambda each: each.start_ms))


def load_call(path: Path) -> ReferenceCall:
    """Raises AudioError when recording or reference cannot be read."""
    recording: Recording = read_recording(path)
    reference = path.with_suffix(".json")
    try:
        call = json.loads(reference.read_text(encoding="utf-8"))
        turns = tuple(
            Turn(turn["speaker"], turn["start"], turn["end"], turn["text"])
            for turn in call["turns"]
        )
    except (OSError, ValueError, KeyError) as error:
        raise AudioError(
            f"{reference}: no usable reference beside the recording ({error!r}).",
            "Give a recording with its JSON reference.",
        ) from error
    names = recording.speakers
    resampled = (soxr.resample(pcm, recording.rate_hz, RATE_HZ) for pcm in recording.channels)
    return ReferenceCall(
        path.stem,
        call["lang"],
        turns,
        dict(zip(names, resampled, strict=True)),
        call.get("scenario") or "",
        call.get("decisive_turn") or 0,
    )


def hear(
    call: ReferenceCall,
    vad: Vad,
    final: SpeechEngine,
    guess: SpeechEngine | None = None,
    options: ListenOptions | None = None,
    scribe: Scribe | None = None,
) -> Hearing:
    """The call as it would be heard live, channels side by side in 100 ms chunks.

    `scribe` brings the domain words: as hints, from the end of the decisive turn on those of the
    call's guide, and as corrections.
    """
    options = options or ListenOptions()
    listeners = {
        speaker: Listener(speaker[0], speaker, vad, options, call.lang, scribe)
        for speaker in call.channels
    }
    hearing = Hearing()
    opens_ms = call.opens_ms
    for speaker, chunk in chunks(call):
        listener = listeners[speaker]
        if opens_ms is not None and chunk is not None and chunk.end_ms >= opens_ms:
            opens_ms = None
            for each in listeners.values():
                each.expect([call.guide])
        with _Clock(hearing, "vad"):
            due = listener.finish() if chunk is None else listener.accept(chunk)
        _note(hearing, listener.take_ready())
        for each in due:
            engine = guess if isinstance(each, Guess) else final
            if engine is None:
                continue
            with _Clock(hearing, "guess" if isinstance(each, Guess) else "final"):
                (decoded,) = engine.decode_batch([each.window(call.lang)])
            hearing.guesses += isinstance(each, Guess)
            _note(hearing, listener.take(each, decoded))
    return hearing


def _note(hearing: Hearing, facts: Sequence[Fact]) -> None:
    hearing.segments += [fact for fact in facts if isinstance(fact, SegmentHeard)]
    hearing.dropped += [fact for fact in facts if isinstance(fact, SpeechDropped)]


def cut_at_turns(call: ReferenceCall, engine: SpeechEngine, speaker: Speaker) -> str:
    """The floor: one offline pass over each turn as the reference cuts it."""
    return " ".join(
        engine.decode(
            call.sound_of(turn),
            lang=call.lang,
            final=True,
        ).text
        for turn in call.said(speaker)
    )


def rates(call: ReferenceCall, speaker: Speaker, heard: str) -> tuple[ErrorRate, ErrorRate]:
    """Strict, and with numbers in one form."""
    said = " ".join(turn.text for turn in call.said(speaker))
    return (
        error_rate(said, heard, call.lang, strict=True),
        error_rate(said, heard, call.lang),
    )


def invented(call: ReferenceCall, hearing: Hearing) -> list[SegmentHeard]:
    """Segments during which, by the reference, that speaker said nothing."""
    return [
        segment
        for segment in hearing.segments
        if not any(
            segment.start_ms / 1000 < turn.end_s + _SLACK_S
            and segment.end_ms / 1000 > turn.start_s - _SLACK_S
            for turn in call.said(segment.speaker)
        )
    ]


def lost(call: ReferenceCall, hearing: Hearing) -> list[Turn]:
    """Turns whose last half second no segment reaches."""
    return [
        turn
        for turn in call.turns
        if not any(
            segment.speaker == turn.speaker
            and segment.start_ms / 1000 < turn.end_s
            and segment.end_ms / 1000 > turn.end_s - 0.5
            for segment in hearing.segments
        )
    ]


class Terms(NamedTuple):
    """Domain words of the editors: said, wrong when cut at turns, wrong as listened."""

    said: int = 0
    floor: int = 0
    listened: int = 0

    @classmethod
    def of(cls, lexicon: Lexicon, lang: str, texts: tuple[str, str, str]) -> Terms:
        """`texts` are those three: reference, floor, listened."""
        found = [
            [folded(text).count(term.folded) for text in texts]
            for term in lexicon.of(lang)
            if term.source == EDITED
        ]
        wrong = [sum(max(0, each[0] - each[at]) for each in found) for at in (1, 2)]
        return cls(sum(said for said, *_ in found), *wrong)


@dataclass(frozen=True)
class Figures:
    """One call, one final model; error rates are strict and with numbers in one form."""

    call: str
    lang: str
    seconds: float
    model: str
    listened: Mapping[Speaker, tuple[ErrorRate, ErrorRate]]
    floor: Mapping[Speaker, tuple[ErrorRate, ErrorRate]]
    hearing: Hearing
    invented: list[SegmentHeard]
    lost: list[Turn]
    terms: Terms

    @property
    def real_time_factor(self) -> float:
        """Wall seconds of one thread per second of call, all work one after the other."""
        return sum(self.hearing.wall_s.values()) / self.seconds


def measure(
    call: ReferenceCall,
    vad: Vad,
    final: SpeechEngine,
    guess: SpeechEngine | None,
    scribe: Scribe | None = None,
) -> Figures:
    hearing = hear(call, vad, final, guess, scribe=scribe)
    floor: dict[Speaker, str] = {each: cut_at_turns(call, final, each) for each in call.channels}
    said = " ".join(turn.text for turn in call.turns)
    listened = " ".join(hearing.text(each) for each in call.channels)
    lexicon = scribe.lexicon if scribe else Lexicon()
    return Figures(
        call=call.name,
        lang=call.lang,
        seconds=call.seconds,
        model=final.name,
        listened={each: rates(call, each, hearing.text(each)) for each in call.channels},
        floor={each: rates(call, each, text) for each, text in floor.items()},
        hearing=hearing,
        invented=invented(call, hearing),
        lost=lost(call, hearing),
        terms=Terms.of(lexicon, call.lang, (said, " ".join(floor.values()), listened)),
    )


def table(rows: Sequence[Figures]) -> Table:
    """One line a call and model, one for all calls of a language and model."""
    from rich.table import Table

    shown = Table(caption="error rates: strict / numbers in one form, percent")
    for column in (
        "call", "model", "customer", "cut at turns", "agent", "cut at turns",
        "domain words", "wrong at turns", "wrong",
        "CPU s/s: vad", "guess", "final", "real time", "guesses", "invented", "lost",
    ):  # fmt: skip
        shown.add_column(column, justify="left" if column in ("call", "model") else "right")
    for row in rows:
        shown.add_row(
            row.call, row.model, *_rate_cells([row]), *map(str, row.terms), *_cost_cells(row)
        )
    shown.add_section()
    for lang, model in sorted({(row.lang, row.model) for row in rows}):
        mine = [row for row in rows if (row.lang, row.model) == (lang, model)]
        terms = (str(sum(each)) for each in zip(*(row.terms for row in mine), strict=True))
        shown.add_row(f"all {lang}", model, *_rate_cells(mine), *terms)
    return shown


def _rate_cells(rows: Sequence[Figures]) -> list[str]:
    cells = []
    for speaker in ("customer", "agent"):
        for which in ("listened", "floor"):
            pairs = [getattr(row, which)[speaker] for row in rows]
            strict, normal = (sum((pair[at] for pair in pairs), ErrorRate()) for at in (0, 1))
            cells.append(f"{strict.percent:.1f} / {normal.percent:.1f}")
    return cells


def _cost_cells(row: Figures) -> list[str]:
    cpu = (row.hearing.cpu_s.get(kind, 0.0) / row.seconds for kind in ("vad", "guess", "final"))
    counts = (row.hearing.guesses, len(row.invented), len(row.lost))
    return [*(f"{each:.3f}" for each in cpu), f"{row.real_time_factor:.2f}", *map(str, counts)]


def chunks(call: ReferenceCall) -> Iterator[tuple[Speaker, AudioChunk | None]]:
    """100 ms of each channel after the other, as a line brings them; None ends a channel."""
    longest = max(len(pcm) for pcm in call.channels.values())
    for at in range(0, longest, _CHUNK):
        for speaker, pcm in call.channels.items():
            yield speaker, AudioChunk(speaker, round(at * 1000 / RATE_HZ), pcm[at : at + _CHUNK])
    for speaker in call.channels:
        yield speaker, None


class _Clock:
    """Adds the CPU and wall seconds of a block to a hearing's account."""

    def __init__(self, hearing: Hearing, kind: str) -> None:
        self._hearing = hearing
        self._kind = kind

    def __enter__(self) -> None:
        self._begun = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        cpu_s = time.process_time() - self._begun[0]
        wall_s = time.perf_counter() - self._begun[1]
        account = self._hearing
        account.cpu_s[self._kind] = account.cpu_s.get(self._kind, 0.0) + cpu_s
        account.wall_s[self._kind] = account.wall_s.get(self._kind, 0.0) + wall_s
