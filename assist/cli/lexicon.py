"""`assist lexicon`: what is wrong with the domain words, and what they do to a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assist.cli.problems import LangOption, conclude, counted, language
from assist.config import Settings
from assist.speech.domain.correct import Corrector
from assist.speech.domain.lexicon import Lexicon, Term
from assist.speech.domain.lexicon_file import read_entries
from assist.wiring.lexicon import gather_lexicon, lexicon_path

app = typer.Typer(
    help="Domain words: check what editors wrote, see what is corrected and why.",
    no_args_is_help=True,
)


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A lexicon file; the product's own.")] = None,
    lang: LangOption = None,
) -> None:
    """Name every problem with its place, as `path:line:col: [level] text (rule)`.

    Exit status 0 without problems, 1 with warnings only, 2 with errors. corpus/README.md explains
    the fields.
    """
    place = path or lexicon_path(Settings())
    entries, problems = read_entries(place)
    raise conclude(place, problems, counted("terms", len(entries)), lang=language(lang))


@app.command()
def show(
    text: Annotated[
        str | None, typer.Argument(help="What a recogniser wrote; without it, the terms.")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """What would be corrected in a sentence and why; without one, every term and its source."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter(f"'{lang}' is not zh or en", param_hint="--lang")
    console = Console()
    lexicon = gather_lexicon(Settings())
    if text is None:
        _show_terms(console, lexicon, "zh" if lang == "zh" else "en")
    else:
        _show_corrections(console, lexicon, text, lang)


def _show_corrections(console: Console, lexicon: Lexicon, text: str, lang: str) -> None:
    corrected = Corrector(lexicon).correct(text, lang)
    shown = Text()
    done = 0
    for each in corrected.corrections:
        shown.append(corrected.text[done : each.at]).append(each.meant, style="bold green")
        done = each.at + len(each.meant)
    console.print(shown.append(corrected.text[done:]), soft_wrap=True)
    if not corrected.corrections:
        console.print("Nothing is corrected.", style="dim")
        return
    terms = {term.term: term for term in lexicon.of(lang)}
    table = Table(box=None, pad_edge=False)
    for column in ("heard", "meant", "sure", "why"):
        table.add_column(column, justify="right" if column == "sure" else "left")
    for each in corrected.corrections:
        why = _why(each.heard, terms.get(each.meant))
        table.add_row(each.heard, each.meant, f"{each.confidence:.2f}", why)
    console.print(table)


def _why(heard: str, term: Term | None) -> str:
    if term is None:
        return "an ordinary word that sounds the same"
    how = "an alias of" if heard.casefold() in {a.casefold() for a in term.aliases} else "sounds as"
    spelled = f" ({' '.join(term.pinyin)})" if term.pinyin else ""
    return f"{how} the term{spelled}, weight {term.weight:g}, from {term.source}"


def _show_terms(console: Console, lexicon: Lexicon, lang: Literal["zh", "en"]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("term", "weight", "pinyin", "aliases", "source"):
        table.add_column(column, justify="right" if column == "weight" else "left")
    for term in sorted(lexicon.of(lang), key=lambda term: (-term.weight, term.term)):
        pinyin, aliases = " ".join(term.pinyin), ", ".join(term.aliases)
        table.add_row(Text(term.term), f"{term.weight:g}", pinyin, Text(aliases), term.source)
    console.print(table)
