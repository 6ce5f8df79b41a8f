"""Table and JSON document of `scripts/bench_speech --live` and `--data`; layout only.

    {"schema_version": 1, "cores": 2, "rows": [live_figures.LiveFigures …],
     "floor": [peer_figures.PeerFigures …], "voices": [voices.VoiceFigures …]}

A figure that there is none of is null.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ValidationError

from assist.bench.live_figures import Delay, LiveFigures, floor_ratio
from assist.bench.peer_figures import PeerFigures
from assist.bench.voices import VoiceFigures
from assist.errors import AssistError, first_problem

if TYPE_CHECKING:
    from rich.table import Table


class LiveReport(BaseModel):
    schema_version: Literal[1] = 1
    cores: int
    rows: list[LiveFigures] = []
    floor: list[PeerFigures] = []
    voices: list[VoiceFigures] = []

    def __add__(self, other: LiveReport) -> LiveReport:
        """Rows of two runs on the same machine."""
        return LiveReport(
            cores=self.cores,
            rows=self.rows + other.rows,
            floor=self.floor + other.floor,
            voices=self.voices + other.voices,
        )


def write(report: LiveReport, path: Path) -> None:
    path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> LiveReport:
    """Raises AssistError for a file that is missing or holds something else."""
    remedy = "Give a file that `scripts/bench_speech --live 1,2 --json FILE` wrote."
    try:
        return LiveReport.model_validate_json(path.read_bytes())
    except OSError as error:
        raise AssistError(f"{path}: cannot be read ({error.strerror}).", remedy) from error
    except ValidationError as error:
        raise AssistError(f"{path}: {first_problem(error, 'the file')}.", remedy) from error


def tables(report: LiveReport) -> list[Table]:
    """What there is: cost and delays, losses and errors, the floor, voices."""
    shown: list[Table] = []
    if report.rows:
        shown += [_costs(report), _losses(report)]
    if report.floor:
        shown.append(_floor(report))
    if report.voices:
        shown.append(_voices(report))
    return shown


def _costs(report: LiveReport) -> Table:
    table = _table(
        "Calls in real time: delays in s, from the end of a word or utterance",
        "calls", "finals by", "at once", "CPU s/s of a call", "floor ×", "cores busy",
        "guess 50 %", "95 %", "stable 50 %", "95 %", "final 50 %", "95 %",
        "loop 99 %, ms", "max", "load",
    )  # fmt: skip
    for row in report.rows:
        table.add_row(
            str(row.calls),
            row.final_model,
            f"{row.at_once:.1f}",
            f"{row.cpu_per_call_s:.3f}",
            _number(floor_ratio(row, report.floor)),
            f"{row.cpu_s / row.wall_s:.2f}",
            *_delay(row.guess),
            *_delay(row.stable),
            *_delay(row.final),
            f"{1000 * row.loop_p99_s:.1f}",
            f"{1000 * row.loop_max_s:.0f}",
            f"{row.load:.1f}",
        )
    return table


def _losses(report: LiveReport) -> Table:
    table = _table(
        "The same calls: error of the final text, strict / numbers in one form, percent",
        "calls", "finals by", "guesses", "dropped", "finals", "by the fast model", "lost",
        "turns lost", "invented", "zh", "en", "troubles",
    )  # fmt: skip
    for row in report.rows:
        rates = [
            f"{row.errors[lang].strict.percent:.1f} / {row.errors[lang].numbers.percent:.1f}"
            if lang in row.errors
            else "–"
            for lang in ("zh", "en")
        ]
        counts = (
            row.guesses, row.guesses_dropped, row.segments, row.fell_back, row.finals_lost,
            row.turns_lost, row.invented,
        )  # fmt: skip
        troubles = ", ".join(f"{code} {count}" for code, count in row.troubles.items())
        table.add_row(str(row.calls), row.final_model, *map(str, counts), *rates, troubles or "–")
    return table


def _floor(report: LiveReport) -> Table:
    table = _table(
        "The floor: one offline pass, error strict / numbers in one form, percent",
        "call", "system", "model", "audio s", "CPU s", "CPU s/s of audio", "channel", "error",
    )  # fmt: skip
    for row in report.floor:
        costs = [_number(each) for each in (row.audio_s, row.cpu_s, row.cpu_per_audio_s)]
        for index, (speaker, one) in enumerate(row.channels.items()):
            first = [row.call, row.system, row.model, *costs] if index == 0 else [""] * 6
            error = f"{one.strict.percent:.1f} / {one.numbers.percent:.1f}"
            table.add_row(*first, speaker, error)
    return table


def _voices(report: LiveReport) -> Table:
    table = _table(
        "Recorded voices: error, strict / numbers in one form, percent",
        "lang", "sound", "model", "clips", "s", "as they come", "offline, beam 5", "no text",
    )  # fmt: skip
    for row in report.voices:
        pairs = (row.streaming, row.offline)
        table.add_row(
            row.lang,
            "telephone" if row.telephone else "as recorded",
            row.model,
            str(row.clips),
            f"{row.audio_s:.0f}",
            *(f"{each.strict.percent:.1f} / {each.numbers.percent:.1f}" for each in pairs),
            str(row.without_text),
        )
    return table


def _table(caption: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(caption=caption)
    texts = {"finals by", "call", "system", "model", "channel", "lang", "sound", "troubles"}
    for column in columns:
        table.add_column(column, justify="left" if column in texts else "right")
    return table


def _delay(delay: Delay) -> tuple[str, str]:
    return _number(delay.p50_s), _number(delay.p95_s)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
