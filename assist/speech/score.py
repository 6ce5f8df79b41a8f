"""How far heard text is from what was said: error rates for benchmarks and tests.

Nothing live uses it. Numbers are brought to one form on both sides, since "26" and "二十六" are
the same words spoken; the strict rate, without that, is given beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assist.speech.text import simplified, units

_DIGITS = str.maketrans("〇零一二三四五六七八九幺两", "00123456789" + "12")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九幺两十百千万亿]+")
_SCALES = set("十百千万亿")


@dataclass(frozen=True)
class ErrorRate:
    """`errors` substitutions, deletions and insertions against `length` reference units."""

    errors: int = 0
    length: int = 0

    @property
    def percent(self) -> float:
        return 100 * self.errors / self.length if self.length else 0.0

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(self.errors + other.errors, self.length + other.length)


def error_rate(said: str, heard: str, lang: str, *, strict: bool = False) -> ErrorRate:
    """Characters for zh, words for every other language; punctuation and case never count."""
    before, after = (_scored(text, lang, strict) for text in (said, heard))
    return ErrorRate(edit_distance(before, after), len(before))


def _scored(text: str, lang: str, strict: bool) -> Sequence[str]:
    if lang == "zh":
        if not strict:
            text = with_digits(simplified(text))
        return "".join(unit.folded for unit in units(text))
    if not strict:
        from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

        return EnglishTextNormalizer({})(text).split()
    return re.sub(r"[^\w\s']", " ", text.casefold()).split()


def with_digits(text: str) -> str:
    """Chinese numerals as digits: "百分之二十" -> "20%", "五零二" -> "502", "二十六" -> "26"."""
    text = re.sub(r"(?<=\d)[,，、\s-]+(?=\d)", "", text)
    text = re.sub(
        r"(?<=[〇零一二三四五六七八九幺])[,，、\s-]+(?=[〇零一二三四五六七八九幺])", "", text
    )
    text = _NUMERAL.sub(lambda match: _numeral(match.group()), text)
    text = re.sub(r"(\d)[.点](\d)", r"\1点\2", text)
    return re.sub(r"(\d[\d点]*)%", r"百分之\1", text)


def _numeral(numeral: str) -> str:
    if not _SCALES & set(numeral):
        return numeral.translate(_DIGITS)
    import cn2an

    try:
        return str(cn2an.cn2an(numeral.replace("幺", "一"), "smart"))
    except (ValueError, KeyError):  # "万一", "十一百": no number after all
        return numeral


def edit_distance(before: Sequence[str], after: Sequence[str]) -> int:
    """Levenshtein distance, row by row (Wagner and Fischer 1974)."""
    codes = {unit: code for code, unit in enumerate(sorted({*before, *after}))}
    target = np.array([codes[unit] for unit in after], dtype=np.int64)
    steps = np.arange(len(after) + 1)
    row = steps.copy()
    for done, unit in enumerate(before, 1):
        best = np.concatenate([[done], np.minimum(row[1:] + 1, row[:-1] + (target != codes[unit]))])
        # An insertion costs one a step: a running minimum of (cost - column) does them all.
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])
