"""Real voices beside an offline pass of the same model: what hearing as it comes costs in errors.

Clips are heard by the listener alone, as fast as they come; guesses are left out, since no final
text depends on them. Speech data stays where it is: nothing is copied or fetched.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from pydantic import BaseModel, ConfigDict

from assist.audio import RATE_HZ, Pcm, decode_mulaw, read_recording
from assist.bench.live_figures import Rates
from assist.bench.offline import offline_model, transcribed
from assist.config import Settings
from assist.errors import CorpusError
from assist.models import model_folder
from assist.ports import SpeechEngine
from assist.speech.bench import ReferenceCall, Turn, hear, rates
from assist.speech.score import ErrorRate
from assist.speech.vad import SileroVad, Vad
from assist.speech.whisper import LANGUAGES
from assist.wiring.engines import open_engine

MANIFEST = "manifest.tsv"
COLUMNS = ("file", "lang", "seconds", "text")
BEAM = 5
"""Of the offline pass: faster-whisper's own default, and what our finals take."""

_LINE_HZ = 8_000
_BAND_HZ = (300, 3_400)
_ORDER = 8

Say = Callable[[str], None]


@dataclass(frozen=True)
class Clip:
    """One speaker, one or a few sentences; `text` is what was said."""

    path: Path
    lang: str
    seconds: float
    text: str


class VoiceFigures(BaseModel):
    """One row: errors of all clips of a language; `without_text`: clips of which nothing came."""

    model_config = ConfigDict(frozen=True)

    lang: str
    telephone: bool
    model: str
    clips: int
    audio_s: float
    streaming: Rates
    offline: Rates
    without_text: int


def load_voices(folder: Path, limit: int | None = None) -> list[Clip]:
    """The clips of folder/manifest.tsv: tab-separated, first line the names of its columns.

    `limit` takes that many, evenly over the list, which is sorted by source. Raises CorpusError
    that names file and line.
    """
    path = folder / MANIFEST
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path}: cannot be read ({error}).",
            f"Give a folder with a {MANIFEST} of the columns {', '.join(COLUMNS)}.",
        ) from error
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise CorpusError(
            f"{path}:1: no column {', '.join(missing)}.",
            f"Begin the file with the names of its columns: {', '.join(COLUMNS)}.",
        )
    clips = [_clip(folder, row, f"{path}:{rows.line_num}") for row in rows]
    if not clips:
        raise CorpusError(f"{path}:2: no clip is listed.", "Write a line for each clip.")
    if limit is None or limit >= len(clips):
        return clips
    return [clips[index * len(clips) // limit] for index in range(limit)]


def _clip(folder: Path, row: dict[str, str | None], place: str) -> Clip:
    file, lang, seconds, text = ((row[name] or "").strip() for name in COLUMNS)
    try:
        length_s = float(seconds)
    except ValueError:
        length_s = 0.0
    if not 0 < length_s < float("inf"):
        raise CorpusError(f"{place}: seconds {seconds!r} is no length.", "Write it as 2.58.")
    if lang not in LANGUAGES:
        raise CorpusError(
            f"{place}: language {lang!r} is not served.", f"Choose from {', '.join(LANGUAGES)}."
        )
    if not text:
        raise CorpusError(f"{place}: the clip has no text.", "Write what was said.")
    if not file or not (folder / file).is_file():
        raise CorpusError(f"{place}: there is no file {file!r}.", f"Put it into {folder}.")
    return Clip(folder / file, lang, length_s, text)


def telephone(pcm: Pcm) -> Pcm:
    """16 kHz sound as it comes out of a telephone line: 8 kHz, 300-3400 Hz, µ-law (G.711).

    As long as before.
    """
    from scipy.signal import butter, sosfilt

    narrow = soxr.resample(pcm, RATE_HZ, _LINE_HZ)
    band = butter(_ORDER, _BAND_HZ, btype="bandpass", fs=_LINE_HZ, output="sos")
    heard = np.clip(np.asarray(sosfilt(band, narrow)), -1.0, 1.0).astype(np.float32)
    buffer = io.BytesIO()
    soundfile.write(buffer, heard, _LINE_HZ, format="RAW", subtype="ULAW")
    wide = soxr.resample(decode_mulaw(buffer.getvalue(), 1)[0], _LINE_HZ, RATE_HZ)
    return np.pad(wide[: len(pcm)], (0, max(0, len(pcm) - len(wide))))


def bench_voices(
    settings: Settings, folder: Path, lines: Sequence[bool], limit: int | None, say: Say
) -> list[VoiceFigures]:
    """A row for each language and each of `lines` (False: as recorded, True: telephone).

    The model is `settings.final_model`. Raises CorpusError, AudioError, ModelError.
    """
    clips = load_voices(folder, limit)
    engine = open_engine(settings, settings.final_model, {clip.lang for clip in clips})
    model = offline_model(model_folder(settings.models, settings.final_model), settings.threads)

    def offline(pcm: Pcm, lang: str) -> str:
        return transcribed(model, pcm, lang, BEAM)

    vad = SileroVad()
    rows: list[VoiceFigures] = []
    for lang in sorted({clip.lang for clip in clips}):
        mine = [clip for clip in clips if clip.lang == lang]
        for line in lines:
            say(f"{len(mine)} clips {lang}{', telephone' if line else ''}, {engine.name} …")
            rows.append(voice_figures(mine, engine, vad, offline, telephone_line=line))
    return rows


def voice_figures(
    clips: Sequence[Clip],
    engine: SpeechEngine,
    vad: Vad,
    offline: Callable[[Pcm, str], str],
    *,
    telephone_line: bool = False,
) -> VoiceFigures:
    """One row of clips in one language; `offline` gives the text of a clip at 16 kHz."""
    streaming, floor = [], []
    audio_s, without_text = 0.0, 0
    for clip in clips:
        call = _call(clip, telephone_line)
        pcm = call.channels["customer"]
        heard = hear(call, vad, engine).text("customer")
        streaming.append(rates(call, "customer", heard))
        floor.append(rates(call, "customer", offline(pcm, clip.lang)))
        audio_s += call.seconds
        without_text += not heard
    return VoiceFigures(
        lang=clips[0].lang,
        telephone=telephone_line,
        model=engine.name,
        clips=len(clips),
        audio_s=audio_s,
        streaming=_summed(streaming),
        offline=_summed(floor),
        without_text=without_text,
    )


def _call(clip: Clip, telephone_line: bool) -> ReferenceCall:
    recording = read_recording(clip.path)
    mono = np.mean(recording.channels, axis=0, dtype=np.float32)
    pcm: Pcm = soxr.resample(mono, recording.rate_hz, RATE_HZ).astype(np.float32, copy=False)
    turn = Turn("customer", 0.0, len(pcm) / RATE_HZ, clip.text)
    sound = telephone(pcm) if telephone_line else pcm
    return ReferenceCall(clip.path.stem, clip.lang, (turn,), {"customer": sound})


def _summed(pairs: Sequence[tuple[ErrorRate, ErrorRate]]) -> Rates:
    strict, numbers = (sum((pair[at] for pair in pairs), ErrorRate()) for at in (0, 1))
    return Rates(strict=strict, numbers=numbers)
