"""The floor every live figure is held against: one plain offline pass of faster-whisper.

It hears a whole channel at once, with the future at hand and no text before the end. It uses none
of our own cuts, prompts its decoder only with the sentence that makes Whisper write simplified
Chinese, and must stay that plain: a floor that is tuned measures nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assist.audio import RATE_HZ, Pcm
from assist.bench.peer_figures import ChannelFigures, PeerFigures, channel_figures
from assist.errors import ModelError
from assist.events import Speaker
from assist.speech.bench import Turn
from assist.speech.text import ZH_PROMPT

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

SYSTEM = "faster-whisper, offline"
_TEMPERATURES = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
"""What faster-whisper tries one after the other when nothing is said of it."""


@dataclass(frozen=True)
class OfflineFigures:
    """`text` by channel; seconds of all channels one after the other, loading not counted."""

    text: Mapping[Speaker, str]
    cpu_s: float
    wall_s: float


def offline_pass(
    channels: Mapping[Speaker, Pcm],
    lang: str,
    model_folder: Path,
    beam: int = 1,
    threads: int = 1,
    vad: bool = False,
    retries: bool = True,
) -> OfflineFigures:
    """`channels` at 16 kHz; `vad`: cut silence away first, as faster-whisper offers it;
    `retries` as in `transcribed`.

    The CPU seconds are this process's: nothing else may work in it meanwhile. Raises ModelError
    when `model_folder` holds no CTranslate2 Whisper.
    """
    model = offline_model(model_folder, threads)
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    text: dict[Speaker, str] = {
        speaker: transcribed(model, pcm, lang, beam, vad, retries)
        for speaker, pcm in channels.items()
    }
    return OfflineFigures(text, time.process_time() - cpu_s, time.perf_counter() - wall_s)


def offline_model(model_folder: Path, threads: int = 1) -> WhisperModel:
    """Raises ModelError when `model_folder` holds no CTranslate2 Whisper."""
    from faster_whisper import WhisperModel

    if not (model_folder / "model.bin").is_file():
        raise ModelError(f"{model_folder}: there is no speech model.", "Run `assist models pull`.")
    return WhisperModel(str(model_folder), device="cpu", compute_type="int8", cpu_threads=threads)


def transcribed(
    model: WhisperModel,
    pcm: Pcm,
    lang: str,
    beam: int,
    vad: bool = False,
    retries: bool = True,
) -> str:
    """One channel or clip at 16 kHz, start to end.

    `retries`: faster-whisper's own rule, which decodes a doubtful window again at up to five higher
    temperatures; sampling makes its cost and text differ from run to run.
    """
    segments, _ = model.transcribe(
        pcm,
        language=lang,
        beam_size=beam,
        initial_prompt=ZH_PROMPT if lang == "zh" else None,
        vad_filter=vad,
        temperature=_TEMPERATURES if retries else 0.0,
    )
    return " ".join(segment.text.strip() for segment in segments)


def offline_row(
    channels: Mapping[Speaker, Pcm],
    lang: str,
    model_folder: Path,
    reference: Sequence[Turn],
    beam: int = 1,
    threads: int = 1,
    retries: bool = True,
) -> PeerFigures:
    """The floor as one row beside the peers'; it has no delays. Raises as `offline_pass`."""
    heard = offline_pass(channels, lang, model_folder, beam, threads, retries=retries)
    rows: dict[Speaker, ChannelFigures] = {
        speaker: channel_figures(text, [t for t in reference if t.speaker == speaker], lang)
        for speaker, text in heard.text.items()
    }
    return PeerFigures(
        system=f"{SYSTEM}, beam {beam}" + ("" if retries else ", no retries"),
        version=version("faster-whisper"),
        model=model_folder.name,
        lang=lang,
        threads=threads,
        audio_s=sum(len(pcm) for pcm in channels.values()) / RATE_HZ,
        cpu_s=heard.cpu_s,
        wall_s=heard.wall_s,
        channels=rows,
    )
