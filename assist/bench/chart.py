"""The chart of live listening: cost of a call and delay of its final text over calls at once.

Draws rows that were measured, and nothing else: no smoothing, no line beyond the last row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assist.bench.live_figures import LiveFigures
from assist.bench.live_report import LiveReport
from assist.errors import AssistError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(report: LiveReport, path: Path) -> None:
    """A PNG or SVG by the name's ending. Raises AssistError when there are no rows, for another
    ending, and where nothing can be written."""
    if not report.rows:
        raise AssistError("There are no rows to draw.", "Measure some: --live 1,2,4.")
    if path.suffix not in (".png", ".svg"):
        raise AssistError(f"{path}: a chart is a .png or .svg.", "Choose another name.")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    cost, delay = figure.subplots(1, 2)
    for model in dict.fromkeys(row.final_model for row in report.rows):
        rows = sorted(
            (row for row in report.rows if row.final_model == model), key=lambda row: row.calls
        )
        _line(cost, rows, [row.cpu_per_call_s for row in rows], f"finals by {model}")
        _line(delay, rows, [row.final.p95_s for row in rows], f"finals by {model}")
    _label(cost, report, f"CPU seconds for a second of a call, {report.cores} cores")
    _label(delay, report, "Final text after the utterance's end, 95 %, s")
    cost.legend(frameon=False)
    try:
        figure.savefig(path, dpi=144)
    except OSError as error:
        raise AssistError(
            f"{path}: cannot be written ({error.strerror}).", "Name a folder that is there."
        ) from error


def _line(axes: Axes, rows: list[LiveFigures], values: Sequence[float | None], label: str) -> None:
    known = [
        (row.calls, value) for row, value in zip(rows, values, strict=True) if value is not None
    ]
    axes.plot([x for x, _ in known], [y for _, y in known], marker="o", label=label)


def _label(axes: Axes, report: LiveReport, title: str) -> None:
    counts = sorted({row.calls for row in report.rows})
    axes.set_title(title, fontsize="medium", loc="left")
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [str(count) for count in counts])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("two-channel calls at once")
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
