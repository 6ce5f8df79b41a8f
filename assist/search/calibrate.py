"""How sure is sure: weights and thresholds learnt from the corpus itself.

Every figure is of rows and calls that the signals under test had not seen, partly misheard; a
threshold is judged with weights learnt on the other folds. Never looks at a real call, so what it
promises can be checked on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from pydantic import BaseModel, ConfigDict

from assist.ports import Embedder
from assist.search.crossfit import Fold, Progress, Training, cross_fit
from assist.search.matcher import Logistic, probability
from assist.search.signals import Floats, Ints
from assist.search.stories import (
    Story,
    figures_of,
    first_open,
    fuse,
    second_cards,
    tell,
    weigh_evidence,
)

WRONG_OPEN_RATE = 0.02
MARGIN = 0.25

_SUGGEST_RIGHT = 0.6
_PROPOSED = 4.0
"""Calls in which the first thing shown, card or chips, is wrong may be so many times those with a
wrong card: a chip beside the right ones costs the agent a glance."""
_GRID = np.concatenate([np.arange(0.3, 0.9, 0.02), np.arange(0.9, 0.998, 0.0025)])


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class Point(_Figures):
    """What a threshold costs: `wrong` opens of all, `right` opens of those a guide covers, and
    `none_silent` of those that none covers; shares 0..1."""

    threshold: float
    wrong: float
    right: float
    none_silent: float


class Thresholds(_Figures):
    """Probability from which a card opens, and from which chips appear."""

    open: float
    suggest: float
    curve: tuple[Point, ...]

    @property
    def chosen(self) -> Point:
        return min(self.curve, key=lambda point: abs(point.threshold - self.open))


class TextFigures(_Figures):
    """One text at a time with a share of its characters misheard."""

    noise: float
    top1: float
    top3: float
    calibration_error: float
    wrong_open: float
    open_right: float
    none_silent: float


class Calibration(_Figures):
    """Of one language: `text` is for `find`, `call` for `listen`, `change` for a second subject.

    `calls` were simulated; of them `proposed_wrong` (share of all) had a wrong guide as the first
    thing that opened or was suggested; `change_found` and `change_wrong` are shares of the calls
    in which a right card was open and the subject changed, or did not.
    """

    text: Thresholds
    call: Thresholds
    change: float
    texts: tuple[TextFigures, ...]
    calls: int
    proposed_wrong: float
    none_proposed: float
    change_found: float
    change_wrong: float


@dataclass(frozen=True)
class Learnt:
    """`fusion` judges a text, `evidence` a call."""

    fusion: Logistic
    evidence: Logistic
    calibration: Calibration


def learn(
    training: Training,
    embedder: Embedder,
    progress: Progress,
    wrong_open_rate: float = WRONG_OPEN_RATE,
) -> Learnt:
    """Weights and thresholds for one language. Deterministic; half a minute for 800 rows."""
    folds = list(cross_fit(training, embedder, progress))
    fusion = fuse(folds)
    text, texts = judge_texts(folds, wrong_open_rate)
    told = [figures_of(fold, fusion, training.guides) for fold in folds]
    evidence = weigh_evidence(told)
    stories = []
    for number, own in enumerate(told):
        others = [one for at, one in enumerate(told) if at != number] or told
        stories += tell(own, weigh_evidence(others), training.guides)
    progress(f"thresholds {training.lang}", 0, 1)
    call, proposed_wrong, none_proposed = _judge_calls(stories, wrong_open_rate)
    seconds = [
        pair
        for fold in folds
        for pair in second_cards(
            stories, fold, fusion, evidence, training.guides, call.open, MARGIN
        )
    ]
    change, found, wrong = _judge_changes(seconds, training.guides, call.open, wrong_open_rate)
    progress(f"thresholds {training.lang}", 1, 1)
    return Learnt(
        fusion,
        evidence,
        Calibration(
            text=text,
            call=call,
            change=change,
            texts=texts,
            calls=len(stories),
            proposed_wrong=proposed_wrong,
            none_proposed=none_proposed,
            change_found=found,
            change_wrong=wrong,
        ),
    )


# ------------------------------------------------------------------ thresholds


def judge_texts(folds: Sequence[Fold], rate: float) -> tuple[Thresholds, tuple[TextFigures, ...]]:
    """Thresholds for one text by itself, and what they do at each of the folds' noises."""
    label = np.concatenate([fold.label for fold in folds])
    by_noise = {}
    fusions = [fuse([one for one in folds if one is not held] or folds) for held in folds]
    noises = list(folds[0].features)
    for noise in noises:
        by_noise[noise] = np.vstack(
            [
                probability(fusion.log_odds(fold.features[noise]))
                for fusion, fold in zip(fusions, folds, strict=True)
            ]
        )
    every, labels = np.vstack(list(by_noise.values())), np.tile(label, len(noises))
    curve = tuple(_text_point(every, labels, float(threshold)) for threshold in _GRID)
    opens = _lowest(curve, rate)
    top = every.max(axis=1)
    right = every.argmax(axis=1) == labels
    thresholds = Thresholds(open=opens, suggest=_suggest(top, right, opens), curve=curve)
    figures = tuple(
        _text_figures(noise, values, label, opens) for noise, values in by_noise.items()
    )
    return thresholds, figures


