"""The modes of `scripts/bench_speech`: recorded calls in turn, calls at once, recorded voices.

Decides only what is measured with what; figures come from the modules that it calls.
"""

from __future__ import annotations

from argparse import Namespace
from functools import partial

import psutil
from rich.console import Console

from assist.bench.chart import draw
from assist.bench.live_report import LiveReport, read, tables, write
from assist.bench.live_run import bench_live
from assist.bench.voices import bench_voices
from assist.config import Settings
from assist.speech.bench import Figures, load_call, measure, table
from assist.speech.vad import SileroVad
from assist.wiring.engines import open_engine
from assist.wiring.parts import open_scribe


def run(settings: Settings, asked: Namespace, console: Console) -> None:
    """`asked` has the script's options. Raises AssistError."""
    if asked.live is None and asked.data is None:
        if asked.json and asked.chart:
            draw(read(asked.json), asked.chart)
        else:
            console.print(table(one_by_one(settings, asked, console)))
        return
    report = measured(settings, asked, console)
    console.print(*tables(report), sep="\n")
    if asked.json:
        write(report, asked.json)
    if asked.chart:
        draw(report, asked.chart)


def one_by_one(settings: Settings, asked: Namespace, console: Console) -> list[Figures]:
    """Each call with each model for the finals, in this thread, as fast as it goes."""
    engines = {
        name: open_engine(settings, name, threads=asked.threads or 1)
        for name in {*asked.final, asked.guess} - {"none"}
    }
    scribe = open_scribe(settings, partial(console.print, style="dim")) if asked.words else None
    vad, rows = SileroVad(), []
    for path in asked.calls:
        call = load_call(path)
        for final in asked.final:
            console.print(f"{path.name}: {call.seconds:.0f} s, finals by {final} …", style="dim")
            rows.append(measure(call, vad, engines[final], engines.get(asked.guess), scribe))
    return rows


def measured(settings: Settings, asked: Namespace, console: Console) -> LiveReport:
    """Calls at once and voices, as asked for, with each model for the finals."""
    say = partial(console.print, style="dim")
    report = LiveReport(cores=psutil.cpu_count() or 1)
    for final in asked.final:
        chosen = settings.model_copy(
            update={
                "guess_model": asked.guess,
                "final_model": final,
                "threads": asked.threads or settings.threads,
            }
        )
        if asked.live:
            report += bench_live(chosen, asked.calls, asked.live, asked.seconds, say)
        if asked.data:
            lines = (False, True) if asked.telephone else (False,)
            report.voices += bench_voices(chosen, asked.data, lines, asked.limit, say)
    return report
