from __future__ import annotations

import numpy as np
import pytest
from pypinyin import lazy_pinyin

from assist.search.noise import Recogniser

SENTENCE = "我家里的宽带从昨天晚上开始就上不了网电视也看不了路由器重启过好几次都没有用" * 20


def test_the_same_seed_mishears_the_same() -> None:
    heard = [Recogniser(np.random.default_rng(3)).hear(SENTENCE, 0.2) for _ in range(2)]
    assert heard[0] == heard[1] != SENTENCE


def test_nothing_is_misheard_at_rate_zero() -> None:
    assert Recogniser(np.random.default_rng(0)).hear(SENTENCE, 0.0) == SENTENCE


@pytest.mark.parametrize("rate", [0.1, 0.2])
def test_most_wrong_characters_sound_right(rate: float) -> None:
    """At one wrong character in five about nine toneless syllables in ten stay right."""
    heard = Recogniser(np.random.default_rng(1)).hear(SENTENCE, rate)
    assert _errors(list(SENTENCE), list(heard)) == pytest.approx(rate, abs=0.04)
    assert _errors(lazy_pinyin(SENTENCE), lazy_pinyin(heard)) < rate * 0.6


def test_english_words_are_misheard_too() -> None:
    said = "the router has been down since last night and nothing loads " * 20
    heard = Recogniser(np.random.default_rng(1)).hear(said, 0.1)
    assert 0.04 < _errors(said.split(), heard.split()) < 0.16


def _errors(said: list[str], heard: list[str]) -> float:
    """Edit distance over what was said."""
    row = list(range(len(heard) + 1))
    for at, unit in enumerate(said, start=1):
        before, row[0] = row[0], at
        for over, other in enumerate(heard, start=1):
            before, row[over] = (
                row[over],
                min(row[over] + 1, row[over - 1] + 1, before + (unit != other)),
            )
    return row[-1] / len(said)
