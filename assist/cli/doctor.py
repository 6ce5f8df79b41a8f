"""`assist doctor`: what is installed, what is missing, and how to mend it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from assist.cli.capacity import BUDGET_S, measured
from assist.config import Settings
from assist.errors import AssistError
from assist.guide.load import load_book
from assist.models import model_folder, status
from assist.search.corpus import load_corpus
from assist.search.embedder import SentenceEmbedder
from assist.search.index import REBUILD, misfits, read_manifest
from assist.store import Store
from assist.wiring.engines import describe_engine, refuse_language

Level = Literal["ok", "warn", "bad"]
_MARK = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}


@dataclass(frozen=True)
class Finding:
    """One line of the report; `remedy` is what to do about it."""

    level: Level
    what: str
    remedy: str = ""


def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the measurement of about ten seconds.")
    ] = False,
) -> None:
    """Look over the installation and measure the machine: how many calls, with which models.

    Status 1 if something keeps calls from being served.
    """
    settings = Settings()
    findings = examine(settings)
    console = Console(soft_wrap=True)
    for finding in findings:
        console.print(f" {_MARK[finding.level]} {finding.what}", highlight=False)
        if finding.remedy:
            console.print(f"   → {finding.remedy}", style="dim", highlight=False)
    if not quick:
        _measure(settings, console)
    raise typer.Exit(any(finding.level == "bad" for finding in findings))


def _measure(settings: Settings, console: Console) -> None:
    """The capacity lines, behind a bar; said before it starts, for it makes the machine busy."""
    errors = Console(stderr=True, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=errors, transient=True) as bars:
            task = bars.add_task(f"Measuring, about {BUDGET_S:.0f} s on an idle machine", total=1)

            def step(what: str, number: int, total: int) -> None:
                text = f"Measuring {what} (about {BUDGET_S:.0f} s in all; --quick leaves it out)"
                bars.update(task, description=text, completed=number, total=total)
                if not errors.is_terminal:
                    errors.print(text, highlight=False)

            lines = measured(settings, step)
    except AssistError as error:
        console.print(f" {_MARK['bad']} measurement: {error.message}", highlight=False)
        console.print(f"   → {error.remedy}", style="dim", highlight=False)
        return
    for line in lines:
        console.print(line, markup=False, highlight=False)


def examine(settings: Settings) -> list[Finding]:
    """Every part in turn; nothing is changed."""
    return [
        *_models(settings),
        *_engines(settings),
        _try("guides", lambda: _guides(settings)),
        _try("corpus", lambda: _corpus(settings)),
        _try("search index", lambda: _index(settings)),
        _try("journal", lambda: _journal(settings)),
        asyncio.run(_desk(settings)),
        _disk(settings),
    ]


def _try(part: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except AssistError as error:
        return Finding("bad", f"{part}: {error.message}", error.remedy)


def _models(settings: Settings) -> list[Finding]:
    findings = []
    for model in status(settings.models):
        needed = model.required or model.name == settings.guess_model
        level: Level = "ok" if model.state == "ready" else "bad" if needed else "warn"
        problems = f": {'; '.join(model.problems)}" if model.problems else ""
        findings.append(
            Finding(level, f"model {model.name} is {model.state}{problems}", model.remedy)
        )
    return findings


def _engines(settings: Settings) -> list[Finding]:
    """Where guesses and finals will run, and whether their models hear both languages.

    Models of the catalogue that are missing were named before.
    """
    findings: list[Finding] = []
    catalogue = {model.name for model in status(settings.models)}
    for name in dict.fromkeys((settings.guess_model, settings.final_model)):
        level: Level = "bad" if name == settings.guess_model else "warn"
        try:
            folder = model_folder(settings.models, name)
            refuse_language(folder, name, ("zh", "en"))
            findings.append(Finding("ok", f"speech: {describe_engine(settings, name)}"))
        except AssistError as error:
            if not (name in catalogue and not (settings.models / name).is_dir()):
                findings.append(Finding(level, f"speech: {error.message}", error.remedy))
    return findings


def _guides(settings: Settings) -> Finding:
    book = load_book(settings.guides_dir)
    return Finding("ok", f"{len(book.guides)} guides in {settings.guides_dir}")


def _corpus(settings: Settings) -> Finding:
    rows = load_corpus(settings.corpus_dir)
    return Finding("ok", f"{len(rows)} corpus rows in {settings.corpus_dir}")


def _index(settings: Settings) -> Finding:
    manifest = read_manifest(settings.index)
    corpus = load_corpus(settings.corpus_dir)
    found = misfits(manifest, settings.index, SentenceEmbedder(settings.embedder), corpus)
    if found:
        return Finding("bad", f"search index: {'; '.join(found)}", REBUILD)
    return Finding("ok", f"search index in {settings.index} fits corpus and embedder")


def _journal(settings: Settings) -> Finding:
    if not settings.database.exists():
        return Finding("ok", f"no journal yet; {settings.database} will be made")
    store = Store(settings.database, settings.seal_key)
    try:
        return Finding("ok", f"{len(store.calls(10_000))} calls in {settings.database}")
    finally:
        store.close()


async def _desk(settings: Settings) -> Finding:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            (await client.get(f"{settings.desk_url}/health", timeout=2)).raise_for_status()
        return Finding("ok", f"back office answers at {settings.desk_url}")
    except httpx.HTTPError:
        return Finding(
            "warn",
            f"no back office answers at {settings.desk_url}",
            "`assist serve --sandbox` brings one; ASSIST_DESK_URL names your own.",
        )


def _disk(settings: Settings) -> Finding:
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < 1:
        return Finding("bad", f"only {free_gb:.1f} GB free for {settings.data}", "Make room.")
    return Finding("ok", f"{free_gb:.0f} GB free for {settings.data}")
