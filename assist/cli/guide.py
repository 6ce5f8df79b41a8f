"""`assist guide`: what is wrong with the guides, one line a problem. It shows; `check` judges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assist.cli.problems import conclude
from assist.config import Settings
from assist.guide.check import check as problems_of

app = typer.Typer(help="Scenario guides: check what editors wrote.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `check` a command of its own while it is the only one."""


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A guides folder or one file of it; the product's own.")
    ] = None,
) -> None:
    """Name every problem with its place, as `path:line:col: [level] text (rule)`.

    Exit status 0 without problems, 1 with warnings only, 2 with errors. docs/guide-rules.md
    explains each rule.
    """
    place = path or Settings().guides_dir
    raise conclude(place, problems_of(place))
