"""Whole lists of facts from scripted speech, and what the engine was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.audio import AudioChunk, Pcm, ms_to_samples, samples_to_ms
from assist.events import Fact, SegmentHeard, SpeechDropped, SpeechGuessed, SpeechStable
from assist.ports import Decoded
from assist.speech.domain.correct import Corrector
from assist.speech.domain.lexicon import Lexicon, Term
from assist.speech.listener import Listener
from assist.speech.options import ListenOptions
from assist.speech.scribe import Scribe
from assist.speech.utterance import Due, Final, Guess

OPTIONS = ListenOptions()
NOT_AHEAD = replace(OPTIONS, early_final_ms=0)
NO_GUESSES = replace(OPTIONS, guess_every_ms=0, early_final_ms=0)
SENTENCE = "家里宽带突然上不了网光猫亮红灯"
LINES = [Line("customer", 1_000, 4_000, SENTENCE)]


def listener(options: ListenOptions = OPTIONS, lang: str = "zh") -> Listener:
    return Listener("c", "customer", LoudnessVad(), options, lang)


def dues(ears: Listener, pcm: Pcm, chunk_ms: int = 100, at_ms: int = 0) -> list[Due]:
    step = ms_to_samples(chunk_ms)
    found: list[Due] = []
    for at in range(0, len(pcm), step):
        chunk = AudioChunk("customer", at_ms + samples_to_ms(at), pcm[at : at + step])
        found += ears.accept(chunk)
    return found


def listen(ears: Listener, engine: ScriptedEngine, pcm: Pcm) -> list[Fact]:
    """Every decode at once, as on an idle machine."""
    facts: list[Fact] = []
    step = ms_to_samples(100)
    for at in range(0, len(pcm) + step, step):
        ended = at >= len(pcm)
        chunk = AudioChunk("customer", samples_to_ms(at), pcm[at : at + step])
        found = ears.finish() if ended else ears.accept(chunk)
        facts += ears.take_ready()
        for due in found:
            (decoded,) = engine.decode_batch([due.window("zh")])
            facts += ears.take(due, decoded)
    return facts


def sound(lines: list[Line] = LINES, duration_ms: int = 6_000) -> Pcm:
    return scripted_sound(lines, "customer", duration_ms)


def test_an_utterance_is_guessed_becomes_stable_and_is_final():
    engine = ScriptedEngine(LINES)
    facts = listen(listener(), engine, sound())
    about = {"utterance": "c1", "speaker": "customer", "start_ms": 992}
    whole = len(SENTENCE)
    shown = [SENTENCE[:count] for count in (3, 5, 7, 10, 13, whole)]
    assert [
        fact.model_copy(update={"words": ()}) if isinstance(fact, SegmentHeard) else fact
        for fact in facts
    ] == [
        SpeechGuessed(text=shown[0], **about),
        SpeechGuessed(text=shown[1], **about),
        SpeechStable(text=shown[0], **about),
        SpeechGuessed(text=shown[2], **about),
        SpeechStable(text=shown[1], **about),
        SpeechGuessed(text=shown[3], **about),
        SpeechStable(text=shown[2], **about),
        SpeechGuessed(text=shown[4], **about),
        SpeechStable(text=shown[3], **about),
        SpeechGuessed(text=shown[5], **about),
        SpeechStable(text=shown[4], **about),
        SpeechStable(text=SENTENCE, **about),
        SegmentHeard(
            text=SENTENCE,
            display=SENTENCE,
            end_ms=4_000,
            confidence=0.9,
            model="scripted",
            **about,
        ),
    ]
    (segment,) = [fact for fact in facts if isinstance(fact, SegmentHeard)]
    assert "".join(word.text for word in segment.words) == SENTENCE
    assert all(992 - 250 <= word.start_ms <= word.end_ms <= 4_000 for word in segment.words)
    assert [heard.prefix for heard in engine.received] == ["", "", *shown[:5], ""]
    assert [heard.final for heard in engine.received] == [False] * 7 + [True]


def test_a_pause_closes_a_clause_and_the_next_guess_begins_behind_it():
    lines = [
        Line("customer", 1_000, 3_000, "我家宽带坏了"),
        Line("customer", 3_400, 5_000, "你们快来修"),
    ]
    engine = ScriptedEngine(lines)
    facts = listen(listener(), engine, sound(lines, 7_000))
    guessed = [fact.text for fact in facts if isinstance(fact, SpeechGuessed)]
    assert "我家宽带坏了" in guessed
    assert guessed[-1] == "我家宽带坏了，你们快来修"
    stable = [fact.text for fact in facts if isinstance(fact, SpeechStable)]
    assert stable[-1] == guessed[-1]
    behind = [heard for heard in engine.received if heard.text.startswith("你们")]
    assert behind and all(heard.duration_ms < 2_300 for heard in behind)
    assert [fact.text for fact in facts if isinstance(fact, SegmentHeard)] == [
        "我家宽带坏了你们快来修"
    ]


def test_the_last_words_are_kept_when_the_caller_hangs_up_in_mid_word():
    facts = listen(listener(NO_GUESSES), ScriptedEngine(LINES), sound()[: ms_to_samples(2_510)])
    (segment,) = facts
    assert isinstance(segment, SegmentHeard)
    assert segment.text == SENTENCE[:8]
    assert 2_490 <= segment.end_ms <= 2_530


def test_nothing_is_due_in_silence():
    assert dues(listener(), np.zeros(ms_to_samples(60_000), dtype=np.float32)) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=40))
def test_how_sound_is_chopped_up_makes_no_difference(cuts: list[int]):
    lines = [Line("customer", 700, 2_200, "喂你好"), Line("customer", 3_300, 4_100, "在吗")]
    pcm = sound(lines, 5_500)
    whole = dues(listener(), pcm, chunk_ms=20)
    ears, found, at = listener(), [], 0
    for cut in [*cuts, len(pcm)]:
        piece = pcm[at : at + cut]
        found += ears.accept(AudioChunk("customer", samples_to_ms(at), piece))
        at += len(piece)
    assert found == whole
    assert all(np.array_equal(one.pcm, other.pcm) for one, other in zip(found, whole, strict=True))


def test_a_final_carries_the_sound_before_and_behind_the_words():
    (final,) = dues(listener(NO_GUESSES), sound())
    assert isinstance(final, Final)
    assert (final.start_ms, final.end_ms) == (992, 4_000)
    padded_ms = final.end_ms - final.start_ms + OPTIONS.pad_before_ms + OPTIONS.pad_after_ms
    assert samples_to_ms(len(final.pcm)) == padded_ms
    assert final.due_at_ms == pytest.approx(final.end_ms + OPTIONS.end_silence_ms, abs=32)


def test_a_final_ends_the_say_of_late_guesses():
    ears = listener(NOT_AHEAD)
    found = [*dues(ears, sound()), *ears.finish()]
    late = next(due for due in found if isinstance(due, Guess))
    final = next(due for due in found if isinstance(due, Final))
    assert len(ears.take(final, Decoded("宽带断了", 0.8, model="small"))) == 1
    assert ears.take(late, Decoded("宽带", 0.8)) == []
    assert ears.standing(late) == "stale"


def test_an_older_guess_than_the_one_taken_is_ignored():
    ears = listener()
    first, second, *_ = dues(ears, sound())
    assert ears.standing(first) == "stale"
    assert len(ears.take(second, Decoded("家里宽带", 0.8))) == 1
    assert ears.take(first, Decoded("加里", 0.8)) == []


def test_the_newest_guess_is_not_stale_until_its_final_is_taken():
    ears = listener()
    found = dues(ears, sound()[: ms_to_samples(3_000)])
    assert [ears.standing(due) == "stale" for due in found] == [True, True, False]
    (final,) = ears.finish()
    assert ears.standing(found[-1]) == "early" and ears.standing(final) == "due"
    ears.take(final, Decoded("宽带断了", 0.8))
    assert ears.standing(found[-1]) == "stale"


def test_an_unsure_guess_is_not_shown():
    ears = listener()
    first, *_ = dues(ears, sound())
    assert ears.take(first, Decoded("如果您是否", OPTIONS.min_guess_confidence - 0.01)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "silence"), ("谢谢观看", "phantom"), ("请稍等" * 9, "repeat")],
)
def test_what_was_guessed_and_was_nothing_is_taken_away(
    text: str, reason: Literal["silence", "phantom", "repeat"]
):
    ears = listener()
    found = [*dues(ears, sound()), *ears.finish()]
    assert ears.take(found[0], Decoded("谢", 0.8))
    assert ears.take(found[-1], Decoded(text, 0.8)) == [
        SpeechDropped(utterance="c1", speaker="customer", reason=reason)
    ]


def test_the_words_of_open_guides_go_with_finals_and_never_with_guesses():
    terms = [
        Term("工单", "zh", weight=3),
        Term("电表", "zh", guides=frozenset({"power"}), weight=2),
    ]
    lexicon = Lexicon(()).with_terms(terms)
    scribe, engine = Scribe(Corrector(lexicon)), ScriptedEngine(LINES)
    ears = Listener("c", "customer", LoudnessVad(), replace(OPTIONS, hotwords=1), "zh", scribe)
    listen(ears, engine, sound())
    assert {heard.hotwords for heard in engine.received if not heard.final} == {()}
    assert {heard.hotwords for heard in engine.received if heard.final} == {("工单",)}
    ears = Listener("c", "customer", LoudnessVad(), replace(OPTIONS, hotwords=1), "zh", scribe)
    ears.expect(["power"])
    listen(ears, engine, sound())
    assert engine.received[-1].hotwords == ("电表",)
    ears = Listener("c", "customer", LoudnessVad(), OPTIONS, "zh", scribe)
    ears.speak("en")
    listen(ears, engine, sound())
    assert engine.received[-1].hotwords == (), "another language has words of its own"


def test_what_was_never_shown_needs_no_taking_away():
    ears = listener(NO_GUESSES)
    (final,) = dues(ears, sound())
    assert ears.take(final, Decoded("", 0.0, no_speech=1.0)) == []


def test_utterances_are_numbered_and_do_not_leak_into_each_other():
    lines = [Line("customer", 500, 1_500, "第一句话"), Line("customer", 3_000, 4_000, "第二句话")]
    facts = listen(listener(), ScriptedEngine(lines), sound(lines, 6_000))
    heard = [(fact.utterance, fact.text) for fact in facts if isinstance(fact, SegmentHeard)]
    assert heard == [("c1", "第一句话"), ("c2", "第二句话")]


def test_a_short_gap_in_the_sound_is_bridged_and_times_stay_right():
    ears = listener(NO_GUESSES)
    pcm = sound()
    early = dues(ears, pcm[: ms_to_samples(2_000)])
    late = dues(ears, pcm[ms_to_samples(2_300) :], at_ms=2_300)
    (final,) = early + late
    assert (final.start_ms, final.end_ms) == (992, 4_000)


def test_a_long_gap_ends_the_utterance_and_listening_goes_on_behind_it():
    ears = listener(NO_GUESSES)
    early = dues(ears, sound()[: ms_to_samples(2_000)])
    late = dues(ears, sound(), at_ms=30_000)
    assert [(due.start_ms, due.end_ms) for due in early + late] == [
        (992, 2_016),
        (30_992, 34_000),
    ]


def test_sound_sent_twice_is_heard_once():
    ears = listener(NO_GUESSES)
    pcm = sound()
    first = dues(ears, pcm[: ms_to_samples(3_000)])
    again = dues(ears, pcm[ms_to_samples(2_000) :], at_ms=2_000)
    assert [(due.start_ms, due.end_ms) for due in first + again] == [(992, 4_000)]


def test_a_monologue_is_cut_and_every_sample_of_it_is_decoded_once():
    lines = [Line("customer", 500, 40_500, "长")]
    found = dues(listener(NO_GUESSES), sound(lines, 42_000), chunk_ms=500)
    assert len(found) >= 3
    assert all(due.end_ms - due.start_ms <= OPTIONS.max_utterance_ms + 32 for due in found)
    assert [due.start_ms for due in found[1:]] == [due.end_ms for due in found[:-1]]
    spoken = np.concatenate([due.pcm[due.pcm > 0] for due in found])
    assert np.array_equal(spoken, sound(lines, 42_000)[sound(lines, 42_000) > 0])


PAUSE = [Line("customer", 1_000, 2_000, "光猫亮红灯"), Line("customer", 2_450, 3_500, "一直闪")]


def test_the_final_is_decoded_ahead_and_told_when_the_utterance_has_ended():
    ears, pcm = listener(replace(OPTIONS, guess_every_ms=0)), sound()
    (ahead,) = dues(ears, pcm[: ms_to_samples(4_350)])
    assert isinstance(ahead, Final) and ears.standing(ahead) == "early"
    assert ahead.due_at_ms == pytest.approx(ahead.end_ms + OPTIONS.early_final_ms, abs=32)
    told = ears.take(ahead, Decoded(SENTENCE, 0.9))
    assert [type(fact) for fact in told] == [SpeechGuessed, SpeechStable]
    assert dues(ears, pcm[ms_to_samples(4_350) :], at_ms=4_350) == []
    (segment,) = ears.take_ready()
    assert isinstance(segment, SegmentHeard) and segment.text == SENTENCE
    assert ears.take_ready() == []


def test_a_final_on_its_way_becomes_due_when_the_utterance_ends():
    ears = listener(replace(OPTIONS, guess_every_ms=0))
    (ahead,) = dues(ears, sound())
    assert ears.standing(ahead) == "due" and ears.take_ready() == []
    (segment,) = ears.take(ahead, Decoded(SENTENCE, 0.9))
    assert isinstance(segment, SegmentHeard)


def test_whoever_speaks_on_makes_a_final_decoded_ahead_a_mere_guess():
    ears = listener(replace(OPTIONS, guess_every_ms=0))
    first, second = dues(ears, sound(PAUSE, 6_000))
    assert isinstance(first, Final) and isinstance(second, Final)
    assert (ears.standing(first), ears.standing(second)) == ("stale", "due")
    assert (first.end_ms, second.start_ms) == (2_016, first.start_ms)
    (guessed, stable) = ears.take(first, Decoded("光猫亮红灯", 0.9))
    assert isinstance(guessed, SpeechGuessed) and isinstance(stable, SpeechStable)
    (segment,) = ears.take(second, Decoded("光猫亮红灯，一直闪", 0.9))
    assert isinstance(segment, SegmentHeard) and segment.text == "光猫亮红灯，一直闪"


def test_no_guess_at_a_pause_where_the_final_ahead_comes_just_then():
    found = dues(listener(replace(OPTIONS, guess_at_pause=False)), sound())
    assert not any(isinstance(due, Guess) and due.closes for due in found)
    assert any(isinstance(due, Guess) and due.closes for due in dues(listener(), sound()))
