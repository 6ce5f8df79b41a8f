"""Whisper on CTranslate2, decoding no more sound and no more tokens than there are.

The usual wrappers encode 30 s for every step. Here the encoder gets a window of the speech and
a little silence, the agreed prefix is forced into the decoder, and the token budget follows the
seconds of sound. No text of an earlier utterance is ever carried into the next one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assist.audio import RATE_HZ, Pcm, ms_to_samples
from assist.errors import ModelError
from assist.ports import Decoded
from assist.speech.text import (
    ZH_PROMPT,
    echoes_prompt,
    loop_start,
    loop_suspected,
    said_twice,
    tidied,
    units,
)

if TYPE_CHECKING:
    from ctranslate2.models import Whisper, WhisperGenerationResult
    from faster_whisper.tokenizer import Tokenizer

_FILES = ("model.bin", "config.json", "tokenizer.json")
_REMEDY = "Run `assist models pull`."
_HOP = 160
_CONTEXT_TOKENS = 448
_WINDOW_S = 30
_LONGEST_S = 28
LANGUAGES = ("zh", "en")
LANGUAGE_MS = 15_000


@dataclass(frozen=True)
class DecodeOptions:
    """How one window is decoded: unit and consequence beside each value."""

    beam: int = 5
    """Beams of a final. 1 halves its cost and adds about 1.5 points of character error."""

    guess_pad_ms: int = 1_000
    """ms of silence behind the speech of a guess. Below 500 the decoder loops; more costs encoder
    time."""

    final_pad_ms: int = 4_000
    """ms of silence behind the speech of a final. Its encoder time is earned back: with 1000 one
    final in five loops and is decoded again."""

    retry_pad_ms: int = 9_000
    """ms of silence behind the speech in the second try, after a loop."""

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
class _Attempt:
    """How one run of the decoder is made; `no_repeat`: no run of so many tokens comes twice."""

    beam: int
    pad_ms: int
    prompted: bool
    no_repeat: int = 0


@dataclass(frozen=True)
class _Pass:
    """What one run of the decoder gave; `ran_out`: its token budget ended it, not the model."""

    text: str
    confidence: float
    no_speech: float
    ran_out: bool


class WhisperEngine:
    """A `ports.SpeechEngine`: one model, shared by all calls."""

    def __init__(
        self,
        folder: Path,
        name: str,
        threads: int,
        options: DecodeOptions | None = None,
        device: str = "cpu",
        compute_type: str = "int8",
    ) -> None:
        """`folder` holds a CTranslate2 Whisper. Raises ModelError when it is missing or broken."""
        missing = [file for file in _FILES if not (folder / file).is_file()]
        if missing:
            raise ModelError(
                f"{folder}: speech model {name} is not there, {', '.join(missing)} missing.",
                _REMEDY,
            )
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor
        from tokenizers import Tokenizer as RawTokenizer

        try:
            self._model: Whisper = ctranslate2.models.Whisper(
                str(folder), device=device, compute_type=compute_type, intra_threads=threads
            )
            self._raw_tokenizer = RawTokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(
                f"{folder}: speech model {name} cannot be loaded ({error}).", _REMEDY
            ) from error
        self.name = name
        self._options = options or DecodeOptions()
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        self._tokenizers: dict[str, Tokenizer] = {}

    def warm_up(self, lang: str) -> None:
        """Pay the first decode's extra cost before a caller has to wait for it."""
        silence = np.zeros(RATE_HZ, dtype=np.float32)
        self._generate(silence, lang, "", _Attempt(1, self._options.guess_pad_ms, prompted=True))

    def language_of(self, pcm: Pcm, among: Sequence[str] = LANGUAGES) -> str:
        """Which of these languages the first seconds of sound are in, by Whisper's own token."""
        import ctranslate2

        begin = pcm[: LANGUAGE_MS * RATE_HZ // 1000]
        mel = ctranslate2.StorageView.from_array(self._mel(begin, self._options.guess_pad_ms))
        ranked = {token.strip("<|>"): odds for token, odds in self._model.detect_language(mel)[0]}
        return max(among, key=lambda lang: ranked.get(lang, 0.0))

    def decode(self, pcm: Pcm, *, lang: str, prefix: str = "", final: bool) -> Decoded:
        """See `ports.SpeechEngine.decode`; a guess is greedy, a final takes the beam.

        At most 28 s of sound: a longer stretch raises ModelError rather than lose its end.
        """
        if len(pcm) > _LONGEST_S * RATE_HZ:
            raise ModelError(
                f"{len(pcm) / RATE_HZ:.0f} s of sound at once; at most {_LONGEST_S} s are heard.",
                "Cut the sound into utterances first.",
            )
        begun = time.perf_counter()
        heard = _Pass(prefix, confidence=0.0, no_speech=1.0, ran_out=False)
        if _loudest_dbfs(pcm) >= self._options.floor_dbfs:
            heard = (self._final if final else self._guess)(pcm, lang, prefix)
            if self._is_silence(heard):
                heard = replace(heard, text=prefix)
        decode_ms = (time.perf_counter() - begun) * 1000
        return Decoded(heard.text, heard.confidence, heard.no_speech, self.name, decode_ms)

    def _guess(self, pcm: Pcm, lang: str, prefix: str) -> _Pass:
        """One greedy pass; a loop is cut after its first round, the next guess is near anyway.

        Without the prompt: Whisper echoes it into the first half second of speech, and greedy
        decoding of telephone sound is 2 points better without.
        """
        heard = self._generate(pcm, lang, prefix, _Attempt(1, self._options.guess_pad_ms, False))
        text = _cut(heard.text, self._most_units(pcm), loop_suspected(heard.text))
        return replace(heard, text=text if text.startswith(prefix) else prefix)

    def _final(self, pcm: Pcm, lang: str, prefix: str) -> _Pass:
        """A beam; a second try behind more silence where it may have looped or echoed the prompt;
        a third that cannot loop where it did again."""
        options = self._options
        most_units = self._most_units(pcm)
        first = _Attempt(options.beam, options.final_pad_ms, True)
        heard = self._generate(pcm, lang, prefix, first)
        if not _broken(heard, most_units) and loop_suspected(heard.text) is None:
            return heard
        prompted = not echoes_prompt(heard.text)
        second = _Attempt(options.beam, options.retry_pad_ms, prompted)
        heard = self._generate(pcm, lang, prefix, second)
        if not _broken(heard, most_units):
            return replace(heard, text=heard.text[: said_twice(heard.text)])
        heard = self._generate(pcm, lang, prefix, replace(second, prompted=False, no_repeat=3))
        return replace(heard, text=_cut(heard.text, most_units, loop_start(heard.text)))

    def _most_units(self, pcm: Pcm) -> float:
        return 4 + self._options.units_per_s * len(pcm) / RATE_HZ

    def _generate(self, pcm: Pcm, lang: str, prefix: str, attempt: _Attempt) -> _Pass:
        import ctranslate2

        tokenizer = self._tokenizer(lang)
        prompt = self._prompt(tokenizer, lang, attempt.prompted)
        forced = tokenizer.encode(prefix if lang == "zh" else " " + prefix) if prefix else []
        most_tokens = self._options.tokens_extra + math.ceil(
            self._options.tokens_per_s * len(pcm) / RATE_HZ
        )
        result: WhisperGenerationResult = self._model.generate(
            ctranslate2.StorageView.from_array(self._mel(pcm, attempt.pad_ms)),
            [prompt + forced],
            beam_size=attempt.beam,
            # CTranslate2 gives half of it to new tokens, and never more than the prompt leaves.
            max_length=min(
                max(2 * most_tokens, len(prompt) + len(forced) + most_tokens), _CONTEXT_TOKENS
            ),
            return_scores=True,
            return_no_speech_prob=True,
            # With forced tokens the decoder must be free to stop at once.
            suppress_blank=not forced,
            suppress_tokens=[-1],
            no_repeat_ngram_size=attempt.no_repeat,
        )[0]
        # Forced tokens are part of the answer.
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        return _Pass(
            text=tidied(tokenizer.decode(tokens), lang),
            confidence=min(1.0, math.exp(result.scores[0])),
            no_speech=result.no_speech_prob,
            ran_out=len(tokens) - len(forced) >= most_tokens - 1,
        )

    def _mel(self, pcm: Pcm, pad_ms: int) -> NDArray[np.float32]:
        """Log-mel window of the sound and its padding, shape (1, mels, frames), frames even."""
        samples = len(pcm) + ms_to_samples(pad_ms)
        samples = min(samples - samples % (2 * _HOP), _WINDOW_S * RATE_HZ)
        padded = np.zeros(samples, dtype=np.float32)
        padded[: len(pcm)] = pcm
        mel = self._features(padded, padding=0)
        return np.ascontiguousarray(mel[None, :, :], dtype=np.float32)

    def _is_silence(self, heard: _Pass) -> bool:
        options = self._options
        return any(
            heard.confidence < confidence and heard.no_speech > no_speech
            for confidence, no_speech in (
                (options.no_speech_confidence, options.no_speech),
                (options.noise_confidence, options.noise),
            )
        )

    def _prompt(self, tokenizer: Tokenizer, lang: str, prompted: bool) -> list[int]:
        before: list[int] = []
        if prompted and lang == "zh":
            before = [tokenizer.sot_prev, *tokenizer.encode(ZH_PROMPT)]
        return [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]

    def _tokenizer(self, lang: str) -> Tokenizer:
        from faster_whisper.tokenizer import Tokenizer

        if lang not in self._tokenizers:
            self._tokenizers[lang] = Tokenizer(
                self._raw_tokenizer, self._model.is_multilingual, "transcribe", lang
            )
        return self._tokenizers[lang]


def _loudest_dbfs(pcm: Pcm) -> float:
    """Level of the loudest 100 ms."""
    step = RATE_HZ // 10
    levels = [float(np.mean(np.square(pcm[at : at + step]))) for at in range(0, len(pcm), step)]
    return 10 * math.log10(max(levels, default=0.0) + 1e-12)


def _broken(heard: _Pass, most_units: float) -> bool:
    return (
        heard.ran_out
        or len(units(heard.text)) > most_units
        or loop_start(heard.text) is not None
        or echoes_prompt(heard.text)
    )


def _cut(text: str, most_units: float, loop_at: int | None) -> str:
    """The part of `text` before it loops, and no more of it than the sound could carry."""
    text = text if loop_at is None else text[:loop_at]
    found = units(text)
    return text if len(found) <= most_units else text[: found[int(most_units)].start]
