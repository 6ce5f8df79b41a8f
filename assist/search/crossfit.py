"""What signals say about rows and calls they have not seen: the ground calibration stands on.

Rows are dealt into folds; the signals learn from all folds but one and are asked about that one,
as it stands, misheard, cut short, and inside simulated calls. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from assist.ports import Embedder
from assist.search.corpus import OUT_OF_SCOPE, Row
from assist.search.matcher import Logistic, pair_features
from assist.search.noise import Recogniser
from assist.search.signals import SIGNALS, Floats, Ints, Signals
from assist.search.simulate import SimulatedCall, Simulator
from assist.search.text import comparable
from assist.search.wide import stratified

Progress = Callable[[str, int, int], None]
"""What is being done, how much is done, of how much."""

FOLDS = 5
NOISES = (0.0, 0.1, 0.2)
CALLS_A_ROW = 1.2
"""Simulated calls of a guide in a fold, for each of its rows held out there."""

_EMPHASIS, _EMPHASIS_ELSEWHERE = {"zh": 0.65}, 1.5
"""A Chinese character or syllable all but says what it means, and a misheard one still sounds
right; letters only spell, so there the embedding counts for more."""
_UNCOVERED_A_COVERED = 0.6
_MOST_CALLS = 40
_BATCH = 2048


@dataclass(frozen=True)
class Training:
    """The rows of one language with their vectors, and those of the other languages."""

    lang: str
    rows: Sequence[Row]
    vectors: Floats
    foreign: Sequence[Row]
    foreign_vectors: Floats

    @property
    def guides(self) -> list[str]:
        return sorted({row.guide for row in self.rows} - {OUT_OF_SCOPE})

    def drawn(self, most: int) -> Training:
        """About `most` rows and a third as many of the other languages, every guide in its
        share."""
        own = stratified([row.guide for row in self.rows], most)
        other = stratified([row.guide for row in self.foreign], most // 3)
        return Training(
            self.lang,
            [self.rows[at] for at in own],
            self.vectors[own],
            [self.foreign[at] for at in other],
            self.foreign_vectors[other],
        )

    def signals(self, kept: Ints | None = None) -> Signals:
        """Fitted on the rows at these positions, or on all."""
        rows = self.rows if kept is None else [self.rows[at] for at in kept]
        vectors = self.vectors if kept is None else self.vectors[kept]
        emphasis = _EMPHASIS.get(self.lang, _EMPHASIS_ELSEWHERE)
        return Signals().fit(rows, vectors, self.foreign, self.foreign_vectors, emphasis)


@dataclass(frozen=True)
class Fold:
    """Signals, and rows and calls that they have not seen.

    `held` (rows) are their positions in the training rows, `label` (rows) the guide's position,
    the last meaning "none"; `features[noise]` has shape (rows, guides, SIGNALS).
    """

    lang: str
    signals: Signals
    embedder: Embedder = field(repr=False)
    held: Ints
    label: Ints
    features: dict[float, Floats] = field(repr=False)
    calls: list[SimulatedCall] = field(repr=False)

    def score(self, texts: Iterable[str], fusion: Logistic) -> dict[str, Floats]:
        """Log-odds of each guide, for each text once."""
        asked = sorted(set(texts))
        return dict(zip(asked, fusion.log_odds(_features(self, asked)), strict=True))


def cross_fit(
    training: Training,
    embedder: Embedder,
    progress: Progress,
    calls_a_row: float = CALLS_A_ROW,
    noises: Sequence[float] = NOISES,
) -> Iterator[Fold]:
    """The folds one by one; each row is held out exactly once."""
    from sklearn.model_selection import StratifiedKFold

    names = [row.guide for row in training.rows]
    guides = training.guides
    label = np.array([guides.index(name) if name in guides else len(guides) for name in names])
    smallest = int(min(count for count in np.bincount(label) if count))
    splitter = StratifiedKFold(max(2, min(FOLDS, smallest)), shuffle=True, random_state=0)
    splits = list(splitter.split(names, label))
    for number, (kept, held) in enumerate(splits):
        progress(f"cross-fit {training.lang}", number, len(splits))
        rng = np.random.default_rng([number, len(names)])
        yield _fold(training, kept, held, label[held], embedder, rng, calls_a_row, noises)
    progress(f"cross-fit {training.lang}", len(splits), len(splits))


def _fold(
    training: Training,
    kept: Ints,
    held: Ints,
    label: Ints,
    embedder: Embedder,
    rng: np.random.Generator,
    calls_a_row: float,
    noises: Sequence[float],
) -> Fold:
    rows = [training.rows[at] for at in held]
    recogniser = Recogniser(rng)
    simulator = Simulator(rows, training.lang, rng)
    guides = training.guides
    wanted = (np.bincount(label, minlength=len(guides)) * calls_a_row).round().astype(int)
    calls = [
        call
        for guide, count in zip(guides, wanted, strict=False)
        for call in simulator.calls(guide, min(count, _MOST_CALLS))
    ]
    calls += simulator.calls(OUT_OF_SCOPE, round(len(calls) * _UNCOVERED_A_COVERED))
    fold = Fold(training.lang, training.signals(kept), embedder, held, label, {}, calls)
    for noise in noises:
        heard = [comparable(recogniser.hear(row.text, noise), training.lang) for row in rows]
        fold.features[noise] = _features(fold, heard)
    return fold


def _features(fold: Fold, texts: Sequence[str]) -> Floats:
    parts = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
    if not parts:
        return np.zeros((0, len(fold.signals.classes) - 1, len(SIGNALS)), dtype=np.float32)
    return np.concatenate(
        [pair_features(fold.signals(part, fold.embedder.encode(part))) for part in parts]
    )
