"""`assist corpus import | add | publish | retire`: what an editor changes, a line at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assist.cli.bars import bars
from assist.cli.corpus_places import CorpusOption, guides_beside, place_of
from assist.cli.problems import conclude, counted, language, show
from assist.config import Settings
from assist.errors import CorpusError
from assist.problems import exit_code
from assist.search.corpus import Placed, Row, usable_rows
from assist.search.editing.alike import NEAR, Alike, said
from assist.search.editing.change import Status, add_rows, set_status
from assist.search.editing.sheet import Given, drafts, read_table
from assist.search.embedder import SentenceEmbedder, encode_all
from assist.wiring.parts import local_now

_NEAREST = 3
_STALE = "The index does not know it yet: run `assist index update`."

GuideOption = Annotated[str, typer.Option(help="The guide that helps these callers, or none.")]
LangOption = Annotated[
    str | None, typer.Option(help="zh or en; left out, the text's own language.")
]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of rows.")]


def import_table(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .xlsx table.")],
    guide: GuideOption = "",
    lang: LangOption = None,
    source: Annotated[str, typer.Option(help="Where the questions come from.")] = "import",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = (
        False
    ),
    corpus: CorpusOption = None,
) -> None:
    """Take over a table's questions as drafts, all of them or none.

    The first row names the columns, in Chinese or English. Exit status 2 where a cell cannot be
    used: every one is named by row and column.
    """
    place, guides = place_of(corpus), guides_beside(corpus)
    console = Console()
    rows = usable_rows(place)
    given = Given(guide, _lang(lang), source, local_now().date())
    made, problems = drafts(read_table(file), file, given, rows, guides)
    if exit_code(problems) == 2:
        raise conclude(file, problems, counted("nothing"), lang=language(None))
    show(console, problems, language(None))
    if dry_run:
        _show_rows(console, made)
        console.print(f"{len(made)} rows would come in as drafts; nothing was written.")
        return
    for path, count in add_rows(place, rows, made).items():
        console.print(f"{path}: {count} drafts added", soft_wrap=True, highlight=False)
    console.print("Look through them, then `assist corpus check` and `assist corpus publish`.")


def add(
    text: Annotated[str, typer.Argument(help="The question, as a caller says it.")],
    guide: GuideOption,
    lang: LangOption = None,
    note: Annotated[str, typer.Option(help="The cause or situation it stands for.")] = "",
    live: Annotated[bool, typer.Option("--live", help="Search it from the next build on.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not compare it with the other rows.")
    ] = False,
    corpus: CorpusOption = None,
) -> None:
    """Add one question, as a draft unless --live, and show the rows that are most like it."""
    if not text.strip():
        raise typer.BadParameter("is blank", param_hint="TEXT")
    place, guides = place_of(corpus), guides_beside(corpus)
    console = Console()
    rows = usable_rows(place)
    given = Given(guide, _lang(lang), "editor", local_now().date())
    table = (("text", "note"), (text, note))
    made, problems = drafts(table, place, given, rows, guides)
    if problems:
        said_wrong = "; ".join(each.said.en for each in problems)
        raise CorpusError(f"{said_wrong}.", "Nothing was added.")
    row = made[0].model_copy(update={"status": "live" if live else "draft"})
    near = [] if quick else _nearest(row, rows)
    (path,) = add_rows(place, rows, [row])
    console.print(f"{path}: row '{row.id}' added, {row.status}.", soft_wrap=True, highlight=False)
    _show_nearest(console, row, near)
    if live:
        console.print(_STALE)


def publish(ids: Ids, corpus: CorpusOption = None) -> None:
    """Make drafts live: a second pair of eyes has seen them."""
    _set(ids, "live", corpus)


def retire(ids: Ids, corpus: CorpusOption = None) -> None:
    """Take rows out of search; they are kept for the record."""
    _set(ids, "retired", corpus)


def _set(ids: Sequence[str], status: Status, corpus: Path | None) -> None:
    changed = set_status(place_of(corpus), ids, status)
    console = Console(soft_wrap=True, highlight=False)
    for each in changed:
        was = each.row.status
        console.print(Text(f"{each.place}: '{each.row.id}' {was} → {status}: {each.row.text}"))
    if unchanged := len(set(ids)) - len(changed):
        console.print(f"{unchanged} already {status}.")
    if any("live" in (each.row.status, status) for each in changed):
        console.print(_STALE)


def _lang(lang: str | None) -> Literal["zh", "en"] | None:
    if lang not in (None, "zh", "en"):
        raise typer.BadParameter(f"'{lang}' is not zh or en", param_hint="--lang")
    return None if lang is None else "zh" if lang == "zh" else "en"


def _nearest(row: Row, rows: Sequence[Placed]) -> list[tuple[Placed, float]]:
    kept = [each for each in rows if each.row.lang == row.lang and each.row.status != "retired"]
    if not kept:
        return []
    embedder = SentenceEmbedder(Settings().embedder)
    with bars(Console(stderr=True)) as tell:
        vectors = encode_all([*(said(each.row) for each in kept), said(row)], embedder, tell)
    return Alike(kept, vectors[:-1]).nearest(row.text, vectors[-1], _NEAREST)


def _show_nearest(console: Console, row: Row, near: Sequence[tuple[Placed, float]]) -> None:
    if not near:
        return
    best, likeness = near[0]
    if best.row.guide != row.guide:
        console.print(
            f"[yellow]Warning:[/yellow] the nearest row is of '{best.row.guide}': the border "
            "between the two may need rows on both sides.",
            highlight=False,
        )
    elif likeness >= NEAR:
        console.print("[yellow]Warning:[/yellow] a row says nearly the same.", highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in ("nearest", "guide"):
        table.add_column(column, no_wrap=True)
    table.add_column("likeness", justify="right")
    table.add_column("text")
    for each, value in near:
        table.add_row(each.row.id, each.row.guide, f"{value:.2f}", Text(each.row.text))
    console.print(table)


def _show_rows(console: Console, rows: Sequence[Row]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("id", "guide", "lang"):
        table.add_column(column, no_wrap=True)
    table.add_column("text")
    for row in rows:
        table.add_row(row.id, row.guide, row.lang, Text(row.text))
    console.print(table)
