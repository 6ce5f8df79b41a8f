"""The similar questions as an editor sees them: rows, what is like them, what is wrong with them.

Files are read and changed by `search.editing`, one change at a time; everything here blocks and is
called from threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Literal

from assist.errors import CorpusError
from assist.guide.shelf import Shelf
from assist.ports import Embedder
from assist.problems import LANGS, Said, exit_code
from assist.search.corpus import (
    OUT_OF_SCOPE,
    Placed,
    Row,
    corpus_hash,
    load_corpus,
    usable_rows,
)
from assist.search.crossfit import Progress
from assist.search.editing.alike import NEAR, Alike, said
from assist.search.editing.change import Status, add_rows, edit_row, set_status
from assist.search.editing.check import check
from assist.search.editing.gaps import Gap, Miss, drafts, gaps_of
from assist.search.editing.overlap import Overlap, overlaps
from assist.search.editing.sheet import Given, read_table
from assist.search.editing.sheet import drafts as drafts_of
from assist.search.editing.stats import stats
from assist.search.embedder import encode_all
from assist.studio.known import Known

_NEAREST = 5
_EXAMPLES = 4


class Questions:
    def __init__(self, corpus: Path, shelf: Callable[[], Shelf], known: Known) -> None:
        self.corpus, self._shelf, self._known = corpus, shelf, known
        self._lock = Lock()

    def guides(self) -> dict[str, Literal["zh", "en"]]:
        """Language by guide, of all that a row may name."""
        return self._shelf().asked_for

    def table(self, embedder: str) -> dict[str, Any]:
        """All rows with their places, and each guide's figures; `embedder` is its name."""
        placed = usable_rows(self.corpus)
        titles = {name: entry.item.title for name, entry in self._shelf().guides.items()}
        return {
            "rows": [_told(each) for each in placed],
            "guides": [
                {**asdict(one), "title": titles.get(one.guide, "")}
                for one in stats(each.row for each in placed)
            ],
            "titles": titles | {OUT_OF_SCOPE: ""},
            "takes_s": self._takes(placed, embedder),
        }

    def _takes(self, placed: Sequence[Placed], embedder: str) -> dict[str, float]:
        """How long check and overlap will take; nothing where the overlap is known."""
        live = [each.row for each in placed if each.row.status == "live"]
        known = self._known.result("overlap", _key(live, embedder)) is not None
        return {
            "check": self._known.seconds("check", len(placed)),
            "overlap": 0.0 if known else self._known.seconds("overlap", len(live)),
        }

    def add(self, text: str, guide: str, note: str, today: date) -> Row:
        """One question as a draft. Raises CorpusError with all that is wrong with it."""
        table = (("text", "note"), (text, note))
        with self._lock:
            rows = usable_rows(self.corpus)
            given = Given(guide, None, "editor", today)
            made, problems = drafts_of(table, self.corpus, given, rows, self.guides())
            if problems or not made:
                wrong = {lang: "; ".join(p.said.of(lang) for p in problems) for lang in LANGS}
                said_wrong = wrong["en"] or "it is blank"
                raise CorpusError(
                    f"{said_wrong}.", "Nothing was added.", code="corpus.row", values=wrong
                )
            add_rows(self.corpus, rows, made)
        return made[0]

    def take(self, rows: Sequence[Row]) -> list[Row]:
        """Draft rows as they are, but for those that the corpus has."""
        with self._lock:
            placed = usable_rows(self.corpus)
            ids = {each.row.id for each in placed}
            new = [row for row in rows if row.id not in ids]
            if unknown := {row.guide for row in new} - {*self.guides(), OUT_OF_SCOPE}:
                raise CorpusError(
                    f"There is no guide {', '.join(sorted(unknown))} yet.",
                    "Publish it first, or choose another one.",
                    code="corpus.row",
                )
            add_rows(self.corpus, placed, new)
        return new

    def edit(self, row_id: str, values: Mapping[str, str]) -> Row:
        guide = values.get("guide", OUT_OF_SCOPE)
        if guide not in {*self.guides(), OUT_OF_SCOPE}:
            raise CorpusError(f"There is no guide '{guide}'.", "Choose another.", code="corpus.row")
        with self._lock:
            return edit_row(self.corpus, row_id, values)

    def set_status(self, ids: Sequence[str], status: Status) -> int:
        with self._lock:
            return len(set_status(self.corpus, ids, status))

    def bring_in(self, file: Path, guide: str, today: date, *, dry_run: bool) -> dict[str, Any]:
        """A table's questions as drafts, all or none, with a report by row and column."""
        with self._lock:
            rows = usable_rows(self.corpus)
            given = Given(guide, None, "import", today)
            made, problems = drafts_of(read_table(file), file, given, rows, self.guides())
            failed = exit_code(problems) == 2
            if not failed and not dry_run:
                add_rows(self.corpus, rows, made)
        return {
            "added": 0 if failed or dry_run else len(made),
            "rows": [row.model_dump(mode="json") for row in made],
            "problems": [
                {"row": p.line, "column": p.column, "rule": p.rule, "level": p.level}
                | {"message": p.said.as_json()}
                for p in problems
            ],
        }

    def nearest(self, text: str, lang: str, embedder: Embedder, tell: Progress) -> Any:
        """The live and draft rows most like a text; `near` where one says nearly the same."""
        kept = [
            each
            for each in usable_rows(self.corpus)
            if each.row.lang == lang and each.row.status != "retired"
        ]
        if not kept:
            return {"near": False, "rows": []}
        row = Row(id="new", text=text, guide=OUT_OF_SCOPE, lang=lang)  # pyright: ignore
        vectors = encode_all([*(said(each.row) for each in kept), said(row)], embedder, tell)
        found = Alike(kept, vectors[:-1]).nearest(text, vectors[-1], _NEAREST)
        return {
            "near": found[0][1] >= NEAR,
            "rows": [{**_told(each), "likeness": likeness} for each, likeness in found],
        }

    def check(self, embedder: Embedder | None, tell: Progress) -> Any:
        """Every problem by row; near-duplicates and spread where there is an embedder."""
        began = monotonic()
        found = check(self.corpus, self.guides(), embedder, tell)
        if embedder is not None:
            self._known.keep("check", len(found.rows), monotonic() - began)
        at = {(str(each.path), each.line): each.row.id for each in found.rows}
        return {
            "rows": len(found.rows),
            "problems": [
                {"file": Path(p.path).name, "line": p.line, "row": at.get((p.path, p.line), "")}
                | {"rule": p.rule, "level": p.level, "message": _short(p.said, self.corpus)}
                for p in found.problems
            ],
        }

    def overlap(self, embedder: Embedder, tell: Progress) -> Any:
        """Which scenario takes callers from which, by language; at once where these rows were
        asked about before. Raises CorpusError."""
        rows, began = load_corpus(self.corpus), monotonic()
        key = _key(rows, embedder.name)
        if (known := self._known.result("overlap", key)) is not None:
            return known
        result = {"languages": [_plain(one) for one in overlaps(rows, embedder, tell)]}
        self._known.keep("overlap", len(rows), monotonic() - began, key, result)
        return result

    def gaps(
        self, misses: Sequence[Miss], embedder: Embedder, today: date, tell: Progress
    ) -> list[tuple[Row, list[str]]]:
        """Draft questions of what calls said and search did not catch, with these calls."""
        known = [each.row for each in usable_rows(self.corpus)]
        return _with_calls(gaps_of(misses, embedder, tell), known, today)

    def known(self) -> list[Row]:
        return [each.row for each in usable_rows(self.corpus)]


