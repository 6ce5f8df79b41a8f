"""Whisper on CTranslate2, decoding no more sound and no more tokens than there are.

The usual wrappers encode 30 s for every step. Here the encoder gets a window of the speech and
a little silence, windows of several speakers go through it together, the agreed prefix is forced
into the decoder, and the token budget follows the seconds of sound. No text of an earlier
utterance is ever carried into the next one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assist.audio import RATE_HZ, Pcm, ms_to_samples
from assist.errors import ModelError
from assist.ports import Decoded, Window
from assist.speech.decoding import (
    NOTHING,
    Attempt,
    DecodeOptions,
    Pass,
    cut,
    is_broken,
    is_silence,
    lost_from_ms,
    loudest_dbfs,
    most_tokens,
    most_units,
    wrote_prompt,
)
from assist.speech.text import (
    ZH_PROMPT,
    loop_start,
    loop_suspected,
    said_twice,
    tidied,
)
from assist.speech.wordtimes import timed_words

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from ctranslate2.models import Whisper
    from faster_whisper.tokenizer import Tokenizer

_FILES = ("model.bin", "config.json", "tokenizer.json")
_REMEDY = "Run `assist models pull`."
_HOP = 160
_CONTEXT_TOKENS = 448
_HINT_TOKENS = 120
_WINDOW_S = 30
_LONGEST_S = 28
LANGUAGES = ("zh", "en")
LANGUAGE_MS = 15_000


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
        workers: int = 1,
        lean_of: Path | None = None,
    ) -> None:
        """`folder` holds a CTranslate2 Whisper; `workers` threads may decode at the same time,
        each with `threads` of its own. `lean_of` is the whole model of which `folder` is a copy
        for fewer languages. Raises ModelError when it is missing or broken.
        """
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
                str(folder),
                device=device,
                compute_type=compute_type,
                intra_threads=threads,
                inter_threads=workers,
            )
            self._raw_tokenizer = RawTokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(
                f"{folder}: speech model {name} cannot be loaded ({error}).", _REMEDY
            ) from error
        self.name = name
        self.workers = workers
        self._options = options or DecodeOptions()
        # CTranslate2 takes a vocabulary that was cut down for an English-only model's.
        self._multilingual = self._model.is_multilingual or lean_of is not None
        self._lean_of = lean_of
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        self._tokenizers: dict[str, Tokenizer] = {}

    def warm_up(self, lang: str) -> None:
        """Pay the first decode's extra cost before a caller has to wait for it."""
        silence = Window(np.zeros(RATE_HZ, dtype=np.float32), lang, final=False)
        self._generate([silence], Attempt(1, self._options.guess_pad_ms, prompted=True))

    def language_of(self, pcm: Pcm, among: Sequence[str] = LANGUAGES) -> str:
        """Which of these languages the first seconds of sound are in, by Whisper's own token."""
        begin = pcm[: LANGUAGE_MS * RATE_HZ // 1000]
        mel = self._mel([begin], self._options.guess_pad_ms)
        found = self._linguist.detect_language(mel)[0]
        ranked = {token.strip("<|>"): odds for token, odds in found}
        return max(among, key=lambda lang: ranked.get(lang, 0.0))

    @cached_property
    def _linguist(self) -> Whisper:
        """The model that tells languages, loaded when the first call asks for it."""
        import ctranslate2

        if self._lean_of is None:
            return self._model
        return ctranslate2.models.Whisper(
            str(self._lean_of), device=self._model.device, compute_type=self._model.compute_type
        )

    def decode(self, pcm: Pcm, *, lang: str, prefix: str = "", final: bool) -> Decoded:
        """One window alone; see `decode_batch`."""
        return self.decode_batch([Window(pcm, lang, final=final, prefix=prefix)])[0]

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        """See `ports.SpeechEngine.decode_batch`; a guess is greedy, a final takes the beam.

        At most 28 s of sound: a longer stretch raises ModelError rather than lose its end.
        """
        for window in windows:
            if len(window.pcm) > _LONGEST_S * RATE_HZ:
                raise ModelError(
                    f"{len(window.pcm) / RATE_HZ:.0f} s of sound at once; at most {_LONGEST_S} s "
                    "are heard.",
                    "Cut the sound into utterances first.",
                )
        begun = time.perf_counter()
        heard = [replace(NOTHING, text=window.prefix) for window in windows]
        loud = [
            at for at, each in enumerate(windows)
            if loudest_dbfs(each.pcm) >= self._options.floor_dbfs
        ]  # fmt: skip
        for final in (False, True):
            chosen = [at for at in loud if windows[at].final == final]
            if chosen:
                decode = self._finals if final else self._guesses
                for at, passed in zip(chosen, decode([windows[at] for at in chosen]), strict=True):
                    silent = is_silence(passed, self._options)
                    heard[at] = (
                        replace(passed, text=windows[at].prefix, words=()) if silent else passed
                    )
        decode_ms = (time.perf_counter() - begun) * 1000 / max(1, len(windows))
        return [
            Decoded(each.text, each.confidence, each.no_speech, self.name, decode_ms, each.words)
            for each in heard
        ]

    def _guesses(self, windows: Sequence[Window]) -> list[Pass]:
        """One greedy pass; a loop is cut after its first round, the next guess is near anyway.

        Without the prompt: Whisper echoes it into the first half second of speech, and greedy
        decoding of telephone sound is 2 points better without.
        """
        passes = self._generate(windows, Attempt(1, self._options.guess_pad_ms, prompted=False))
        heard: list[Pass] = []
        for window, each in zip(windows, passes, strict=True):
            most = most_units(window.pcm, self._options)
            text = cut(each.text, most, loop_suspected(each.text))
            kept = text if text.startswith(window.prefix) else window.prefix
            heard.append(replace(each, text=kept))
        return heard

    def _finals(self, windows: Sequence[Window]) -> list[Pass]:
        options = self._options
        passes = self._generate(
            windows, Attempt(options.beam, options.final_pad_ms, prompted=True), timed=True
        )
        return [self._mended(window, first) for window, first in zip(windows, passes, strict=True)]

    def _mended(self, window: Window, heard: Pass) -> Pass:
        """A second try behind more silence where the first may have looped or echoed the prompt; a
        third that cannot loop where it did again. What it stopped short of is decoded by itself."""
        options = self._options
        most = most_units(window.pcm, options)
        broken = is_broken(heard, most, window.hotwords)
        if not broken and loop_suspected(heard.text) is None:
            end_ms = lost_from_ms(heard, window.pcm, options)
            return heard if end_ms is None else self._with_rest(window, heard, end_ms)
        prompted = not wrote_prompt(heard, window.hotwords)
        second = Attempt(options.beam, options.retry_pad_ms, prompted)
        heard = self._generate([window], second, timed=True)[0]
        if not is_broken(heard, most, window.hotwords):
            return replace(heard, text=heard.text[: said_twice(heard.text)])
        third = replace(second, prompted=False, no_repeat=3)
        heard = self._generate([window], third, timed=True)[0]
        return replace(heard, text=cut(heard.text, most, loop_start(heard.text)))

    def _with_rest(self, window: Window, heard: Pass, end_ms: int) -> Pass:
        """More silence does not help where the decoder stopped at a pause; a fresh start does."""
        options = self._options
        rest = replace(window, pcm=window.pcm[ms_to_samples(end_ms) :], prefix="")
        attempt = Attempt(options.beam, options.final_pad_ms, prompted=True)
        found = self._generate([rest], attempt, timed=True)[0]
        most = most_units(rest.pcm, options)
        useless = is_broken(found, most, rest.hotwords) or is_silence(found, options)
        if useless or not found.text or found.confidence < options.rest_confidence:
            return heard
        later = (
            replace(word, start_ms=word.start_ms + end_ms, end_ms=word.end_ms + end_ms)
            for word in found.words
        )
        return replace(
            heard,
            text=tidied(f"{heard.text} {found.text}", window.lang),
            confidence=min(heard.confidence, found.confidence),
            words=(*heard.words, *later),
        )

    def _generate(
        self, windows: Sequence[Window], attempt: Attempt, timed: bool = False
    ) -> list[Pass]:
        """One run of encoder and decoder over windows of one language (the first one's)."""
        lang = windows[0].lang
        tokenizer = self._tokenizer(lang)
        hints = [_hint(window) if attempt.prompted else "" for window in windows]
        prompts = self._prompts(tokenizer, hints)
        forced = [self._forced(tokenizer, window) for window in windows]
        budgets = [most_tokens(window.pcm, self._options) for window in windows]
        longest = max(
            max(2 * budget, len(prompt) + len(prefix) + budget)
            for budget, prompt, prefix in zip(budgets, prompts, forced, strict=True)
        )
        features = self._model.encode(self._mel([each.pcm for each in windows], attempt.pad_ms))
        results = self._model.generate(
            features,
            [prompt + prefix for prompt, prefix in zip(prompts, forced, strict=True)],
            beam_size=attempt.beam,
            # CTranslate2 gives half of it to new tokens, and never more than the prompt leaves.
            max_length=min(longest, _CONTEXT_TOKENS),
            return_scores=True,
            return_no_speech_prob=True,
            # With forced tokens the decoder must be free to stop at once.
            suppress_blank=not any(forced),
            suppress_tokens=[-1],
            no_repeat_ngram_size=attempt.no_repeat,
        )
        # Forced tokens are part of the answer.
        tokens = [
            [token for token in result.sequences_ids[0] if token < tokenizer.eot]
            for result in results
        ]
        words = self._words(features, windows, tokens, tokenizer) if timed else [()] * len(tokens)
        return [
            Pass(
                text=tidied(tokenizer.decode(tokens[at]), lang),
                confidence=min(1.0, math.exp(result.scores[0])),
                no_speech=result.no_speech_prob,
                ran_out=len(tokens[at]) - len(forced[at]) >= budgets[at] - 1,
                words=words[at],
            )
            for at, result in enumerate(results)
        ]

    def _words(
        self,
        features: StorageView,
        windows: Sequence[Window],
        tokens: Sequence[list[int]],
        tokenizer: Tokenizer,
    ):
        """Times and confidence of each window's words, from the features already encoded."""
        frames = int(features.shape[1]) * 2
        aligned = self._model.align(
            features,
            list(tokenizer.sot_sequence),
            list(tokens),
            [min(frames, len(window.pcm) // _HOP + 1) for window in windows],
            median_filter_width=7,
        )
        return [
            timed_words(each, found, tokenizer) for each, found in zip(tokens, aligned, strict=True)
        ]

    def _mel(self, sounds: Sequence[Pcm], pad_ms: int) -> StorageView:
        """Log-mel windows, shape (n, mels, frames), frames even: all as long as the longest sound
        with its padding; shorter ones have more silence behind them."""
        import ctranslate2

        samples = max(len(pcm) for pcm in sounds) + ms_to_samples(pad_ms)
        samples = min(samples - samples % (2 * _HOP), _WINDOW_S * RATE_HZ)
        mels: list[NDArray[np.float32]] = []
        for pcm in sounds:
            padded = np.zeros(samples, dtype=np.float32)
            padded[: len(pcm)] = pcm
            mels.append(self._features(padded, padding=0))
        return ctranslate2.StorageView.from_array(
            np.ascontiguousarray(np.stack(mels), dtype=np.float32)
        )

    def _forced(self, tokenizer: Tokenizer, window: Window) -> list[int]:
        if not window.prefix:
            return []
        spaced = window.prefix if window.lang == "zh" else " " + window.prefix
        return tokenizer.encode(spaced)

    def _prompts(self, tokenizer: Tokenizer, hints: Sequence[str]) -> list[list[int]]:
        """One prompt a window, all of one length, as CTranslate2 wants them in a batch: a shorter
        hint is said again from its beginning."""
        coded = [tokenizer.encode(hint)[:_HINT_TOKENS] for hint in hints]
        longest = max(coded, key=len)
        task = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if not longest:
            return [task] * len(hints)
        filled = (islice(cycle(each or longest), len(longest)) for each in coded)
        return [[tokenizer.sot_prev, *each, *task] for each in filled]

    def _tokenizer(self, lang: str) -> Tokenizer:
        from faster_whisper.tokenizer import Tokenizer

        if lang not in self._tokenizers:
            self._tokenizers[lang] = Tokenizer(
                self._raw_tokenizer, self._multilingual, "transcribe", lang
            )
        return self._tokenizers[lang]


def _hint(window: Window) -> str:
    """What the decoder is told before it hears: how to write, and what to expect."""
    if window.lang == "zh":
        return ZH_PROMPT + ("、".join(window.hotwords) + "。" if window.hotwords else "")
    return f" {', '.join(window.hotwords)}." if window.hotwords else ""
