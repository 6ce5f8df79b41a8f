from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assist.search.dense import (
    RECALL,
    Approximate,
    VectorIndex,
    approximate,
    flat,
    nearest,
    read,
    recall_of,
    true_top,
    write,
)
from assist.search.near import Floats, Ints

COUNT, DIMENSION = 6000, 64


def crowds(count: int = COUNT, seed: int = 0) -> Floats:
    """Unit vectors in 300 crowds, as rewritten questions lie around their original."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(300, DIMENSION))
    points = centres[rng.integers(300, size=count)] + 0.5 * rng.normal(size=(count, DIMENSION))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> Floats:
    return crowds()


@pytest.fixture(scope="module")
def built(
    vectors: Floats, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Approximate, VectorIndex]:
    return approximate(vectors, tmp_path_factory.mktemp("built") / "vectors", lambda *_: None)


def ten(index: Approximate, asked: Floats) -> Ints:
    return np.array([nearest(index, one, 10)[1] for one in asked])


def test_the_approximate_index_finds_what_it_says_of_rows_it_does_not_hold(
    vectors: Floats, built: tuple[Approximate, VectorIndex]
) -> None:
    index, described = built
    asked = crowds(300, seed=1)
    found = ten(index, asked)
    recall = recall_of(vectors, asked, found, true_top(vectors, asked, 10))
    assert described.recall_at_10 >= RECALL
    assert recall == pytest.approx(described.recall_at_10, abs=0.01)
    assert index.cells.nprobe == described.probes and not described.exact


def test_no_more_cells_than_help(built: tuple[Approximate, VectorIndex]) -> None:
    """Each crowd has a cell of its own here, so a few cells find what all would."""
    assert built[1].probes <= 16


def test_fewer_cells_find_less(tmp_path: Path) -> None:
    """So the recall that is told is measured, not assumed: vectors in no order at all."""
    scattered = np.random.default_rng(3).normal(size=(6300, DIMENSION)).astype(np.float32)
    vectors, asked = scattered[:6000], scattered[6000:]
    index, described = approximate(vectors, tmp_path / "vectors", lambda *_: None)
    wanted = true_top(vectors, asked, 10)
    assert described.probes > 16
    index.cells.nprobe = 1
    assert recall_of(vectors, asked, ten(index, asked), wanted) < 0.5


def test_exact_recall_is_one_even_among_equals(vectors: Floats) -> None:
    twice = np.vstack([vectors, vectors])
    asked = crowds(50, seed=2)
    found = flat(twice).search(asked, 10)[1]
    assert recall_of(twice, asked, found, true_top(twice, asked, 10)) == 1.0


def test_a_row_is_not_its_own_neighbour(vectors: Floats) -> None:
    own = np.arange(20)
    with_itself = true_top(vectors, vectors[own], 1)
    without = true_top(vectors, vectors[own], 1, own)
    assert with_itself == pytest.approx(np.ones(20), abs=1e-5) and (without < 0.999).all()


def test_nothing_stands_for_rows_that_are_not_there(vectors: Floats, tmp_path: Path) -> None:
    index = approximate(vectors, tmp_path / "vectors", lambda *_: None)[0]
    index.cells.nprobe = 1
    cosines, rows = nearest(index, vectors[0], 3000)
    assert 0 < len(rows) < 3000 and (rows >= 0).all() and (np.diff(cosines) <= 0).all()


def test_its_vectors_stay_in_the_file(vectors: Floats, tmp_path: Path) -> None:
    """Read for the answers only, even when another index has taken the file's place."""
    index = approximate(vectors, tmp_path / "vectors", lambda *_: None)[0]
    write(index, tmp_path / "one")
    read_back = read(tmp_path / "one", tmp_path / "vectors")
    (tmp_path / "one").unlink()
    (tmp_path / "vectors").unlink()
    for one in vectors[:20]:
        (wanted, rows), (cosines, found) = nearest(index, one, 10), nearest(read_back, one, 10)
        assert np.array_equal(rows, found) and np.allclose(wanted, cosines)
        assert np.allclose(cosines, vectors[found] @ one, atol=2e-3)


def test_building_is_told_step_by_step(vectors: Floats, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    approximate(vectors[:2000], tmp_path / "vectors", lambda *step: told.append(step))
    done = [what for what, at, total in told if at == total]
    assert done == ["train vector index", "fill vector index", "measure vector index"]


def test_the_description_survives_the_manifest(built: tuple[Approximate, VectorIndex]) -> None:
    described = built[1]
    assert VectorIndex.model_validate_json(described.model_dump_json()) == described
    assert "approximate" in str(described) and f"{described.recall_at_10:.3f}" in str(described)
    assert VectorIndex().exact and "exact" in str(VectorIndex())
