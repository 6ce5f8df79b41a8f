"""The Whisper engine's own promises: clear errors, simplified text, nothing out of noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assist.audio import RATE_HZ
from assist.config import Settings
from assist.errors import ModelError
from assist.ports import Window
from assist.speech.bench import cut_at_turns, load_call
from assist.speech.score import error_rate
from assist.speech.text import simplified
from assist.speech.whisper import WhisperEngine

CALLS = Settings().corpus_dir / "calls"


def test_a_missing_folder_is_named_with_its_remedy(tmp_path: Path):
    with pytest.raises(ModelError) as raised:
        WhisperEngine(tmp_path / "whisper-base", "whisper-base", threads=1)
    assert str(tmp_path / "whisper-base") in raised.value.message
    assert "model.bin" in raised.value.message
    assert "assist models pull" in raised.value.remedy


def test_a_broken_model_is_named_with_its_remedy(tmp_path: Path):
    for file in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(ModelError) as raised:
        WhisperEngine(tmp_path, "whisper-base", threads=1)
    assert str(tmp_path) in raised.value.message
    assert "assist models pull" in raised.value.remedy


@pytest.mark.model
def test_chinese_is_simplified_punctuated_and_right_for_the_most_part(whisper_base: WhisperEngine):
    call = load_call(CALLS / "o02.flac")
    heard = cut_at_turns(call, whisper_base, "customer")
    assert simplified(heard) == heard
    assert "，" in heard
    said = " ".join(turn.text for turn in call.said("customer"))
    assert error_rate(said, heard, "zh").percent < 25


@pytest.mark.model
def test_a_batch_with_different_hints_hears_what_each_window_hears_alone(
    whisper_base: WhisperEngine,
):
    call = load_call(CALLS / "o02.flac")
    hints = (("账单", "流量", "套餐", "退订", "扣费"), ("话费",), ())
    windows = [
        Window(
            call.sound_of(turn),
            "zh",
            final=True,
            hotwords=words,
        )
        for turn, words in zip(call.turns[2:5], hints, strict=True)
    ]
    together = whisper_base.decode_batch(windows)
    for window, decoded in zip(windows, together, strict=True):
        (alone,) = whisper_base.decode_batch([window])
        assert error_rate(alone.text, decoded.text, "zh").percent <= 25
        assert decoded.text


@pytest.mark.model
def test_hints_are_not_heard_in_soft_noise(whisper_base: WhisperEngine):
    noise = np.random.default_rng(2).standard_normal(3 * RATE_HZ).astype(np.float32) * 0.01
    hints = ("光猫", "宽带", "流量", "LOS", "WiFi", "光纤", "欠费", "路由器")
    (decoded,) = whisper_base.decode_batch([Window(noise, "zh", final=True, hotwords=hints)])
    assert not any(word in decoded.text for word in hints)


@pytest.mark.model
def test_english_is_right_for_the_most_part(whisper_base: WhisperEngine):
    call = load_call(CALLS / "o07.flac")
    heard = cut_at_turns(call, whisper_base, "agent")
    said = " ".join(turn.text for turn in call.said("agent"))
    assert error_rate(said, heard, "en").percent < 10


@pytest.mark.model
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_noise_and_tones_give_no_text(whisper_base: WhisperEngine, lang: str):
    rng = np.random.default_rng(4)
    at = np.arange(4 * RATE_HZ) / RATE_HZ
    sounds = [rng.standard_normal(len(at)) * level for level in (0.001, 0.01, 0.05)]
    sounds.append(0.2 * np.sin(2 * np.pi * 450 * at))
    for sound in sounds:
        for final in (False, True):
            decoded = whisper_base.decode(sound.astype(np.float32), lang=lang, final=final)
            assert decoded.text == "" or decoded.confidence < 0.25


@pytest.mark.model
def test_more_sound_than_one_window_is_refused_rather_than_cut_short(whisper_base: WhisperEngine):
    with pytest.raises(ModelError, match="29 s of sound"):
        whisper_base.decode(np.zeros(29 * RATE_HZ, dtype=np.float32), lang="zh", final=True)


@pytest.mark.model
def test_warming_up_needs_no_sound(whisper_base: WhisperEngine):
    whisper_base.warm_up("zh")
    whisper_base.warm_up("en")
