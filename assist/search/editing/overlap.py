"""Which scenarios take callers from which: every row asked of a matcher that has not seen it.

The matcher is the shipped one, cross-fitted as the index build does it; a table and a picture tell
where a border is unclear. It judges the corpus, not the matcher: no threshold is chosen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assist.errors import CorpusError
from assist.ports import Embedder
from assist.search.corpus import OUT_OF_SCOPE, Row
from assist.search.crossfit import FOLDS, Progress, Training, cross_fit
from assist.search.editing.alike import said
from assist.search.embedder import encode_all
from assist.search.matcher import probability
from assist.search.signals import Ints
from assist.search.stories import fuse

EVEN = 0.5
"""Below even odds for every guide a row is taken for none of them."""


@dataclass(frozen=True)
class Theft:
    """A row that another scenario took; `score` is the probability of `taken_by`, 0..1, and for
    "none" that of the best guide."""

    row: Row
    taken_by: str
    score: float


@dataclass(frozen=True)
class Overlap:
    """Of one language: `counts[own, heard]` rows, both in the order of `classes`, "none" last."""

    lang: str
    classes: tuple[str, ...]
    counts: Ints
    thefts: tuple[Theft, ...]

    def pairs(self) -> list[tuple[str, str, list[Theft]]]:
        """(owner, taker, what was taken), most first."""
        found: dict[tuple[str, str], list[Theft]] = {}
        for theft in self.thefts:
            found.setdefault((theft.row.guide, theft.taken_by), []).append(theft)
        ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return [
            (own, taker, sorted(thefts, key=lambda theft: -theft.score))
            for (own, taker), thefts in ordered
        ]

    @property
    def kept(self) -> float:
        """Share of the rows that are heard as what they were written for."""
        return float(np.trace(self.counts)) / max(1, int(self.counts.sum()))

    @property
    def taken(self) -> float:
        """Share that another scenario takes; what is left is not sure enough for any."""
        taken = sum(theft.taken_by != OUT_OF_SCOPE for theft in self.thefts)
        return taken / max(1, int(self.counts.sum()))

    def __str__(self) -> str:
        unsure = max(0.0, 1 - self.kept - self.taken)
        return (
            f"of {self.counts.sum()} questions {self.kept:.1%} are heard as written, "
            f"{self.taken:.1%} are taken by another scenario, {unsure:.1%} are sure for none"
        )


def overlaps(rows: Sequence[Row], embedder: Embedder, progress: Progress) -> list[Overlap]:
    """For each language of these live rows. Raises CorpusError where one has too few to hold
    some back, ModelError."""
    texts = [said(row) for row in rows]
    vectors = encode_all(texts, embedder, progress)
    searched = [
        row.model_copy(update={"text": text}) for row, text in zip(rows, texts, strict=True)
    ]
    found = []
    for lang in sorted({row.lang for row in rows}):
        own = [at for at, row in enumerate(rows) if row.lang == lang]
        other = [at for at, row in enumerate(rows) if row.lang != lang]
        training = Training(
            lang, [searched[at] for at in own], vectors[own],
            [searched[at] for at in other], vectors[other],
        )  # fmt: skip
        _check_enough(training)
        found.append(_overlap(training, [rows[at] for at in own], embedder, progress))
    return found


def _check_enough(training: Training) -> None:
    counts: dict[str, int] = {OUT_OF_SCOPE: 0}
    for row in training.rows:
        counts[row.guide] = counts.get(row.guide, 0) + 1
    few = [f"'{guide}' has {count}" for guide, count in sorted(counts.items()) if count < FOLDS]
    if few or len(counts) < 2:
        raise CorpusError(
            f"{training.lang}: too few live rows to hold some back: "
            + (", ".join(few) or "there is no guide")
            + f"; {FOLDS} are needed.",
            "Add rows, or set those of this language to draft.",
        )


def _overlap(
    training: Training, rows: Sequence[Row], embedder: Embedder, progress: Progress
) -> Overlap:
    """Each fold is judged with weights learnt on the others, as thresholds are."""
    folds = list(cross_fit(training, embedder, progress, calls_a_row=0))
    classes = (*training.guides, OUT_OF_SCOPE)
    counts = np.zeros((len(classes), len(classes)), dtype=np.intp)
    thefts = []
    for fold in folds:
        fusion = fuse([one for one in folds if one is not fold] or folds)
        values = probability(fusion.log_odds(fold.features[0.0]))
        best, top = values.argmax(axis=1), values.max(axis=1)
        heard = np.where(top >= EVEN, best, len(classes) - 1)
        np.add.at(counts, (fold.label, heard), 1)
        for at in np.flatnonzero(heard != fold.label):
            row = rows[int(fold.held[at])]
            thefts.append(Theft(row, classes[heard[at]], round(float(top[at]), 4)))
    return Overlap(training.lang, classes, counts, tuple(thefts))


def draw(overlaps: Sequence[Overlap], path: Path) -> None:
    """A heat map a language: rows whose they are, columns what they are heard as, in percent.

    A PNG, SVG or PDF by the name's ending. Raises CorpusError where it cannot be written.
    """
    from matplotlib.figure import Figure

    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise CorpusError(f"{path}: a picture is a .png, .svg or .pdf.", "Choose another name.")
    sides = [len(one.classes) for one in overlaps]
    figure = Figure(figsize=(3 + 0.62 * max(sides), 1.4 + 0.5 * sum(sides) + 2.2 * len(sides)))
    figure.set_layout_engine("constrained")
    grid = figure.subplots(len(overlaps), 1, squeeze=False, height_ratios=sides)
    for axes, one in zip(grid[:, 0], overlaps, strict=True):
        shares = one.counts / np.maximum(1, one.counts.sum(axis=1, keepdims=True))
        # What stays at home would outshine what is to be seen.
        taken = np.where(np.eye(len(shares), dtype=bool), 0.0, shares)
        top = max(0.05, float(taken.max()))
        axes.imshow(taken, cmap="Reds", vmin=0, vmax=top)
        for (own, heard), share in np.ndenumerate(shares):
            if one.counts[own, heard]:
                colour = "white" if taken[own, heard] > 0.6 * top else "black"
                look = {"fontsize": 7, "color": colour, "ha": "center", "va": "center"}
                axes.text(heard, own, f"{share:.0%}", **look)
        places = range(len(one.classes))
        axes.set_xticks(places, one.classes, rotation=45, ha="right", fontsize=8)
        axes.set_yticks(places, one.classes, fontsize=8)
        axes.set_title(
            f"{one.lang}: {one}",
            loc="left", fontsize=10,
        )  # fmt: skip
        axes.set_xlabel("heard as", fontsize=8)
        axes.set_ylabel("written for", fontsize=8)
    try:
        figure.savefig(path, dpi=144)
    except OSError as error:
        raise CorpusError(
            f"{path}: cannot be written ({error.strerror}).", "Name a folder that is there."
        ) from error
