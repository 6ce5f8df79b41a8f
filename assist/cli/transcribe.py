"""`assist transcribe`: the final text of recordings, as text, JSON or subtitles."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, get_args

import soundfile
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from assist.audio import Recording, read_recording, read_sound
from assist.cli.transcript import Format, Transcript
from assist.config import Settings
from assist.errors import AssistError, AudioError, ModelError
from assist.models import model_folder
from assist.speech.offline import language_of
from assist.speech.offline import transcribe as transcribe_recording
from assist.speech.scribe import Scribe
from assist.speech.vad import SileroVad
from assist.speech.whisper import LANGUAGES, WhisperEngine
from assist.wiring.engines import english_only, open_engine
from assist.wiring.parts import open_scribe

STDIN = "-"


def transcribe(
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDING...", help="WAV, FLAC, OGG or MP3, 1 or 2 channels; - is stdin."
        ),
    ],
    format: Annotated[
        str, typer.Option("--format", "-f", help="txt, json, jsonl, srt or vtt.")
    ] = "txt",
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write NAME.FORMAT in this folder instead of printing."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there already.")
    ] = False,
    lang: Annotated[str, typer.Option(help="zh or en; default: told from the sound.")] = "",
    model: Annotated[
        str, typer.Option(help="A model's name, hub id or folder; default: the settings' final.")
    ] = "",
    display: Annotated[
        bool,
        typer.Option(
            "--display/--verbatim",
            help="As people write it, numbers in digits; or word for word. JSON has both.",
        ),
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
) -> None:
    """Write down recorded calls: the final segments, by time.

    A recording that fails is said and the rest is still done; the exit status is then 1.
    """
    chosen = _format("jsonl" if as_json else format)
    if lang and lang not in LANGUAGES:
        raise typer.BadParameter(f"--lang is one of {', '.join(LANGUAGES)}")
    if recordings.count(STDIN) > 1:
        raise typer.BadParameter("- can be named once only")
    run = _Run(recordings, chosen, out, force, lang, model, display)
    raise typer.Exit(1 if run.all() else 0)


def _format(named: str) -> Format:
    for known in get_args(Format):
        if named == known:
            return known
    raise typer.BadParameter(f"--format is one of {', '.join(get_args(Format))}")


@dataclass
class _Run:
    """One command's work: recordings in order, each written as soon as it is done."""

    recordings: list[str]
    format: Format
    out: Path | None
    force: bool
    lang: str
    model: str
    display: bool
    errors: Console = field(default_factory=lambda: Console(stderr=True, soft_wrap=True))
    written: set[Path] = field(default_factory=set)
    done: int = 0

    def all(self) -> int:
        """How many recordings failed. Raises ModelError when no model can be opened."""
        self._make_folder()
        failed = 0
        ears = _Ears(self.model, self.lang, lambda text: self._say(text, "yellow"))
        with self._bars() as bars:
            task = bars.add_task("", total=sum(map(_duration_ms, self.recordings)) or None)
            before_ms = 0
            for number, source in enumerate(self.recordings, 1):
                name = f"{_name(source)} ({number}/{len(self.recordings)})"
                bars.update(task, description=escape(name), completed=before_ms)

                def advance(done_ms: int, all_ms: int, before_ms: int = before_ms) -> None:
                    bars.update(task, completed=before_ms + done_ms)

                try:
                    target = self._target(source)
                    recording = _read(source)
                    ears.open()
                except AssistError as error:
                    if isinstance(error, ModelError):
                        raise
                    failed += self._failed(error, bars)
                    continue
                try:
                    transcript = ears.hear(recording, _name(source), advance)
                    self._give(transcript, source, target, bars)
                except AssistError as error:
                    failed += self._failed(error, bars)
                except KeyboardInterrupt:
                    self._say(
                        f"Stopped in {source}; {self.done} of {len(self.recordings)} recordings "
                        "are done.",
                        "yellow",
                        bars,
                    )
                    raise
                before_ms += _duration_ms(source)
        if failed and len(self.recordings) > 1:
            self._say(f"{self.done} recordings done, {failed} failed.", "yellow")
        return failed

    def _make_folder(self) -> None:
        if self.out is None:
            return
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AssistError(
                f"{self.out}: no folder can be made there ({error.strerror}).",
                "Name another with --out.",
                code="out",
            ) from error

    def _target(self, source: str) -> Path | None:
        """Where the transcript goes, before any work is spent on it; None is standard output."""
        if self.out is None:
            return None
        stem = "stdin" if source == STDIN else Path(source).stem
        target = self.out / f"{stem}.{self.format}"
        if target in self.written:
            raise AssistError(
                f"{source}: {target} was just written for another recording of that name.",
                "Transcribe it into another folder.",
                code="out",
            )
        if target.exists() and not self.force:
            raise AssistError(
                f"{source}: {target} is there already.",
                "Use --force, or another --out.",
                code="out",
            )
        return target

    def _give(
        self, transcript: Transcript, source: str, target: Path | None, bars: Progress
    ) -> None:
        text = transcript.written(self.format, display=self.display)
        if target is None:
            with _paused(bars):
                if len(self.recordings) > 1 and self.format in ("txt", "srt", "vtt"):
                    print(f"==> {source} <==")
                print(text, end="", flush=True)
        else:
            # Aside and renamed: an interruption leaves no half transcript behind.
            aside = target.with_name(f".{target.name}.new")
            try:
                aside.write_text(text, encoding="utf-8")
                aside.replace(target)
            except OSError as error:
                aside.unlink(missing_ok=True)
                raise AssistError(
                    f"{target}: cannot be written ({error.strerror}).",
                    "Make room or mend the rights there, or name another folder with --out.",
                    code="out",
                ) from error
            self.written.add(target)
            self._say(f"{source} → {target}", "green", bars)
        self.done += 1

    def _failed(self, error: AssistError, bars: Progress) -> int:
        with _paused(bars):
            self.errors.print(f"[red]error ({error.code}):[/red]", end=" ")
            self.errors.print(error.message, markup=False, highlight=False)
            if error.remedy:
                self.errors.print(error.remedy, style="dim", markup=False, highlight=False)
        return 1

    def _say(self, text: str, style: str, bars: Progress | None = None) -> None:
        with _paused(bars):
            self.errors.print(text, style=style, markup=False, highlight=False)

    def _bars(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.errors,
            transient=True,
            disable=not self.errors.is_terminal,
            # What goes to standard output is the result: it must not end up among the bars.
            redirect_stdout=False,
            redirect_stderr=False,
        )


