"""How Chinese characters sound to a recogniser: toneless syllables and which pass for another.

Used to compare what was heard with what may have been meant. Nothing here knows a word or how
likely it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

EXACT, NEAR, LOOSE = 0, 1, 2
"""Grades of likeness: the same syllable; blurred by accent or line; one phone truly different."""

_MOST_READINGS = 3
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxzcsryw]")
_BLURRED_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_H_FOR_F = {"a": "ua", "an": "uan", "ang": "uan", "ei": "ui", "en": "un", "u": "u", "o": "uo"}
_LOOSE_INITIALS = (
    "b p", "d t", "g k", "k h", "j q", "q x", "z c", "c s", "z s", "j z", "q c", "x s", "l r",
    "m l", "w h",
)  # fmt: skip
_LOOSE_FINALS = (
    "uan ong", "uan uo", "uo ong", "uo e", "uo ou", "ai ei", "ao ou", "ai an", "ian ie", "ian in",
    "an en", "ui ei", "u ou", "in en", "i in", "i ie", "iu ou", "un en", "un ong", "ian an",
    "iao ao", "ua a", "uan an", "i ei", "u v", "iu iao",
)  # fmt: skip


class Syllable(NamedTuple):
    """A syllable that sounds like another one, and how much so (a grade)."""

    sound: str
    grade: int


@lru_cache(maxsize=16_384)
def readings(character: str) -> tuple[str, ...]:
    """Toneless readings of a Chinese character, the usual one first; at most three."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


def spelled(text: str) -> tuple[str, ...]:
    """Toneless syllables of Chinese text as it is read, 银行 as yin hang; Chinese only."""
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors="ignore"))


def neighbours(sounds: Iterable[str]) -> Mapping[str, tuple[Syllable, ...]]:
    """For every syllable of Mandarin that sounds like one of `sounds`: which, and how much."""
    near: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sound in sorted(set(sounds)):
        near[_blurred(sound)].append(sound)
    table: dict[str, tuple[Syllable, ...]] = {}
    for heard in _all_syllables():
        initial, final = _blurred(heard)
        found = {other: NEAR for other in near.get((initial, final), ())}
        loose = [(initial, each) for each in _partners(_LOOSE_FINALS, final)]
        loose += [(each, final) for each in _partners(_LOOSE_INITIALS, initial)]
        for key in loose:
            for other in near.get(key, ()):
                found.setdefault(other, LOOSE)
        if heard in found:
            found[heard] = EXACT
        if found:
            table[heard] = tuple(Syllable(other, grade) for other, grade in found.items())
    return table


def _partners(pairs: Iterable[str], phone: str) -> list[str]:
    split = [pair.split() for pair in pairs]
    return [b for a, b in split if a == phone] + [a for a, b in split if b == phone]


@lru_cache(maxsize=1_024)
def _blurred(sound: str) -> tuple[str, str]:
    """Initial and final with zh/z, ch/c, sh/s, n/l, f/h and -ng/-n made one."""
    match = _INITIAL.match(sound)
    initial = match.group() if match else ""
    final = sound[len(initial) :]
    if initial == "f" and final in _H_FOR_F:
        initial, final = "h", _H_FOR_F[final]
    if final.endswith("ng") and final not in ("ong", "iong"):
        final = final[:-1]
    return _BLURRED_INITIAL.get(initial, initial), final


@lru_cache(maxsize=1)
def _all_syllables() -> tuple[str, ...]:
    """Every reading of the common characters (GB 2312 level 1): all of Mandarin's syllables."""
    found: set[str] = set()
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            character = bytes((row, cell)).decode("gb2312", errors="ignore")
            if character:
                found.update(readings(character))
    return tuple(sorted(found))
