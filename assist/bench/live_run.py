"""Rows of live listening, opened as the server opens it, and the offline floor in the same run.

Runs one number of calls after the other, so that no row pays for another's work.
"""

from __future__ import annotations

import asyncio
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from assist.bench.live import Parts, live
from assist.bench.live_figures import LiveFigures
from assist.bench.live_report import LiveReport
from assist.bench.offline import offline_row
from assist.bench.peer_figures import PeerFigures
from assist.bench.recorded import prepared
from assist.call.meters import Meters
from assist.config import Settings
from assist.errors import AudioError
from assist.models import model_folder
from assist.speech.bench import ReferenceCall
from assist.speech.vad import SileroVad
from assist.wiring.parts import open_lanes, open_scribe

Say = Callable[[str], None]


def numbers_of_calls(text: str) -> list[int]:
    """From a list such as 1,2,4. Raises ArgumentTypeError for anything else."""
    parts = text.split(",")
    if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
        raise ArgumentTypeError(f"{text!r}: write numbers of calls, such as 1,2,4")
    return [int(part) for part in parts]


def bench_live(
    settings: Settings, paths: Sequence[Path], counts: Sequence[int], seconds: float, say: Say
) -> LiveReport:
    """A row for each of `counts`, of the first `seconds` of the recordings, in real time.

    Recordings are taken in turn; when there are more calls than recordings, again from the first.
    A count of 1 brings the floor with it. Raises AudioError for a recording that cannot be used,
    ModelError when there is no model.
    """
    if not paths:
        raise AudioError(
            f"{settings.corpus_dir / 'calls'}: there are no recordings.", "Name some: CALL.flac"
        )
    used = paths[: max(counts)]
    calls = [_usable(prepared(path, seconds), seconds) for path in used]
    floor = _floor(settings, calls[0], say) if 1 in counts else []
    rows = asyncio.run(_rows(settings, calls, counts, say))
    return LiveReport(cores=psutil.cpu_count() or 1, rows=rows, floor=floor)


def _usable(call: ReferenceCall, seconds: float) -> ReferenceCall:
    """Refuses a call of which nothing is left: its figures would divide by zero."""
    if not call.turns:
        raise AudioError(
            f"{call.name}: nobody has finished a sentence within {seconds:g} s.",
            "Take more seconds of each call.",
        )
    return call


def _floor(settings: Settings, call: ReferenceCall, say: Say) -> list[PeerFigures]:
    say(f"{call.name}: offline floor, {settings.final_model} …")
    folder = model_folder(settings.models, settings.final_model)
    # Without retries the floor is lower and the same in every run; with them it is the library's.
    rows = [
        offline_row(call.channels, call.lang, folder, call.turns, retries=retries)
        for retries in (False, True)
    ]
    load = psutil.getloadavg()[0]
    return [row.model_copy(update={"call": call.name, "load": load}) for row in rows]


@contextmanager
def open_parts(settings: Settings, say: Say) -> Iterator[Parts]:
    """Lanes, ears and domain words as the server opens them. Raises ModelError."""
    meters = Meters()
    guesses, finals = open_lanes(settings, say, meters)
    try:
        yield Parts(guesses, finals, meters, SileroVad(), open_scribe(settings, say))
    finally:
        guesses.close()
        finals.close()


async def _rows(
    settings: Settings, calls: Sequence[ReferenceCall], counts: Sequence[int], say: Say
) -> list[LiveFigures]:
    rows: list[LiveFigures] = []
    # One loop for all rows: the lanes' workers live on it.
    with open_parts(settings, say) as parts:
        for count in counts:
            chosen = [calls[index % len(calls)] for index in range(count)]
            longest_s = max(call.seconds for call in chosen)
            say(f"{count} at once, {longest_s:.0f} s, finals by {parts.finals.engine.name} …")
            rows.append(await live(chosen, parts))
    return rows
