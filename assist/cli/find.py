"""`assist find`: which guide a sentence would open, and why. No logic beyond showing.

Without an index, or with `--by-hand`, it finds as the panel's search box does while one types.
`--batch` asks a file of sentences.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assist.cli.find_batch import find_batch, plain
from assist.config import Settings
from assist.guide.load import load_book
from assist.search.by_hand import Hit
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.evidence import Finding
from assist.search.finder import Finder
from assist.search.index import REBUILD, SearchIndex, load, rebuild
from assist.wiring.by_hand import open_by_hand

_COLOUR = {"open": "green", "suggest": "yellow", "silent": "dim"}
_MEANS = {
    "open": "this guide opens by itself",
    "suggest": "shown as suggestions, nothing opens by itself",
    "silent": "nothing is shown: not sure enough",
}


def find(
    text: Annotated[
        str, typer.Argument(help="What a caller says; by hand: words, pinyin or initials.")
    ] = "",
    top: Annotated[int, typer.Option(help="How many guides to show.", min=1)] = 3,
    lang: Annotated[
        str | None, typer.Option(help="Only guides of this language: zh or en.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, in a batch one a line.")
    ] = False,
    index: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Another index, whatever corpus it is of."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.tsv",
            help="A text a line, after a tab the guide it should find; - is standard input.",
        ),
    ] = None,
    by_hand: Annotated[
        bool,
        typer.Option("--by-hand", help="By words, pinyin and initials; without index or embedder."),
    ] = False,
) -> None:
    """Show which guide a sentence would open, and why."""
    settings = Settings()
    if lang not in (None, "zh", "en"):
        raise typer.BadParameter(f"'{lang}' is not zh or en", param_hint="--lang")
    if (batch is None) == (not text):
        raise typer.BadParameter("Give a TEXT, or a file with --batch.")
    if batch is not None and by_hand:
        raise typer.BadParameter("a file is not searched by hand", param_hint="--by-hand")
    if index is not None or batch is not None:
        embedder = SentenceEmbedder(settings.embedder)
        finder = Finder(_open(settings, index, embedder), embedder)
        if batch is not None:
            find_batch(finder, batch, lang, top, as_json)
        else:
            _tell(finder.find(text, lang, top), as_json)
        return
    if by_hand or not settings.index.exists():
        if not by_hand:
            why = f"There is no index in {settings.index}: found by hand instead. {REBUILD}"
            Console(stderr=True, soft_wrap=True).print(why, style="yellow", highlight=False)
        _by_hand(settings, text, lang, top, as_json)
        return
    embedder = SentenceEmbedder(settings.embedder)
    finder = Finder(_open(settings, None, embedder), embedder)
    _tell(finder.find(text, lang, top), as_json)


def _open(settings: Settings, index: Path | None, embedder: SentenceEmbedder) -> SearchIndex:
    """The product's index, which must fit its corpus, or the one that was named."""
    if index is None:
        return load(settings.index, embedder, load_corpus(settings.corpus_dir))
    return load(index, embedder, remedy=rebuild(index))


def _tell(finding: Finding, as_json: bool) -> None:
    if as_json:
        print(json.dumps(plain(finding), ensure_ascii=False))
    else:
        _show(Console(), finding)


def _by_hand(settings: Settings, text: str, lang: str | None, top: int, as_json: bool) -> None:
    errors = Console(stderr=True, soft_wrap=True)
    book = load_book(settings.guides_dir)
    found = open_by_hand(settings, book, errors.print).find(text, lang or "", len(book.guides))
    hits = [hit for hit in found if lang in (None, book.guides[hit.guide].lang)][:top]
    if as_json:
        matches = [
            {"guide": hit.guide, "score": hit.score, "question": hit.text, "spans": hit.spans}
            for hit in hits
        ]
        plain = {"decision": "suggest" if hits else "silent", "by": "hand", "matches": matches}
        print(json.dumps(plain, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("guide", no_wrap=True)
    table.add_column("found in")
    for hit in hits:
        table.add_row(hit.guide, _marked(hit))
    Console().print(table if hits else "Nothing is like it.")


def _marked(hit: Hit) -> Text:
    text = Text(hit.text)
    for begin, end in hit.spans:
        text.stylize("bold green", begin, end)
    return text


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
