from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.errors import CorpusError, IndexError_, ModelError
from assist.search import index as search_index
from assist.search.corpus import Row
from assist.search.embedder import DEFAULT, SentenceEmbedder
from assist.search.finder import Finder
from assist.search.index import REBUILD, build, load, misfits, read_manifest

pytestmark = pytest.mark.model


@pytest.fixture
def copy(few_index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(few_index, tmp_path / "index"))


class Broken:
    """An embedder whose model went away."""

    name = DEFAULT
    dimension = 512

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelError("The model is gone.", "Fetch it again.")


def test_the_manifest_says_what_the_index_is_of(few_index: Path, few_rows: list[Row]) -> None:
    manifest = read_manifest(few_index)
    assert (manifest.embedder, manifest.dimension, manifest.count) == (DEFAULT, 512, len(few_rows))
    assert manifest.languages["zh"].guides == ("broadband.no-internet", "power.bill-high")
    assert manifest.languages["zh"].out_of_scope == 30
    assert set(manifest.files) == {"rows.jsonl", "zh.faiss", "zh.npz"}
    assert set(manifest.versions) == {"numpy", "scikit-learn", "faiss-cpu", "onnxruntime"}


def test_what_is_loaded_says_the_same_as_what_was_built(
    few_index: Path, few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    build(few_rows, embedder, tmp_path / "again")
    first, again = (
        Finder(load(folder, embedder, few_rows), embedder)
        for folder in (few_index, tmp_path / "again")
    )
    for text in ("电表走得太快了吧", "网页打不开", "附近有药店吗"):
        assert first.find(text, "zh") == again.find(text, "zh")


def test_a_row_finds_itself(
    few_index: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    finder = Finder(load(few_index, embedder, few_rows), embedder)
    for row in [row for row in few_rows if row.guide != "none"][::5]:
        best = finder.find(row.text).matches[0]
        assert (best.guide, best.question, best.question_id) == (row.guide, row.text, row.id)


def test_nothing_is_left_beside_the_index(few_index: Path) -> None:
    assert [path.name for path in few_index.parent.iterdir()] == ["index"]


def test_stored_arrays_need_no_pickle(few_index: Path) -> None:
    with np.load(few_index / "zh.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype != object for name in stored.files)


def test_no_index(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    with pytest.raises(IndexError_, match="no search index") as caught:
        load(tmp_path / "absent", embedder)
    assert "assist index build" in caught.value.remedy


@pytest.mark.parametrize("name", ["rows.jsonl", "zh.faiss", "zh.npz"])
def test_a_missing_or_damaged_file_is_named(
    name: str, copy: Path, embedder: SentenceEmbedder
) -> None:
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[:-7])
    with pytest.raises(IndexError_, match=f"{name} is damaged"):
        load(copy, embedder)
    (copy / name).unlink()
    with pytest.raises(IndexError_, match=f"{name} is missing") as caught:
        load(copy, embedder)
    assert "assist index build" in caught.value.remedy


def test_a_changed_corpus_is_refused(
    few_index: Path, few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    changed = [*few_rows[1:], few_rows[0].model_copy(update={"text": "另一句话"})]
    with pytest.raises(IndexError_, match=r"corpus has changed .*58 rows then, 58 now"):
        load(few_index, embedder, changed)
    load(few_index, embedder, list(reversed(few_rows)))


def test_another_embedder_is_refused_without_loading_it(few_index: Path) -> None:
    other = SentenceEmbedder("some/other-model")
    with pytest.raises(IndexError_, match="'use-multilingual', not 'some/other-model'") as caught:
        load(few_index, other)
    assert caught.value.remedy == f"{REBUILD} Or set ASSIST_EMBEDDER=use-multilingual."


def test_another_dimension_is_refused(copy: Path, embedder: SentenceEmbedder) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"dimension": 384}))
    with pytest.raises(IndexError_, match=r"384 dimensions.*512"):
        load(copy, embedder)


@pytest.mark.parametrize(
    ("text", "words"), [("{", "cannot be read"), ("{}", "format"), ('{"format": 99}', "cannot be")]
)
def test_a_manifest_that_makes_no_sense(text: str, words: str, copy: Path) -> None:
    (copy / "manifest.json").write_text(text)
    with pytest.raises(IndexError_, match=words):
        read_manifest(copy)


def test_an_index_of_another_format_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(IndexError_, match="format 99"):
        read_manifest(copy)


def test_every_misfit_is_told_at_once(copy: Path, few_rows: list[Row]) -> None:
    (copy / "zh.faiss").unlink()
    found = misfits(read_manifest(copy), copy, SentenceEmbedder("other"), few_rows[1:])
    assert len(found) == 3


def test_a_build_that_fails_leaves_the_old_index_alone(copy: Path, few_rows: list[Row]) -> None:
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    with pytest.raises(ModelError):
        build(few_rows, Broken(), copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
    assert [path.name for path in copy.parent.iterdir()] == ["index"]


def test_a_folder_with_something_else_is_left_alone(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(IndexError_, match="something else"):
        build(few_rows, embedder, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_too_few_rows_are_named_by_guide(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    guides = [row for row in few_rows if row.guide != "none"]
    lone = [row for row in few_rows if row.guide == "none"] + guides[:2]
    with pytest.raises(CorpusError, match=f"'{guides[0].guide}' has 2 live rows"):
        build(lone, embedder, tmp_path / "index")
    only = [row for row in guides if row.guide == guides[0].guide]
    with pytest.raises(CorpusError, match="one guide alone needs rows of 'none'"):
        build(only, embedder, tmp_path / "index")
    with pytest.raises(CorpusError, match="no live row"):
        build([], embedder, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_one_guide_alone_is_enough(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    rows = [row for row in few_rows if row.guide in ("none", "power.bill-high")]
    told: list[tuple[str, int, int]] = []
    build(rows, embedder, tmp_path / "index", lambda *step: told.append(step))
    finder = Finder(load(tmp_path / "index", embedder, rows), embedder)
    assert finder.guides == ("power.bill-high",)
    high, other = finder.find("电费怎么涨了这么多"), finder.find("附近有药店吗")
    assert high.matches[0].score > 0.5 > other.matches[0].score
    assert {what for what, done, total in told if done == total} == {
        "embed questions",
        "cross-fit zh",
        "thresholds zh",
    }


def test_without_rows_of_none_guides_are_still_told_apart(
    few_rows: list[Row], embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    rows = [row for row in few_rows if row.guide != "none"]
    manifest = build(rows, embedder, tmp_path / "index")
    assert manifest.languages["zh"].out_of_scope == 0
    finder = Finder(load(tmp_path / "index", embedder, rows), embedder)
    for text, guide in (
        ("电费怎么涨了这么多", "power.bill-high"),
        ("网页打不开", "broadband.no-internet"),
    ):
        best = finder.find(text).matches[0]
        assert best.guide == guide and best.score > 0.5


def test_rebuild_names_a_command_that_exists() -> None:
    from assist.cli.index import app

    assert "assist index build" in search_index.REBUILD
    assert "build" in [command.name for command in app.registered_commands]
