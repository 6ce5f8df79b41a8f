"""`assist corpus`: what the similar questions are like. Changes are in `corpus_change`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assist.cli import corpus_change
from assist.cli.bars import Tell, bars
from assist.cli.calls import open_store
from assist.cli.corpus_places import CorpusOption, JsonOption, guides_beside, place_of
from assist.cli.problems import LangOption, conclude, counted, language
from assist.config import Settings
from assist.errors import CorpusError
from assist.search.corpus import load_corpus, usable_rows
from assist.search.editing.change import append
from assist.search.editing.check import LEAST_ROWS
from assist.search.editing.check import check as judge
from assist.search.editing.gaps import MOST, Gap, Miss, drafts, gaps_of, misses_of
from assist.search.editing.overlap import Overlap, Theft, draw, overlaps
from assist.search.editing.stats import stats as count
from assist.search.embedder import SentenceEmbedder
from assist.wiring.parts import local_now

app = typer.Typer(
    help="The similar questions: check them, change them, see what they lack.",
    no_args_is_help=True,
)
app.command("import")(corpus_change.import_table)
app.command("add")(corpus_change.add)
app.command("publish")(corpus_change.publish)
app.command("retire")(corpus_change.retire)

_NOTES = 3
_PAIRS = 20


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A corpus folder or one file of it; the product's own.")
    ] = None,
    least: Annotated[
        int, typer.Option(help="Live rows that a guide should have.", min=1)
    ] = LEAST_ROWS,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what needs the embedder.")] = (
        False
    ),
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Name every problem with its place, as `path:line:col: [level] text (rule)`.

    Exit status 0 without problems, 1 with warnings only, 2 with errors. corpus/README.md explains
    each rule.
    """
    place, guides = place_of(path), guides_beside(path)
    embedder = None if quick else SentenceEmbedder(Settings().embedder)
    with bars(Console(stderr=True)) as tell:
        found = judge(place, guides, embedder, tell, least)
    known = counted("guides.unknown") if guides is None else counted("guides", len(guides))
    rows, told = counted("rows", len(found.rows)), language(lang)
    raise conclude(place, found.problems, rows, known, lang=told, as_json=as_json)


