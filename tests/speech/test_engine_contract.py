"""One contract for every speech engine: the scripted one other rooms test with, and Whisper."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from fakes import Line, ScriptedEngine, scripted_sound

from assist.audio import RATE_HZ, Pcm, Resampler, read_recording
from assist.config import Settings
from assist.ports import SpeechEngine, Window
from assist.speech.text import units

CALLS = Settings().corpus_dir / "calls"
SILENCE = np.zeros(2 * RATE_HZ, dtype=np.float32)
SPOKEN = "您好请稍等我帮您查一下"


@dataclass(frozen=True)
class Case:
    engine: SpeechEngine
    sound: Pcm
    prefix: str


def scripted(_: pytest.FixtureRequest) -> Case:
    lines = [Line("agent", 100, 2_900, SPOKEN)]
    return Case(ScriptedEngine(lines), scripted_sound(lines, "agent", 3_000), SPOKEN[:4])


def whisper(request: pytest.FixtureRequest) -> Case:
    """A turn of a recorded call; its own first characters serve as the agreed prefix."""
    call = CALLS / "o04"
    turn = json.loads(call.with_suffix(".json").read_text(encoding="utf-8"))["turns"][0]
    resampler = Resampler(8_000)
    channel = resampler.push(read_recording(call.with_suffix(".flac")).channels[1])
    sound = channel[int(turn["start"] * RATE_HZ) : int(turn["end"] * RATE_HZ)]
    engine: SpeechEngine = request.getfixturevalue("whisper_base")
    return Case(engine, sound, engine.decode(sound, lang="zh", final=False).text[:4])


@pytest.fixture(params=[scripted, pytest.param(whisper, marks=pytest.mark.model)])
def case(request: pytest.FixtureRequest) -> Case:
    build: Callable[[pytest.FixtureRequest], Case] = request.param
    return build(request)


@pytest.mark.parametrize("final", [False, True])
def test_speech_gives_text_and_confidence(case: Case, final: bool):
    decoded = case.engine.decode(case.sound, lang="zh", final=final)
    assert len(units(decoded.text)) > 4
    assert 0.3 < decoded.confidence <= 1
    assert 0 <= decoded.no_speech < 0.6
    assert decoded.model == case.engine.name


@pytest.mark.parametrize("final", [False, True])
def test_empty_sound_gives_empty_text(case: Case, final: bool):
    for sound in (SILENCE, SILENCE[:0]):
        decoded = case.engine.decode(sound, lang="zh", final=final)
        assert (decoded.text, decoded.no_speech) == ("", 1.0)


def test_a_guess_begins_with_the_agreed_prefix_and_goes_on(case: Case):
    decoded = case.engine.decode(case.sound, lang="zh", prefix=case.prefix, final=False)
    assert decoded.text.startswith(case.prefix)
    assert len(decoded.text) > len(case.prefix)


def test_a_prefix_the_sound_does_not_hold_is_respected_too(case: Case):
    decoded = case.engine.decode(case.sound, lang="zh", prefix="我家宽带", final=False)
    assert decoded.text.startswith("我家宽带")


@pytest.mark.parametrize("final", [False, True])
def test_the_same_sound_gives_the_same_text(case: Case, final: bool):
    first, second = (case.engine.decode(case.sound, lang="zh", final=final) for _ in range(2))
    assert first == second


def test_text_is_never_longer_than_the_sound_could_carry(case: Case):
    for seconds in (0.3, 0.8, 1.5):
        piece = case.sound[: int(seconds * RATE_HZ)]
        for final in (False, True):
            text = case.engine.decode(piece, lang="zh", final=final).text
            assert len(units(text)) <= 4 + 11 * seconds


@pytest.mark.parametrize("final", [False, True])
def test_windows_decoded_together_are_answered_in_their_order(case: Case, final: bool):
    half = case.sound[: len(case.sound) // 2]
    sounds = (case.sound, SILENCE, half)
    windows = [Window(pcm, "zh", final=final) for pcm in sounds]
    whole, silent, part = case.engine.decode_batch(windows)
    assert silent.text == ""
    assert len(units(whole.text)) > len(units(part.text)) > 0
    alone = case.engine.decode(case.sound, lang="zh", final=final)
    assert units(alone.text)[0].folded == units(whole.text)[0].folded


def test_a_final_tells_when_each_word_was_said_and_how_sure_it_is(case: Case):
    decoded = case.engine.decode(case.sound, lang="zh", final=True)
    starts = [word.start_ms for word in decoded.words]
    assert starts == sorted(starts) and len(decoded.words) > 4
    assert all(0 <= word.start_ms <= word.end_ms for word in decoded.words)
    assert max(word.end_ms for word in decoded.words) <= len(case.sound) / 16 + 500
    assert all(0 < word.confidence <= 1 for word in decoded.words)


def test_the_language_of_chinese_sound_is_chinese(case: Case):
    assert case.engine.language_of(case.sound) == "zh"