def _with_calls(
    gaps: Sequence[Gap], known: Sequence[Row], today: date
) -> list[tuple[Row, list[str]]]:
    found: list[tuple[Row, list[str]]] = []
    for gap in gaps:
        rows = drafts([gap], [*known, *(row for row, _ in found)], today)
        found += [(row, gap.calls) for row in rows]
    return found


def _key(rows: Sequence[Row], embedder: str) -> str:
    return f"{embedder} {corpus_hash(rows)}"


def _told(placed: Placed) -> dict[str, Any]:
    row = placed.row.model_dump(mode="json")
    return {**row, "file": placed.path.name, "line": placed.line}


def _short(told: Said, corpus: Path) -> dict[str, str]:
    """Places within the corpus without the way to it."""
    return {lang: text.replace(f"{corpus}/", "") for lang, text in told.as_json().items()}


def _plain(one: Overlap) -> dict[str, Any]:
    return {
        "lang": one.lang,
        "classes": list(one.classes),
        "counts": one.counts.tolist(),
        "kept": round(one.kept, 4),
        "taken": round(one.taken, 4),
        "pairs": [
            {"from": own, "to": taker, "count": len(taken)}
            | {"rows": [{"id": t.row.id, "text": t.row.text} for t in taken[:_EXAMPLES]]}
            for own, taker, taken in one.pairs()
        ],
    }
