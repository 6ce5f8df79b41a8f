from __future__ import annotations

from collections import Counter

import pytest

from assist.bench.rewriting import Rewritten, rewrite
from assist.config import Settings
from assist.search.corpus import Row, load_corpus


@pytest.fixture(scope="module")
def shipped() -> list[Row]:
    return load_corpus(Settings().corpus_dir)


@pytest.fixture(scope="module")
def made(shipped: list[Row]) -> Rewritten:
    return rewrite(shipped, 12_000, asked=200)


def test_the_rows_are_the_given_ones_and_new_ones_of_the_same_guides(
    shipped: list[Row], made: Rewritten
) -> None:
    assert made.rows[: len(shipped)] == shipped and len(made.rows) == 12_000
    assert len({row.id for row in made.rows}) == 12_000
    before, after = (Counter(row.guide for row in rows) for rows in (shipped, made.rows))
    for guide, count in before.items():
        assert after[guide] / 12_000 == pytest.approx(count / len(shipped), rel=0.25), guide


def test_hardly_a_text_is_there_twice(made: Rewritten) -> None:
    texts = [row.text for row in made.rows]
    assert made.distinct == len({*texts}) / len(texts) > 0.95


def test_what_is_asked_is_not_among_them(made: Rewritten) -> None:
    assert {row.text for row in made.asked}.isdisjoint(row.text for row in made.rows)
    assert {row.lang for row in made.asked} == {"zh", "en"} and len(made.asked) > 190


def test_a_seed_makes_the_same_again(shipped: list[Row], made: Rewritten) -> None:
    assert rewrite(shipped, 12_000, asked=200) == made
    assert rewrite(shipped, 12_000, asked=200, seed=1).rows != made.rows


def test_fewer_than_there_are(shipped: list[Row]) -> None:
    few = rewrite(shipped, 10, asked=5)
    assert few.rows == shipped[:10] and len(few.asked) == 5
