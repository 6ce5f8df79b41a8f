"""Error rates: what counts as the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.speech.score import edit_distance, error_rate, with_digits


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("幺五四，零三七二", "1540372"),
        ("五十九块", "59块"),
        ("百分之二十", "20%"),
        ("二十六号三单元五零二", "26号3单元502"),
        ("一千兆", "1000兆"),
        ("二点五", "2.5"),
        ("两千元", "2000元"),
    ],
)
def test_numbers_are_the_same_spoken_and_written(spoken: str, written: str):
    assert with_digits(spoken) == with_digits(written)
    assert error_rate(spoken, written, "zh").errors == 0
    assert error_rate(spoken, written, "zh", strict=True).errors > 0


@pytest.mark.parametrize("words", ["万一", "千万别", "十一百"])
def test_what_only_looks_like_a_number_stays(words: str):
    assert with_digits(words) == words.replace("十一百", with_digits("十一百"))


def test_punctuation_case_and_traditional_characters_are_no_errors():
    assert error_rate("您好，请问？", "您好請問", "zh").errors == 0
    assert error_rate("Hello, there.", "hello there", "en").errors == 0


def test_one_wrong_character_in_four():
    rate = error_rate("宽带断了", "宽袋断了", "zh")
    assert (rate.errors, rate.length, rate.percent) == (1, 4, 25.0)


def test_english_counts_words_and_numbers_in_one_form():
    assert error_rate("one hundred and twenty eight yuan", "128 yuan", "en").errors == 0
    assert error_rate("my line is down", "my lane is down", "en").percent == 25.0


@given(st.text(max_size=12), st.text(max_size=12))
def test_the_distance_is_a_distance(one: str, other: str):
    distance = edit_distance(one, other)
    assert distance == edit_distance(other, one)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))
    assert (distance == 0) == (one == other)
