from __future__ import annotations

import numpy as np
import pytest

from assist.search import signals as module
from assist.search.corpus import Row
from assist.search.crossfit import Training
from assist.search.embedder import SentenceEmbedder
from assist.search.matcher import pair_features, shares
from assist.search.noise import Recogniser
from assist.search.signals import AVERAGE, NEAREST, Signals

pytestmark = pytest.mark.model

ASKED = ["电费这个月怎么这么高", "网断了灯是红的", "附近有药店吗", "电表走得太快"]


@pytest.fixture(scope="module")
def fitted(few_rows: list[Row], embedder: SentenceEmbedder) -> Signals:
    return Training("zh", few_rows, vectors(few_rows, embedder), [], np.zeros((0, 512))).signals()


def vectors(rows: list[Row], embedder: SentenceEmbedder) -> np.ndarray:
    return embedder.encode([row.text for row in rows])


def test_none_is_the_last_class_and_never_a_pair(
    fitted: Signals, embedder: SentenceEmbedder
) -> None:
    assert fitted.classes == ["broadband.no-internet", "power.bill-high", "none"]
    likeness = fitted(ASKED, embedder.encode(ASKED))
    assert likeness.near.shape == (4, 3, 3, 2) and likeness.kind.shape == (4, 3)
    assert pair_features(likeness).shape == (4, 2, 4)
    assert likeness.kind.argmax(axis=1).tolist() == [1, 0, 2, 1]
    assert (likeness.near[..., NEAREST] >= likeness.near[..., AVERAGE] - 1e-6).all()


def test_a_row_is_nearest_to_itself_in_every_signal(
    fitted: Signals, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    row = next(row for row in few_rows if row.guide == "power.bill-high")
    likeness = fitted([row.text], embedder.encode([row.text]))
    assert likeness.near[0, 1, :, NEAREST] == pytest.approx(np.ones(3), abs=1e-4)
    assert few_rows[likeness.question[0, 1]] == row


def test_sound_survives_what_wording_does_not(
    fitted: Signals, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    rows = [row for row in few_rows if row.guide == "power.bill-high"]
    recogniser = Recogniser(np.random.default_rng(0), homophones=1.0)
    misheard = [recogniser.hear(row.text, 0.3) for row in rows]
    near = fitted(misheard, embedder.encode(misheard)).near[:, 1, :, NEAREST]
    assert near[:, 2].min() > 0.8 > near[:, 1].mean()


def test_what_is_restored_says_the_same(
    fitted: Signals, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    again = Signals.restore([row.guide for row in few_rows], fitted.index, fitted.arrays())
    one, two = (signals(ASKED, embedder.encode(ASKED)) for signals in (fitted, again))
    assert np.allclose(one.near, two.near) and np.allclose(one.kind, two.kind)
    assert (one.question == two.question).all()


def test_emphasis_is_how_much_the_embedding_counts_beside_n_grams(
    few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    right, wrong = embedder.encode(ASKED), embedder.encode(ASKED[::-1])
    moved = []
    for emphasis in (1e-3, 0.65, 1.5):
        fitted = Signals().fit(few_rows, vectors(few_rows, embedder), emphasis=emphasis)
        moved.append(np.abs(fitted(ASKED, right).kind - fitted(ASKED, wrong).kind).max())
    assert moved[0] < 0.01 < moved[1] < moved[2]


def test_many_rows_are_learnt_in_fewer_directions_alike(
    corpus: list[Row], embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for row in corpus if row.lang == "zh"]
    asked = [row.text for row in rows[::7]]
    kept = [row for at, row in enumerate(rows) if at % 7]
    exact = Signals().fit(kept, vectors(kept, embedder))
    monkeypatch.setattr(module, "_ROW_SPACE", 0)
    fewer = Signals().fit(kept, vectors(kept, embedder))
    one, two = (s(asked, embedder.encode(asked)).kind.argmax(axis=1) for s in (exact, fewer))
    assert (one == two).mean() >= 0.93


def test_rows_of_another_language_teach_the_same_scenario(
    corpus: list[Row], embedder: SentenceEmbedder
) -> None:
    """Out of the English rows alone the Chinese class gets to know something it never saw."""
    local = [row for row in corpus if row.lang == "zh"]
    foreign = [row for row in corpus if row.lang == "en"]
    few = [row for row in local if row.guide in ("none", "power.bill-high")]
    few += [row for row in local if row.guide == "broadband.no-internet"][:2]
    few += [row for row in local if row.guide == "bill.unexpected-charge"][:2]
    alone = Signals().fit(few, vectors(few, embedder))
    taught = Signals().fit(few, vectors(few, embedder), foreign, vectors(foreign, embedder))
    unseen = [row for row in local if row.guide == "broadband.no-internet"][2:]
    at = alone.classes.index("broadband.no-internet")
    right = [
        (
            s([row.text for row in unseen], vectors(unseen, embedder)).kind.argmax(axis=1) == at
        ).mean()
        for s in (alone, taught)
    ]
    assert right[1] > right[0] + 0.1


def test_shares_sum_to_one_or_are_empty() -> None:
    found = shares(np.array([1.0, 3.0, -2.0, 4.0], np.float32))
    assert found == pytest.approx({"meaning": 0.125, "wording": 0.375, "sound": 0.0, "kind": 0.5})
    assert shares(np.array([-1.0, -1.0, -2.0, 0.0], np.float32)) == {}
