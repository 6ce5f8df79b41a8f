"""What is said about a system that heard a recording: rates, delays, repeats, lost last words.

Pure: text, times and reference go in, figures come out. A peer and the offline floor give the same
row, so that rows of several systems and scripts make one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from assist.audio import RATE_HZ
from assist.events import Speaker
from assist.speech.bench import ReferenceCall, Turn
from assist.speech.score import ErrorRate, edit_distance, error_rate, with_digits
from assist.speech.text import units

_REPEAT_UNITS = 6
_LAST_UNITS = 6
_TAIL_S = 0.5


class Moment(NamedTuple):
    """What a peer showed at `at_s` seconds after the first sample was sent.

    `through_s` is the end, in the recording, of the sound that the peer itself says its timed
    text covers; None where it gave no time.
    """

    at_s: float
    text: str
    through_s: float | None


class ChannelFigures(BaseModel):
    """One channel: `strict` and `numbers` (numbers in one form) are errors against the reference.

    `first_text_s` runs from the beginning of the first turn to the first text; `repeats` are
    stretches that came again though they are not twice in the reference.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    strict: ErrorRate
    numbers: ErrorRate
    repeats: list[str]
    last_words_kept: bool
    first_text_s: float | None = None


class PeerFigures(BaseModel):
    """One row: one system on one recording. Seconds throughout; see each field.

    `audio_s`: sum over channels. `cpu_s`: user and system time of the system's whole process tree
    from the first sample until its last change of text, loading not counted. `delay_p50_s`,
    `delay_p95_s`: from the end of a piece of sound to the arrival of its text, by the system's own
    times. `last_text_s`: from the last sample to the last change of text. `threads`: None where
    the system's own default was left. `load`: the machine's mean over the run's last minute. An
    "unfinished" row holds what had come when the system was stopped.
    """

    model_config = ConfigDict(frozen=True)

    system: str
    version: str = ""
    status: Literal["measured", "unfinished", "not installed", "failed"] = "measured"
    reason: str = ""
    call: str = ""
    model: str = ""
    lang: str = ""
    threads: int | None = None
    load: float | None = None
    audio_s: float = 0.0
    cpu_s: float | None = None
    wall_s: float | None = None
    delay_p50_s: float | None = None
    delay_p95_s: float | None = None
    last_text_s: float | None = None
    channels: Mapping[Speaker, ChannelFigures] = {}

    @property
    def cpu_per_audio_s(self) -> float | None:
        return self.cpu_s / self.audio_s if self.cpu_s is not None and self.audio_s else None


class Report(BaseModel):
    """The JSON document of `scripts/bench_peers --json`: rows in the order they were measured."""

    schema_version: Literal[1] = 1
    cores: int
    rows: list[PeerFigures]


def channel_figures(
    text: str, said: Sequence[Turn], lang: str, moments: Sequence[Moment] = ()
) -> ChannelFigures:
    """Figures of one channel; `said` are its turns."""
    reference = " ".join(turn.text for turn in said)
    first = next((moment.at_s for moment in moments if moment.text.strip()), None)
    begun_s = said[0].start_s if said else 0.0
    return ChannelFigures(
        text=text,
        strict=error_rate(reference, text, lang, strict=True),
        numbers=error_rate(reference, text, lang),
        repeats=repeats(text, reference),
        last_words_kept=last_words_kept(text, reference),
        first_text_s=None if first is None else first - begun_s,
    )


def delays(moments: Sequence[Moment]) -> list[float]:
    """Seconds by which text trailed its sound, each time a channel's timed text reached further."""
    late, through_s = [], 0.0
    for moment in moments:
        if moment.through_s is not None and moment.through_s > through_s:
            through_s = moment.through_s
            late.append(moment.at_s - through_s)
    return late


def percentile(values: Sequence[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None


def last_change(moments: Sequence[Moment]) -> float | None:
    """When the last text came that was other than the one before it."""
    changed = [after.at_s for before, after in pairwise(moments) if before.text != after.text]
    return changed[-1] if changed else moments[0].at_s if moments else None


def repeats(text: str, reference: str) -> list[str]:
    """Stretches of six or more units in `text` that stood there before, in order.

    A unit is a Chinese character, a digit or a word. What is in the reference as often is no
    repeat: people do say things twice. Where such a second saying was misheard, it counts.
    """
    found = units(with_digits(text))
    heard, said = _spelt([unit.folded for unit in found], _folded(reference))
    again: list[str] = []
    at = 0
    while at + _REPEAT_UNITS <= len(heard):
        end = at + _REPEAT_UNITS
        while end <= len(heard) and heard[at:end] in heard[:at]:
            end += 1
        stretch = heard[at : end - 1]
        if len(stretch) >= _REPEAT_UNITS and said.count(stretch) <= heard[:at].count(stretch):
            again.append(_joined([unit.folded for unit in found[at : end - 1]]))
            at = end - 1
        else:
            at += 1
    return again


def last_words_kept(text: str, reference: str) -> bool:
    """Whether half of the reference's last six units are near the end of `text`.

    Half, because a recogniser that mishears one character in four has not lost the words.
    """
    last = _folded(reference)[-_LAST_UNITS:]
    end = _folded(text)[-3 * _LAST_UNITS :]
    windows = [end[at : at + len(last)] for at in range(max(1, len(end) - len(last) + 1))]
    return min(edit_distance(last, window) for window in windows) <= len(last) / 2


def excerpt(call: ReferenceCall, seconds: float) -> ReferenceCall:
    """The call's first `seconds`, cut between turns so that sound and reference agree.

    At most half a second is left behind the last word: as in a call that is hung up.
    """
    kept = [turn for turn in call.turns if turn.end_s <= seconds]
    left = [turn for turn in call.turns if turn.end_s > seconds]
    while kept and left and min(turn.start_s for turn in left) < kept[-1].end_s:
        left.append(kept.pop())
    if not left:
        return call
    end_s = max((turn.end_s for turn in kept), default=0.0)
    end = round(min(end_s + _TAIL_S, *(turn.start_s for turn in left)) * RATE_HZ)
    channels = {speaker: pcm[:end] for speaker, pcm in call.channels.items()}
    return replace(call, turns=tuple(kept), channels=channels)


def _folded(text: str) -> list[str]:
    return [unit.folded for unit in units(with_digits(text))]


def _spelt(*texts: Sequence[str]) -> list[str]:
    """Each unit as one private character, so that a stretch of units is a substring."""
    codes: dict[str, str] = {}
    return [
        "".join(codes.setdefault(unit, chr(0xF0000 + len(codes))) for unit in text)
        for text in texts
    ]


def _joined(parts: Sequence[str]) -> str:
    latin = any(len(part) > 1 for part in parts)
    return (" " if latin else "").join(parts)
