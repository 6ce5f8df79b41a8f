"""When two values mean the same to a form, and what two orders have in common. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from assist.guide.wording import fold
from assist.speech.score import with_digits

T = TypeVar("T", bound=Hashable)

SAME_TEXT = 80.0
"""Likeness (0..100, rapidfuzz `ratio`) from which free text counts as the same."""
LEAST_PART = 2
"""A value of fewer characters is part of too much to count as contained."""


def is_same_value(wanted: str, given: str) -> bool:
    """Width, punctuation, spaces and spoken numbers aside; what holds the wanted value is right."""
    one, other = _folded(wanted), _folded(given)
    if not one or not other:
        return one == other
    if one == other or (len(one) >= LEAST_PART and one in other):
        return True
    return not one.isdigit() and fuzz.ratio(one, other) >= SAME_TEXT


def longest_common(one: Sequence[T], other: Sequence[T]) -> list[T]:
    """The longest run of items that both have in the same order, gaps allowed."""
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            same = one[i] == other[j]
            longest = max(lengths[i + 1][j], lengths[i][j + 1])
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else longest
    found, i, j = list[T](), 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            found.append(one[i])
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _folded(text: str) -> str:
    return fold(with_digits(unicodedata.normalize("NFKC", text)))
