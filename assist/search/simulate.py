"""Calls made up from corpus rows, as a telephone recogniser would write them, for calibration.

A wrong card is counted per call, not per sentence, and a call holds many sentences; so the
thresholds are found on calls. Only rows that the signals under test have not seen may be given
in. Deterministic for a given generator; never used while a real call runs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assist.search.corpus import OUT_OF_SCOPE, Row
from assist.search.evidence import Heard
from assist.search.noise import Recogniser

_CLAUSES = re.compile(r"(?<=[，。！？,.!?；;])")
_FILLERS = {
    "zh": ("喂，你好，", "嗯，", "那个，", "就是说，", "哎，我问一下，", ""),
    "en": ("Hi, ", "Um, ", "Yeah, so, ", "Well, ", "Hello, ", ""),
}
_NOISES = (0.0, 0.05, 0.1, 0.2)


def beginning(text: str) -> str:
    """The first clause, about as long as a stable prefix is when it first appears."""
    clauses = _CLAUSES.split(text)
    return clauses[0] if len(clauses[0]) > 3 else "".join(clauses[:2])


@dataclass(frozen=True)
class SimulatedCall:
    """`turns`: utterances in order; a decision is due after each.

    `guide` is what the caller wants from turn `told` on (-1 and "none": nothing that is covered);
    `then` is what they want from turn `turned` on, "" if they never change the subject.
    """

    turns: tuple[Heard, ...]
    guide: str
    told: int
    then: str = ""
    turned: int = -1


class Simulator:
    """Makes calls from rows of one language."""

    def __init__(self, rows: Sequence[Row], lang: str, rng: np.random.Generator) -> None:
        self._rng = rng
        self._recogniser = Recogniser(rng)
        self._fillers = _FILLERS[lang]
        self._by_guide: dict[str, list[str]] = {}
        for row in rows:
            self._by_guide.setdefault(row.guide, []).append(row.text)

    def calls(self, guide: str, count: int) -> list[SimulatedCall]:
        """Calls of one guide, or with "none" calls that no guide covers."""
        make = self._uncovered if guide == OUT_OF_SCOPE else self._covered
        return [make(guide) for _ in range(count)] if guide in self._by_guide else []

    def _covered(self, guide: str) -> SimulatedCall:
        """A way in, the need in one to three sentences, talk on the way, perhaps another need."""
        noise = self._noise()
        texts, told = self._matter(guide)
        others = [name for name in self._by_guide if name not in (guide, OUT_OF_SCOPE)]
        if not others or self._rng.random() < 0.7:
            return SimulatedCall(self._turns(texts, noise), guide, told)
        then = others[int(self._rng.integers(len(others)))]
        turned = len(texts)
        texts += self._need(then)
        return SimulatedCall(self._turns(texts, noise), guide, told, then, turned)

    def _uncovered(self, guide: str) -> SimulatedCall:
        """A caller whom no guide helps has one matter, too, and tells it in the same way."""
        texts, _ = self._matter(guide)
        return SimulatedCall(self._turns(texts, self._noise()), OUT_OF_SCOPE, -1)

    def _matter(self, guide: str) -> tuple[list[str], int]:
        """A way in, the need, talk on the way; and the turn from which the need is told."""
        texts: list[str] = []
        way_in = self._rng.random()
        if way_in < 0.4:
            texts.append(beginning(self._pick(guide)))
        elif way_in < 0.6 and OUT_OF_SCOPE in self._by_guide:
            texts.append(self._pick(OUT_OF_SCOPE))
        told = len(texts)
        texts += self._need(guide)
        return [*texts, *self._on_the_way(guide, int(self._rng.integers(0, 4)))], told

    def _need(self, guide: str) -> list[str]:
        said = [self._pick(guide) for _ in range(1 + int(self._rng.random() < 0.5))]
        if self._rng.random() < 0.3:
            return ["".join(said)]
        return said

    def _on_the_way(self, guide: str, count: int) -> list[str]:
        """Answers to the agent's questions: half about the matter, half about anything."""
        kinds = [guide if self._rng.random() < 0.5 else OUT_OF_SCOPE for _ in range(count)]
        return [beginning(self._pick(kind)) for kind in kinds if kind in self._by_guide]

    def _turns(self, texts: Sequence[str], noise: float) -> tuple[Heard, ...]:
        return tuple(
            Heard(f"u{at}", "customer", self._recogniser.hear(self._filler() + text, noise))
            for at, text in enumerate(texts)
        )

    def _pick(self, guide: str) -> str:
        rows = self._by_guide[guide]
        return rows[int(self._rng.integers(len(rows)))]

    def _noise(self) -> float:
        return float(_NOISES[int(self._rng.integers(len(_NOISES)))])

    def _filler(self) -> str:
        return self._fillers[int(self._rng.integers(len(self._fillers)))]
