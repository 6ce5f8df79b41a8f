"""Recorded telephone sound and real engines for the listening room's tests."""

from __future__ import annotations

import json

import pytest

from assist.audio import Pcm, read_recording
from assist.config import Settings
from assist.speech.whisper import WhisperEngine
from assist.wiring.engines import open_engine

CALLS = Settings().corpus_dir / "calls"


@pytest.fixture(scope="session")
def telephone_call() -> list[Pcm]:
    """Customer and agent of a demo call, 8 kHz."""
    return list(read_recording(CALLS / "o04.flac").channels)


@pytest.fixture(scope="session")
def turns_s() -> dict[str, list[tuple[float, float]]]:
    """Start and end of each turn of that call, by speaker."""
    turns = json.loads((CALLS / "o04.json").read_text(encoding="utf-8"))["turns"]
    return {
        speaker: [(turn["start"], turn["end"]) for turn in turns if turn["speaker"] == speaker]
        for speaker in ("customer", "agent")
    }


@pytest.fixture(scope="session")
def whisper_base() -> WhisperEngine:
    return open_engine(Settings(), "whisper-base", threads=1)
