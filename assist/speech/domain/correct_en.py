"""Misheard English domain terms, told by alias or by Metaphone; modest on purpose.

A term takes the place of one to four words that sound like it and are no ordinary words of their
own. Numbers, as digits or as words, are never part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assist.speech.domain.lexicon import Term, folded
from assist.speech.edits import Edit
from assist.speech.words import general_frequencies

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_JOINED = re.compile(r"[\s-]+")
_NUMBER = re.compile(
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|double|triple|first|second|"
    r"third|half|quarter"
)
_MOST_WORDS = 4
_ORDINARY = 2e-6
"""Share of all words above which a word is one that people use."""
_LEAST_CODE = 3
_ALIAS_CONFIDENCE = 0.95
_SAME_LETTERS = 0.97
_DOUBT = 0.4
_USUAL = 0.7


class EnglishCorrector:
    def __init__(self, terms: Sequence[Term], min_confidence: float) -> None:
        self._min_confidence = min_confidence
        self._terms = {term.folded: term for term in terms}
        self._aliases = {_spaced(alias): term for term in terms for alias in term.aliases}
        self._by_sound: dict[str, list[Term]] = {}
        for term in terms:
            code = sound_of(term.folded)
            if term.folded.isalpha() and len(code) >= _LEAST_CODE:
                self._by_sound.setdefault(code, []).append(term)

    def edits(self, text: str, confidence: Sequence[float] | None) -> list[Edit]:
        """The surest first, none overlapping another."""
        words = list(_WORD.finditer(text))
        found: list[Edit] = []
        for first in range(len(words)):
            for last in range(first, min(len(words), first + _MOST_WORDS)):
                between = text[words[last - 1].end() : words[last].start()] if last > first else " "
                if not _JOINED.fullmatch(between) or is_number(words[last].group()):
                    break
                start, end = words[first].start(), words[last].end()
                meant, sure = self._meant(text[start:end])
                if meant and confidence is not None:
                    heard = confidence[start:end]
                    sure -= _DOUBT * max(0.0, sum(heard) / len(heard) - _USUAL)
                if meant and sure >= self._min_confidence:
                    found.append(Edit(start, end, meant, min(sure, 1.0)))
        chosen: list[Edit] = []
        for edit in sorted(found, key=lambda each: (-each.confidence, each.start - each.end)):
            if not any(edit.start < each.end and each.start < edit.end for each in chosen):
                chosen.append(edit)
        return sorted(chosen)

    def _meant(self, heard: str) -> tuple[str, float]:
        """The term `heard` stands for and how sure that is; "" for none."""
        spaced, letters = _spaced(heard), folded(heard)
        if term := self._aliases.get(spaced):
            return term.term, _ALIAS_CONFIDENCE
        if term := self._terms.get(letters):
            # The same letters parted otherwise: "broad band". Case alone is no mishearing.
            same = spaced == _spaced(term.term) or "-" in heard
            return ("", 0.0) if same else (term.term, _SAME_LETTERS)
        parts = spaced.split()
        general = general_frequencies("en", "small")
        if all(general.get(word, 0.0) > _ORDINARY for word in parts):
            return "", 0.0
        if any(folded(word) in self._terms for word in parts):
            return "", 0.0
        best, sure = "", 0.0
        for term in self._by_sound.get(sound_of(letters), ()):
            likeness = _likeness(letters, term.folded)
            if likeness > sure:
                best, sure = term.term, likeness
        return best, sure


def is_number(word: str) -> bool:
    """Whether an English word, in any case, is a number or part of one."""
    return bool(_NUMBER.fullmatch(word.casefold()))


def _spaced(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())


@lru_cache(maxsize=8_192)
def sound_of(letters: str) -> str:
    """Metaphone (Philips 1990) of a word or of words run together."""
    import jellyfish

    return jellyfish.metaphone(letters)


@lru_cache(maxsize=8_192)
def _likeness(one: str, other: str) -> float:
    import jellyfish

    return jellyfish.jaro_winkler_similarity(one, other)
