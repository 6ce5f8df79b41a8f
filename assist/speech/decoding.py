"""How Whisper decodes one window: the options, and the judgement on what came out.

Pure: no model is loaded here and no sound is decoded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assist.audio import RATE_HZ, Pcm, samples_to_ms
from assist.ports import TimedWord
from assist.speech.text import echoes_prompt, loop_start, recites, units


@dataclass(frozen=True)
class DecodeOptions:
    """How one window is decoded: unit and consequence beside each value."""

    beam: int = 5
    """Beams of a final. 1 halves its cost and adds about 1.5 points of character error."""

    guess_pad_ms: int = 600
    """ms of silence behind the speech of a guess. Below 500 the decoder loops; more costs encoder
    time."""

    final_pad_ms: int = 1_500
    """ms of silence behind the speech of a final. 4000 costs a tenth more and is a point of
    character error worse; with 1000 more finals loop and are decoded again."""

    retry_pad_ms: int = 9_000
    """ms of silence behind the speech in the second try, after a loop."""

    lost_end_ms: int = 1_500
    """ms of sound behind the last word heard. More than that is decoded once more by itself: the
    decoder may have stopped at a pause. Lower decodes silence in vain."""

    rest_confidence: float = 0.45
    """0..1. Below this, what such a rest gave is thrown away: breath and other people's voices."""

    tokens_per_s: float = 10.0
    """Tokens per second of sound, above the fastest speech (about 8). Bounds a loop's cost."""

    tokens_extra: int = 6
    """Tokens on top of that, so that a single short word always fits."""

    units_per_s: float = 11.0
    """Characters (zh) or words per second no speaker exceeds; faster text counts as a loop."""

    floor_dbfs: float = -62.0
    """dBFS of the loudest 100 ms. Softer sound is not decoded at all: its text is empty."""

    no_speech: float = 0.6
    """0..1. Above this, and below `no_speech_confidence`, the text is thrown away."""

    no_speech_confidence: float = 0.37
    """0..1 (e to the power of -1, Whisper's own rule)."""

    noise: float = 0.3
    """0..1, as `no_speech`, for text below `noise_confidence`: what noise, music and tones make
    Whisper write ("you", "字幕") stays below 0.22."""

    noise_confidence: float = 0.22
    """0..1. Higher throws away soft and short real words."""


@dataclass(frozen=True)
class Attempt:
    """How one run of the decoder is made; `no_repeat`: no run of so many tokens comes twice."""

    beam: int
    pad_ms: int
    prompted: bool
    no_repeat: int = 0


@dataclass(frozen=True)
class Pass:
    """What one run of the decoder gave; `ran_out`: its token budget ended it, not the model."""

    text: str
    confidence: float
    no_speech: float
    ran_out: bool
    words: tuple[TimedWord, ...] = ()


NOTHING = Pass("", confidence=0.0, no_speech=1.0, ran_out=False)


def loudest_dbfs(pcm: Pcm) -> float:
    """Level of the loudest 100 ms."""
    whole = pcm[: len(pcm) - len(pcm) % _STEP].reshape(-1, _STEP)
    rest = pcm[len(whole) * _STEP :]
    levels = [*np.mean(np.square(whole), axis=1), np.mean(np.square(rest)) if len(rest) else 0.0]
    return 10 * math.log10(max(levels) + 1e-12)


_STEP = RATE_HZ // 10


def is_silence(heard: Pass, options: DecodeOptions) -> bool:
    """Whisper's own rule for text that nobody spoke, and a second one for noise and tones."""
    return any(
        heard.confidence < confidence and heard.no_speech > no_speech
        for confidence, no_speech in (
            (options.no_speech_confidence, options.no_speech),
            (options.noise_confidence, options.noise),
        )
    )


def most_units(pcm: Pcm, options: DecodeOptions) -> float:
    """Characters or words that the sound can carry at most."""
    return 4 + options.units_per_s * len(pcm) / RATE_HZ


def most_tokens(pcm: Pcm, options: DecodeOptions) -> int:
    return options.tokens_extra + math.ceil(options.tokens_per_s * len(pcm) / RATE_HZ)


def is_broken(heard: Pass, most: float, hotwords: Sequence[str] = ()) -> bool:
    """Whether the decoder looped, ran away or wrote its prompt."""
    return (
        heard.ran_out
        or len(units(heard.text)) > most
        or loop_start(heard.text) is not None
        or wrote_prompt(heard, hotwords)
    )


def wrote_prompt(heard: Pass, hotwords: Sequence[str]) -> bool:
    return echoes_prompt(heard.text) or recites(heard.text, hotwords)


def lost_from_ms(heard: Pass, pcm: Pcm, options: DecodeOptions) -> int | None:
    """Where the decoder seems to have stopped although the sound went on, ms of the window."""
    spoken = [word.end_ms for word in heard.words if units(word.text)]
    if not spoken or samples_to_ms(len(pcm)) - max(spoken) <= options.lost_end_ms:
        return None
    return max(spoken)


def cut(text: str, most: float, loop_at: int | None) -> str:
    """The part of `text` before it loops, and no more of it than the sound could carry."""
    text = text if loop_at is None else text[:loop_at]
    found = units(text)
    return text if len(found) <= most else text[: found[int(most)].start]
