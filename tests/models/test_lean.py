"""The lean copy of a real model: it hears the same, knows its source, and is never a must."""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path

import pytest

from assist.config import Settings
from assist.models import lean_folder, model_folder
from assist.speech.bench import load_call
from assist.speech.text import units
from assist.wiring.engines import open_engine

pytestmark = pytest.mark.model
SETTINGS = Settings()
CALLS = SETTINGS.corpus_dir / "calls"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    folder = tmp_path / "whisper-base"
    shutil.copytree(model_folder(SETTINGS.models, "whisper-base"), folder)
    return folder


@pytest.mark.parametrize("name", ["o01", "o08"])
def test_the_copy_hears_word_for_word_what_the_whole_model_hears(name: str):
    lean = open_engine(SETTINGS, "whisper-base", threads=1)
    whole = open_engine(SETTINGS.model_copy(update={"lean": False}), "whisper-base", threads=1)
    call = load_call(CALLS / f"{name}.flac")
    for turn in call.turns[:4]:
        pcm = call.sound_of(turn)
        one, other = (each.decode(pcm, lang=call.lang, final=True) for each in (lean, whole))
        heard = [unit.folded for unit in units(one.text)]
        assert heard == [unit.folded for unit in units(other.text)] != []
    for pcm in call.channels.values():
        assert lean.language_of(pcm) == whole.language_of(pcm) == call.lang


def test_it_knows_half_the_tokens_and_is_made_once(whole: Path, tmp_path: Path):
    lean = lean_folder(whole, tmp_path / "models")
    assert lean != whole
    known, all_ = (
        len(json.loads((folder / "vocabulary.json").read_text())) for folder in (lean, whole)
    )
    assert 0.4 < known / all_ < 0.6
    made = (lean / "model.bin").stat().st_mtime_ns
    assert lean_folder(whole, tmp_path / "models") == lean
    assert (lean / "model.bin").stat().st_mtime_ns == made


def test_a_changed_model_gets_a_new_copy(whole: Path, tmp_path: Path):
    lean = lean_folder(whole, tmp_path / "models")
    (lean / "model.bin").write_bytes(b"of the model that was here before")
    os.utime(whole / "model.bin", ns=(1, 1))
    assert lean_folder(whole, tmp_path / "models") == lean
    assert (lean / "model.bin").stat().st_size > 10_000_000


def test_an_unknown_layout_is_used_as_it_is_and_that_is_said(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with (whole / "model.bin").open("r+b") as weights:
        weights.write((99).to_bytes(4, "little"))
    with caplog.at_level(logging.WARNING):
        assert lean_folder(whole, tmp_path / "models") == whole
    assert str(whole) in caplog.text
    assert "binary version 99" in caplog.text
    assert list((tmp_path / "models" / ".lean").glob("*/")) == []


def test_where_nothing_can_be_written_the_whole_model_serves(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "models").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert lean_folder(whole, tmp_path / "models") == whole
    assert "whole model is used" in caplog.text
