"""`assist transcribe`: the final text of a recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assist.audio import read_recording
from assist.config import Settings
from assist.errors import ModelError
from assist.speech.offline import language_of
from assist.speech.offline import transcribe as transcribe_recording
from assist.speech.vad import SileroVad
from assist.wiring.parts import open_engine


def transcribe(
    recording: Annotated[Path, typer.Argument(metavar="WAV", help="WAV or FLAC, 1 or 2 channels.")],
    lang: Annotated[str, typer.Option(help="zh or en; default: told from the sound.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a segment.")] = False,
) -> None:
    """Print the final segments of a recorded call."""
    sound = read_recording(recording)
    settings = Settings()
    errors = Console(stderr=True)
    try:
        engine = open_engine(settings, settings.final_model)
    except ModelError as error:
        errors.print(f"{error} Using {settings.guess_model} instead.", style="yellow")
        engine = open_engine(settings, settings.guess_model)
    lang = lang or language_of(sound, engine)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bars:
        bar = bars.add_task("listening", total=sound.duration_ms)
        segments = transcribe_recording(
            sound,
            engine,
            SileroVad(),
            lang,
            lambda done_ms, all_ms: bars.update(bar, completed=done_ms, total=all_ms),
        )
    for segment in segments:
        line = {
            "speaker": segment.speaker,
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "text": segment.text,
        }
        if as_json:
            print(json.dumps(line, ensure_ascii=False))
        else:
            seconds = f"{segment.start_ms / 1000:7.1f}  {segment.end_ms / 1000:7.1f}"
            print(f"{seconds}  {segment.speaker:8}  {segment.text}")
