"""The signals fused into one calibrated probability per guide, which can say where it comes from.

One logistic regression judges pairs (text, guide): "is this the guide?" Its weights are shared by
all guides, so a new guide needs no training of its own, and "none of them" is an outcome like any
other. Never sees a call: one text in, one row of log-odds out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.search.signals import AVERAGE, SIGNALS, Arrays, Floats, Ints, Likeness, Signals


@dataclass(frozen=True)
class Logistic:
    """A logistic regression as three arrays, so that it can be stored without a pickle."""

    mean: Floats
    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, features: Floats, right: NDArray[np.bool_]) -> Logistic:
        """`features` (samples, figures); `right` (samples) holds both answers."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(features)
        model = LogisticRegression(C=1.0, max_iter=2000).fit(scaler.transform(features), right)
        weights = model.coef_[0] / scaler.scale_
        return cls(
            np.asarray(scaler.mean_, dtype=np.float32),
            np.asarray(weights, dtype=np.float32),
            float(model.intercept_[0]),
        )

    def log_odds(self, features: Floats) -> Floats:
        """(..., figures) -> (...)"""
        log_odds = (features - self.mean) @ self.weights + self.intercept
        return log_odds.astype(np.float32)

    def parts(self, features: Floats) -> Floats:
        """What each figure adds to the log-odds, measured from an average sample."""
        return (features - self.mean) * self.weights

    def arrays(self) -> Arrays:
        return {
            "mean": self.mean,
            "weights": self.weights,
            "intercept": np.array([self.intercept]),
        }

    @classmethod
    def restore(cls, arrays: Arrays) -> Logistic:
        return cls(arrays["mean"], arrays["weights"], float(arrays["intercept"][0]))


def pair_features(likeness: Likeness) -> Floats:
    """(texts, guides, SIGNALS): for meaning, wording and sound the lead over the best other class.

    The lead is that of the mean over three rows; `kind` is the class's log-odds. "None" is the
    last class: it competes but is no pair of its own.
    """
    average = likeness.near[:, :, :, AVERAGE]
    if average.shape[1] > 1:
        ordered = np.sort(average, axis=1)
        top, second = ordered[:, -1:], ordered[:, -2:-1]
        average = average - np.where(average >= top, second, top)
    return np.concatenate([average, likeness.kind[:, :, None]], axis=2)[:, :-1]


def probability(log_odds: Floats) -> Floats:
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)


@dataclass(frozen=True)
class Matcher:
    """Signals and fusion of one language."""

    signals: Signals
    fusion: Logistic

    @property
    def guides(self) -> list[str]:
        return self.signals.classes[:-1]

    def log_odds(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Ints, Floats]:
        """Log-odds (texts, guides), the nearest row (texts, guides), each signal's part of it."""
        likeness = self.signals(texts, vectors)
        features = pair_features(likeness)
        return (
            self.fusion.log_odds(features),
            likeness.question[:, :-1],
            self.fusion.parts(features),
        )


def shares(parts: Floats) -> dict[str, float]:
    """Of all that spoke for a guide, how much came from each signal; sums to 1, or is empty."""
    spoke = np.maximum(parts, 0)
    total = float(spoke.sum())
    if total <= 0:
        return {}
    return {name: float(part) / total for name, part in zip(SIGNALS, spoke, strict=True)}