def _opens(values: Floats, threshold: float) -> np.ndarray:
    ordered = np.sort(values, axis=1)
    second = ordered[:, -2] if values.shape[1] > 1 else 0.0
    return (ordered[:, -1] >= threshold) & (ordered[:, -1] - second >= MARGIN)


def _text_point(values: Floats, label: Ints, threshold: float) -> Point:
    opened = _opens(values, threshold)
    right = opened & (values.argmax(axis=1) == label)
    none = label == values.shape[1]
    return Point(
        threshold=round(threshold, 4),
        wrong=_mean(opened & ~right),
        right=_mean(right[~none]),
        none_silent=_mean(~opened[none]),
    )


def _text_figures(noise: float, values: Floats, label: Ints, threshold: float) -> TextFigures:
    covered = label < values.shape[1]
    order = np.argsort(-values[covered], axis=1)
    point = _text_point(values, label, threshold)
    return TextFigures(
        noise=noise,
        top1=_mean(order[:, 0] == label[covered]),
        top3=_mean((order[:, :3] == label[covered][:, None]).any(axis=1)),
        calibration_error=_calibration_error(values.max(axis=1), values.argmax(axis=1) == label),
        wrong_open=point.wrong,
        open_right=point.right,
        none_silent=point.none_silent,
    )


def _judge_calls(stories: Sequence[Story], rate: float) -> tuple[Thresholds, float, float]:
    curve = tuple(_call_point(stories, float(threshold), MARGIN) for threshold in _GRID)
    # The curve is flat here: a few calls more or less would move the threshold far.
    by_chance = sqrt(rate * (1 - rate) / max(1, len(stories)))
    opens = _lowest(curve, rate + by_chance)
    suggest = opens
    for threshold in sorted((float(x) for x in _GRID if 0.5 <= x < opens), reverse=True):
        first = [(story, story.first(threshold, 0.0)) for story in stories]
        chips = [
            story.right(*found)
            for story, found in first
            if found is not None and story.first(opens, MARGIN) != found
        ]
        wrong = _mean([found is not None and not story.right(*found) for story, found in first])
        if wrong > _PROPOSED * rate or (len(chips) > 30 and _mean(chips) < _SUGGEST_RIGHT):
            break
        suggest = threshold
    point = _call_point(stories, suggest, 0.0)
    return (
        Thresholds(open=opens, suggest=round(suggest, 4), curve=curve),
        point.wrong,
        1 - point.none_silent,
    )


def _call_point(stories: Sequence[Story], threshold: float, margin: float) -> Point:
    found = [(story, story.first(threshold, margin)) for story in stories]
    covered = [(story, first) for story, first in found if story.call.told >= 0]
    none = [first for story, first in found if story.call.told < 0]
    return Point(
        threshold=round(threshold, 4),
        wrong=_mean([first is not None and not story.right(*first) for story, first in found]),
        right=_mean([first is not None and story.right(*first) for story, first in covered]),
        none_silent=_mean([first is None for first in none]),
    )


def _judge_changes(
    seconds: Sequence[tuple[Story, Floats]], guides: Sequence[str], opens: float, rate: float
) -> tuple[float, float, float]:
    """Threshold for a second card over a right first one; share of changes found; wrong cards."""
    chosen = (1.0, 0.0, 0.0)
    for threshold in sorted((float(x) for x in _GRID if x >= opens), reverse=True):
        outcome = [
            (story.call.then, first_open(values, guides, threshold, MARGIN))
            for story, values in seconds
        ]
        wrong = _mean([two is not None and two[1] != then for then, two in outcome])
        if wrong > rate:
            break
        found = _mean([two is not None and two[1] == then for then, two in outcome if then])
        chosen = (round(threshold, 4), found, wrong)
    return chosen


def _lowest(curve: Sequence[Point], rate: float) -> float:
    """The lowest threshold from which on no more than `rate` opens are wrong."""
    chosen = curve[-1].threshold
    for point in reversed(curve):
        if point.wrong > rate:
            break
        chosen = point.threshold
    return chosen


def _suggest(top: Floats, right: np.ndarray, opens: float) -> float:
    """The lowest threshold, above even odds, at which what is suggested is right often enough."""
    chosen = opens
    for threshold in sorted((float(x) for x in _GRID if 0.5 <= x < opens), reverse=True):
        between = (top >= threshold) & (top < opens)
        if between.sum() >= 20 and _mean(right[between]) < _SUGGEST_RIGHT:
            break
        chosen = threshold
    return round(chosen, 4)


def _calibration_error(top: Floats, right: np.ndarray) -> float:
    """Expected calibration error of the best guide's probability over ten equal bins."""
    bins = np.minimum((top * 10).astype(int), 9)
    return float(
        sum(
            abs(float(top[bins == one].mean()) - float(right[bins == one].mean()))
            * float((bins == one).mean())
            for one in np.unique(bins)
        )
    )


def _mean(values: object) -> float:
    numbers = np.asarray(values, dtype=np.float64)
    return round(float(numbers.mean()), 4) if numbers.size else 0.0
