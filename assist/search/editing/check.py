"""What makes a corpus bad although it can be read; the rules are told in corpus/README.md.

It names every problem with its place, judges rows that are live or waiting (draft), never those
retired, and changes nothing. What needs the embedder is left out when there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assist.ports import Embedder
from assist.problems import Level, Problem, Said, rule_of
from assist.problems import said as worded
from assist.search.corpus import OUT_OF_SCOPE, Placed, read_rows
from assist.search.crossfit import FOLDS, Progress
from assist.search.editing.alike import Alike, folded, said
from assist.search.embedder import encode_all
from assist.search.row_texts import PLACE_TEXTS, ROW_TEXTS
from assist.search.signals import Floats
from assist.search.text import language_of, tokens

RULES = (
    "encoding",
    "json",
    "schema",
    "duplicate-id",
    "duplicate-text",
    "near-duplicate",
    "guide-unknown",
    "language",
    "few-rows",
    "same-start",
    "one-word",
    "low-spread",
)
LEAST_ROWS = 60

_START = {"zh": 4, "en": 3}
_START_SHARE, _START_ROWS = 0.1, 5
_WORD = {"zh": 2, "en": 1}
_SHARED = 5
_SHARED_PART = 0.75
_SPREAD = 0.5
_SPREAD_ROWS = 10
_NAMED = 5


@dataclass(frozen=True)
class Checked:
    """`rows` are all that could be read, whatever their status."""

    rows: Sequence[Placed]
    problems: Sequence[Problem]


def check(
    source: Path,
    guides: Mapping[str, str] | None,
    embedder: Embedder | None,
    progress: Progress = lambda what, done, total: None,
    least: int = LEAST_ROWS,
) -> Checked:
    """Every problem of a corpus file or folder, by place.

    `guides` maps the id of each guide to its language; None where they are not known. `least` is
    how many live rows a guide should have. Raises CorpusError when there is no corpus, ModelError.
    """
    rows, found = read_rows(source)
    kept = [each for each in rows if each.row.status != "retired"]
    found += _duplicates(kept)
    found += _languages(kept, guides or {})
    if guides is not None:
        found += _unknown_guides(kept, guides)
    found += _few(kept, guides or {}, least, source)
    for own in _by_guide(kept).values():
        found += _same_start(own)
        found += _one_word(own)
    if embedder is not None:
        vectors = encode_all([said(each.row) for each in kept], embedder, progress)
        found += _near(kept, vectors, progress)
        found += _low_spread(kept, vectors)
    return Checked(rows, sorted(found))


def _by_guide(rows: Sequence[Placed]) -> dict[tuple[str, str], list[Placed]]:
    """(guide, language) -> rows, in their order."""
    groups: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for each in rows:
        groups[each.row.guide, each.row.lang].append(each)
    return groups


def _problem(
    path: Path, line: int, key: str, values: Mapping[str, Any], level: Level = "error"
) -> Problem:
    return Problem(str(path), line, 1, rule_of(key), worded(ROW_TEXTS, key, values), level)


def _error(at: Placed, key: str, **values: Any) -> Problem:
    return _problem(at.path, at.line, key, {"id": at.row.id, **values})


def _warning(at: Placed, key: str, **values: Any) -> Problem:
    return _problem(at.path, at.line, key, {"id": at.row.id, **values}, "warning")


def _beside(at: Placed, other: Placed) -> dict[str, Any]:
    """Values of a message about two rows."""
    return {
        **{"guide": at.row.guide, "other": other.row.id},
        **{"other_guide": other.row.guide, "place": other.place},
    }


def _duplicates(rows: Sequence[Placed]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Placed] = {}
    for each in rows:
        first = seen.setdefault((each.row.lang, folded(each.row.text)), each)
        if first is not each:
            yield _error(each, "duplicate-text", **_beside(each, first))


def _languages(rows: Sequence[Placed], guides: Mapping[str, str]) -> Iterator[Problem]:
    for each in rows:
        row = each.row
        if (written := language_of(row.text)) != row.lang:
            yield _error(each, "language", lang=row.lang, written=written)
        elif guides.get(row.guide, row.lang) != row.lang:
            yield _error(each, "language.guide", lang=row.lang, guide=row.guide)


def _unknown_guides(rows: Sequence[Placed], guides: Mapping[str, str]) -> Iterator[Problem]:
    for each in rows:
        if each.row.guide not in guides and each.row.guide != OUT_OF_SCOPE:
            yield _error(each, "guide-unknown", guide=each.row.guide)


def _few(
    rows: Sequence[Placed], guides: Mapping[str, str], least: int, source: Path
) -> Iterator[Problem]:
    """Guides without a single row are named at the folder: there is no line to point to."""
    live = {
        key: sum(each.row.status == "live" for each in own) for key, own in _by_guide(rows).items()
    }
    for (guide, lang), own in _by_guide(rows).items():
        count = live[guide, lang]
        values = {"guide": guide, "lang": lang, "count": count}
        if count < FOLDS:
            yield _error(own[0], "few-rows.least", **values, least=FOLDS)
        elif count < least:
            yield _warning(own[0], "few-rows", **values, least=least)
    if source.is_dir():
        for guide in sorted(set(guides) - {guide for guide, _ in live}):
            yield _problem(source, 1, "few-rows.none", {"guide": guide}, "warning")


def _same_start(rows: Sequence[Placed]) -> Iterator[Problem]:
    starts: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    length = _START[rows[0].row.lang]
    for each in rows:
        units = tokens(said(each.row))
        if len(units) > length:
            starts[tuple(units[:length])].append(each)
    for start, own in starts.items():
        if len(own) >= max(_START_ROWS, _START_SHARE * len(rows)):
            words = ("" if rows[0].row.lang == "zh" else " ").join(start)
            counts = {"count": len(own), "all": len(rows), "guide": own[0].row.guide}
            yield _warning(own[0], "same-start", **counts, words=words, rows=_names(own))


def _names(rows: Sequence[Placed]) -> Said:
    named, more = ", ".join(each.row.id for each in rows[:_NAMED]), len(rows) - _NAMED
    if more <= 0:
        return Said(named, named)
    return worded(PLACE_TEXTS, "more", {"named": named, "more": more, "count": len(rows)})


def _one_word(rows: Sequence[Placed]) -> Iterator[Problem]:
    """Rows equal but for one word. Rows are put under what is left when a word is taken out, at
    every place; two that meet differ there (the deletion neighbourhood of SymSpell)."""
    met: dict[int, Placed] = {}
    length = _WORD[rows[0].row.lang]
    for each in rows:
        units = tokens(each.row.text.lower())
        twin: Placed | None = None
        left: set[int] = set()
        for word in range(length + 1):
            for at in range(len(units) - word + 1):
                rest = len(units) - word
                if rest < _SHARED or rest < _SHARED_PART * len(units):
                    continue
                key = hash((*units[:at], None, *units[at + word :]))
                left.add(key)
                twin = twin or met.get(key)
        if twin is not None and folded(twin.row.text) != folded(each.row.text):
            yield _warning(each, "one-word", **_beside(each, twin))
        for key in left:
            met.setdefault(key, each)


def _near(rows: Sequence[Placed], vectors: Floats, progress: Progress) -> Iterator[Problem]:
    for lang in sorted({each.row.lang for each in rows}):
        own = [at for at, each in enumerate(rows) if each.row.lang == lang]
        alike = Alike([rows[at] for at in own], vectors[own])
        for near in alike.across_guides(progress):
            if folded(near.row.row.text) == folded(near.other.row.text):
                continue
            both, likeness = _beside(near.row, near.other), f"{near.likeness:.2f}"
            yield _warning(near.row, "near-duplicate", **both, likeness=likeness)


def _low_spread(rows: Sequence[Placed], vectors: Floats) -> Iterator[Problem]:
    """Mean cosine over all pairs of a guide's rows, from the length of the sum of their vectors."""
    at = {id(each): number for number, each in enumerate(rows)}
    for (guide, lang), own in _by_guide(rows).items():
        count = len(own)
        if count < _SPREAD_ROWS:
            continue
        total = vectors[[at[id(each)] for each in own]].sum(axis=0)
        mean = (float(np.square(total).sum()) - count) / (count * (count - 1))
        if mean > _SPREAD:
            values = {"guide": guide, "lang": lang, "count": count, "mean": f"{mean:.2f}"}
            yield _warning(own[0], "low-spread", **values)
