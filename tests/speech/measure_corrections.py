"""What the lexicon does to real Whisper output: run by hand, it takes minutes of decoding.

    .venv/bin/python tests/speech/measure_corrections.py whisper-base [FOLDER]

Every recorded call is cut at its reference turns and decoded once (hypotheses are kept in
/tmp/assist-hypotheses). FOLDER may hold other recordings with a manifest.tsv (file, lang, text):
sentences without domain words, of which none may get worse. Prints sums only, so that nobody tunes
on single sentences: the recordings are test data.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import soxr

from assist.audio import RATE_HZ, Pcm, read_recording
from assist.config import Settings
from assist.models import model_folder
from assist.speech.bench import load_call
from assist.speech.correct import Corrector, revert
from assist.speech.lexicon import Lexicon, folded
from assist.speech.score import ErrorRate, error_rate
from assist.speech.whisper import WhisperEngine
from assist.wiring.lexicon import gather_lexicon

KEPT = Path("/tmp/assist-hypotheses")
_CLIPS = 40


@dataclass
class Sums:
    strict: list[ErrorRate] = field(default_factory=lambda: [ErrorRate(), ErrorRate()])
    numbers: list[ErrorRate] = field(default_factory=lambda: [ErrorRate(), ErrorRate()])
    terms: list[int] = field(default_factory=lambda: [0, 0, 0])
    """In the references; wrong as heard; wrong as corrected."""
    repaired: int = 0
    broken: int = 0
    neutral: int = 0


def sounds(clips: Path | None) -> Iterator[tuple[dict[str, str], Pcm]]:
    for path in sorted((Settings().corpus_dir / "calls").glob("*.flac")):
        call = load_call(path)
        for turn in call.turns:
            begin, end = int(turn.start_s * RATE_HZ), int(turn.end_s * RATE_HZ)
            row = {"kind": f"calls {turn.speaker}", "lang": call.lang, "said": turn.text}
            yield row, call.channels[turn.speaker][begin:end]
    if clips is None:
        return
    with (clips / "manifest.tsv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["lang"] == "zh"]
    for row in rows[:: max(1, len(rows) // _CLIPS)][:_CLIPS]:
        recording = read_recording(clips / row["file"])
        pcm = soxr.resample(recording.channels[0], recording.rate_hz, RATE_HZ)
        yield {"kind": "clips", "lang": "zh", "said": row["text"]}, pcm


def hypotheses(model: str, clips: Path | None) -> list[dict[str, str]]:
    kept = KEPT / f"{model}{'-clips' if clips else ''}.json"
    if not kept.exists():
        settings = Settings()
        engine = WhisperEngine(model_folder(settings.models, model), model, settings.threads)
        rows = [
            {**row, "heard": engine.decode(pcm, lang=row["lang"], final=True).text}
            for row, pcm in sounds(clips)
        ]
        KEPT.mkdir(exist_ok=True)
        kept.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def add(sums: Sums, row: dict[str, str], corrector: Corrector, lexicon: Lexicon) -> None:
    lang, said, heard = row["lang"], row["said"], row["heard"]
    corrected = corrector.correct(heard, lang)
    for at, text in enumerate((heard, corrected.text)):
        sums.strict[at] += error_rate(said, text, lang, strict=True)
        sums.numbers[at] += error_rate(said, text, lang)
    for term in lexicon.of(lang):
        if term.source == "editor" and (times := folded(said).count(term.folded)):
            sums.terms[0] += times
            for at, text in enumerate((heard, corrected.text), 1):
                sums.terms[at] += max(0, times - folded(text).count(term.folded))
    after = error_rate(said, corrected.text, lang, strict=True).errors
    for each in corrected.corrections:
        without, _ = revert(corrected.text, corrected.corrections, each.at)
        better = error_rate(said, without, lang, strict=True).errors - after
        sums.repaired += better > 0
        sums.broken += better < 0
        sums.neutral += better == 0


def main(model: str, clips: Path | None) -> None:
    lexicon = gather_lexicon(Settings())
    corrector = Corrector(lexicon)
    sums: dict[str, Sums] = defaultdict(Sums)
    for row in hypotheses(model, clips):
        add(sums[f"{row['lang']} {row['kind']}"], row, corrector, lexicon)
    for name, each in sorted(sums.items()):
        strict, numbers = (
            [rate.percent for rate in rates] for rates in (each.strict, each.numbers)
        )
        print(
            f"{model} {name}: strict {strict[0]:.1f} -> {strict[1]:.1f} %, numbers in one form "
            f"{numbers[0]:.1f} -> {numbers[1]:.1f} %; {each.terms[0]} domain terms, wrong "
            f"{each.terms[1]} -> {each.terms[2]}; {each.repaired} corrections repair, "
            f"{each.broken} break, {each.neutral} change nothing"
        )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
