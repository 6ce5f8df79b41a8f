"""The built search index: rows, vectors, weights and a manifest that says what they fit.

A folder with `manifest.json`, `rows.jsonl` and, per language, a FAISS file and an .npz of plain
arrays. It is written aside and renamed, so a reader never sees half of one. Loading never guesses:
an index of another embedder, another corpus or a damaged file is refused with the command that
rebuilds it. No pickles.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from assist.errors import CorpusError, IndexError_
from assist.ports import Embedder
from assist.search.calibrate import WRONG_OPEN_RATE, Calibration, learn
from assist.search.corpus import OUT_OF_SCOPE, Row, corpus_hash, load_corpus, write_rows
from assist.search.crossfit import FOLDS, Progress, Training
from assist.search.embedder import encode_all
from assist.search.matcher import Logistic, Matcher
from assist.search.signals import Floats, Signals
from assist.search.text import comparable

FORMAT = 2
"""Raised whenever what is stored, or how it is learnt, changes: an older index is rebuilt."""
REBUILD = "Run `assist index build`."

_MANIFEST = "manifest.json"
_ROWS = "rows.jsonl"
_PACKAGES = ("numpy", "scikit-learn", "faiss-cpu", "sentence-transformers")


class LanguageManifest(BaseModel):
    """Rows (out-of-scope rows among them), guides and how well they are told apart."""

    model_config = ConfigDict(frozen=True)

    rows: int
    out_of_scope: int
    guides: tuple[str, ...]
    calibration: Calibration


class Manifest(BaseModel):
    """What an index is of. `files` maps file name to SHA-256."""

    model_config = ConfigDict(frozen=True)

    format: int
    embedder: str
    dimension: int
    count: int
    corpus_hash: str
    wrong_open_rate: float
    versions: dict[str, str]
    files: dict[str, str]
    languages: dict[str, LanguageManifest]


@dataclass(frozen=True)
class LanguageIndex:
    """Rows, matcher and weights of one language."""

    rows: tuple[Row, ...]
    matcher: Matcher
    evidence: Logistic
    calibration: Calibration


@dataclass(frozen=True)
class SearchIndex:
    """Ready to be asked; immutable, shared by all calls."""

    manifest: Manifest
    languages: Mapping[str, LanguageIndex]


def build(
    corpus: Sequence[Row],
    embedder: Embedder,
    out_dir: Path,
    progress: Progress = lambda what, done, total: None,
    wrong_open_rate: float = WRONG_OPEN_RATE,
) -> Manifest:
    """Learns an index from live rows and puts it in place of whatever index is at `out_dir`.

    `progress(what, done, total)` is told often. Raises CorpusError when a language has too little
    to learn from, IndexError_ when `out_dir` is something else, ModelError from the embedder.
    """
    _check_enough(corpus)
    _check_replaceable(out_dir)
    said = [comparable(row.text, row.lang) for row in corpus]
    vectors = encode_all(said, embedder, progress)
    searched = [
        row.model_copy(update={"text": text}) for row, text in zip(corpus, said, strict=True)
    ]
    aside = out_dir.with_name(f"{out_dir.name}.new-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        languages = {
            lang: _build_language(
                lang, searched, vectors, embedder, aside, progress, wrong_open_rate
            )
            for lang in sorted({row.lang for row in corpus})
        }
        write_rows(aside / _ROWS, corpus)
        manifest = Manifest(
            format=FORMAT,
            embedder=embedder.name,
            dimension=embedder.dimension,
            count=len(corpus),
            corpus_hash=corpus_hash(corpus),
            wrong_open_rate=wrong_open_rate,
            versions={name: _version(name) for name in _PACKAGES},
            files={path.name: _sha256(path) for path in sorted(aside.iterdir())},
            languages=languages,
        )
        (aside / _MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
        _swap(aside, out_dir)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Raises IndexError_ when there is none or it cannot be understood."""
    path = folder / _MANIFEST
    if not path.is_file():
        raise IndexError_(f"There is no search index at {folder}.", REBUILD)
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise IndexError_(f"{path} cannot be read ({where}: {first['msg']}).", REBUILD) from error
    if manifest.format != FORMAT:
        raise IndexError_(
            f"The index at {folder} has format {manifest.format}, this program reads {FORMAT}.",
            REBUILD,
        )
    return manifest


