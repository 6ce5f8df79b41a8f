"""`assist find`: which guide a sentence would open, and why. No logic beyond showing."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assist.config import Settings
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import load

_COLOUR = {"open": "green", "suggest": "yellow", "silent": "dim"}
_MEANS = {
    "open": "this guide opens by itself",
    "suggest": "shown as suggestions, nothing opens by itself",
    "silent": "nothing is shown: not sure enough",
}


def find(
    text: Annotated[str, typer.Argument(help="What a caller says, in their own words.")],
    top: Annotated[int, typer.Option(help="How many guides to show.", min=1)] = 3,
    lang: Annotated[
        str | None, typer.Option(help="Only guides of this language: zh or en.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show which guide a sentence would open, and why."""
    settings = Settings()
    if lang not in (None, "zh", "en"):
        raise typer.BadParameter(f"'{lang}' is not zh or en", param_hint="--lang")
    embedder = SentenceEmbedder(settings.embedder)
    corpus = load_corpus(settings.corpus_dir)
    finding = Finder(load(settings.index, embedder, corpus), embedder).find(text, lang, top)
    if as_json:
        print(json.dumps(_plain(finding), ensure_ascii=False))
    else:
        _show(Console(), finding)


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "decision": finding.decision,
        "matches": [
            {"guide": match.guide, "score": match.score, "question": match.question}
            for match in finding.matches
        ],
    }


def _show(console: Console, finding: Finding) -> None:
    verdict = Text(finding.decision, style=f"bold {_COLOUR[finding.decision]}")
    console.print(verdict.append(f": {_MEANS[finding.decision]}", style="not bold default"))
    if not finding.matches:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("guide", no_wrap=True)
    table.add_column("score", justify="right")
    table.add_column("nearest question")
    for match in finding.matches:
        table.add_row(match.guide, f"{match.score:.2f}", Text(match.question))
    console.print(table)
    spoke = sorted(finding.shares.items(), key=lambda item: -item[1])
    if spoke:
        said = ", ".join(f"{name} {share:.0%}" for name, share in spoke if share >= 0.005)
        console.print(Text(f"{finding.matches[0].guide} because of {said}", style="dim"))
