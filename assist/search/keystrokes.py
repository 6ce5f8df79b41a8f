"""Which keystrokes stand for a piece of text: characters, pinyin in full, its beginning, words.

The unit of typing is a Chinese character, a Latin word or a number. What a unit may be typed as is
told by keys with a loss (hundredths of the unit, 0 is the unit itself). Knows no guide and ranks
nothing; offsets are always those of the text as it was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_UNIT = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z]+|\d+")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z]+|\d+")
_MOST_READINGS = 3

PINYIN, RARE, BEGUN, BLURRED, HOMOPHONE, INITIAL = 5, 8, 12, 15, 20, 25
"""Losses: a syllable in full, an unusual reading of its character, its first letters, one that a
southern speaker would write, another character of the same sound, its first letter alone."""
_WORD = 25.0

_BLURS = (
    (re.compile(r"^(z|c|s)h"), r"\1"), (re.compile(r"^(z|c|s)(?!h)"), r"\1h"),
    (re.compile(r"(?<=[aei])ng$"), "n"), (re.compile(r"(?<=[aei])n$"), "ng"),
    (re.compile(r"^n(?=[aeiouv])"), "l"), (re.compile(r"^l"), "n"),
)  # fmt: skip


class Unit(NamedTuple):
    """`text` is folded; `begin` and `end` are places in the text it came from."""

    text: str
    begin: int
    end: int


def folded(text: str) -> str:
    """Width and case folded, character by character: no place changes."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=16_384)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


def units(text: str) -> list[Unit]:
    """The units of a text in order; punctuation and spaces are none."""
    return [Unit(m.group(), *m.span()) for m in _UNIT.finditer(folded(text))]


def is_chinese(unit: str) -> bool:
    return unit > "\u33ff"


@lru_cache(maxsize=16_384)
def readings(character: str) -> tuple[str, ...]:
    """Toneless readings of a Chinese character, the usual one first, ü as v; at most three."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


@lru_cache(maxsize=16_384)
def sounds_of(character: str) -> tuple[str, ...]:
    """Keys under which other characters of the same sound are found."""
    return tuple(f"~{reading}" for reading in readings(character))


@lru_cache(maxsize=32_768)
def keys_of(unit: str) -> tuple[tuple[str, int], ...]:
    """Everything a unit may be typed as, with the least loss of each."""
    found: dict[str, int] = {unit: 0}

    def add(key: str, loss: int) -> None:
        found[key] = min(loss, found.get(key, loss))

    if not is_chinese(unit):
        for length in range(1, len(unit)):
            add(unit[:length], round(_WORD * (1 - length / len(unit))))
        return tuple(found.items())
    for rank, reading in enumerate(readings(unit)):
        rare = RARE - PINYIN if rank else 0
        add(reading, PINYIN + rare)
        add(f"~{reading}", HOMOPHONE)
        for length in range(2, len(reading)):
            add(reading[:length], BEGUN + rare)
        add(reading[0], INITIAL + rare)
        for blurred in _blurred(reading):
            add(blurred, BLURRED + rare)
    return tuple(found.items())


def _blurred(reading: str) -> set[str]:
    """The reading as written by who does not tell zh from z, n from l, -ng from -n."""
    found = {reading}
    for pattern, other in _BLURS:
        found |= {pattern.sub(other, one, count=1) for one in found}
    return found - {reading}


@dataclass(frozen=True)
class Typed:
    """Keystrokes in runs of one kind: Chinese characters, letters, digits.

    A piece never spans two runs. `keys` is everything typed but spaces and punctuation; `run_end`
    has for each key where its run ends.
    """

    keys: str
    run_end: tuple[int, ...]

    def pieces(self, at: int) -> Iterator[tuple[int, str]]:
        """(end, key): what the keystrokes from `at` on may stand for as one unit."""
        key = self.keys[at]
        if is_chinese(key):
            yield at + 1, key
            for sound in sounds_of(key):
                yield at + 1, sound
            return
        for end in range(at + 1, self.run_end[at] + 1):
            yield end, self.keys[at:end]

    @property
    def weight(self) -> float:
        """About how many units were meant."""
        if is_chinese(self.keys[0]):
            return float(len(self.keys))
        return max(1.0, len(self.keys) / 4)

    def runs(self) -> list[Typed]:
        """Each run by itself: "wifi慢" is two words that need not stand together."""
        ends = sorted(set(self.run_end))
        begins = [0, *ends[:-1]]
        return [
            Typed(self.keys[a:z], (z - a,) * (z - a)) for a, z in zip(begins, ends, strict=True)
        ]


def terms(typed: str, longest: int) -> list[Typed]:
    """What was typed between spaces and punctuation, in all at most `longest` keystrokes."""
    found: list[Typed] = []
    left = longest
    for word in re.split(r"[^\u3400-\u4dbf\u4e00-\u9fffa-z\d']+", folded(typed)):
        kept = _typed(word)
        if kept.keys and left > 0:
            kept = Typed(kept.keys[:left], tuple(min(e, left) for e in kept.run_end[:left]))
            left -= len(kept.keys)
            found.append(kept)
    return found


def joined(parts: Sequence[Typed]) -> Typed:
    """Several terms as one sequence; their borders stay borders of runs."""
    keys, run_end = "", []
    for part in parts:
        run_end += [len(keys) + end for end in part.run_end]
        keys += part.keys
    return Typed(keys, tuple(run_end))


def _typed(word: str) -> Typed:
    """An apostrophe parts syllables: xi'an."""
    keys, run_end = "", []
    for run in _RUN.findall(word):
        run_end += [len(keys) + len(run)] * len(run)
        keys += run
    return Typed(keys, tuple(run_end))


def spelled(text: str) -> list[str]:
    """Each unit of a text as it is typed in full, 银行 as yin and hang: read in its context."""
    from pypinyin import Style, lazy_pinyin

    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if is_chinese(run[0]):
            read = lazy_pinyin(run, style=Style.NORMAL)
            # A character without a reading is handed back joined to its neighbours.
            found += read if len(read) == len(run) else [readings(each)[0] for each in run]
        else:
            found.append(run)
    return found
