"""How well and how fast search is: the figures of `scripts/bench_search`.

The classifier measured on other people's data is the one that is shipped: the same signals, the
same fusion, cross-fitted in the same way; only the guides are theirs.
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
from assist.search.calibrate import TextFigures
from assist.search.corpus import Row
from assist.search.crossfit import Training, cross_fit
from assist.search.evidence import Heard
from assist.search.finder import Finder
from assist.search.matcher import Matcher
from assist.search.stories import fuse


@dataclass(frozen=True)
class Peer:
    """Accuracy on a published split: of plain logistic regression over the same embeddings, and of
    the shipped matcher; seconds to learn the latter."""

    rows: int
    plain: float
    shipped: float
    learn_s: float


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one question asked anew: median and 95th percentile."""

    find_p50_ms: float
    find_p95_ms: float
    listen_p50_ms: float
    listen_p95_ms: float


def peer(folder: Path, embedder: Embedder, shots: int = 0, seed: int = 0) -> Peer:
    """`folder` has train.csv and test.csv with columns text and category; `shots` rows a category
    are drawn, 0 takes all. Raises CorpusError."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    train, test = _read(folder / "train.csv"), _read(folder / "test.csv")
    if shots:
        train = _draw(train, shots, np.random.default_rng(seed))
    vectors = embedder.encode([row.text for row in train])
    asked = [row.text for row in test]
    asked_vectors = embedder.encode(asked)
    wanted = np.array([row.guide for row in test])
    with threadpool_limits(limits=1):
        plain = LogisticRegression(C=30, max_iter=2000).fit(vectors, [row.guide for row in train])
        began_s = time.perf_counter()
        training = Training("en", train, vectors, [], vectors[:0])
        folds = list(cross_fit(training, embedder, lambda *_: None, calls_a_row=0))
        matcher = Matcher(training.signals(), fuse(folds))
        learn_s = time.perf_counter() - began_s
        best = matcher.log_odds(asked, asked_vectors)[0].argmax(axis=1)
    shipped = float(np.mean(np.array(matcher.guides)[best] == wanted))
    return Peer(len(train), float(plain.score(asked_vectors, wanted)), shipped, learn_s)


def cost(finder: Finder, rows: Sequence[Row], asked: int = 300) -> Cost:
    """`rows` with a number put before each are asked: nothing is remembered from before."""
    texts = [(f"{at} {row.text}", row.lang) for at, row in enumerate(rows[:asked])]
    finder.find("热身")
    find = [_took_ms(lambda text=text, lang=lang: finder.find(text, lang)) for text, lang in texts]
    listen = []
    for at, (text, lang) in enumerate(texts):
        before = [Heard(f"u{n}", "customer", texts[n][0]) for n in range(max(0, at - 4), at)]
        finder.listen(before, lang)
        heard = [*before, Heard("now", "customer", f"{text}{at}")]
        listen.append(_took_ms(lambda heard=heard, lang=lang: finder.listen(heard, lang)))
    return Cost(
        *(float(figure) for figure in np.percentile(find, [50, 95])),
        *(float(figure) for figure in np.percentile(listen, [50, 95])),
    )


def in_words(lang: str, one: TextFigures) -> str:
    """A line of the cross-validated figures."""
    return (
        f"{lang}, {one.noise:.0%} misheard: top-1 {one.top1:.1%}, top-3 {one.top3:.1%}, wrong open "
        f"{one.wrong_open:.1%}, out of scope silent {one.none_silent:.1%}, calibration error "
        f"{one.calibration_error:.3f}"
    )


def _took_ms(work: object) -> float:
    assert callable(work)
    began_s = time.perf_counter()
    work()
    return (time.perf_counter() - began_s) * 1000


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


def _draw(rows: Sequence[Row], shots: int, rng: np.random.Generator) -> list[Row]:
    by_category: dict[str, list[Row]] = {}
    for row in rows:
        by_category.setdefault(row.guide, []).append(row)
    return [
        by_category[name][at]
        for name in sorted(by_category)
        for at in rng.permutation(len(by_category[name]))[:shots]
    ]
