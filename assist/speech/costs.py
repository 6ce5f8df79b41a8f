"""How many calls a machine carries, reckoned from a few measured passes.

Pure arithmetic; `measure` takes the times. Work in seconds per second of a two-channel call:

    guesses  SPEECH_SHARE * (GUESSES_PER_S * encoder(GUESS_WINDOW_S) + TOKENS_PER_S * greedy token)
    finals   SPEECH_SHARE * (encoder(FINAL_S + FINAL_PAD_S) / FINAL_S + TOKENS_PER_S * beam token)

Guesses and finals each have one worker, so neither may be busy for more than BUSY_MOST of the time;
and a pass on t threads takes t cores, of which there are only so many. Larger models are reckoned
by parameter count, encoder and decoder apart: an extrapolation, and called so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SPEECH_SHARE = 0.85
"""Seconds of speech per second of a two-channel call, both speakers together."""

GUESSES_PER_S = 2.0
"""Guesses per second of speech: one each 500 ms."""

GUESS_WINDOW_S = 3.0
"""Seconds in the encoder's window of a guess, on average."""

TOKENS_PER_S = 8.0
"""New tokens per second of speech."""

FINAL_S = 5.0
"""Seconds of an utterance, on average."""

FINAL_PAD_S = 1.0
"""Seconds of silence behind it in the encoder's window."""

BEAM = 5
"""Beams of a final; guesses are greedy."""

REST_CPU = 0.03
"""CPU seconds per second of call for voice activity, search, rules, journal and panel."""

BUSY_MOST = 0.7
"""0..1. Share of its time a worker, or the processor, may be busy: above it, waits pile up."""

FINAL_WAIT_S = 2.0
"""Seconds a final may take by itself. Later text helps nobody in the call."""


@dataclass(frozen=True)
class Size:
    """Shape of a Whisper: width, layers of encoder and decoder."""

    width: int
    encoder_layers: int
    decoder_layers: int

    @property
    def encoder_parameters(self) -> float:
        """12 d² a layer: attention 4 d², feed-forward 8 d²."""
        return 12.0 * self.width**2 * self.encoder_layers

    @property
    def decoder_parameters(self) -> float:
        """Read for each token: 14 d² a layer (keys and values of the sound are made once), and the
        output projection."""
        return 14.0 * self.width**2 * self.decoder_layers + 51_866.0 * self.width


SIZES: Mapping[str, Size] = {
    "whisper-base": Size(512, 6, 6),
    "whisper-small": Size(768, 12, 12),
    "medium": Size(1024, 24, 24),
    "large-v3-turbo": Size(1280, 32, 4),
    "large-v3": Size(1280, 32, 32),
}
"""By rising size; shapes as published with the models."""


@dataclass(frozen=True)
class Cost:
    """One model on one machine, seconds of wall clock: encoder of a guess's and of a final's
    window, one token greedy and with the beam. `measured` is false for an extrapolation."""

    model: str
    threads: int
    guess_encode_s: float
    final_encode_s: float
    guess_token_s: float
    final_token_s: float
    measured: bool = True

    @property
    def guessing(self) -> float:
        """Seconds of work per second of call as the model of the guesses."""
        return SPEECH_SHARE * (
            GUESSES_PER_S * self.guess_encode_s + TOKENS_PER_S * self.guess_token_s
        )

    @property
    def finishing(self) -> float:
        """Seconds of work per second of call as the model of the finals."""
        return SPEECH_SHARE * (self.final_encode_s / FINAL_S + TOKENS_PER_S * self.final_token_s)

    @property
    def final_wait_s(self) -> float:
        """Seconds until an average final is there, when nothing else waits."""
        return self.final_encode_s + FINAL_S * TOKENS_PER_S * self.final_token_s


@dataclass(frozen=True)
class Plan:
    """Guesses by one model, finals by another or the same; `calls` may be below one."""

    guesses: Cost
    finals: Cost
    calls: float

    @property
    def threads(self) -> int:
        return self.guesses.threads

    @property
    def measured(self) -> bool:
        return self.guesses.measured and self.finals.measured

    @property
    def in_time(self) -> bool:
        return self.finals.final_wait_s <= FINAL_WAIT_S

    @property
    def whole_calls(self) -> int:
        return math.floor(self.calls)


def carried(guesses: Cost, finals: Cost, cores: int, *, gpu: bool = False) -> Plan:
    """How many two-channel calls these models carry on `cores` cores.

    On a GPU the passes of both share it, and take no core.
    """
    guessing, finishing = guesses.guessing, finals.finishing
    # One model for both has one worker for both; a GPU does one pass after the other as well.
    one_worker = gpu or guesses.model == finals.model
    per_worker = guessing + finishing if one_worker else max(guessing, finishing)
    cpu = REST_CPU + (0.0 if gpu else guesses.threads * guessing + finals.threads * finishing)
    return Plan(guesses, finals, min(BUSY_MOST / per_worker, BUSY_MOST * cores / cpu))


def extrapolated(model: str, known: Cost) -> Cost:
    """The cost of `model` from that of `known`, by parameters of encoder and decoder."""
    target, source = SIZES[model], SIZES[known.model]
    encoder = target.encoder_parameters / source.encoder_parameters
    decoder = target.decoder_parameters / source.decoder_parameters
    return Cost(
        model,
        known.threads,
        known.guess_encode_s * encoder,
        known.final_encode_s * encoder,
        known.guess_token_s * decoder,
        known.final_token_s * decoder,
        measured=False,
    )


def with_larger(costs: Iterable[Cost]) -> list[Cost]:
    """The measured costs, and of every larger model an extrapolation from the largest of them."""
    costs = list(costs)
    order = list(SIZES)
    for threads in sorted({cost.threads for cost in costs}):
        known = {c.model: c for c in costs if c.threads == threads and c.model in SIZES}
        if known:
            largest = max(known, key=order.index)
            costs += [
                extrapolated(name, known[largest]) for name in order[order.index(largest) + 1 :]
            ]
    return costs


def plans(costs: Sequence[Cost], guess_model: str, cores: int, *, gpu: bool = False) -> list[Plan]:
    """For each model as finals the best number of threads: most calls, then the shortest wait."""
    found: list[Plan] = []
    for name in dict.fromkeys(cost.model for cost in costs):
        pairs = [
            carried(guess, final, cores, gpu=gpu)
            for guess in costs
            for final in costs
            if guess.model == guess_model and final.model == name and guess.threads == final.threads
        ]
        if pairs:
            found.append(max(pairs, key=lambda plan: (plan.whole_calls, -plan.finals.final_wait_s)))
    return found


def recommended(found: Sequence[Plan]) -> Plan | None:
    """The largest measured model as finals with which one call at least is carried in time.

    Without one, whatever carries most. None when nothing was measured.
    """
    order = list(SIZES)
    measured = [plan for plan in found if plan.measured]
    able = [plan for plan in measured if plan.calls >= 1 and plan.in_time]
    if able:
        return max(
            able,
            key=lambda plan: order.index(plan.finals.model) if plan.finals.model in SIZES else -1,
        )
    return max(measured, key=lambda plan: plan.calls, default=None)
