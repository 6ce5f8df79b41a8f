"""`assist index`: build the search index and look at it. No logic beyond showing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.bars import bars
from assist.config import Settings
from assist.errors import IndexError_
from assist.search.calibrate import Calibration, Point
from assist.search.corpus import Row, load_corpus, without_none
from assist.search.embedder import SentenceEmbedder
from assist.search.index import REBUILD, Manifest, build, misfits, read_manifest, rebuild
from assist.search.upkeep import update

app = typer.Typer(
    help="The search index: build it from the corpus, see what it is and how sure.",
    no_args_is_help=True,
)

CorpusOption = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="PATH", help="Another corpus: a folder of .jsonl files, or one file."
    ),
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Another index than the product's.")
]

_STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


@app.command("build")
def build_index(
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only if it is missing or does not fit.")
    ] = False,
    corpus: CorpusOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the index.", show_default=False)
    ] = None,
) -> None:
    """Build the index from the corpus and print the thresholds with their trade-off."""
    console, settings = Console(), Settings()
    place = _place(settings, corpus, out)
    rows = load_corpus(corpus or settings.corpus_dir)
    embedder = SentenceEmbedder(settings.embedder)
    if if_stale and not _stale(place, embedder, rows):
        console.print(f"The index in {place} fits corpus and embedder.", soft_wrap=True)
        return
    for lang in without_none(rows):
        _warn(
            f"{lang}: no row has guide 'none', so nothing can be told to be out of scope: what no "
            "guide covers may open one."
        )
    with bars(Console(stderr=True)) as tell:
        manifest = build(rows, embedder, place, tell)
    console.print(f"Built {place}: {manifest.count} questions.", soft_wrap=True)
    for lang in manifest.languages:
        _show_thresholds(console, manifest, lang)


@app.command("update")
def update_index(index: IndexOption = None, corpus: CorpusOption = None) -> None:
    """Take the corpus's new and changed rows into the index, and out of it those that went.

    Weights and thresholds stay as the last build learnt them.
    """
    console, settings = Console(), Settings()
    place = index or settings.index
    if corpus is not None and index is None:
        raise typer.BadParameter("say which index is of it with --index DIR", param_hint="--corpus")
    rows = load_corpus(corpus or settings.corpus_dir)
    remedy = _remedy(index, corpus)
    with bars(Console(stderr=True)) as tell:
        done = update(rows, SentenceEmbedder(settings.embedder), place, tell, remedy)
    console.print(
        f"{place}: {done.added} rows added, {done.removed} removed, {done.embedded} texts embedded."
        f" It has {done.manifest.count} questions; its hash is {done.manifest.hash}.",
        soft_wrap=True,
        highlight=False,
    )
    for why in done.manifest.due():
        _warn(f"{why}. {remedy}")


@app.command("info")
def info(
    index: IndexOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Print the index's manifest, and whether it fits corpus and embedder."""
    console, settings = Console(), Settings()
    place = index or settings.index
    manifest = read_manifest(place, _remedy(index, corpus))
    table = Table.grid(padding=(0, 2))
    table.add_row("folder", str(place))
    table.add_row("embedder", f"{manifest.embedder}, {manifest.dimension} dimensions")
    table.add_row("index hash", manifest.hash)
    table.add_row("questions", str(manifest.count))
    table.add_row("corpus hash", manifest.corpus_hash)
    table.add_row("built with", ", ".join(f"{k} {v}" for k, v in manifest.versions.items()))
    for lang, one in manifest.languages.items():
        guides = ", ".join(one.guides)
        table.add_row(lang, f"{one.rows} rows, {one.out_of_scope} out of scope; {guides}")
        if one.added or one.removed:
            table.add_row("", f"{one.added} rows added and {one.removed} removed since it learnt")
    console.print(table)
    for lang in manifest.languages:
        _show_thresholds(console, manifest, lang)
    rows = None
    if corpus is not None or index is None:
        rows = load_corpus(corpus or settings.corpus_dir)
    found = misfits(manifest, place, SentenceEmbedder(settings.embedder), rows)
    if found:
        raise IndexError_(f"The index does not fit: {'; '.join(found)}.", _remedy(index, corpus))
    for why in manifest.due():
        _warn(f"{why}. {_remedy(index, corpus)}")
    fits = "embedder; --corpus PATH compares a corpus" if rows is None else "corpus and embedder"
    console.print(f"[green]It fits {fits}.[/green]")


def _place(settings: Settings, corpus: Path | None, out: Path | None) -> Path:
    """Where the index goes: of another corpus never into the product's place unnamed."""
    if corpus is not None and out is None:
        raise typer.BadParameter("say where its index goes with --out DIR", param_hint="--corpus")
    return out or settings.index


def _remedy(index: Path | None, corpus: Path | None) -> str:
    if index is None:
        return REBUILD
    return rebuild(index, corpus)


def _warn(text: str) -> None:
    Console(stderr=True, soft_wrap=True).print(text, style="yellow", highlight=False, markup=False)


def _stale(place: Path, embedder: SentenceEmbedder, corpus: list[Row]) -> bool:
    try:
        manifest = read_manifest(place)
    except IndexError_:
        return True
    return bool(misfits(manifest, place, embedder, corpus))


def _show_thresholds(console: Console, manifest: Manifest, lang: str) -> None:
    calibration = manifest.languages[lang].calibration
    out_of_scope = manifest.languages[lang].out_of_scope
    console.print(
        f"\n[bold]{lang}[/bold]: a card opens in a call from {calibration.call.open:.3f} on, "
        f"suggestions appear from {calibration.call.suggest:.2f}; one sentence by itself opens "
        f"from {calibration.text.open:.2f}. Chosen for at most {manifest.wrong_open_rate:.0%} "
        f"wrong cards, on {calibration.calls} simulated calls.",
        highlight=False,
    )
    console.print(f"{manifest.languages[lang].basis}.", highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, title_justify="left")
    for column in ("threshold", "wrong card", "right card", "out of scope left alone"):
        table.add_column(column, justify="right")
    for point in _curve(calibration):
        style = "bold" if point.threshold == calibration.call.open else ""
        row = [f"{point.wrong:.1%}", f"{point.right:.1%}"]
        row.append(f"{point.none_silent:.1%}" if out_of_scope else "unknown")
        table.add_row(f"{point.threshold:.3f}", *row, style=style)
    console.print(table)
    texts = Table(box=None, pad_edge=False)
    for column in ("misheard", "first is right", "among three", "wrong open", "calibration error"):
        texts.add_column(column, justify="right")
    for one in calibration.texts:
        shares = (one.noise, one.top1, one.top3, one.wrong_open, one.calibration_error)
        texts.add_row(*(f"{share:.1%}" for share in shares))
    console.print(texts)


def _curve(calibration: Calibration) -> list[Point]:
    """A few points of the trade-off, the chosen one among them."""
    near = [
        min(calibration.call.curve, key=lambda point: abs(point.threshold - step))
        for step in (*_STEPS, calibration.call.open)
    ]
    return sorted({point.threshold: point for point in near}.values(), key=lambda p: p.threshold)
