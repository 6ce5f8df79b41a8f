"""Which words of a vocabulary may have been said where others were written, by their sound.

A trie of syllables; a Latin word is one syllable of its own kind. It knows how dear each mishearing
is, not how likely each word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from assist.speech.domain.lexicon import folded
from assist.speech.domain.lexicon_file import NUMBER_CHARACTERS
from assist.speech.sound import EXACT, LOOSE, NEAR, neighbours, readings, spelled

_UNIT = re.compile(r"(?P<zh>[\u3400-\u4dbf\u4e00-\u9fff])|(?P<latin>[A-Za-z]+)|(?P<end>[^\s-])")
_RARE_READING = 0.7


class Unit(NamedTuple):
    """A Chinese character or a run of Latin letters, with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_chinese(self) -> bool:
        return not self.text.isascii()


def clauses(text: str) -> list[list[Unit]]:
    """Units that stand together: digits and punctuation part them, spaces and hyphens do not."""
    found: list[list[Unit]] = [[]]
    for match in _UNIT.finditer(text):
        if match.lastgroup == "end":
            found.append([])
        else:
            found[-1].append(Unit(match.group(), match.start(), match.end()))
    return [clause for clause in found if clause]


@dataclass(frozen=True)
class Spoken:
    """A word as it may be written: `word` is meant; `written` an alias of it, or the word itself.

    `is_term`: of the lexicon; ordinary words must sound exactly alike and keep
    a character of what was heard.
    """

    word: str
    written: str
    is_term: bool = True
    pinyin: tuple[str, ...] = ()

    @property
    def is_alias(self) -> bool:
        return self.written != self.word


class Candidate(NamedTuple):
    """`word` in place of `length` units; `grades` and `changed` unit by unit."""

    word: str
    length: int
    is_alias: bool
    is_term: bool
    changed: tuple[int, ...]
    """Grade of likeness of each unit that would change."""
    places: tuple[int, ...]
    """Which units, from the first of the span, would change."""
    rare: float
    """Extra cost of unusual readings."""


_Way = tuple[str, int, float]
"""Key of a syllable, grade of likeness, extra cost of an unusual reading."""


@dataclass
class _Node:
    after: dict[str, _Node] = field(default_factory=dict)
    here: list[tuple[Spoken, tuple[str, ...]]] = field(default_factory=list)


class Homophones:
    """Built once from the vocabulary; look-ups are pure."""

    def __init__(self, vocabulary: Iterable[Spoken]) -> None:
        # Apart, because ordinary words are many, and looked for in their exact sound only.
        self._terms, self._ordinary = _Node(), _Node()
        sounds: set[str] = set()
        for spoken in vocabulary:
            if any(character.isdigit() for character in spoken.word):
                continue
            written = tuple(unit.text for clause in clauses(spoken.written) for unit in clause)
            keys = _keys(written, spoken.pinyin)
            node = self._ordinary
            if spoken.is_term:
                sounds.update(key for key in keys if key[0] != "~")
                node = self._terms
            for key in keys:
                node = node.after.setdefault(key, _Node())
            node.here.append((spoken, written))
        self._neighbours: Mapping[str, Sequence[tuple[str, int]]] = neighbours(sounds)

    def find(self, units: Sequence[Unit]) -> list[list[Candidate]]:
        """For each unit: every word that it and those behind it may stand for, but themselves.

        At most one syllable of a word is LOOSE, and then the others are EXACT.
        """
        alike = [list(self._ways(unit)) for unit in units]
        exactly = [[(_usual(unit), EXACT, 0.0)] for unit in units]
        return [
            [
                *self._from(self._terms, units, alike, start),
                *self._from(self._ordinary, units, exactly, start),
            ]
            for start in range(len(units))
        ]

    def _from(
        self, root: _Node, units: Sequence[Unit], ways: Sequence[Sequence[_Way]], start: int
    ) -> Iterator[Candidate]:
        todo: list[tuple[_Node, int, tuple[int, ...], float]] = [(root, start, (), 0.0)]
        while todo:
            node, at, grades, rare = todo.pop()
            for spoken, written in node.here:
                if candidate := _compared(units[start:at], spoken, written, grades, rare):
                    yield candidate
            after = node.after
            if at == len(units) or not after:
                continue
            worst = max(grades, default=EXACT)
            for key, grade, extra in ways[at]:
                following = after.get(key)
                if following is None:
                    continue
                if grade and (worst == LOOSE or (grade == LOOSE and worst == NEAR)):
                    continue
                todo.append((following, at + 1, (*grades, grade), rare + extra))

    def _ways(self, unit: Unit) -> Iterator[_Way]:
        """Keys under which a unit may be found, with the grade and the cost of an odd reading."""
        if not unit.is_chinese:
            yield _usual(unit), EXACT, 0.0
            return
        best: dict[str, tuple[int, float]] = {}
        for nth, reading in enumerate(readings(unit.text)):
            for other, grade in self._neighbours.get(reading, ()):
                way = (grade, _RARE_READING if nth else 0.0)
                best[other] = min(best.get(other, way), way)
        for key, (grade, extra) in best.items():
            yield key, grade, extra


def _usual(unit: Unit) -> str:
    return readings(unit.text)[0] if unit.is_chinese else "~" + unit.text.casefold()


def _keys(written: Sequence[str], pinyin: Sequence[str]) -> list[str]:
    chinese = [unit for unit in written if not unit.isascii()]
    sounds = list(pinyin) if len(pinyin) == len(chinese) else list(spelled("".join(chinese)))
    syllables = iter(sounds)
    return ["~" + unit.casefold() if unit.isascii() else next(syllables) for unit in written]


def _compared(
    heard: Sequence[Unit],
    spoken: Spoken,
    written: Sequence[str],
    grades: tuple[int, ...],
    rare: float,
) -> Candidate | None:
    """None where nothing would change, or a number would."""
    texts = [unit.text for unit in heard]
    if folded("".join(texts)) == folded(spoken.word):
        return None
    places = tuple(
        place
        for place, (one, other) in enumerate(zip(texts, written, strict=True))
        if one.casefold() != other.casefold()
    )
    changed = tuple(grades[place] for place in places)
    if spoken.is_alias and LOOSE in changed:
        return None
    if not spoken.is_term and len(changed) == len(texts):
        return None
    if spoken.is_alias:
        if _numbers("".join(texts)) or _numbers(spoken.word):
            return None
    elif any(
        one != other and (one in NUMBER_CHARACTERS or other in NUMBER_CHARACTERS)
        for one, other in zip(texts, written, strict=True)
    ):
        return None
    return Candidate(
        spoken.word, len(heard), spoken.is_alias, spoken.is_term, changed, places, rare
    )


def _numbers(text: str) -> bool:
    return any(character.isdigit() or character in NUMBER_CHARACTERS for character in text)
