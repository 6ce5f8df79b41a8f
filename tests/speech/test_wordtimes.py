"""Words laid onto text: one a unit, in order, within the utterance."""

from __future__ import annotations

from assist.ports import TimedWord
from assist.speech.text import units
from assist.speech.wordtimes import confidences, words_of

HEARD = (
    TimedWord("光", 0, 200, 0.9),
    TimedWord("貓", 200, 400, 0.5),
    TimedWord("，", 400, 420, 0.9),
    TimedWord("紅燈", 500, 900, 0.8),
    TimedWord(" LOS", 900, 1_500, 0.4),
)


def test_each_unit_of_the_text_gets_its_time_and_the_punctuation_behind_it():
    words = words_of("光猫，红灯LOS。", HEARD, 10_000, 11_400)
    assert [word.text for word in words] == ["光", "猫，", "红", "灯", "LOS。"]
    assert [(word.start_ms, word.end_ms) for word in words] == [
        (10_000, 10_200), (10_200, 10_400), (10_500, 10_900), (10_500, 10_900), (10_900, 11_400),
    ]  # fmt: skip
    assert [word.confidence for word in words] == [0.9, 0.5, 0.8, 0.8, 0.4]


def test_a_sentence_that_was_taken_out_leaves_the_times_of_the_others():
    words = words_of("红灯", HEARD, 0, 2_000)
    assert [(word.text, word.start_ms) for word in words] == [("红", 500), ("灯", 500)]


def test_without_times_there_are_no_words():
    assert words_of("光猫", (), 0, 1_000) == ()
    assert confidences("光猫", ()) is None


def test_confidence_is_given_for_every_character_and_only_for_the_text_it_was_told_of():
    text = "光猫，LOS"
    words = words_of(text, HEARD, 0, 2_000)
    sure = confidences(text, words)
    assert sure is not None and len(sure) == len(text)
    assert sure[:3] == [0.9, 0.5, 1.0]
    assert confidences("光猫好", words) is None or len(units("光猫好")) == len(words)
