"""Commands as people type them: what goes wrong is said once, with its place and a remedy."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assist import events as ev
from assist.cli import main
from assist.journal import Journal
from assist.store import Store


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """`assist ARGUMENTS`; the exit status."""
    monkeypatch.setattr(sys, "argv", ["assist", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSIST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("ASSIST_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path / "models"))
    return tmp_path


def sound(path: Path, channels: int, rate_hz: int = 8000) -> str:
    soundfile.write(path, np.zeros((rate_hz, channels)), rate_hz)
    return str(path)


def text(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (lambda f: ("replay", str(f / "no.wav")), "no such file", "Check the path"),
        (lambda f: ("replay", text(f / "a.wav", "hello")), "not a sound file", "WAV or FLAC"),
        (lambda f: ("transcribe", sound(f / "b.wav", 3)), "3 channels", "customer on the left"),
        (lambda f: ("transcribe", sound(f / "c.wav", 1, 7000)), "7000 Hz", "Send one of"),
        (lambda f: ("transcribe", sound(f / "d.wav", 1)), "whisper-base", "assist models pull"),
        (lambda f: ("index", "info"), "no search index", "assist index build"),
        (lambda f: ("calls", "list"), "no journal yet", "assist demo"),
        (lambda f: ("calls", "show", "x"), "no journal yet", "assist demo"),
    ],
)
def test_known_errors_end_with_one_and_a_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys, arguments, message: str, remedy: str
) -> None:
    assert run(monkeypatch, *arguments(folder)) == 1
    said = capsys.readouterr().err
    assert message in said and remedy in said and "Traceback" not in said


def test_a_corpus_row_without_text_is_named_by_file_and_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    corpus = folder / "root" / "corpus"
    corpus.mkdir(parents=True)
    row = {"id": "a", "guide": "g", "lang": "zh", "source": "editor", "status": "live"}
    text(corpus / "rows.jsonl", json.dumps({**row, "text": "好", "added": "2026-01-01"}) + "\n{}\n")
    monkeypatch.setenv("ASSIST_ROOT", str(folder / "root"))
    assert run(monkeypatch, "index", "build") == 1
    assert "rows.jsonl:2" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("ASSIST_SANDBOX_PORT", port)
        assert run(monkeypatch, "serve", "--sandbox") == 1
    said = capsys.readouterr().err
    assert f"Port {port}" in said and "--port" in said


def test_calls_are_listed_shown_and_exported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    store = Store(folder / "var" / "assist.db")
    journal = Journal(store)
    journal.append("c1", 0, ev.CallStarted(agent="a", number="138", started_at="2026-11-22"))
    heard = ev.SegmentHeard(
        utterance="u", speaker="customer", start_ms=0, end_ms=900, text="没网了", confidence=0.9
    )
    journal.append("c1", 900, heard)
    journal.append("c1", 1000, ev.CallEnded(reason="hangup"))
    store.close()
    assert run(monkeypatch, "calls", "list") == 0
    assert "c1" in capsys.readouterr().out
    assert run(monkeypatch, "calls", "show", "c1") == 0
    assert "没网了" in capsys.readouterr().out
    assert run(monkeypatch, "calls", "export", "c1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [ev.EVENT.validate_json(line).seq for line in lines] == [1, 2, 3]
    assert run(monkeypatch, "calls", "show", "c2") == 1
    assert "no call 'c2'" in capsys.readouterr().err


def test_version_and_wrong_usage(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("assist ")
    assert run(monkeypatch, "replay", "x.wav", "--speed", "9") == 2
