"""The table and the JSON document of benchmark rows; layout only, no figure is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from assist.bench.peer_figures import PeerFigures, Report

if TYPE_CHECKING:
    from rich.table import Table


def table(rows: Sequence[PeerFigures]) -> Table:
    """One line a row and channel; costs and delays stand on a row's first line."""
    from rich.table import Table

    shown = Table(caption="error: strict / numbers in one form, percent; audio s: all channels")
    for column in (
        "call", "system", "threads", "audio s", "CPU s", "CPU s/s", "delay 50 %", "95 %",
        "last text", "channel", "first text", "error", "repeats", "last words",
    ):  # fmt: skip
        shown.add_column(column, justify="left" if column in ("call", "system") else "right")
    for row in rows:
        system = f"{row.system} {row.version}".strip()
        system += " (stopped)" if row.status == "unfinished" else ""
        if not row.channels:
            shown.add_row(row.call, system, *[""] * 11, row.status)
            continue
        costs = [
            _number(value)
            for value in (
                row.audio_s, row.cpu_s, row.cpu_per_audio_s, row.delay_p50_s, row.delay_p95_s,
                row.last_text_s,
            )
        ]  # fmt: skip
        costs.insert(0, "own" if row.threads is None else str(row.threads))
        for index, (speaker, one) in enumerate(row.channels.items()):
            first = [row.call, system, *costs] if index == 0 else [""] * 9
            shown.add_row(
                *first,
                speaker,
                _number(one.first_text_s),
                f"{one.strict.percent:.1f} / {one.numbers.percent:.1f}",
                str(len(one.repeats)),
                "kept" if one.last_words_kept else "lost",
            )
    return shown


def reasons(rows: Sequence[PeerFigures]) -> list[str]:
    """Why a row has no figures, a line each."""
    return [f"{row.system}: {row.status}. {row.reason}" for row in rows if row.reason]


def write(rows: Sequence[PeerFigures], path: Path) -> None:
    report = Report(cores=psutil.cpu_count() or 1, rows=list(rows))
    path.write_text(report.model_dump_json(indent=2), encoding="utf-8")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
