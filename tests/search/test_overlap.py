"""Rows filed under the wrong scenario show up as taken by the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.errors import CorpusError
from assist.search.corpus import Row
from assist.search.editing.overlap import draw, overlaps
from assist.search.embedder import SentenceEmbedder

pytestmark = pytest.mark.model


def silent(what: str, done: int, total: int) -> None:
    pass


def test_a_misfiled_row_is_found_and_drawn(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    wrong = Row(
        id="wrong", text="电费这个月怎么多了一倍，电表是不是走太快了", lang="zh",
        guide="broadband.no-internet",
    )  # fmt: skip
    told: list[tuple[str, int, int]] = []
    (found,) = overlaps([*few_rows, wrong], embedder, lambda *each: told.append(each))
    assert found.classes == ("broadband.no-internet", "power.bill-high", "none")
    assert found.counts.sum(axis=1).tolist() == [15, 14, 30]
    assert found.counts.sum() - found.counts.trace() == len(found.thefts)
    taken = {(own, taker): [each.row.id for each in thefts] for own, taker, thefts in found.pairs()}
    assert "wrong" in taken["broadband.no-internet", "power.bill-high"]
    assert 0 < found.taken <= 1 - found.kept
    assert {what for what, _, _ in told} == {"embed questions", "cross-fit zh"}
    for name in ("map.png", "map.svg"):
        draw([found], tmp_path / name)
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "map.svg").read_bytes()
    with pytest.raises(CorpusError, match=r"a picture is a \.png"):
        draw([found], tmp_path / "map.bmp")
    with pytest.raises(CorpusError, match="cannot be written"):
        draw([found], tmp_path / "absent" / "map.png")


def test_too_few_rows_to_hold_some_back(few_rows: list[Row], embedder: SentenceEmbedder) -> None:
    some = [row for row in few_rows if row.guide == "none"] + few_rows[:3]
    with pytest.raises(CorpusError, match=r"'power.bill-high' has 3; 5 are needed"):
        overlaps(some, embedder, silent)
