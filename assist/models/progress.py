"""How long work is shown: a tiny interface, silence, and rich's bars for the terminal.

Nothing here decides anything; a caller without a terminal gets the same work without bars.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as RichBars

Advance = Callable[[int], None]
"""Called with how much is done so far, in the task's unit."""


class Progress(Protocol):
    def task(
        self, label: str, total: int, unit: Literal["bytes", "steps"]
    ) -> AbstractContextManager[Advance]:
        """One piece of work; it counts as finished when the context is left without error."""
        ...

    def say(self, text: str) -> None:
        """One line for the reader, between bars."""
        ...


class Silent:
    """Shows nothing."""

    @contextmanager
    def task(self, label: str, total: int, unit: Literal["bytes", "steps"]) -> Iterator[Advance]:
        yield lambda done: None

    def say(self, text: str) -> None:
        pass


class Bars:
    """rich's progress bars on `console`; what took longer than a moment leaves a line behind."""

    _WORTH_A_BAR = 16 << 20
    _WORTH_A_LINE_S = 1.0

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def task(self, label: str, total: int, unit: Literal["bytes", "steps"]) -> Iterator[Advance]:
        if unit == "bytes" and total < self._WORTH_A_BAR:
            yield lambda done: None
            return
        start_s = time.monotonic()
        if self._console.is_terminal:
            with self._bar(label, total, unit) as advance:
                yield advance
        else:
            yield lambda done: None
        took_s = time.monotonic() - start_s
        if took_s >= self._WORTH_A_LINE_S:
            size = f", {decimal(total)}" if unit == "bytes" else ""
            self.say(f"{label}{size}: {took_s:.0f} s")

    @contextmanager
    def _bar(self, label: str, total: int, unit: Literal["bytes", "steps"]) -> Iterator[Advance]:
        count: ProgressColumn = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
        columns = (TextColumn("{task.description}"), BarColumn(), count, TimeElapsedColumn())
        with RichBars(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(escape(label), total=total)
            # What is measured may be an estimate (files growing on disk): never past the end.
            yield lambda done: bars.update(task, completed=min(done, total))

    def say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
