"""Times a model's encoder and decoder on this machine, for `costs` to reckon with.

Runs CTranslate2 directly, so that exactly one encoder pass or a fixed number of tokens is timed.
Its clock is the measurement itself; nothing in a call depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assist.audio import RATE_HZ, Pcm
from assist.errors import ModelError
from assist.speech.compute import Compute
from assist.speech.costs import BEAM, FINAL_PAD_S, FINAL_S, GUESS_WINDOW_S, Cost

if TYPE_CHECKING:
    from ctranslate2 import StorageView

LEAST_SOUND_S = FINAL_S + FINAL_PAD_S
"""Seconds of sound a measurement needs."""

_TOKENS = 12
_MOST_ROUNDS = 8


def measure_model(
    folder: Path,
    name: str,
    threads: int,
    compute: Compute,
    pcm: Pcm,
    budget_s: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Cost:
    """Best times of the model in `folder` on `threads` threads, within about `budget_s` seconds.

    `pcm` is at least `LEAST_SOUND_S` of speech at 16 kHz. A quarter of the time goes to each of the
    four figures; the best of its runs counts, since other work can only make them slower. Raises
    ModelError when the model cannot be loaded or run.
    """
    import ctranslate2
    from faster_whisper.feature_extractor import FeatureExtractor

    try:
        model = ctranslate2.models.Whisper(
            str(folder),
            device=compute.device,
            compute_type=compute.compute_type,
            intra_threads=threads,
        )
        features = FeatureExtractor(feature_size=model.n_mels)

        def window(seconds: float) -> StorageView:
            mel = features(pcm[: round(seconds * RATE_HZ)], padding=0)
            mel = mel[:, : mel.shape[1] // 2 * 2]
            batch = np.ascontiguousarray(mel[None, :, :], dtype=np.float32)
            return ctranslate2.StorageView.from_array(batch)

        guess, final = window(GUESS_WINDOW_S), window(FINAL_S + FINAL_PAD_S)
        # On a GPU a pass is over only when its answer is on this side.
        to_cpu = compute.device != "cpu"
        encoded = model.encode(final, to_cpu=to_cpu)
        end = _end_of_text(folder)

        def tokens(beam: int) -> None:
            model.generate(
                encoded,
                [[end + 1]],
                beam_size=beam,
                # CTranslate2 gives half of it to new tokens; without an end it uses them all.
                max_length=2 * _TOKENS,
                suppress_tokens=[end],
                suppress_blank=False,
            )

        share_s = budget_s / 4
        guess_encode_s = _best_s(lambda: model.encode(guess, to_cpu=to_cpu), share_s, clock)
        final_encode_s = _best_s(lambda: model.encode(final, to_cpu=to_cpu), share_s, clock)
        guess_token_s = _best_s(lambda: tokens(1), share_s, clock) / _TOKENS
        final_token_s = _best_s(lambda: tokens(BEAM), share_s, clock) / _TOKENS
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"{folder}: {name} cannot be measured on {compute.device} ({error}).",
            "Run `assist models check`; on a GPU see that CTranslate2 finds its CUDA libraries.",
        ) from error
    return Cost(name, threads, guess_encode_s, final_encode_s, guess_token_s, final_token_s)


def _best_s(work: Callable[[], object], budget_s: float, clock: Callable[[], float]) -> float:
    began_s = clock()
    taken: list[float] = []
    # The first run pays for memory that later ones find there: two at least.
    while len(taken) < 2 or (len(taken) < _MOST_ROUNDS and clock() - began_s < budget_s):
        start_s = clock()
        work()
        taken.append(clock() - start_s)
    return min(taken)


def _end_of_text(folder: Path) -> int:
    """Id of the token that ends a text; the one behind it begins a transcript."""
    from tokenizers import Tokenizer

    end = Tokenizer.from_file(str(folder / "tokenizer.json")).token_to_id("<|endoftext|>")
    if end is None:
        raise ValueError("its tokenizer has no <|endoftext|>")
    return int(end)
