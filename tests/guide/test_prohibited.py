"""What must not be said: told in other words, and not where it is denied."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assist.guide.prohibited import hear_prohibited

PROMISE = "保证今天修好"


def alike(text: str, phrases: Sequence[str]) -> list[float]:
    """What an embedder says of two sentences about one promise, and it hardly sees a 不."""
    return [0.9 if "一定能修好" in text and phrase == PROMISE else 0.1 for phrase in phrases]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("您放心，我保证今天修好。", "我保证今天修好"),
        ("您放心，我保正今天修好。", "我保正今天修好"),
        ("今天一定能修好，再见", "今天一定能修好"),
        ("不好意思，不过我保证今天修好", "不过我保证今天修好"),
        ("我不能保证今天修好", None),
        ("今天不一定能修好", None),
        ("师傅今天会跟您联系", None),
    ],
)
def test_by_wording_sound_meaning_and_denial(text: str, words: str | None) -> None:
    found = list(hear_prohibited(text, [PROMISE], "zh", alike))
    assert [each.words for each in found] == ([words] if words else [])


def test_a_phrase_that_denies_is_said_by_a_sentence_that_denies() -> None:
    phrases = ["这不归我管", PROMISE]
    found = hear_prohibited("哎呀这不归我管，这不归我管", phrases, "zh", alike)
    assert [(each.phrase, each.words) for each in found] == [("这不归我管", "哎呀这不归我管")]
