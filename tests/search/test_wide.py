"""An index with more questions than are compared one by one: built with a lowered limit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assist.bench.rewriting import rewrite
from assist.search import index as search_index
from assist.search import signals as search_signals
from assist.search import wide as search_wide
from assist.search.corpus import Row
from assist.search.embedder import SentenceEmbedder
from assist.search.finder import Finder
from assist.search.index import build, load, read_manifest
from assist.search.signals import Signals
from assist.search.stored import StoredRows
from assist.search.wide import WideFiles, WideRows, stratified

pytestmark = pytest.mark.model

ASKED = ["电费这个月怎么这么高", "网断了灯是红的", "附近有药店吗", "电表走得太快"]


@pytest.fixture(scope="module")
def many(few_rows: list[Row]) -> list[Row]:
    return rewrite(few_rows, 600).rows


@pytest.fixture(scope="module")
def folder(
    many: list[Row], embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Learnt from 300 of 600 rows, with 100 anchors."""
    folder = tmp_path_factory.mktemp("wide") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "EXACT_UP_TO", 500)
        patch.setattr(search_index, "LEARNT_FROM", 300)
        patch.setattr(search_signals, "ANCHORS", 100)
        build(many, embedder, folder)
    return folder


def test_candidates_that_are_all_rows_give_what_comparing_all_gives(
    few_rows: list[Row],
    embedder: SentenceEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [row.text for row in few_rows]
    vectors = embedder.encode(texts)
    exact = Signals().fit(few_rows, vectors)
    wide = Signals().fit(few_rows, vectors)
    monkeypatch.setattr(search_signals, "approximate", lambda given, path, tell: _exact(given))
    monkeypatch.setattr(search_signals, "ANCHORS", 0)
    monkeypatch.setattr(search_wide, "stratified", lambda *_: np.arange(3))
    wide.widen(few_rows, vectors, WideFiles.of(tmp_path, "zh"))
    asked = [*ASKED, *texts[::7]]
    one, two = (signals(asked, embedder.encode(asked)) for signals in (exact, wide))
    assert np.allclose(one.near, two.near, atol=2e-3)  # weights on disk have 11 bits
    assert np.allclose(one.kind, two.kind)
    assert (one.question == two.question).mean() > 0.95
    alone = wide(asked[:1], embedder.encode(asked[:1]))
    assert np.allclose(alone.near[0], two.near[0], atol=1e-5)


def _exact(vectors: np.ndarray) -> tuple[object, search_signals.VectorIndex]:
    return search_signals.flat(vectors), search_signals.VectorIndex()


def test_the_manifest_says_how_it_was_built(folder: Path, many: list[Row]) -> None:
    described = read_manifest(folder).languages["zh"]
    assert described.rows == len(many)
    assert described.vectors.kind.startswith("IVF") and described.vectors.recall_at_10 > 0.9
    assert 290 <= described.learnt_from <= 310
    assert "zh.grams" in read_manifest(folder).files


def test_what_is_loaded_finds_rows_by_number(
    folder: Path, many: list[Row], embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = load(folder, embedder, many).languages["zh"]
    monkeypatch.setattr(search_index, "EXACT_UP_TO", 500)
    on_disk = load(folder, embedder, many).languages["zh"]
    assert isinstance(in_memory.rows, tuple) and isinstance(on_disk.rows, StoredRows)
    assert isinstance(on_disk.matcher.signals._rows, WideRows)
    assert list(on_disk.rows) == list(in_memory.rows) == many
    assert on_disk.rows.guides == [row.guide for row in many]


def test_it_is_asked_like_any_other(
    folder: Path, many: list[Row], embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "EXACT_UP_TO", 500)
    finder = Finder(load(folder, embedder, many), embedder)
    high, other = finder.find("电费怎么涨了这么多"), finder.find("附近有药店吗")
    assert high.matches[0].guide == "power.bill-high" and high.matches[0].score > 0.5
    assert other.decision == "silent"
    for row in [row for row in many if row.guide != "none"][::40]:
        best = finder.find(row.text).matches[0]
        assert (best.guide, best.question) == (row.guide, row.text)


def test_a_class_without_a_candidate_still_has_its_anchors(
    folder: Path, embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_wide, "CANDIDATES", 3)
    signals = load(folder, embedder).languages["zh"].matcher.signals
    near = signals(ASKED, embedder.encode(ASKED)).near
    assert (near[:, :, 0, 0] > 0).all()


def test_stratified_keeps_every_class() -> None:
    classes = ["often"] * 9000 + ["seldom"] * 60 + ["once"]
    kept = stratified(classes, 1000)
    drawn = [classes[at] for at in kept]
    assert len(kept) == len({*kept}) and (np.diff(kept) > 0).all()
    assert drawn.count("once") == 1 and drawn.count("seldom") == 50
    assert 900 < drawn.count("often") < 1000
    assert (stratified(classes, 1000) == kept).all()
