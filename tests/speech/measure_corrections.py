"""What the lexicon does to real Whisper output, as hints and as corrections: run by hand, it takes
minutes of decoding.

    .venv/bin/python tests/speech/measure_corrections.py whisper-base [FOLDER]

Every recorded call is cut at its turns and decoded twice, without hints and with those of a
live call: general ones, behind the decisive turn those of its guide (texts are kept in
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
from assist.ports import Window
from assist.speech.bench import load_call
from assist.speech.domain.correct import Corrector, revert
from assist.speech.domain.lexicon import Lexicon, folded
from assist.speech.options import ListenOptions
from assist.speech.score import ErrorRate, error_rate
from assist.wiring.engines import open_engine
from assist.wiring.lexicon import gather_lexicon

KEPT = Path("/tmp/assist-hypotheses")
_CLIPS = 40


@dataclass
class Sums:
    """Errors as heard, as corrected, and as corrected with hints."""

    strict: list[ErrorRate] = field(default_factory=lambda: [ErrorRate()] * 3)
    numbers: list[ErrorRate] = field(default_factory=lambda: [ErrorRate()] * 3)
    terms: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    """In the references, then those wrong."""
    repaired: int = 0
    broken: int = 0
    neutral: int = 0


def sounds(
    clips: Path | None, lexicon: Lexicon
) -> Iterator[tuple[dict[str, str], Pcm, tuple[str, ...]]]:
    """What was said, its sound, and the hints a live call would give with it."""
    limit = ListenOptions().hotwords
    for path in sorted((Settings().corpus_dir / "calls").glob("*.flac")):
        call = load_call(path)
        for number, turn in enumerate(call.turns):
            near = [call.guide] if call.guide and number > call.decisive_turn else []
            row = {"kind": f"calls {turn.speaker}", "lang": call.lang, "said": turn.text}
            hints = lexicon.hotwords(call.lang, limit, near)
            yield row, call.sound_of(turn), hints
    if clips is None:
        return
    with (clips / "manifest.tsv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["lang"] == "zh"]
    for row in rows[:: max(1, len(rows) // _CLIPS)][:_CLIPS]:
        recording = read_recording(clips / row["file"])
        pcm = soxr.resample(recording.channels[0], recording.rate_hz, RATE_HZ)
        hints = lexicon.hotwords("zh", limit)
        yield {"kind": "clips", "lang": "zh", "said": row["text"]}, pcm, hints


def hypotheses(model: str, clips: Path | None, lexicon: Lexicon) -> list[dict[str, str]]:
    kept = KEPT / f"{model}{'-clips' if clips else ''}.json"
    if not kept.exists():
        settings = Settings()
        engine = open_engine(settings, model)
        rows: list[dict[str, str]] = []
        for row, pcm, hints in sounds(clips, lexicon):
            both = [Window(pcm, row["lang"], final=True, hotwords=each) for each in ((), hints)]
            heard, hinted = (engine.decode_batch([window])[0].text for window in both)
            rows.append({**row, "heard": heard, "hinted": hinted})
        KEPT.mkdir(exist_ok=True)
        kept.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def add(sums: Sums, row: dict[str, str], corrector: Corrector, lexicon: Lexicon) -> None:
    lang, said, heard = row["lang"], row["said"], row["heard"]
    corrected = corrector.correct(heard, lang)
    texts = (heard, corrected.text, corrector.correct(row["hinted"], lang).text)
    for at, text in enumerate(texts):
        sums.strict[at] += error_rate(said, text, lang, strict=True)
        sums.numbers[at] += error_rate(said, text, lang)
    for term in lexicon.of(lang):
        if term.source == "editor" and (times := folded(said).count(term.folded)):
            sums.terms[0] += times
            for at, text in enumerate(texts, 1):
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
    for row in hypotheses(model, clips, lexicon):
        add(sums[f"{row['lang']} {row['kind']}"], row, corrector, lexicon)
    for name, each in sorted(sums.items()):
        strict, numbers = (
            [rate.percent for rate in rates] for rates in (each.strict, each.numbers)
        )
        print(
            f"{model} {name}, as heard -> corrected -> with hints: strict {_arrows(strict)} %, "
            f"numbers in one form {_arrows(numbers)} %; {each.terms[0]} domain terms, wrong "
            f"{' -> '.join(map(str, each.terms[1:]))}; {each.repaired} corrections repair, "
            f"{each.broken} break, {each.neutral} change nothing"
        )


def _arrows(percents: list[float]) -> str:
    return " -> ".join(f"{each:.1f}" for each in percents)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
