"""Simulated calls told turn by turn: what the evidence said when, and which card would have opened.

The bridge between one text and a call: weights for both are learnt here, thresholds are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assist.search.crossfit import Fold
from assist.search.evidence import NOTHING, gather, second_card, weigh
from assist.search.matcher import Logistic, probability
from assist.search.signals import Floats, Ints
from assist.search.simulate import SimulatedCall


@dataclass(frozen=True)
class Told:
    """A call's evidence figures (turns, guides, figures); `wanted` (turns) is the guide's position
    then, the number of guides meaning none, and -1 where nobody could know."""

    call: SimulatedCall
    fold: Fold
    figures: Floats
    wanted: Ints


@dataclass(frozen=True)
class Story:
    """A call with the probability of each guide after each turn, (turns, guides)."""

    call: SimulatedCall
    fold: Fold
    guides: Sequence[str]
    after_turn: Floats

    def first(self, threshold: float, margin: float) -> tuple[int, str] | None:
        """Turn and guide of the first card that would open."""
        return first_open(self.after_turn, self.guides, threshold, margin)

    def right(self, turn: int, guide: str) -> bool:
        call = self.call
        return guide == call.guide or (guide == call.then and turn >= call.turned)


def fuse(folds: Iterable[Fold]) -> Logistic:
    """The pair model: signals -> "is this the guide?", for whole sentences, misheard or not."""
    features, right = [], []
    for fold in folds:
        for values in fold.features.values():
            features.append(values.reshape(-1, values.shape[-1]))
            right.append((fold.label[:, None] == np.arange(values.shape[1])).ravel())
    return Logistic.fit(np.concatenate(features), np.concatenate(right))


def figures_of(fold: Fold, fusion: Logistic, guides: Sequence[str]) -> list[Told]:
    """The evidence after each turn of each of the fold's calls."""
    gathered = [
        [gather(call.turns[: at + 1], fold.lang) for at in range(len(call.turns))]
        for call in fold.calls
    ]
    score = fold.score((text for call in gathered for one in call for text in one.texts), fusion)
    told = []
    for call, turns in zip(fold.calls, gathered, strict=True):
        figures = np.stack(
            [weigh(one, score.__getitem__) if one.units else nothing(len(guides)) for one in turns]
        )
        at = np.arange(len(turns))
        known = (at >= call.told) & ((at < call.turned) | (not call.then))
        wanted = guides.index(call.guide) if call.guide in guides else len(guides)
        told.append(Told(call, fold, figures, np.where(known, wanted, -1)))
    return told


def weigh_evidence(told: Iterable[Sequence[Told]]) -> Logistic:
    """The call model: evidence figures -> "is this the guide?"."""
    features, right = [], []
    for one in (one for fold in told for one in fold):
        known = one.wanted >= 0
        features.append(one.figures[known].reshape(-1, one.figures.shape[-1]))
        right.append((one.wanted[known][:, None] == np.arange(one.figures.shape[1])).ravel())
    return Logistic.fit(np.concatenate(features), np.concatenate(right))


def tell(told: Iterable[Told], evidence: Logistic, guides: Sequence[str]) -> list[Story]:
    return [
        Story(one.call, one.fold, guides, probability(evidence.log_odds(one.figures)))
        for one in told
    ]


def second_cards(
    stories: Iterable[Story],
    fold: Fold,
    fusion: Logistic,
    evidence: Logistic,
    guides: Sequence[str],
    opens: float,
    margin: float,
) -> list[tuple[Story, Floats]]:
    """Stories of a fold whose right card opened, with the probabilities (later turns, guides) of
    what was said after it; 0 for the guide that is open."""
    opened = []
    for story in stories:
        first = story.first(opens, margin) if story.fold is fold else None
        call = story.call
        if first and first[1] == call.guide and not (call.then and first[0] >= call.turned):
            after = call.turns[first[0]].utterance
            later = [
                gather(call.turns[: at + 1], fold.lang, after)
                for at in range(first[0] + 1, len(call.turns))
            ]
            opened.append((story, guides.index(first[1]), later))
    score = fold.score(
        (text for _, _, later in opened for one in later for text in one.texts), fusion
    )
    told = []
    for story, own, later in opened:
        values = np.zeros((len(later), len(guides)), dtype=np.float32)
        for at, one in enumerate(later):
            if one.units:
                log_odds = evidence.log_odds(weigh(one, score.__getitem__))
                values[at] = probability(log_odds - second_card(one, score.__getitem__))
        values[:, own] = 0.0
        told.append((story, values))
    return told


def first_open(
    values: Floats, guides: Sequence[str], threshold: float, margin: float
) -> tuple[int, str] | None:
    """First row of `values` (turns, guides) whose best reaches the threshold with the margin."""
    if not len(values):
        return None
    ordered = np.sort(values, axis=1)
    second = ordered[:, -2] if values.shape[1] > 1 else np.zeros(len(values))
    opened = np.flatnonzero((ordered[:, -1] >= threshold) & (ordered[:, -1] - second >= margin))
    if not len(opened):
        return None
    return int(opened[0]), guides[int(values[opened[0]].argmax())]


def nothing(guides: int) -> Floats:
    """Figures of a call in which nothing that counts was said yet."""
    return np.tile(np.array(NOTHING, dtype=np.float32), (guides, 1))
