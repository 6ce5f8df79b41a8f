"""The tests that stand beside the shipped guides, played with the real embedder."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.guide.load import load_book
from assist.search.embedder import SentenceEmbedder
from assist.search.kept import KeptVectors
from assist.search.likeness import Likeness
from assist.train.examine import examine

GUIDES = Path(__file__).resolve().parents[2] / "guides"


@pytest.mark.model
def test_all_pass_and_every_step_and_branch_is_gone_through(tmp_path: Path) -> None:
    book = load_book(GUIDES)
    like = Likeness(KeptVectors(SentenceEmbedder(), tmp_path / "vectors.npz"), 50_000)
    exams, problems = examine(GUIDES, book, like)
    assert problems == []
    assert [str(problem) for exam in exams for problem in exam.problems] == []
    left = {
        exam.guide: exam.coverage.missing_branches if exam.coverage else "no tests"
        for exam in exams
        if exam.coverage is None or exam.coverage.missing_steps or exam.coverage.missing_branches
    }
    assert left == {}
