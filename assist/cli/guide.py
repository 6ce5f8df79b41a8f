"""`assist guide`: everything an editor does with guides. It shows; `guide` and `train` judge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assist.cli import guide_backtest, guide_preview, guide_test, guide_write
from assist.cli.problems import LangOption, conclude, language
from assist.config import Settings
from assist.guide.check import check as problems_of
from assist.wiring.parts import local_now

app = typer.Typer(help="Scenario guides: write, check and test them.", no_args_is_help=True)
app.command("test")(guide_test.test)
app.command("new")(guide_write.new)
app.command("graph")(guide_write.graph)
app.command("schema")(guide_write.schema)
app.command("diff")(guide_write.diff)
app.command("preview")(guide_preview.preview)
app.command("backtest")(guide_backtest.backtest)


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A guides folder or one file of it; the product's own.")
    ] = None,
    lang: LangOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Name every problem with its place, as `path:line:col: [level] text (rule)`.

    Exit status 0 without problems, 1 with warnings only, 2 with errors. docs/guide-rules.md
    explains each rule.
    """
    place = path or Settings().guides_dir
    found = problems_of(place, local_now().date())
    raise conclude(place, found, lang=language(lang), as_json=as_json)