@dataclass
class _Ears:
    """The model, opened for the first recording that can be read, and voice activity."""

    model: str
    lang: str
    say: Callable[[str], None]
    engine: WhisperEngine | None = None
    scribe: Scribe = field(default_factory=Scribe)
    english: bool = False

    def open(self) -> WhisperEngine:
        """Raises ModelError. Only the settings' own final model may be replaced by their guess."""
        if self.engine is not None:
            return self.engine
        settings = Settings()
        name = self.model or settings.final_model
        try:
            self.engine = self._opened(settings, name)
        except ModelError as error:
            if self.model or settings.guess_model == name:
                raise
            self.engine = self._opened(settings, settings.guess_model)
            self.say(f"{error} Using {settings.guess_model} instead.")
        self.scribe = open_scribe(settings, self.say)
        return self.engine

    def _opened(self, settings: Settings, name: str) -> WhisperEngine:
        if not self.lang and english_only(model_folder(settings.models, name), name):
            self.english = True
            self.say(f"{name} knows English only: every recording is taken for English.")
            return open_engine(settings, name, ("en",))
        return open_engine(settings, name, (self.lang,) if self.lang else LANGUAGES)

    def hear(
        self, recording: Recording, name: str, progress: Callable[[int, int], None]
    ) -> Transcript:
        engine = self.open()
        lang = self.lang
        if not lang:
            lang = "en" if self.english else language_of(recording, engine)
        channels = len(recording.channels)
        segments = transcribe_recording(
            recording,
            engine,
            SileroVad(),
            lang,
            lambda done_ms, all_ms: progress(done_ms // channels, all_ms // channels),
            scribe=self.scribe,
        )
        return Transcript(name, lang, engine.name, recording.duration_ms, segments)


def _read(source: str) -> Recording:
    if source != STDIN:
        return read_recording(Path(source))
    data = sys.stdin.buffer.read()
    if not data:
        raise AudioError("-: nothing came by standard input.", "Pipe a WAV or FLAC recording in.")
    return read_sound(io.BytesIO(data), Path(STDIN))


def _duration_ms(source: str) -> int:
    """By the header, for the progress bar; 0 when that cannot be read (yet)."""
    if source == STDIN or not Path(source).is_file():
        return 0
    try:
        return round(soundfile.info(source).duration * 1000)
    except (soundfile.LibsndfileError, RuntimeError):
        return 0


def _name(source: str) -> str:
    return "stdin" if source == STDIN else Path(source).name


@contextmanager
def _paused(bars: Progress | None) -> Iterator[None]:
    """Takes the bar away while something is printed."""
    if bars is None or bars.disable:
        yield
        return
    bars.stop()
    try:
        yield
    finally:
        bars.start()
