"""The built search index: rows, vectors, weights and a manifest that says what they fit.

A folder with `manifest.json`, `rows.jsonl` and, per language, a FAISS file and an .npz of plain
arrays. It is written aside and renamed, so a reader never sees half of one. Loading never guesses:
an index of another embedder, another corpus or a damaged file is refused with the command that
rebuilds it. No pickles.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from assist.errors import CorpusError, IndexError_
from assist.ports import Embedder
from assist.search.calibrate import WRONG_OPEN_RATE, Calibration, Learnt, learn
from assist.search.corpus import OUT_OF_SCOPE, Row, corpus_hash, load_corpus, write_rows
from assist.search.crew import encode_many, side_by_side
from assist.search.crossfit import FOLDS, Progress, Training
from assist.search.dense import EXACT_UP_TO, VectorIndex, read, write
from assist.search.embedder import SentenceEmbedder
from assist.search.folder import replaced, sha256
from assist.search.matcher import Logistic, Matcher
from assist.search.signals import LEARNT_FROM, Floats, Signals
from assist.search.stored import StoredRows, stored_rows
from assist.search.text import comparable
from assist.search.wide import WideFiles

FORMAT = 5
"""Raised whenever what is stored, or how it is learnt, changes: an older index is rebuilt."""
REBUILD = "Run `assist index build`."
UPDATE = "Run `assist index update`, or `assist index build` to learn anew."
MOST_CHANGED = 0.10
"""Share of a language's rows that may come or go before weights and thresholds are learnt anew."""

_MANIFEST = "manifest.json"
_CHANGED = "the corpus has changed"
_ROWS = "rows.jsonl"
_PACKAGES = ("numpy", "scikit-learn", "faiss-cpu", "onnxruntime")


class LanguageManifest(BaseModel):
    """Rows (out-of-scope rows among them), guides and how well they are told apart.

    `learnt_from` is the number of rows that weights and thresholds were learnt from, 0 meaning
    all. `added` and `removed` count the rows that came and went since; a row that changed is one
    of each.
    """

    model_config = ConfigDict(frozen=True)

    rows: int
    out_of_scope: int
    guides: tuple[str, ...]
    calibration: Calibration
    vectors: VectorIndex = VectorIndex()
    learnt_from: int = 0
    added: int = 0
    removed: int = 0

    @property
    def basis(self) -> str:
        """How questions are compared, and what was learnt from, in words."""
        learnt = f"{self.learnt_from} of {self.rows}" if self.learnt_from else "all"
        return f"{self.vectors}; weights and thresholds are learnt from {learnt} questions"

    @property
    def changed(self) -> float:
        """Share of the rows it was learnt from, 0..1 and above."""
        return (self.added + self.removed) / max(1, self.rows - self.added + self.removed)


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
    files: dict[str, str] = {}
    languages: dict[str, LanguageManifest]

    @property
    def hash(self) -> str:
        """Short name of this very index, for health, log and journal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def due(self) -> list[str]:
        """Why it should be learnt anew, a language each; empty as long as it need not."""
        return [
            f"{lang}: {one.added} rows were added and {one.removed} removed since weights and "
            f"thresholds were learnt, {one.changed:.0%} of what they were learnt from (at most "
            f"{MOST_CHANGED:.0%})"
            for lang, one in self.languages.items()
            if one.changed > MOST_CHANGED
        ]


@dataclass(frozen=True)
class LanguageIndex:
    """Rows, matcher and weights of one language."""

    rows: tuple[Row, ...] | StoredRows
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
    vectors = encode_many(said, embedder, progress)
    searched = [
        row.model_copy(update={"text": text}) for row, text in zip(corpus, said, strict=True)
    ]
    languages = sorted({row.lang for row in corpus})
    learnings = [_learning(lang, searched, vectors) for lang in languages]
    with replaced(out_dir) as aside:
        learnt = _learn(learnings, embedder, progress, wrong_open_rate)
        stored = [_store(*both, aside, progress) for both in zip(learnings, learnt, strict=True)]
        manifest = Manifest(
            format=FORMAT,
            embedder=embedder.name,
            dimension=embedder.dimension,
            count=len(corpus),
            corpus_hash=corpus_hash(corpus),
            wrong_open_rate=wrong_open_rate,
            versions={name: _version(name) for name in _PACKAGES},
            languages=dict(zip(languages, stored, strict=True)),
        )
        return finish(aside, corpus, manifest)


def finish(aside: Path, corpus: Sequence[Row], manifest: Manifest) -> Manifest:
    """Writes rows and manifest beside what is in the folder; the manifest knows every file."""
    write_rows(aside / _ROWS, corpus)
    files = {path.name: sha256(path) for path in sorted(aside.iterdir())}
    manifest = manifest.model_copy(update={"files": files})
    (aside / _MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path, remedy: str = REBUILD) -> Manifest:
    """Raises IndexError_ when there is none or it cannot be understood."""
    path = folder / _MANIFEST
    if not path.is_file():
        raise IndexError_(f"There is no search index at {folder}.", remedy)
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise IndexError_(f"{path} cannot be read ({where}: {first['msg']}).", remedy) from error
    if manifest.format != FORMAT:
        raise IndexError_(
            f"The index at {folder} has format {manifest.format}, this program reads {FORMAT}.",
            remedy,
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
            f"{_CHANGED} since it was built ({manifest.count} rows then, {len(corpus)} now)"
        )
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"its file {name} is missing")
        elif sha256(path) != digest:
            found.append(f"its file {name} is damaged")
    return found


def rebuild(folder: Path, corpus: Path | None = None) -> str:
    """What to run for an index of another corpus than the product's."""
    return f"Run `assist index build --corpus {corpus or 'PATH'} --out {folder}`."


