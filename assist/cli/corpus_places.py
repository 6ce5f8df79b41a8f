"""Which corpus and which guides the `assist corpus` commands are about, and how they say it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assist.config import Settings
from assist.guide.shelf import read_shelf

CorpusOption = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="PATH", help="Another corpus: a folder of .jsonl files, or one file."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def place_of(corpus: Path | None) -> Path:
    """The corpus that was named, or the product's own."""
    return corpus or Settings().corpus_dir


def guides_beside(corpus: Path | None) -> dict[str, str] | None:
    """Language of each guide that the rows may name: those of the product for its own corpus, for
    another one those in the folder `guides` beside it; None where there is none."""
    if corpus is None:
        folder = Settings().guides_dir
    else:
        home = corpus if corpus.is_dir() else corpus.parent
        folder = home.resolve().parent / "guides"
    if not folder.is_dir():
        return None
    return {**read_shelf(folder).asked_for}
