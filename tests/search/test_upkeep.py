"""Rows come into an index and go out of it without learning anew."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.errors import IndexError_, ModelError
from assist.search.corpus import Row
from assist.search.embedder import DEFAULT, SentenceEmbedder
from assist.search.finder import Finder
from assist.search.index import build, load, read_manifest
from assist.search.upkeep import update

pytestmark = pytest.mark.model

ASKED = ("电费怎么涨了这么多", "网页打不开", "附近有药店吗", "光猫一直闪红灯", "表是不是坏了")
NEW = Row(id="new-1", text="抽水泵一天开到晚，电表转得飞快", guide="power.bill-high", lang="zh")


@pytest.fixture
def place(few_index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(few_index, tmp_path / "index"))


def finder(place: Path, embedder: SentenceEmbedder, rows: Sequence[Row]) -> Finder:
    return Finder(load(place, embedder, rows), embedder)


class Counting:
    """The default embedder, and every text it was given."""

    name = DEFAULT
    dimension = 512

    def __init__(self, inner: SentenceEmbedder) -> None:
        self.inner = inner
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self.inner.encode(texts)


def test_an_added_row_is_found_and_only_it_is_embedded(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    rows = [*few_rows, NEW]
    counting = Counting(embedder)
    done = update(rows, counting, place)
    assert (done.added, done.removed, done.embedded) == (1, 0, 1)
    assert NEW.text in counting.texts and len(counting.texts) == 2
    best = finder(place, embedder, rows).find(NEW.text).matches[0]
    assert (best.guide, best.question_id) == (NEW.guide, NEW.id)
    manifest = read_manifest(place)
    zh = manifest.languages["zh"]
    assert (zh.rows, zh.added, zh.removed, zh.out_of_scope) == (59, 1, 0, 30)
    assert manifest.count == 59 and manifest.due() == []
    with pytest.raises(IndexError_, match="corpus has changed") as caught:
        load(place, embedder, few_rows)
    assert "assist index update" in caught.value.remedy


def test_a_removed_row_is_never_found(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    gone = next(row for row in few_rows if row.guide == "power.bill-high")
    rows = [row for row in few_rows if row.id != gone.id]
    update(rows, embedder, place)
    after = finder(place, embedder, rows)
    for text in (gone.text, *ASKED):
        assert gone.id not in [match.question_id for match in after.find(text, "zh").matches]


def test_there_and_back_again_everything_is_as_before(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    asked = [*ASKED, *(row.text for row in few_rows)]
    before = finder(place, embedder, few_rows).find_many(asked, "zh")
    update([NEW, *few_rows], embedder, place)
    counting = Counting(embedder)
    done = update(few_rows, counting, place)
    assert (done.added, done.removed, done.embedded) == (0, 1, 0)
    assert finder(place, embedder, few_rows).find_many(asked, "zh") == before
    assert read_manifest(place).languages["zh"].changed == 2 / 58


def test_rows_that_come_back_are_found_as_they_were(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    asked = [*ASKED, *(row.text for row in few_rows)]
    before = finder(place, embedder, few_rows).find_many(asked, "zh")
    update([*few_rows[:7], *few_rows[9:]], embedder, place)
    assert update(few_rows, embedder, place).embedded == 2
    after = finder(place, embedder, few_rows).find_many(asked, "zh")
    for one, other in zip(before, after, strict=True):
        assert one.decision == other.decision
        assert [m.question_id for m in one.matches] == [m.question_id for m in other.matches]
        scores = [m.score for m in other.matches]
        assert [m.score for m in one.matches] == pytest.approx(scores, abs=1e-3)


def test_a_row_that_moves_to_another_guide_keeps_its_vector(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    moved = few_rows[0].model_copy(update={"guide": "none"})
    rows = [moved, *few_rows[1:]]
    done = update(rows, embedder, place)
    assert (done.added, done.removed, done.embedded) == (1, 1, 0)
    found = finder(place, embedder, rows).find(moved.text, "zh")
    assert moved.id not in [match.question_id for match in found.matches]


def test_an_updated_index_is_near_to_a_built_one(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    rows = [*few_rows, NEW]
    update(rows, embedder, place)
    build(rows, embedder, tmp_path / "built")
    for text in ASKED:
        kept = finder(place, embedder, rows).find(text, "zh").matches[0]
        built = finder(tmp_path / "built", embedder, rows).find(text, "zh").matches[0]
        assert kept.guide == built.guide and abs(kept.score - built.score) < 0.1


def test_nothing_changed_writes_nothing(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    stamp = (place / "manifest.json").stat().st_mtime_ns
    done = update(list(reversed(few_rows)), embedder, place)
    assert (done.added, done.removed, done.embedded) == (0, 0, 0)
    assert (place / "manifest.json").stat().st_mtime_ns == stamp


def test_many_changes_make_a_build_due(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    done = update(few_rows[3:-3], embedder, place)
    assert done.manifest.due() == [
        "zh: 0 rows were added and 6 removed since weights and thresholds were learnt, 10% of "
        "what they were learnt from (at most 10%)"
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (NEW.model_copy(update={"guide": "sim.lost"}), "zh: 'sim.lost' is new"),
        (NEW.model_copy(update={"lang": "en"}), "language en is new"),
    ],
)
def test_what_was_never_learnt_needs_a_build(
    row: Row, message: str, place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    with pytest.raises(IndexError_, match=message) as caught:
        update([*few_rows, row], embedder, place)
    assert "assist index build" in caught.value.remedy
    load(place, embedder, few_rows)


def test_a_guide_without_rows_needs_a_build(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    rows = [row for row in few_rows if row.guide != "power.bill-high"]
    with pytest.raises(IndexError_, match=r"'power.bill-high' has no row left"):
        update(rows, embedder, place)


def test_more_questions_than_are_compared_one_by_one_need_a_build(
    place: Path,
    few_rows: list[Row],
    embedder: SentenceEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assist.search.upkeep.EXACT_UP_TO", 58)
    with pytest.raises(IndexError_, match="zh: above 58 questions the vector index is approx"):
        update([*few_rows, NEW], embedder, place)


def test_another_embedder_under_the_same_name_is_noticed(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    class Turned(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.roll(super().encode(texts), 1, axis=1)

    with pytest.raises(IndexError_, match="not those that 'use-multilingual' gives today"):
        update([*few_rows, NEW], Turned(embedder), place)


def test_an_update_that_fails_or_a_damaged_index_changes_nothing(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    class Broken(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise ModelError("The model is gone.", "Fetch it again.")

    before = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(ModelError):
        update([*few_rows, NEW], Broken(embedder), place)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    (place / "zh.npz").write_bytes(before["zh.npz"][:-5])
    with pytest.raises(IndexError_, match=r"zh\.npz is damaged"):
        update([*few_rows, NEW], embedder, place)
    assert [path.name for path in place.parent.iterdir()] == ["index"]


def _die_while_writing(place: Path, rows: list[Row]) -> None:
    def tell(what: str, done: int, total: int) -> None:
        if what == "write index":
            os._exit(9)

    update(rows, SentenceEmbedder(), place, tell)


def test_a_death_in_mid_write_leaves_the_old_index_and_the_next_clears_up(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    rows = [*few_rows, NEW]
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_writing, args=(place, rows)
    )
    process.start()
    process.join(120)
    assert process.exitcode == 9
    assert len(list(place.parent.iterdir())) == 2, "something half written lies beside it"
    load(place, embedder, few_rows)
    update(rows, embedder, place)
    load(place, embedder, rows)
    assert [path.name for path in place.parent.iterdir()] == ["index"]


def test_an_index_behind_a_link_is_replaced_where_it_stands(
    place: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    link = place.parent / "link"
    link.symlink_to(place)
    update([*few_rows, NEW], embedder, link)
    assert link.is_symlink()
    load(place, embedder, [*few_rows, NEW])
