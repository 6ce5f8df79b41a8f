"""Small mistakes made in the shipped guides: seeded, real, and noticed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assist.guide.load import load_book
from assist.train.mutate import MUTATORS, mutants, summary

GUIDES = Path(__file__).resolve().parents[2] / "guides"


def unlike(text: str, phrases: Sequence[str]) -> list[float]:
    return [0.0 for _ in phrases]


def test_the_same_seed_makes_the_same_mistakes() -> None:
    book = load_book(GUIDES)
    first, again, other = (
        [(m.guide, m.kind, m.what) for m in mutants(GUIDES, book, unlike, 12, seed)]
        for seed in (7, 7, 8)
    )
    assert first == again != other
    assert len({guide for guide, _, _ in first}) == 12
    assert all(what for _, _, what in first)


def test_broken_names_are_caught_by_the_checker_alone() -> None:
    found = list(mutants(GUIDES, load_book(GUIDES), unlike, 60, 3))
    sure = {"delete step", "rename argument", "rename filled slot", "rename ticket field"}
    assert {m.kind for m in found} <= set(MUTATORS)
    caught = {m.kind: m.caught_by for m in found if m.kind in sure - {"delete step"}}
    assert caught and all(by.startswith("check: ") for by in caught.values())
    made = summary(found)
    assert sum(count for count, _ in made.values()) == 60
