"""`assist transcribe` as typed: forms, files, what fails beside what succeeds, stopping."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pysubs2
import pytest
import soundfile
import webvtt
from fakes import Line, LoudnessVad, ScriptedEngine, scripted_sound

from assist.cli import main
from assist.config import Settings
from assist.ports import Decoded, Window

CALLS = Settings().corpus_dir / "calls"
LINES = [
    Line("agent", 500, 2_000, "您好请讲"),
    Line("customer", 2_500, 5_000, "我家宽带断了"),
    Line("agent", 5_400, 6_000, "我看看"),
]
SAID = ["您好请讲", "我家宽带断了", "我看看"]


@dataclass
class Stops(ScriptedEngine):
    """Ctrl-C while the second recording is heard."""

    after: int = 3

    def answer(self, window: Window) -> Decoded:
        if len(self.received) == self.after:
            raise KeyboardInterrupt
        return super().answer(window)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    return plug_in(monkeypatch, ScriptedEngine(LINES))


def plug_in(monkeypatch: pytest.MonkeyPatch, engine: ScriptedEngine) -> ScriptedEngine:
    monkeypatch.setattr("assist.cli.transcribe.open_engine", lambda *_, **__: engine)
    monkeypatch.setattr("assist.cli.transcribe.SileroVad", LoudnessVad)
    return engine


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """`assist transcribe --lang zh ARGUMENTS`; the exit status."""
    words = ["assist", "transcribe", "--lang", "zh", *map(str, arguments)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def call(path: Path, channels: int = 2, subtype: str | None = "PCM_16") -> Path:
    sides = [scripted_sound(LINES, side, 6_500, 8_000) for side in ("customer", "agent")]
    samples = np.stack(sides, axis=1) if channels == 2 else sides[0] + sides[1]
    soundfile.write(path, samples, 8_000, subtype=subtype)
    return path


def test_text_is_the_default(tmp_path: Path, monkeypatch, capsys, engine) -> None:
    assert run(monkeypatch, call(tmp_path / "a.wav")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2:] for line in lines] == [
        ["agent", "您好请讲"],
        ["customer", "我家宽带断了"],
        ["agent", "我看看"],
    ]
    assert [heard.lang for heard in engine.received] == ["zh"] * 3


def test_json_is_one_document_a_recording(tmp_path: Path, monkeypatch, capsys, engine) -> None:
    assert run(monkeypatch, call(tmp_path / "a.flac"), "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["recording"] == "a.flac"
    assert (document["language"], document["model"]) == ("zh", "scripted")
    assert document["duration_ms"] == 6_500
    assert [segment["text"] for segment in document["segments"]] == SAID
    assert {"utterance", "start_ms", "end_ms", "display", "confidence"} <= set(
        document["segments"][0]
    )


@pytest.mark.parametrize("option", [("--json",), ("-f", "jsonl")])
def test_json_lines(tmp_path: Path, monkeypatch, capsys, engine, option) -> None:
    assert run(monkeypatch, call(tmp_path / "a.wav"), *option) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == SAID
    assert set(lines[0]) == {"recording", "speaker", "start_ms", "end_ms", "text", "display"}


def test_subtitles_are_valid_and_name_the_speakers(
    tmp_path: Path, monkeypatch, capsys, engine
) -> None:
    recording = call(tmp_path / "a.wav")
    assert run(monkeypatch, recording, "--format", "vtt", "--out", tmp_path) == 0
    captions = webvtt.read(str(tmp_path / "a.vtt")).captions
    assert [(each.voice, each.text) for each in captions] == [
        ("坐席", "您好请讲"),
        ("客户", "我家宽带断了"),
        ("坐席", "我看看"),
    ]
    assert run(monkeypatch, recording, "--format", "srt", "--out", tmp_path) == 0
    parsed = pysubs2.load(str(tmp_path / "a.srt"))
    assert [line.plaintext for line in parsed][1] == "客户：我家宽带断了"
    assert parsed[1].start == pytest.approx(2_500, abs=40)


def test_a_recording_comes_by_standard_input(tmp_path: Path, monkeypatch, capsys, engine) -> None:
    data = call(tmp_path / "a.flac").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(monkeypatch, "-", "-f", "json", "--out", tmp_path) == 0
    document = json.loads((tmp_path / "stdin.json").read_text("utf-8"))
    assert [segment["text"] for segment in document["segments"]] == SAID
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run(monkeypatch, "-") == 1
    assert "nothing came by standard input" in capsys.readouterr().err


def test_several_recordings_printed_are_told_apart(
    tmp_path: Path, monkeypatch, capsys, engine
) -> None:
    one, two = call(tmp_path / "one.wav"), call(tmp_path / "two.flac")
    assert run(monkeypatch, one, two) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("==>")] == [
        f"==> {one} <==",
        f"==> {two} <==",
    ]
    assert len(lines) == 8
    assert run(monkeypatch, one, two, "--json") == 0
    names = [json.loads(line)["recording"] for line in capsys.readouterr().out.splitlines()]
    assert names == ["one.wav"] * 3 + ["two.flac"] * 3


def bad_ones(folder: Path) -> dict[Path, str]:
    """Every kind of bad input, and what is said of it."""
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("hello")
    (folder / "folder").mkdir()
    whole = call(folder / "whole.flac").read_bytes()
    (folder / "half.flac").write_bytes(whole[: len(whole) // 2])
    wav = call(folder / "whole.wav").read_bytes()
    (folder / "half.wav").write_bytes(wav[: len(wav) // 2])
    soundfile.write(folder / "nothing.wav", np.zeros((0, 2)), 8_000)
    soundfile.write(folder / "three.wav", np.zeros((800, 3)), 8_000)
    soundfile.write(folder / "slow.wav", np.zeros(700), 7_000)
    return {
        folder / "empty.wav": "the file is empty",
        folder / "text.wav": "not a sound file",
        folder / "folder": "this is a folder",
        folder / "half.flac": "not a sound file that can be read",
        folder / "half.wav": "cut short",
        folder / "nothing.wav": "holds no sound",
        folder / "three.wav": "3 channels",
        folder / "slow.wav": "7000 Hz",
        folder / "missing.wav": "no such file",
    }


def test_bad_recordings_are_each_said_and_the_rest_is_done(
    tmp_path: Path, monkeypatch, capsys, engine
) -> None:
    bad = bad_ones(tmp_path)
    good = [call(tmp_path / f"good{n}.wav") for n in (1, 2)]
    out = tmp_path / "out"
    assert run(monkeypatch, good[0], *bad, good[1], "--out", out) == 1
    said = capsys.readouterr().err
    for path, message in bad.items():
        (line,) = [each for each in said.splitlines() if f" {path}:" in each]
        assert message in line
    assert "2 recordings done, 9 failed." in said
    assert "Traceback" not in said
    assert sorted(path.name for path in out.iterdir()) == ["good1.txt", "good2.txt"]


def test_nothing_is_written_over_silently(tmp_path: Path, monkeypatch, capsys, engine) -> None:
    recording, target = call(tmp_path / "a.wav"), tmp_path / "a.txt"
    target.write_text("my notes")
    assert run(monkeypatch, recording, "--out", tmp_path) == 1
    said = capsys.readouterr().err
    assert f"{target} is there already" in said and "--force" in said
    assert (target.read_text(), engine.received) == ("my notes", [])
    assert run(monkeypatch, recording, "--out", tmp_path, "--force") == 0
    assert "我家宽带断了" in target.read_text("utf-8")


def test_two_recordings_of_one_name_do_not_share_a_file(
    tmp_path: Path, monkeypatch, capsys, engine
) -> None:
    one, two = call(tmp_path / "a.wav"), call(tmp_path / "a.flac")
    assert run(monkeypatch, one, two, "--out", tmp_path / "out", "--force") == 1
    assert "just written for another recording" in capsys.readouterr().err


def test_out_that_is_a_file_is_said(tmp_path: Path, monkeypatch, capsys, engine) -> None:
    recording = call(tmp_path / "a.wav")
    assert run(monkeypatch, recording, "--out", recording) == 1
    assert "no folder can be made there" in capsys.readouterr().err


def test_stopping_leaves_what_is_done(tmp_path: Path, monkeypatch, capsys) -> None:
    plug_in(monkeypatch, Stops(LINES))
    calls = [call(tmp_path / f"{name}.wav") for name in "abc"]
    assert run(monkeypatch, *calls, "--out", tmp_path / "out") == 130
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]
    assert "1 of 3 recordings are done" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("--format", "doc"), ("--lang", "fr"), ("-", "-"), ("--nothing",)]
)
def test_wrong_usage(tmp_path: Path, monkeypatch, capsys, arguments) -> None:
    assert run(monkeypatch, call(tmp_path / "a.wav"), *arguments) == 2


def test_ogg_and_mp3_are_read(tmp_path: Path, monkeypatch, capsys) -> None:
    plug_in(monkeypatch, ScriptedEngine([]))
    silence = np.zeros((16_000, 2))
    for name, subtype in (("a.ogg", "VORBIS"), ("b.mp3", "MPEG_LAYER_III")):
        soundfile.write(tmp_path / name, silence, 16_000, subtype=subtype)
    assert run(monkeypatch, tmp_path / "a.ogg", tmp_path / "b.mp3", "--json") == 0


def test_a_named_model_is_never_replaced_by_another(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path))
    assert run(monkeypatch, call(tmp_path / "a.wav"), "--model", "medium") == 1
    said = capsys.readouterr().err
    assert "assist models pull medium" in said and "instead" not in said


@pytest.mark.model
def test_a_real_call_becomes_subtitles(tmp_path: Path, monkeypatch, capsys) -> None:
    """Twelve seconds of a demo call through the real model, language told from the sound."""
    sound, rate_hz = soundfile.read(CALLS / "o04.flac", always_2d=True)
    soundfile.write(tmp_path / "short.wav", sound[: 12 * rate_hz], rate_hz)
    arguments = ["assist", "transcribe", str(tmp_path / "short.wav"), "--model", "base"]
    monkeypatch.setattr(sys, "argv", [*arguments, "-f", "vtt", "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    captions = webvtt.read(str(tmp_path / "short.vtt")).captions
    assert {each.voice for each in captions} == {"坐席", "客户"}
    assert "请问" in captions[0].text
    assert all(len(line) <= 20 for each in captions for line in each.text.splitlines())
