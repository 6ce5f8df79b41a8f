"""From a model's name in the settings to a loaded engine: folder, languages, device, precision.

Nothing is fetched here and nothing falls back in silence: what cannot be had is a ModelError that
names the setting, the command or the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from assist.config import Settings
from assist.errors import ModelError
from assist.models import lean_folder, model_folder, speaks_english_only
from assist.speech.compute import Compute, Machine, choose_compute, one_thread_for_blas
from assist.speech.whisper import LANGUAGES, WhisperEngine

# Whisper's own vocabularies: 51,864 tokens in English-only models, one more with 99 languages, two
# more with 100 (large-v3 and what was distilled from it).
_MULTILINGUAL_TOKENS = 51_865


def open_engine(
    settings: Settings,
    name: str,
    langs: Iterable[str] = LANGUAGES,
    machine: Machine | None = None,
    *,
    workers: int = 1,
    threads: int | None = None,
) -> WhisperEngine:
    """The model `name` on this machine, for calls in `langs`, `workers` windows at a time.

    Raises ModelError when its files are not there or broken, when it does not know one of the
    languages, or when the settings wish for a device or precision that is not to be had.
    """
    folder = whole = model_folder(settings.models, name)
    refuse_language(whole, name, langs)
    compute = choose_compute(settings.device, settings.compute_type, machine)
    if settings.lean and compute.device == "cpu" and not english_only(whole, name):
        folder = lean_folder(whole, settings.models)
    one_thread_for_blas()
    try:
        return WhisperEngine(
            folder,
            name,
            threads or settings.threads,
            device=compute.device,
            compute_type=compute.compute_type,
            workers=workers,
            lean_of=whole if folder != whole else None,
        )
    except ModelError as error:
        if compute.device != "cuda":
            raise
        raise ModelError(
            error.message, f"{error.remedy} Or keep it off the GPU: ASSIST_DEVICE=cpu."
        ) from error


def describe_engine(settings: Settings, name: str, compute: Compute | None = None) -> str:
    """One line for the start of a server: name, device, compute type, threads.

    Raises ModelError as `choose_compute` does.
    """
    compute = compute or choose_compute(settings.device, settings.compute_type)
    plural = "s" if settings.threads != 1 else ""
    threads = f", {settings.threads} thread{plural}" if compute.device == "cpu" else ""
    return f"{name}: {compute.device}, {compute.compute_type}{threads} ({compute.reason})."


def refuse_language(folder: Path, name: str, langs: Iterable[str]) -> None:
    """Raises ModelError when the model knows English only and `langs` has another language."""
    others = [lang for lang in langs if lang != "en"]
    if others and english_only(folder, name):
        raise ModelError(
            f"{name}: this model knows English only, but calls in {', '.join(others)} are to be "
            "heard.",
            "Choose a multilingual one for guess_model and final_model, such as whisper-small, "
            "medium or large-v3-turbo (no name with .en or distil-).",
        )


def english_only(folder: Path, name: str) -> bool:
    """By the name where it says so, else by the size of the model's vocabulary."""
    if speaks_english_only(name) or speaks_english_only(folder.name):
        return True
    return vocabulary_size(folder) < _MULTILINGUAL_TOKENS


def vocabulary_size(folder: Path) -> int:
    """Tokens in a CTranslate2 folder's vocabulary. Raises ModelError when it cannot be read."""
    remedy = "Fetch or copy the model's folder again."
    try:
        listed = folder / "vocabulary.json"
        if listed.is_file():
            size = len(json.loads(listed.read_text(encoding="utf-8")))
        else:
            # One token a line, as older converters wrote it; tokens never hold a line break.
            size = len((folder / "vocabulary.txt").read_bytes().removesuffix(b"\n").split(b"\n"))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{folder}: its vocabulary cannot be read ({error}).", remedy) from error
    if size < 2:
        raise ModelError(f"{folder}: its vocabulary is empty.", remedy)
    return size
