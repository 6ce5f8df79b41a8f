"""`assist guide new | graph | schema | diff`: what an editor needs beside the text editor."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, RootModel
from rich.console import Console
from rich.text import Text

from assist.config import Settings
from assist.desk.connectors import Connector
from assist.errors import GuideError
from assist.guide.diff import differences
from assist.guide.graph import mermaid
from assist.guide.model import Guide, House, Offer, Priors, TicketType
from assist.guide.schema import json_schema
from assist.guide.shelf import SUFFIX, Moods, Shelf, read_shelf, shelve_guide
from assist.guide.skeleton import skeleton
from assist.train.cases import FOLDER, CaseFile, Fixtures


class Offers(RootModel[list[Offer]]):
    """offers.yaml as a whole."""


SCHEMAS: dict[str, type[BaseModel]] = {
    "guide": Guide,
    "ticket": TicketType,
    "offers": Offers,
    "moods": Moods,
    "priors": Priors,
    "house": House,
    "connector": Connector,
    "guide-test": CaseFile,
    "guide-test-fixtures": Fixtures,
    "settings": Settings,
}


def new(
    guide_id: Annotated[str, typer.Argument(metavar="ID", help="For instance wifi.slow.")],
    lang: Annotated[str, typer.Option(help="zh or en; an English id ends in .en.")] = "zh",
    title: Annotated[str, typer.Option(help="What the agent reads; the id.")] = "",
    owner: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    folder: Annotated[
        Path | None, typer.Option(help="Another guides folder.", metavar="DIR")
    ] = None,
) -> None:
    """Write a first guide and its tests: whole, checked clean, and passing.

    Nothing that is there already is overwritten.
    """
    if lang not in ("zh", "en"):
        raise typer.BadParameter("lang is zh or en")
    place = folder or Settings().guides_dir
    path, tests = place / f"{guide_id}{SUFFIX}", place / FOLDER / f"{guide_id}{SUFFIX}"
    for taken in (path, tests):
        if taken.exists():
            raise GuideError(f"{taken} is there already.", "Choose another id, or edit that file.")
    whose = owner or ("编辑" if lang == "zh" else "editor")
    guide, cases = skeleton(guide_id, lang, title or guide_id, whose, date.today().isoformat())
    tests.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(guide, "utf-8")
    tests.write_text(cases, "utf-8")
    print(f"{path}\n{tests}")


def graph(
    guide_id: Annotated[str, typer.Argument(metavar="ID", help="A guide's id or its file.")],
    out: Annotated[
        Path | None, typer.Option(help="Write it there instead; .md puts it in a code block.")
    ] = None,
) -> None:
    """The guide as a Mermaid flowchart: steps as boxes, answers and cases on the arrows."""
    text = mermaid(_guide(_path_of(guide_id)))
    if out is None:
        print(text, end="")
        return
    out.write_text(f"```mermaid\n{text}```\n" if out.suffix == ".md" else text, "utf-8")


def schema(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(SCHEMAS)}; all of them.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder for KIND.json files, as .vscode/schemas.")
    ] = None,
) -> None:
    """JSON Schema, by which an editor completes and checks while typing; see docs/guides.md."""
    if kind and kind not in SCHEMAS:
        raise typer.BadParameter(f"kind is one of {', '.join(SCHEMAS)}")
    wanted = {kind: SCHEMAS[kind]} if kind else SCHEMAS
    made = {name: json_schema(model) for name, model in wanted.items()}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, found in made.items():
            text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
            (out / f"{name}.json").write_text(text, "utf-8")
            print(out / f"{name}.json")
        return
    print(json.dumps(made[kind] if kind else made, ensure_ascii=False, indent=2))


def diff(
    old: Annotated[str, typer.Argument(help="A file, or a git version as HEAD or v1.2.")],
    new_file: Annotated[str, typer.Argument(metavar="NEW", help="A guide's id or its file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """What a change means for the walk: which answer now leads where, what is said anew.

    Exit status 0 when nothing differs, 1 when something does, 2 when a guide cannot be read.
    """
    path = _path_of(new_file)
    try:
        before = _guide(Path(old)) if Path(old).is_file() else _guide_at(old, path)
        changes = differences(before, _guide(path))
    except GuideError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    if as_json:
        told = [{"kind": c.kind, "step": c.step, "message": c.message} for c in changes]
        print(json.dumps(told, ensure_ascii=False))
    else:
        console = Console(soft_wrap=True, highlight=False)
        for change in changes:
            console.print(Text.assemble((f"{change.kind:8}", "dim"), change.message))
    raise typer.Exit(1 if changes else 0)


def _path_of(name: str) -> Path:
    path = Path(name)
    return path if path.is_file() else Settings().guides_dir / f"{name}{SUFFIX}"


def _guide(path: Path) -> Guide:
    """The guide as far as it can be read; raises GuideError with what keeps it from being read."""
    if not path.is_file():
        raise GuideError(f"{path}: there is no such guide.", "Check the id and the folder.")
    entry = read_shelf(path.parent).guides.get(path.stem)
    return entry.item if entry else _read(path.read_text("utf-8"), path)


def _guide_at(version: str, path: Path) -> Guide:
    """The guide as git has it at `version`."""
    command = ["git", "show", f"{version}:./{path.name}"]
    try:
        done = subprocess.run(
            command, cwd=path.parent, capture_output=True, check=True, text=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise GuideError(
            f"'{version}' is no file, and git has no {path.name} of that version: {said.strip()}",
            "Name a file, or a version that has this guide.",
        ) from error
    return _read(done.stdout, path)


def _read(text: str, path: Path) -> Guide:
    shelf = Shelf()
    shelve_guide(shelf, text, str(path))
    if path.stem not in shelf.guides:
        problems = "\n".join(map(str, sorted(shelf.problems)))
        raise GuideError(f"{path} cannot be read:\n{problems}", "Mend it first.")
    return shelf.guides[path.stem].item
