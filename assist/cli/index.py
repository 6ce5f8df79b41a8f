"""`assist index`: the search index."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from assist.config import Settings
from assist.errors import IndexError_
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.index import Manifest, build, misfits, read_manifest

app = typer.Typer(help="Build the search index from the corpus, and look at it.")


@app.command("build")
def build_index(
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only if it is missing or does not fit.")
    ] = False,
) -> None:
    """Build the index, and print the thresholds with what they trade off."""
    settings = Settings()
    console = Console()
    corpus = load_corpus(settings.corpus_dir)
    embedder = SentenceEmbedder(settings.embedder, threads=settings.threads)
    if if_stale and _fits(settings, embedder, console):
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as bars:

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        manifest = build(corpus, embedder, settings.index, progress)
    console.print(f"Built {settings.index} from {manifest.count} rows.")
    _print_manifest(manifest, console)


@app.command()
def info() -> None:
    """Print what the index was built from, and whether it fits; status 1 if not."""
    settings = Settings()
    console = Console()
    manifest = read_manifest(settings.index)
    _print_manifest(manifest, console)
    embedder = SentenceEmbedder(settings.embedder, threads=settings.threads)
    found = misfits(manifest, settings.index, embedder, load_corpus(settings.corpus_dir))
    if found:
        raise IndexError_(
            f"The index does not fit: {'; '.join(found)}.", "Run `assist index build`."
        )
    console.print("It fits the corpus and the embedder.")


def _fits(settings: Settings, embedder: SentenceEmbedder, console: Console) -> bool:
    try:
        manifest = read_manifest(settings.index)
    except IndexError_:
        return False
    found = misfits(manifest, settings.index, embedder, load_corpus(settings.corpus_dir))
    console.print(
        f"The index in {settings.index} does not fit: {'; '.join(found)}."
        if found
        else f"The index in {settings.index} fits."
    )
    return not found


def _print_manifest(manifest: Manifest, console: Console) -> None:
    console.print(
        f"embedder {manifest.embedder}, {manifest.dimension} dimensions, "
        f"{manifest.count} rows, wrong-open rate wanted {manifest.wrong_open_rate:.0%}"
    )
    for lang, part in manifest.languages.items():
        text = part.calibration.text
        console.print(
            f"{lang}: {len(part.guides)} guides, {part.rows} rows ({part.out_of_scope} out of "
            f"scope); opens from {text.open:.2f}, suggests from {text.suggest:.2f}"
        )
        table = Table(box=None, pad_edge=False)
        for column in ("from", "opens wrong", "opens right", "silent when out of scope"):
            table.add_column(column, justify="right")
        shown = {round(point.threshold, 2): point for point in reversed(text.curve)}
        for _, point in sorted(shown.items()):
            if round(point.threshold * 20, 6) % 1:
                continue  # the curve is finer than anyone reads
            table.add_row(
                f"{point.threshold:.2f}",
                f"{point.wrong:.1%}",
                f"{point.right:.1%}",
                f"{point.none_silent:.1%}",
            )
        console.print(table)
