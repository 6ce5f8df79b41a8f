"""Models beyond the catalogue: names, hub ids, folders; fetched unpinned, by the real clients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faster_whisper import available_models

from assist.errors import ModelError
from assist.models import (
    SpeechModel,
    check,
    find_any,
    model_folder,
    pull,
    speaks_english_only,
    status,
)
from assist.models.catalogue import WHISPER_BASE, WHISPER_SMALL

if TYPE_CHECKING:
    from models.conftest import Rig

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Said:
    """A `Progress` that keeps what is said."""

    def __init__(self) -> None:
        from assist.models import Silent

        self.lines: list[str] = []
        self.task = Silent().task

    def say(self, text: str) -> None:
        self.lines.append(text)


def serve_newest(rig: Rig, repo: str, files: dict[str, bytes], sha256: str = "") -> None:
    """Let the local hub offer `repo`, model.bin with the digest a large file has there."""
    import hashlib

    api = f"/hub/api/models/{repo}"
    names = []
    for name, data in files.items():
        entry = {"rfilename": name, "size": len(data), "blobId": hashlib.sha1(data).hexdigest()}
        if name == "model.bin":
            digest = sha256 or hashlib.sha256(data).hexdigest()
            entry["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 134}
        names.append(entry)
    info = json.dumps({"id": repo, "sha": REVISION, "siblings": names}).encode()
    rig.served[api] = rig.served[f"{api}/revision/{REVISION}"] = info
    tree = [
        {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
        for name, data in files.items()
    ]
    rig.served[f"{api}/tree/{REVISION}"] = json.dumps(tree).encode()
    for name, data in files.items():
        rig.served[f"/hub/{repo}/resolve/{REVISION}/{name}"] = data


@pytest.mark.parametrize("name", available_models())
def test_every_name_of_faster_whisper_means_a_model(name: str, tmp_path: Path) -> None:
    entry = find_any(name)
    assert isinstance(entry, SpeechModel)
    assert "/" in entry.hub.repo
    with pytest.raises(ModelError) as caught:
        model_folder(tmp_path, name)
    assert caught.value.message == f"{name}: not in {tmp_path}."
    assert caught.value.remedy == f"Run `assist models pull {entry.name}`."


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("base", WHISPER_BASE),
        ("small", WHISPER_SMALL),
        ("Systran/faster-whisper-base", WHISPER_BASE),
    ],
)
def test_names_of_the_catalogues_models_mean_them(name: str, entry: SpeechModel) -> None:
    assert find_any(name) is entry


def test_two_names_of_one_repository_share_a_folder() -> None:
    assert find_any("turbo").name == find_any("large-v3-turbo").name == "large-v3-turbo"
    assert find_any("large").name == "large-v3"
    entry = find_any("someone/whisper-yue")
    assert isinstance(entry, SpeechModel)
    assert (entry.name, entry.folder) == ("someone/whisper-yue", "someone--whisper-yue")


@pytest.mark.parametrize(
    "name", ["", "whisper-huge", "a/b/c", "/srv/models", "../up", "a b/c", "-x/y "]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="No model is called") as caught:
        find_any(name)
    assert "OWNER/NAME" in caught.value.remedy


def test_english_only_by_name() -> None:
    english = {name for name in available_models() if speaks_english_only(name)}
    assert english == {
        name for name in available_models() if name.endswith(".en") or "distil" in name
    }
    assert speaks_english_only("Systran/faster-distil-whisper-large-v3")
    assert not speaks_english_only("large-v3-turbo")


def test_the_hub_gives_an_unpinned_model_and_its_revision_is_kept(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_newest(rig, "someone/whisper-yue", {**rig.hub_files, "README.md": b"not wanted"})
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/hub")
    said = Said()
    pulled = pull("someone/whisper-yue", rig.models, progress=said)
    folder = rig.models / "someone--whisper-yue"
    assert pulled.fresh and pulled.status.path == folder
    assert {path.name for path in folder.iterdir()} == {*rig.hub_files, "manifest.json"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["source"].endswith(f"(someone/whisper-yue), revision {REVISION}")
    assert any("no SHA-256 of this model is known here" in line for line in said.lines)
    assert model_folder(rig.models, "someone/whisper-yue") == folder
    assert "someone/whisper-yue" in [found.name for found in status(rig.models)]
    assert not pull("someone/whisper-yue", rig.models).fresh
    (folder / "model.bin").write_bytes(b"damaged")
    (found,) = check(rig.models, ["someone/whisper-yue"])
    assert found.state == "broken"
    assert found.remedy == "Run `assist models pull someone/whisper-yue`."


def test_what_differs_from_the_hubs_own_digest_is_refused(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_newest(rig, "someone/whisper-yue", rig.hub_files, sha256="0" * 64)
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/hub")
    with pytest.raises(ModelError, match=f"expected {'0' * 64}"):
        pull("someone/whisper-yue", rig.models)
    assert not (rig.models / "someone--whisper-yue").exists()


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        ("model.bin", "not a model in CTranslate2's form"),
        ("tokenizer.json", "tokenizer.json missing"),
    ],
)
def test_a_repository_of_another_form_is_refused(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, lacks: str, message: str
) -> None:
    files = {name: data for name, data in rig.hub_files.items() if name != lacks}
    serve_newest(rig, "someone/whisper-yue", files)
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/hub")
    with pytest.raises(ModelError, match=message):
        pull("someone/whisper-yue", rig.models)


def test_no_hub_and_no_folder_is_said_with_what_helps(rig: Rig) -> None:
    with pytest.raises(
        ModelError, match=r"medium could not be fetched\. Tried: Hugging Face hub"
    ) as caught:
        pull("medium", rig.models)
    assert "assist models pull medium --from FOLDER" in caught.value.remedy
    assert "packages named above" not in caught.value.remedy


@pytest.mark.parametrize("below", ["medium", "faster-whisper-medium", "."])
def test_a_folder_gives_any_model(rig: Rig, tmp_path: Path, below: str) -> None:
    rig.finished(tmp_path / "given" / below)
    pulled = pull("medium", rig.models, tmp_path / "given")
    assert pulled.status.source == f"folder {tmp_path / 'given'}"
    assert model_folder(rig.models, "medium") == rig.models / "medium"


def test_a_folder_that_says_it_is_another_model_is_refused(rig: Rig, tmp_path: Path) -> None:
    rig.finished(tmp_path / "given" / "medium")
    pull("medium", rig.models, tmp_path / "given")
    with pytest.raises(ModelError, match=r"its manifest\.json says that it is medium"):
        pull("large-v2", rig.models, rig.models / "medium")


def test_a_relative_path_of_two_parts_is_a_path(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.finished(tmp_path / "own" / "whisper")
    monkeypatch.chdir(tmp_path)
    assert model_folder(rig.models, "own/whisper") == Path("own/whisper")
