"""`assist index`: build the search index and look at it. No logic beyond showing."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.bars import bars
from assist.config import Settings
from assist.errors import IndexError_
from assist.search.calibrate import Calibration, Point
from assist.search.corpus import Row, load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.index import REBUILD, Manifest, build, misfits, read_manifest

app = typer.Typer(
    help="The search index: build it from the corpus, see what it is and how sure.",
    no_args_is_help=True,
)

_STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


@app.command("build")
def build_index(
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only if it is missing or does not fit.")
    ] = False,
) -> None:
    """Build the index from the corpus and print the thresholds with their trade-off."""
    console, settings = Console(), Settings()
    corpus = load_corpus(settings.corpus_dir)
    embedder = SentenceEmbedder(settings.embedder)
    if if_stale and not _stale(settings, embedder, corpus):
        console.print(f"The index in {settings.index} fits corpus and embedder.", soft_wrap=True)
        return
    with bars(console) as tell:
        manifest = build(corpus, embedder, settings.index, tell)
    console.print(f"Built {settings.index}: {manifest.count} questions.", soft_wrap=True)
    for lang in manifest.languages:
        _show_thresholds(console, manifest, lang)


@app.command("info")
def info() -> None:
    """Print the index's manifest, and whether it fits corpus and embedder."""
    console, settings = Console(), Settings()
    manifest = read_manifest(settings.index)
    table = Table.grid(padding=(0, 2))
    table.add_row("folder", str(settings.index))
    table.add_row("embedder", f"{manifest.embedder}, {manifest.dimension} dimensions")
    table.add_row("questions", str(manifest.count))
    table.add_row("corpus hash", manifest.corpus_hash)
    table.add_row("built with", ", ".join(f"{k} {v}" for k, v in manifest.versions.items()))
    for lang, one in manifest.languages.items():
        guides = ", ".join(one.guides)
        table.add_row(lang, f"{one.rows} rows, {one.out_of_scope} out of scope; {guides}")
    console.print(table)
    for lang in manifest.languages:
        _show_thresholds(console, manifest, lang)
    corpus = load_corpus(settings.corpus_dir)
    found = misfits(manifest, settings.index, SentenceEmbedder(settings.embedder), corpus)
    if found:
        raise IndexError_(f"The index does not fit: {'; '.join(found)}.", REBUILD)
    console.print("[green]It fits corpus and embedder.[/green]")


def _stale(settings: Settings, embedder: SentenceEmbedder, corpus: list[Row]) -> bool:
    try:
        manifest = read_manifest(settings.index)
    except IndexError_:
        return True
    return bool(misfits(manifest, settings.index, embedder, corpus))


def _show_thresholds(console: Console, manifest: Manifest, lang: str) -> None:
    calibration = manifest.languages[lang].calibration
    console.print(
        f"\n[bold]{lang}[/bold]: a card opens in a call from {calibration.call.open:.3f} on, "
        f"suggestions appear from {calibration.call.suggest:.2f}; one sentence by itself opens "
        f"from {calibration.text.open:.2f}. Chosen for at most {manifest.wrong_open_rate:.0%} "
        f"wrong cards, on {calibration.calls} simulated calls.",
        highlight=False,
    )
    table = Table(box=None, pad_edge=False, title_justify="left")
    for column in ("threshold", "wrong card", "right card", "out of scope left alone"):
        table.add_column(column, justify="right")
    for point in _curve(calibration):
        style = "bold" if point.threshold == calibration.call.open else ""
        row = (point.threshold, point.wrong, point.right, point.none_silent)
        table.add_row(f"{row[0]:.3f}", *(f"{share:.1%}" for share in row[1:]), style=style)
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