def misfits(
    manifest: Manifest, folder: Path, embedder: Embedder, corpus: Sequence[Row] | None
) -> list[str]:
    """Every reason why the index must not be used; empty if it fits. Raises ModelError."""
    found = []
    if manifest.embedder != embedder.name:
        found.append(f"it was built with embedder '{manifest.embedder}', not '{embedder.name}'")
    elif manifest.dimension != embedder.dimension:
        found.append(
            f"its vectors have {manifest.dimension} dimensions, those of '{embedder.name}' have "
            f"{embedder.dimension}"
        )
    if corpus is not None and manifest.corpus_hash != corpus_hash(corpus):
        found.append(
            f"the corpus has changed since it was built ({manifest.count} rows then, "
            f"{len(corpus)} now)"
        )
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"its file {name} is missing")
        elif _sha256(path) != digest:
            found.append(f"its file {name} is damaged")
    return found


def load(folder: Path, embedder: Embedder, corpus: Sequence[Row] | None = None) -> SearchIndex:
    """The index at `folder`, if it fits the embedder and, where given, the live corpus rows.

    Raises IndexError_ naming every misfit and the command that rebuilds.
    """
    manifest = read_manifest(folder)
    found = misfits(manifest, folder, embedder, corpus)
    if found:
        raise IndexError_(
            f"The search index at {folder} does not fit: {'; '.join(found)}.", REBUILD
        )
    try:
        rows = load_corpus(folder / _ROWS)
        languages = {
            lang: _load_language(folder, lang, rows, described.calibration)
            for lang, described in manifest.languages.items()
        }
    except (KeyError, ValueError, OSError, RuntimeError, CorpusError) as error:
        raise IndexError_(
            f"The search index at {folder} cannot be read ({type(error).__name__}: {error}).",
            REBUILD,
        ) from error
    return SearchIndex(manifest, languages)


# ------------------------------------------------------------------ building


def _build_language(
    lang: str,
    rows: Sequence[Row],
    vectors: Floats,
    embedder: Embedder,
    folder: Path,
    progress: Progress,
    wrong_open_rate: float,
) -> LanguageManifest:
    import faiss

    own = [at for at, row in enumerate(rows) if row.lang == lang]
    other = [at for at, row in enumerate(rows) if row.lang != lang]
    training = Training(
        lang, [rows[at] for at in own], vectors[own], [rows[at] for at in other], vectors[other]
    )
    learnt = learn(training, embedder, progress, wrong_open_rate)
    signals = training.signals()
    faiss.write_index(signals.index, str(folder / f"{lang}.faiss"))
    arrays: dict[str, Any] = {
        **signals.arrays(),
        **{f"fusion_{key}": value for key, value in learnt.fusion.arrays().items()},
        **{f"evidence_{key}": value for key, value in learnt.evidence.arrays().items()},
    }
    np.savez(folder / f"{lang}.npz", **arrays)
    return LanguageManifest(
        rows=len(own),
        out_of_scope=sum(row.guide == OUT_OF_SCOPE for row in training.rows),
        guides=tuple(training.guides),
        calibration=learnt.calibration,
    )


def _check_enough(corpus: Sequence[Row]) -> None:
    problems = [] if corpus else ["it has no live row"]
    for lang in sorted({row.lang for row in corpus}):
        counts: dict[str, int] = {}
        for row in corpus:
            if row.lang == lang:
                counts[row.guide] = counts.get(row.guide, 0) + 1
        counts.setdefault(OUT_OF_SCOPE, 0)
        if len(counts) < 2:
            problems.append(f"{lang}: it has no question of any guide")
        problems += [
            f"{lang}: '{guide}' has {count} live rows, at least {FOLDS} are needed"
            for guide, count in sorted(counts.items())
            if count < FOLDS
        ]
    if problems:
        raise CorpusError(
            "The corpus is too small to learn from: " + "; ".join(problems) + ".",
            "Add rows; guide 'none' marks what no guide covers.",
        )


def _check_replaceable(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MANIFEST).is_file():
        raise IndexError_(
            f"{folder} holds something else than a search index; it is left alone.",
            "Name another folder with --out, or set ASSIST_INDEX.",
        )


def _swap(new: Path, place: Path) -> None:
    old = place.with_name(f"{place.name}.old-{os.getpid()}")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


# ------------------------------------------------------------------ reading


def _load_language(
    folder: Path, lang: str, rows: Sequence[Row], calibration: Calibration
) -> LanguageIndex:
    import faiss

    own = tuple(row for row in rows if row.lang == lang)
    with np.load(folder / f"{lang}.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    index = faiss.read_index(str(folder / f"{lang}.faiss"))
    signals = Signals.restore([row.guide for row in own], index, arrays)
    fusion, evidence = (
        Logistic.restore({key: arrays[f"{name}_{key}"] for key in ("mean", "weights", "intercept")})
        for name in ("fusion", "evidence")
    )
    return LanguageIndex(own, Matcher(signals, fusion), evidence, calibration)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
