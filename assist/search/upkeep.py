"""An index kept up with its corpus: rows come and go, weights and thresholds stay as learnt.

Only texts that the index does not hold are embedded. What makes the weights unfit, a guide or a
language that is new or gone, is refused with the command that learns anew. Written aside like a
build, and not at all where nothing changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assist.errors import IndexError_
from assist.ports import Embedder
from assist.search.corpus import OUT_OF_SCOPE, Row, corpus_hash
from assist.search.crossfit import Progress
from assist.search.dense import EXACT_UP_TO, flat
from assist.search.embedder import encode_all
from assist.search.folder import replaced
from assist.search.index import (
    REBUILD,
    LanguageIndex,
    LanguageManifest,
    Manifest,
    finish,
    load,
    read_manifest,
    store_language,
)
from assist.search.matcher import Matcher
from assist.search.signals import Arrays, Floats, Grams, Ints, Signals
from assist.search.text import char_grams, comparable, sound_grams

_SAME = 0.999


@dataclass(frozen=True)
class Updated:
    """The index as it is now; rows that came and went with this update; texts embedded for it."""

    manifest: Manifest
    added: int
    removed: int
    embedded: int


def update(
    corpus: Sequence[Row],
    embedder: Embedder,
    folder: Path,
    progress: Progress = lambda what, done, total: None,
    remedy: str = REBUILD,
) -> Updated:
    """Makes the index at `folder` one of these live rows.

    Raises IndexError_, with `remedy` as what to run, when it cannot be kept up: there is none, it
    is damaged or of another embedder, guides or languages came or went, or its vector index is
    approximate or has to be. Raises ModelError from the embedder.
    """
    stored = load(folder, embedder, remedy=remedy)
    if stored.manifest.corpus_hash == corpus_hash(corpus):
        return Updated(stored.manifest, 0, 0, 0)
    _refuse_unknown(corpus, stored.manifest, remedy)
    plans = {
        lang: _plan(one, [row for row in corpus if row.lang == lang])
        for lang, one in stored.languages.items()
    }
    vectors = _embed(plans, embedder, progress, remedy)
    with replaced(folder) as aside:
        languages = {}
        for number, (lang, plan) in enumerate(plans.items()):
            progress("write index", number, len(plans))
            signals = _renewed(plan, vectors[lang])
            known = plan.known
            store_language(aside, lang, Matcher(signals, known.matcher.fusion), known.evidence)
            languages[lang] = _described(stored.manifest.languages[lang], plan)
        manifest = finish(
            aside,
            corpus,
            stored.manifest.model_copy(
                update={
                    "count": len(corpus),
                    "corpus_hash": corpus_hash(corpus),
                    "languages": languages,
                }
            ),
        )
        if read_manifest(folder, remedy) != stored.manifest:
            raise IndexError_(
                f"The search index at {folder} was replaced meanwhile; it is left alone.",
                "Run `assist index update` again.",
            )
    progress("write index", len(plans), len(plans))
    return Updated(
        manifest,
        sum(plan.added for plan in plans.values()),
        sum(plan.removed for plan in plans.values()),
        sum(len(plan.new) for plan in plans.values()),
    )


# ------------------------------------------------------------------ what is to be done


@dataclass(frozen=True)
class _Plan:
    """`source` (rows) is each row's position among the known rows, or, from their number on, among
    the `new` texts."""

    known: LanguageIndex
    rows: Sequence[Row]
    source: Ints
    new: list[str]
    added: int
    removed: int


def _plan(known: LanguageIndex, rows: Sequence[Row]) -> _Plan:
    at = {comparable(row.text, row.lang): place for place, row in enumerate(known.rows)}
    new: list[str] = []
    source = []
    for row in rows:
        text = comparable(row.text, row.lang)
        if text not in at:
            at[text] = len(known.rows) + len(new)
            new.append(text)
        source.append(at[text])
    before = Counter((row.text, row.guide) for row in known.rows)
    after = Counter((row.text, row.guide) for row in rows)
    return _Plan(
        known,
        rows,
        np.array(source, dtype=np.intp),
        new,
        (after - before).total(),
        (before - after).total(),
    )


def _refuse_unknown(corpus: Sequence[Row], manifest: Manifest, remedy: str) -> None:
    now: dict[str, Counter[str]] = {}
    for row in corpus:
        now.setdefault(row.lang, Counter())[row.guide] += 1
    problems = []
    for lang in sorted({*now, *manifest.languages}):
        one = manifest.languages.get(lang)
        if one is None or lang not in now:
            problems.append(f"language {lang} is {'new' if one is None else 'gone'}")
            continue
        if not one.vectors.exact or now[lang].total() > EXACT_UP_TO:
            problems.append(
                f"{lang}: above {EXACT_UP_TO} questions the vector index is approximate"
            )
        known = {*one.guides, *([OUT_OF_SCOPE] if one.out_of_scope else [])}
        problems += [f"{lang}: '{guide}' is new" for guide in sorted({*now[lang]} - known)]
        problems += [f"{lang}: '{guide}' has no row left" for guide in sorted(known - {*now[lang]})]
    if problems:
        raise IndexError_(
            f"The index cannot be updated, it must be learnt anew: {'; '.join(problems)}.", remedy
        )


# ------------------------------------------------------------------ carrying it out


def _embed(
    plans: dict[str, _Plan], embedder: Embedder, progress: Progress, remedy: str
) -> dict[str, Floats]:
    """Vectors of the new texts, by language. The first known text of each language is embedded,
    too: an embedder that has changed under its name would mix two kinds of vectors."""
    texts = [
        text
        for plan in plans.values()
        for text in (comparable(plan.known.rows[0].text, plan.known.rows[0].lang), *plan.new)
    ]
    vectors = encode_all(texts, embedder, progress)
    found: dict[str, Floats] = {}
    begin = 0
    for lang, plan in plans.items():
        probe, *_ = vectors[begin : begin + 1]
        found[lang] = vectors[begin + 1 : begin + 1 + len(plan.new)]
        begin += 1 + len(plan.new)
        if float(probe @ _vectors(plan.known)[0]) < _SAME:
            raise IndexError_(
                f"The vectors of the index are not those that '{embedder.name}' gives today.",
                remedy,
            )
    return found


def _vectors(known: LanguageIndex) -> Floats:
    index = known.matcher.signals.index
    return index.reconstruct_n(0, index.ntotal)


def _renewed(plan: _Plan, vectors: Floats) -> Signals:
    """The same signals over the planned rows."""
    signals = plan.known.matcher.signals
    chosen = np.vstack([_vectors(plan.known), vectors])[plan.source]
    arrays = signals.arrays()
    for name, analyse in (("wording", char_grams), ("sound", sound_grams)):
        grams = Grams(analyse)
        grams.restore({key: arrays[f"{name}_{key}"] for key in ("terms", "idf")})
        arrays |= _rows_of(name, arrays, grams(plan.new) if plan.new else None, plan.source)
    return Signals.restore([row.guide for row in plan.rows], flat(chosen), arrays)


def _rows_of(name: str, arrays: Arrays, new: Any, source: Ints) -> Arrays:
    """The n-gram matrix with known and new rows, of which `source` are taken."""
    from scipy.sparse import csr_matrix, vstack

    data = tuple(arrays[f"{name}_{key}"] for key in ("data", "indices", "indptr"))
    shape = (len(data[2]) - 1, len(arrays[f"{name}_terms"]))
    known: Any = csr_matrix(data, shape=shape)
    rows = (known if new is None else vstack([known, new]).tocsr())[source]
    return {
        f"{name}_data": rows.data,
        f"{name}_indices": rows.indices,
        f"{name}_indptr": rows.indptr,
    }


def _described(before: LanguageManifest, plan: _Plan) -> LanguageManifest:
    return before.model_copy(
        update={
            "rows": len(plan.rows),
            "out_of_scope": sum(row.guide == OUT_OF_SCOPE for row in plan.rows),
            "added": before.added + plan.added,
            "removed": before.removed + plan.removed,
        }
    )