def load(
    folder: Path,
    embedder: Embedder,
    corpus: Sequence[Row] | None = None,
    remedy: str = REBUILD,
) -> SearchIndex:
    """The index at `folder`, if it fits the embedder and, where given, the live corpus rows.

    Raises IndexError_ naming every misfit and, as `remedy`, the command that rebuilds.
    """
    manifest = read_manifest(folder, remedy)
    found = misfits(manifest, folder, embedder, corpus)
    if found:
        only_rows = found[0].startswith(_CHANGED) and len(found) == 1
        if manifest.embedder != embedder.name:
            remedy += f" Or set ASSIST_EMBEDDER={manifest.embedder}."
        raise IndexError_(
            f"The search index at {folder} does not fit: {'; '.join(found)}.",
            UPDATE if only_rows and remedy == REBUILD else remedy,
        )
    try:
        rows = _rows_by_language(folder, manifest)
        languages = {
            lang: _load_language(folder, lang, rows[lang], described.calibration)
            for lang, described in manifest.languages.items()
        }
    except (KeyError, ValueError, OSError, RuntimeError, CorpusError) as error:
        raise IndexError_(
            f"The search index at {folder} cannot be read ({type(error).__name__}: {error}).",
            remedy,
        ) from error
    return SearchIndex(manifest, languages)


# ------------------------------------------------------------------ building


@dataclass(frozen=True)
class _Learning:
    """`drawn` are the rows that are learnt from, where all are too many."""

    training: Training
    drawn: Training | None

    @property
    def used(self) -> Training:
        return self.drawn or self.training


def _learning(lang: str, rows: Sequence[Row], vectors: Floats) -> _Learning:
    own = [at for at, row in enumerate(rows) if row.lang == lang]
    other = [at for at, row in enumerate(rows) if row.lang != lang]
    training = Training(
        lang, [rows[at] for at in own], vectors[own], [rows[at] for at in other], vectors[other]
    )
    wide = len(rows) > EXACT_UP_TO and len(own) > LEARNT_FROM
    return _Learning(training, training.drawn(LEARNT_FROM) if wide else None)


