"""How many small mistakes in the shipped guides are noticed: `scripts/bench_mutation`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.config import Settings
from assist.guide.load import load_book
from assist.search.embedder import SentenceEmbedder
from assist.search.kept import KeptVectors
from assist.search.likeness import Likeness
from assist.train.mutate import Mutant, mutants, summary


def main(
    count: Annotated[int, typer.Option(help="How many mistakes.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed makes the same mistakes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    settings = Settings()
    book = load_book(settings.guides_dir)
    kept = KeptVectors(SentenceEmbedder(settings.embedder), settings.data / "guide-tests.npz")
    like = Likeness(kept, remembered=50_000)
    found = list(mutants(settings.guides_dir, book, like, count, seed))
    kept.keep()
    missed = [mutant for mutant in found if not mutant.caught_by]
    if as_json:
        print(json.dumps({"caught": len(found) - len(missed), "made": len(found)}))
    else:
        _show(found, missed, seed)
    raise typer.Exit(0 if len(missed) <= 0.05 * len(found) else 1)


def _show(found: list[Mutant], missed: list[Mutant], seed: int) -> None:
    console = Console()
    table = Table("mistake", "made", "caught", title=f"Mistakes in guides, seed {seed}")
    for kind, (made, caught) in summary(found).items():
        table.add_row(kind, str(made), str(caught))
    console.print(table)
    for mutant in missed:
        console.print(f"missed: {mutant.guide}: {mutant.kind}: {mutant.what}", highlight=False)
    share = (len(found) - len(missed)) / max(1, len(found))
    by_check = sum(mutant.caught_by.startswith("check") for mutant in found)
    console.print(f"{share:.1%} of {len(found)} caught, {by_check} of them by the checker alone")
