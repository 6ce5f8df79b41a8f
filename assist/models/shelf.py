"""What stands on the shelf: finished model folders, their state, and whether they are whole.

Reads only; it never fetches, mends or deletes anything.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from assist.errors import ModelError
from assist.models.catalogue import (
    CATALOGUE,
    MODEL_FILE,
    Catalogue,
    PackagedModel,
    SpeechModel,
)
from assist.models.files import (
    MANIFEST,
    manifest_problems,
    parts_missing,
    pins_problems,
    read_manifest,
)
from assist.models.others import find_any, known_or_none
from assist.models.progress import Progress, Silent


@dataclass(frozen=True)
class ModelStatus:
    """One model as found.

    `problems` is empty unless `state` is broken; `remedy` says what to do unless it is ready.
    `sha256` is that of model.bin as the manifest has it, or of the embedder's wheel as published.
    """

    name: str
    about: str
    licence: str
    required: bool
    state: Literal["ready", "missing", "broken"]
    path: Path | None = None
    source: str = ""
    size_bytes: int = 0
    sha256: str = ""
    problems: tuple[str, ...] = ()
    remedy: str = ""


def model_folder(models_dir: Path, name: str, catalogue: Catalogue = CATALOGUE) -> Path:
    """The folder faster-whisper can load for `name`: one of the catalogue, any other Whisper by
    its name or hub id, or a folder's path.

    Looks at names and sizes only, so it is cheap enough for every start. Raises ModelError if the
    model is missing or incomplete.
    """
    if not any(entry.name == name for entry in catalogue):
        for folder in (models_dir / name, Path(name).expanduser()):
            if (folder / MODEL_FILE).is_file() and read_manifest(folder) is None:
                return _whole(folder)
    by_path = Path(name).expanduser()
    entry = known_or_none(name, catalogue)
    if entry is not None:
        found = _speech_status(entry, models_dir, None)
        # A relative path of two parts looks like a hub id.
        if found.path is None and "/" in name and (by_path / MODEL_FILE).is_file():
            return _whole(by_path)
        if found.path is None:
            raise ModelError(f"{name}: not in {models_dir}.", found.remedy)
        if found.state == "broken":
            raise ModelError(f"{found.path}: {'; '.join(found.problems)}.", found.remedy)
        return found.path
    if (by_path / MODEL_FILE).is_file():
        return _whole(by_path)
    known = ", ".join(entry.name for entry in catalogue if isinstance(entry, SpeechModel))
    raise ModelError(
        f"No speech model {name!r}: neither {models_dir / name} nor {by_path} is "
        f"a folder with {MODEL_FILE}.",
        f"Use one of {known}, another of faster-whisper's names (tiny to large-v3, turbo, "
        "distil-*), OWNER/NAME on the hub, or the path of a CTranslate2 model's folder.",
    )


def _whole(folder: Path) -> Path:
    """A folder that no pull of ours recorded: only its file names can be looked at."""
    if missing := parts_missing(folder):
        raise ModelError(
            f"{folder}: {', '.join(missing)} missing.",
            "Copy the whole folder as faster-whisper or CTranslate2's converter wrote it.",
        )
    return folder


def status(models_dir: Path, catalogue: Catalogue = CATALOGUE) -> list[ModelStatus]:
    """The catalogue's models and all others that stand there, by names and sizes, unhashed."""
    return [_status(entry, models_dir, None) for entry in _all(models_dir, catalogue)]


def check(
    models_dir: Path,
    names: Iterable[str] = (),
    progress: Progress | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> list[ModelStatus]:
    """The named models (all, if none is named) with every file hashed.

    Raises ModelError for a name that means no model.
    """
    entries = [find_any(name, catalogue) for name in names] or _all(models_dir, catalogue)
    return [_status(entry, models_dir, progress or Silent()) for entry in entries]


def _all(models_dir: Path, catalogue: Catalogue) -> list[SpeechModel | PackagedModel]:
    """The catalogue, then what was pulled besides."""
    entries = list(catalogue)
    for folder in sorted(models_dir.iterdir()) if models_dir.is_dir() else ():
        if not (folder / MODEL_FILE).is_file():
            continue
        entry = known_or_none(folder.name.replace("--", "/"), catalogue)
        if entry is not None and entry not in entries:
            entries.append(entry)
    return entries


def _status(
    entry: SpeechModel | PackagedModel, models_dir: Path, progress: Progress | None
) -> ModelStatus:
    if isinstance(entry, PackagedModel):
        return _packaged_status(entry, progress)
    return _speech_status(entry, models_dir, progress)


def _speech_status(entry: SpeechModel, models_dir: Path, progress: Progress | None) -> ModelStatus:
    made = partial(ModelStatus, entry.name, entry.about, entry.licence, entry.required)
    remedy = f"Run `assist models pull {entry.name}`."
    folder = models_dir / entry.folder
    if not folder.is_dir():
        return made("missing", remedy=remedy)
    try:
        manifest = read_manifest(folder)
    except ModelError as error:
        return made("broken", folder, problems=(error.message,), remedy=remedy)
    if manifest is None and not entry.pinned:
        missing = tuple(f"{name} is missing" for name in parts_missing(folder))
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
        state: Literal["ready", "broken"] = "broken" if missing else "ready"
        place = "a folder put in place by hand"
        return made(state, folder, place, size, "", missing, remedy if missing else "")
    if manifest is None:
        why = f"no {MANIFEST}: these files were never verified"
        return made("broken", folder, problems=(why,), remedy=remedy)
    problems = [f"{name} is missing" for name in parts_missing(folder)]
    problems = problems or manifest_problems(folder, manifest, progress)
    found = manifest.files.get(MODEL_FILE)
    known = {build[MODEL_FILE] for build in entry.pinned_builds}
    if found and entry.pinned and not entry.converted and found.sha256 not in known:
        problems.append(f"{MANIFEST} names a {MODEL_FILE} which is not {entry.name}")
    return made(
        "broken" if problems else "ready",
        folder,
        manifest.source,
        manifest.size_bytes,
        found.sha256 if found else "",
        tuple(problems),
        remedy if problems else "",
    )


def _packaged_status(entry: PackagedModel, progress: Progress | None) -> ModelStatus:
    made = partial(ModelStatus, entry.name, entry.about, entry.licence, entry.required)
    wanted = f"{entry.distribution}=={entry.version}"
    try:
        package = importlib.metadata.distribution(entry.distribution)
    except importlib.metadata.PackageNotFoundError:
        return made("missing", sha256=entry.sha256, remedy=f"Run `pip install {wanted}`.")
    paths = [Path(str(package.locate_file(name))) for name in entry.files]
    problems = [f"{path} is missing" for path in paths if not path.is_file()]
    if package.version != entry.version:
        problems.append(f"version {package.version} is installed, expected {entry.version}")
    if not problems and progress is not None:
        problems = pins_problems(Path(str(package.locate_file(""))), entry.files, progress)
    return made(
        "broken" if problems else "ready",
        paths[0].parent,
        f"Python package {entry.distribution} {package.version}",
        sum(path.stat().st_size for path in paths if path.is_file()),
        entry.sha256,
        tuple(problems),
        f"Run `pip install --force-reinstall --no-deps {wanted}`." if problems else "",
    )
