"""`assist find`: which guide a sentence would open, and why."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.config import Settings
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.wiring.parts import open_finder


def find(
    text: Annotated[str, typer.Argument(help="What a caller might say.")],
    top: Annotated[int, typer.Option(min=1, help="At most this many guides.")] = 3,
    lang: Annotated[str, typer.Option(help="zh or en; default: told from the characters.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say which guide a sentence would open: open, suggest or silent, with the nearest questions."""
    settings = Settings()
    finder = open_finder(settings, SentenceEmbedder(settings.embedder, threads=settings.threads))
    found = finder.find(text, lang or None, top)
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _print(found)


def _as_json(found: Finding) -> dict[str, object]:
    matches = [
        {"guide": match.guide, "score": match.score, "question": match.question}
        for match in found.matches
    ]
    return {"decision": found.decision, "matches": matches}


def _print(found: Finding) -> None:
    console = Console()
    console.print(f"[bold]{found.decision}[/bold]")
    if not found.matches:
        return
    table = Table(box=None, pad_edge=False)
    for column in ("guide", "score", "nearest question"):
        table.add_column(column)
    for match in found.matches:
        table.add_row(match.guide, f"{match.score:.2f}", match.question)
    console.print(table)
    if found.shares:
        parts = "  ".join(f"{name} {share:+.2f}" for name, share in found.shares.items())
        console.print(f"what spoke for the first: {parts}", style="dim")
