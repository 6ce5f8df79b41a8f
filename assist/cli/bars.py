"""How long work on the corpus is shown: one bar a piece of work; without a terminal, nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from assist.search.crossfit import Progress as Tell

__all__ = ["Tell", "bars"]


@contextmanager
def bars(console: Console, *, silent: bool = False) -> Iterator[Tell]:
    """Gives the function to be told what is being done, how much is done, and of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=silent or not console.is_terminal,
        # What goes to standard output is the result: it must not end up among the bars.
        redirect_stdout=False,
        redirect_stderr=False,
    ) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total)
            shown.update(tasks[what], completed=done, total=total)

        yield tell
