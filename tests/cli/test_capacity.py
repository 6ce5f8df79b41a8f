"""What `assist doctor` says of the machine: the wording by hand, and one real measurement."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from assist.audio import RATE_HZ
from assist.cli import main
from assist.cli.capacity import measured, report, speech, usable_cores
from assist.config import Settings
from assist.errors import ModelError
from assist.speech.compute import Compute, choose_compute
from assist.speech.costs import Cost, plans, with_larger
from assist.speech.measure import measure_model

CPU = Compute("cpu", "int8_float32", "no CUDA device")
BASE = Cost("whisper-base", 2, 0.012, 0.030, 0.007, 0.010)
SMALL = Cost("whisper-small", 2, 0.060, 0.120, 0.020, 0.028)


def settings_in(lines: list[str]) -> dict[str, object]:
    begin = lines.index("Recommended, for assist.toml:") + 1
    return tomllib.loads("\n".join(lines[begin : begin + 4]))


def test_settings_can_be_pasted() -> None:
    found = plans(with_larger([BASE, SMALL]), "whisper-base", cores=8)
    lines = report(found, CPU, 8, load=0.1)
    pasted = settings_in(lines)
    assert pasted["final_model"] == "whisper-small"
    assert Settings(**pasted).max_calls == pasted["max_calls"]  # type: ignore[arg-type]
    assert sum("extrapolated" in line for line in lines) == 3
    assert not any("busy" in line for line in lines)
    assert any(line.startswith("For more calls") for line in lines)


def test_a_busy_machine_is_said() -> None:
    lines = report(plans([BASE], "whisper-base", 2), CPU, 2, load=5.0)
    assert "The machine is busy (load 5.0 on 2 cores)" in lines[1]


def test_a_machine_that_carries_no_call_is_told_so() -> None:
    weak = Cost("whisper-base", 1, 0.5, 1.0, 0.2, 0.3)
    lines = report(plans([weak], "whisper-base", 1), CPU, 1, None)
    assert any("does not carry a two-channel call" in line for line in lines)
    assert settings_in(lines)["max_calls"] == 1


def test_a_machine_with_room_hears_of_larger_models() -> None:
    fast = [
        Cost(c.model, 1, *(value / 20 for value in (c.guess_encode_s, c.final_encode_s)),
             c.guess_token_s / 20, c.final_token_s / 20)
        for c in (BASE, SMALL)
    ]  # fmt: skip
    lines = report(plans(with_larger(fast), "whisper-base", 32), CPU, 32, 0.0)
    assert "`assist models pull large-v3`" in lines[-1]


def test_without_a_model_there_is_nothing_to_measure(tmp_path: Path) -> None:
    assert measured(Settings(models=tmp_path), lambda *_: None) == []


def test_speech_without_recordings_is_as_long(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "calls").mkdir(parents=True)
    (tmp_path / "corpus" / "calls" / "bad.flac").write_bytes(b"no sound")
    made, real = speech(Settings(root=tmp_path)), speech(Settings())
    assert len(made) == len(real) == 6 * RATE_HZ
    assert 0.005 < float(np.sqrt(np.mean(np.square(real)))) < 0.5
    assert usable_cores() >= 1


def test_a_broken_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no weights")
    sound = np.zeros(6 * RATE_HZ, dtype=np.float32)
    with pytest.raises(ModelError, match="our-own cannot be measured on cpu"):
        measure_model(tmp_path, "our-own", 1, choose_compute("cpu"), sound, 1.0)


@pytest.mark.model
def test_a_model_is_measured() -> None:
    settings = Settings()
    folder = settings.models / "whisper-base"
    cost = measure_model(folder, "whisper-base", 1, choose_compute("cpu"), speech(settings), 1.0)
    assert 0 < cost.guess_encode_s < cost.final_encode_s
    assert 0 < cost.guess_token_s < 2 * cost.final_token_s


def test_quick_leaves_the_measurement_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("ASSIST_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr(sys, "argv", ["assist", "doctor", "--quick"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "whisper-base is missing" in said.out
    assert "Capacity" not in said.out and "Measuring" not in said.err