def _learn(
    learnings: Sequence[_Learning], embedder: Embedder, progress: Progress, wrong_open_rate: float
) -> list[Learnt]:
    """One language after another; at once in a build so large that it takes all cores anyway."""
    used = [one.used for one in learnings]
    if (
        len(used) > 1
        and any(one.drawn for one in learnings)
        and isinstance(embedder, SentenceEmbedder)
    ):
        return side_by_side(partial(_learn_alone, embedder.name, wrong_open_rate), used, progress)
    return [learn(one, embedder, progress, wrong_open_rate) for one in used]


def _learn_alone(
    name: str, wrong_open_rate: float, training: Training, progress: Progress
) -> Learnt:
    return learn(training, SentenceEmbedder(name), progress, wrong_open_rate)


def _store(
    learning: _Learning, learnt: Learnt, folder: Path, progress: Progress
) -> LanguageManifest:
    training, lang = learning.training, learning.training.lang
    signals = learning.used.signals()
    if learning.drawn:
        signals.widen(training.rows, training.vectors, WideFiles.of(folder, lang), progress)
    store_language(folder, lang, Matcher(signals, learnt.fusion), learnt.evidence)
    return LanguageManifest(
        rows=len(training.rows),
        out_of_scope=sum(row.guide == OUT_OF_SCOPE for row in training.rows),
        guides=tuple(training.guides),
        calibration=learnt.calibration,
        vectors=signals.described,
        learnt_from=len(learning.drawn.rows) if learning.drawn else 0,
    )


def store_language(folder: Path, lang: str, matcher: Matcher, evidence: Logistic) -> None:
    """What `load` reads back for a language, but its rows."""
    write(matcher.signals.index, folder / f"{lang}.faiss")
    arrays: dict[str, Any] = {
        **matcher.signals.arrays(),
        **{f"fusion_{key}": value for key, value in matcher.fusion.arrays().items()},
        **{f"evidence_{key}": value for key, value in evidence.arrays().items()},
    }
    np.savez(folder / f"{lang}.npz", **arrays)


def _check_enough(corpus: Sequence[Row]) -> None:
    problems = [] if corpus else ["it has no live row"]
    for lang in sorted({row.lang for row in corpus}):
        counts = Counter(row.guide for row in corpus if row.lang == lang)
        if not {*counts} - {OUT_OF_SCOPE}:
            problems.append(f"{lang}: it has no question of any guide")
        elif len(counts) == 1:
            problems.append(f"{lang}: one guide alone needs rows of 'none' to be told from")
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


# ------------------------------------------------------------------ reading


def _rows_by_language(
    folder: Path, manifest: Manifest
) -> Mapping[str, tuple[Row, ...] | StoredRows]:
    """In memory unless there are too many."""
    if manifest.count > EXACT_UP_TO:
        return stored_rows(folder / _ROWS)
    rows = load_corpus(folder / _ROWS)
    return {lang: tuple(row for row in rows if row.lang == lang) for lang in manifest.languages}


def _load_language(
    folder: Path, lang: str, rows: tuple[Row, ...] | StoredRows, calibration: Calibration
) -> LanguageIndex:
    guides = rows.guides if isinstance(rows, StoredRows) else [row.guide for row in rows]
    with np.load(folder / f"{lang}.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    files = WideFiles.of(folder, lang) if "anchored" in arrays else None
    index = read(folder / f"{lang}.faiss", files.vectors if files else None)
    signals = Signals.restore(guides, index, arrays, files)
    fusion, evidence = (
        Logistic.restore({key: arrays[f"{name}_{key}"] for key in ("mean", "weights", "intercept")})
        for name in ("fusion", "evidence")
    )
    return LanguageIndex(rows, Matcher(signals, fusion), evidence, calibration)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