@app.command()
def stats(
    guide: Annotated[str | None, typer.Option(help="Only this one, with all its notes.")] = None,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count each guide's rows by status; what they stand for, how long they are."""
    place = place_of(corpus)
    rows = [each.row for each in usable_rows(place)]
    found = [each for each in count(rows) if guide in (None, each.guide)]
    if not found:
        raise CorpusError(f"{place}: there is no row of '{guide}'.", "`assist corpus stats`")
    if as_json:
        print(json.dumps({"guides": [asdict(each) for each in found]}, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("guide", no_wrap=True)
    for column in ("lang", "live", "draft", "retired", "length"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("notes")
    for each in found:
        shown = len(each.notes) if guide else _NOTES
        notes = ", ".join(f"{note} {rows}" for note, rows in list(each.notes.items())[:shown])
        more = len(each.notes) - shown
        length = f"{each.length_p10}–{each.length_p50}–{each.length_p90}"
        numbers = (each.live, each.draft, each.retired)
        table.add_row(
            each.guide, each.lang, *map(str, numbers), length,
            Text(notes + (f" … {more} more" if more > 0 else "")),
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(
        "length: Chinese characters or English words, of one row in ten at most, half, nine in ten",
        style="dim",
    )


@app.command()
def overlap(
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw a heat map: .png, .svg or .pdf.")
    ] = None,
    examples: Annotated[int, typer.Option(help="Rows shown of each pair.", min=0)] = 2,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which scenarios take callers from which: each row is asked of a matcher that has not
    seen it. Takes half a minute for two thousand rows."""
    rows = load_corpus(place_of(corpus))
    embedder = SentenceEmbedder(Settings().embedder)
    with bars(Console(stderr=True)) as tell:
        found = overlaps(rows, embedder, tell)
    if image is not None:
        draw(found, image)
    if as_json:
        plain = {"languages": {one.lang: _plain_overlap(one) for one in found}}
        print(json.dumps(plain, ensure_ascii=False))
        return
    console = Console()
    for one in found:
        _show_overlap(console, one, examples)
    if image is not None:
        console.print(f"Drawn: {image}", soft_wrap=True, highlight=False)


def _plain_overlap(one: Overlap) -> dict[str, object]:
    thefts = [
        {"from": own, "to": taker, "rows": [{"id": t.row.id, "score": t.score} for t in taken]}
        for own, taker, taken in one.pairs()
    ]
    return {
        "classes": list(one.classes),
        "counts": one.counts.tolist(),
        "kept": round(one.kept, 4),
        "taken": round(one.taken, 4),
        "thefts": thefts,
    }


def _show_overlap(console: Console, one: Overlap, examples: int) -> None:
    console.print(f"\n[bold]{one.lang}[/bold]: {one}", highlight=False, soft_wrap=True)
    sums = dict(zip(one.classes, one.counts.sum(axis=1), strict=True))
    table = Table(box=None, pad_edge=False)
    room = max(20, console.width - 2 * max(map(len, one.classes)) - 20)
    for column in ("written for", "heard as"):
        table.add_column(column, no_wrap=True)
    for column in ("rows", "share"):
        table.add_column(column, justify="right")
    if examples:
        table.add_column("for example", no_wrap=True)
    for own, taker, taken in one.pairs()[:_PAIRS]:
        shown = Text("\n").join(_example(theft, room) for theft in taken[:examples])
        share = f"{len(taken) / sums[own]:.1%}"
        cells = (own, taker, str(len(taken)), share)
        table.add_row(*cells, *([shown] if examples else []))
    console.print(table)


def _example(theft: Theft, width: int) -> Text:
    """One line: names and numbers beside it must not be squeezed."""
    text = Text(f"{theft.row.id} {theft.score:.2f} {theft.row.text}", no_wrap=True)
    text.truncate(width, overflow="ellipsis")
    return text


@app.command()
def gaps(
    draft: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the questions, as drafts, to FILE.")
    ] = None,
    calls: Annotated[int, typer.Option(help="At most this many calls, newest first.", min=1)] = (
        1000
    ),
    least: Annotated[int, typer.Option(help="Calls that must say the same.", min=1)] = 2,
    each: Annotated[int, typer.Option(help="Questions drafted for each gap.", min=1)] = 3,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what callers said and search did not catch: from calls that ended uncovered, whose card
    was put away, or in which the agent opened another guide. Nothing goes live."""
    known = [placed.row for placed in usable_rows(place_of(corpus))]
    if draft is not None and draft.suffix != ".jsonl":
        raise CorpusError(f"{draft}: drafts are written to a .jsonl file.", "Choose another name.")
    if draft is not None and draft.exists():
        known += [placed.row for placed in usable_rows(draft)]
    with bars(Console(stderr=True)) as tell:
        misses = _misses(calls, tell)
        found = gaps_of(misses, SentenceEmbedder(Settings().embedder), tell, least, each)
    rows = drafts(found, known, local_now().date())
    if draft is not None and rows:
        append(draft, rows)
    if as_json:
        plain = [_plain_gap(gap) for gap in found]
        print(json.dumps({"gaps": plain, "drafts": [row.id for row in rows]}, ensure_ascii=False))
        return
    _show_gaps(Console(), misses, found)
    if draft is not None:
        print(f"{len(rows)} drafts added to {draft}." if rows else f"Nothing new for {draft}.")


def _misses(limit: int, tell: Tell) -> list[Miss]:
    store = open_store()
    ended = [row for row in store.calls(limit) if row["status"] != "live"]
    misses: list[Miss] = []
    for number, row in enumerate(ended):
        tell("read calls", number, len(ended))
        misses += misses_of(store.events(row["id"]))
    tell("read calls", len(ended), len(ended))
    return misses


def _plain_gap(gap: Gap) -> dict[str, object]:
    return {
        "guide": gap.guide,
        "why": gap.why,
        "calls": gap.calls,
        "questions": [miss.text for miss in gap.questions],
        "utterances": [asdict(miss) for miss in gap.misses],
    }


def _show_gaps(console: Console, misses: Sequence[Miss], found: Sequence[Gap]) -> None:
    count = len({miss.call for miss in misses})
    console.print(
        f"{len(misses)} utterances of {count} calls were not understood; {len(found)} gaps.",
        highlight=False,
    )
    if len(misses) > MOST:
        console.print(f"Only the newest {MOST} utterances were compared.", style="yellow")
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("calls", justify="right")
    for column in ("why", "guide"):
        table.add_column(column, no_wrap=True)
    table.add_column("callers say")
    for gap in found:
        said = "\n".join(miss.text for miss in gap.questions)
        table.add_row(str(len(gap.calls)), "\n".join(gap.why), gap.guide, Text(said))
    console.print(table)
