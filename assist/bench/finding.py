"""Figures of finding: our own corpus cross-validated, and public intents under the shipped matcher.

Rows are always judged by signals and weights that have not seen them. The matcher measured on other
people's data is the one that is shipped; only the guides are theirs.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assist.errors import CorpusError
from assist.ports import Embedder
from assist.search.calibrate import WRONG_OPEN_RATE, TextFigures, judge_texts
from assist.search.corpus import Row
from assist.search.crossfit import Progress, Training, cross_fit
from assist.search.embedder import encode_all
from assist.search.matcher import Matcher
from assist.search.signals import Floats
from assist.search.stories import fuse
from assist.search.text import comparable

NOISES = (0.0, 0.05, 0.1, 0.2)
SHOTS, DRAWS = 10, 5
EVERY = 5
"""One intent in so many is held out as out of scope."""
FALSE_REJECTIONS = 0.05


@dataclass(frozen=True)
class Own:
    """Of one language: rows, guides, the threshold and what it does at each noise."""

    lang: str
    rows: int
    guides: int
    opens: float
    texts: tuple[TextFigures, ...]


@dataclass(frozen=True)
class Accuracy:
    """Shares of a published test split: `plain` is logistic regression over the same vectors."""

    rows: int
    plain: float
    shipped: float
    learn_s: float


@dataclass(frozen=True)
class OutOfScope:
    """Held-out intents against known ones: area under the ROC curve of the best probability; at the
    bar that turns away 5 % of the known, how many of those are answered rightly, and how many of
    the unknown are turned away."""

    known: int
    unknown: int
    auroc: float
    right_at_bar: float
    turned_away: float


def own(corpus: Sequence[Row], lang: str, embedder: Embedder, tell: Progress) -> Own:
    """The corpus cross-validated, whole sentences, clean and misheard."""
    said = [row.model_copy(update={"text": comparable(row.text, row.lang)}) for row in corpus]
    vectors = encode_all([row.text for row in said], embedder, tell)
    mine = np.array([row.lang == lang for row in said])
    training = Training(
        lang,
        [row for row in said if row.lang == lang],
        vectors[mine],
        [row for row in said if row.lang != lang],
        vectors[~mine],
    )
    folds = list(cross_fit(training, embedder, tell, calls_a_row=0, noises=NOISES))
    thresholds, texts = judge_texts(folds, WRONG_OPEN_RATE)
    return Own(lang, int(mine.sum()), len(training.guides), thresholds.open, texts)


class Public:
    """A public intent set: a folder with train.csv and test.csv, columns text and category."""

    def __init__(self, folder: Path, embedder: Embedder, tell: Progress) -> None:
        """Embeds every text once. Raises CorpusError."""
        self.name = folder.resolve().name
        self._embedder = embedder
        self._train, self._test = _read(folder / "train.csv"), _read(folder / "test.csv")
        rows = [*self._train, *self._test]
        vectors = encode_all([row.text for row in rows], embedder, tell)
        self._vectors = {row.text: at for row, at in zip(rows, vectors, strict=True)}

    def accuracy(self, shots: int = 0, seed: int = 0) -> Accuracy:
        """`shots` rows a category are drawn, 0 takes the whole training split."""
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        train = self._train
        if shots:
            train = draw(train, shots, np.random.default_rng(seed))
        wanted = np.array([row.guide for row in self._test])
        with threadpool_limits(limits=1):
            plain = LogisticRegression(C=30, max_iter=2000)
            plain.fit(self._of(train), [row.guide for row in train])
            began_s = time.perf_counter()
            matcher = self._learn(train)
            learn_s = time.perf_counter() - began_s
            best = self._judge(matcher, self._test).argmax(axis=1)
        right = float(np.mean(np.array(matcher.guides)[best] == wanted))
        return Accuracy(
            len(train), float(plain.score(self._of(self._test), wanted)), right, learn_s
        )

    def out_of_scope(self) -> OutOfScope:
        """Every fifth intent, by name, is unknown to the matcher."""
        from sklearn.metrics import roc_auc_score
        from threadpoolctl import threadpool_limits

        names = sorted({row.guide for row in self._train})
        unknown = {*names[::EVERY]}
        with threadpool_limits(limits=1):
            matcher = self._learn([row for row in self._train if row.guide not in unknown])
            scores = self._judge(matcher, self._test)
        covered = np.array([row.guide not in unknown for row in self._test])
        top = scores.max(axis=1)
        bar = float(np.quantile(top[covered], FALSE_REJECTIONS))
        said = np.array(matcher.guides)[scores.argmax(axis=1)]
        right = said == np.array([row.guide for row in self._test])
        return OutOfScope(
            known=int(covered.sum()),
            unknown=int((~covered).sum()),
            auroc=float(roc_auc_score(covered, top)),
            right_at_bar=float(np.mean((right & (top >= bar))[covered])),
            turned_away=float(np.mean(top[~covered] < bar)),
        )

    def _learn(self, rows: Sequence[Row]) -> Matcher:
        vectors = self._of(rows)
        training = Training("en", rows, vectors, [], vectors[:0])
        folds = list(cross_fit(training, self._embedder, lambda *_: None, calls_a_row=0))
        return Matcher(training.signals(), fuse(folds))

    def _judge(self, matcher: Matcher, rows: Sequence[Row]) -> Floats:
        return matcher.log_odds([row.text for row in rows], self._of(rows))[0]

    def _of(self, rows: Sequence[Row]) -> Floats:
        return np.stack([self._vectors[row.text] for row in rows])


def draw(rows: Sequence[Row], shots: int, rng: np.random.Generator) -> list[Row]:
    """`shots` rows of each category, or all where there are fewer."""
    by_category: dict[str, list[Row]] = {}
    for row in rows:
        by_category.setdefault(row.guide, []).append(row)
    return [
        by_category[name][at]
        for name in sorted(by_category)
        for at in rng.permutation(len(by_category[name]))[:shots]
    ]


def _read(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                Row(id=f"{path.stem}-{at}", text=line["text"], guide=line["category"], lang="en")
                for at, line in enumerate(csv.DictReader(file))
            ]
    except (OSError, KeyError, ValueError) as error:
        raise CorpusError(
            f"{path} cannot be read ({type(error).__name__}: {error}).",
            "Name a folder with train.csv and test.csv, columns text and category.",
        ) from error
