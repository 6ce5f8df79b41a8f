from __future__ import annotations

import pytest

from assist.errors import CorpusError
from assist.search.corpus import Row
from assist.search.crew import Progress, encode_many, shared_out, side_by_side
from assist.search.embedder import SentenceEmbedder

Told = list[tuple[str, int, int]]


def lengths(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


@pytest.mark.parametrize("many", [10_000, 0])
def test_parts_come_back_in_order_and_are_told(many: int) -> None:
    texts = ["x" * (at % 7) for at in range(5000)]
    told: Told = []
    parts = shared_out(lengths, texts, lambda *step: told.append(step), "count", many)
    assert [length for part in parts for length in part] == [at % 7 for at in range(5000)]
    assert [step[1] for step in told] == [0, 2048, 4096, 5000]


def broken(texts: list[str]) -> None:
    raise ValueError(f"{len(texts)} texts are too many")


def test_an_error_in_another_process_is_not_lost() -> None:
    with pytest.raises(ValueError, match="texts are too many"):
        list(shared_out(broken, ["x"] * 10, lambda *_: None, "break", 0))


def stepwise(job: int, progress: Progress) -> int:
    for step in range(job):
        progress(f"job {job}", step + 1, job)
    return job * job


def test_jobs_side_by_side_tell_how_far_they_are_and_come_back_in_order() -> None:
    told: Told = []
    assert side_by_side(stepwise, [3, 1, 2], lambda *step: told.append(step)) == [9, 1, 4]
    assert sorted(told) == [
        ("job 1", 1, 1),
        *(("job 2", step, 2) for step in (1, 2)),
        *(("job 3", step, 3) for step in (1, 2, 3)),
    ]


def failing(job: int, progress: Progress) -> int:
    raise CorpusError(f"job {job} has no rows", "Add some.")


def test_a_known_error_of_a_job_arrives_whole() -> None:
    with pytest.raises(CorpusError, match="job 7 has no rows") as caught:
        side_by_side(failing, [7], lambda *_: None)
    assert caught.value.remedy == "Add some."


@pytest.mark.model
def test_the_same_vectors_whoever_makes_them(
    few_rows: list[Row], embedder: SentenceEmbedder
) -> None:
    texts = [row.text for row in few_rows] * 2
    told: Told = []
    alone = encode_many(texts, embedder, lambda *_: None)
    together = encode_many(texts, embedder, lambda *step: told.append(step), many=50)
    # What else is in a batch moves a vector by a hair.
    assert (alone * together).sum(axis=1).min() > 0.9998
    assert told[-1] == ("embed questions", len(few_rows), len(few_rows))
