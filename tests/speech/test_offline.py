"""A recording transcribed at once, and the same call as it is heard live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound

from assist.audio import read_recording
from assist.config import Settings
from assist.speech.bench import cut_at_turns, hear, invented, load_call, lost, rates
from assist.speech.offline import transcribe
from assist.speech.vad import SileroVad
from assist.speech.whisper import WhisperEngine

CALLS = Settings().corpus_dir / "calls"
LINES = [
    Line("agent", 500, 2_000, "您好请讲"),
    Line("customer", 2_500, 5_000, "我家宽带断了"),
    Line("agent", 4_800, 6_000, "我看看"),
]


def recording(path: Path, channels: int) -> Path:
    sides = [scripted_sound(LINES, side, 6_500, 8_000) for side in ("customer", "agent")]
    samples = np.stack(sides, axis=1) if channels == 2 else sides[0] + sides[1]
    soundfile.write(path, samples, 8_000, subtype="PCM_16")
    return path


def test_two_channels_are_merged_by_time(tmp_path: Path):
    engine = ScriptedEngine(LINES)
    progress: list[tuple[int, int]] = []
    segments = transcribe(
        read_recording(recording(tmp_path / "call.wav", 2)),
        engine,
        LoudnessVad(),
        "zh",
        lambda done_ms, all_ms: progress.append((done_ms, all_ms)),
    )
    assert [(each.speaker, each.text) for each in segments] == [
        ("agent", "您好请讲"),
        ("customer", "我家宽带断了"),
        ("agent", "我看看"),
    ]
    assert len({each.utterance for each in segments}) == 3
    for each, line in zip(segments, LINES, strict=True):
        assert each.start_ms == pytest.approx(line.start_ms, abs=40)
        assert each.end_ms == pytest.approx(line.end_ms, abs=40)
    assert all(heard.final for heard in engine.received)
    assert progress[-1] == (13_000, 13_000)
    assert progress == sorted(progress)


def test_one_channel_is_a_mixed_speaker(tmp_path: Path):
    lines = LINES[:2]
    path = tmp_path / "mono.wav"
    customer, agent = (scripted_sound(lines, side, 6_000, 8_000) for side in ("customer", "agent"))
    soundfile.write(path, customer + agent, 8_000, subtype="PCM_16")
    segments = transcribe(read_recording(path), ScriptedEngine(lines), LoudnessVad(), "zh")
    assert {each.speaker for each in segments} == {"mixed"}
    assert "".join(each.text for each in segments) == "您好请讲我家宽带断了"


@pytest.mark.model
def test_a_recorded_call_is_heard_live_without_loss_or_invention(whisper_base: WhisperEngine):
    """Two channels, guesses and finals, in the time the sound takes."""
    call = load_call(CALLS / "o04.flac")
    hearing = hear(call, SileroVad(), whisper_base, whisper_base)
    assert invented(call, hearing) == []
    assert lost(call, hearing) == []
    assert hearing.guesses > 50
    for speaker in call.channels:
        _, listened = rates(call, speaker, hearing.text(speaker))
        _, floor = rates(call, speaker, cut_at_turns(call, whisper_base, speaker))
        assert listened.percent < floor.percent + 8
    assert sum(hearing.cpu_s.values()) < call.seconds
