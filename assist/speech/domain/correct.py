"""Domain words that were misheard, put right by their sound and their surroundings.

A noisy channel over words (Kernighan, Church and Gale 1990): what was written stands unless another
word of the domain sounds alike *and* makes the clause so much likelier that this outweighs the
cost of a mishearing. The search is Viterbi's, clause by clause. Numbers are never touched, nothing
is corrected below `min_confidence`, and the raw text can always be had back. Pure and
deterministic: no clock, no chance, nothing remembered between utterances.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assist.events import Correction
from assist.speech.domain.correct_en import EnglishCorrector
from assist.speech.domain.homophones import Candidate, Homophones, Spoken, Unit, clauses
from assist.speech.domain.lattice import Edge, best_path, gain
from assist.speech.domain.lexicon import Lexicon
from assist.speech.domain.lexicon_file import NUMBER_CHARACTERS
from assist.speech.edits import Corrected, Edit, applied, edits_of, raw_text, revert
from assist.speech.sound import LOOSE, NEAR
from assist.speech.words import CJK_RUN, WordModel, general_frequencies

__all__ = ["CorrectOptions", "Corrected", "Corrector", "raw_text", "revert"]

_LONGEST_WORD = 8


@dataclass(frozen=True)
class CorrectOptions:
    """Costs are natural logarithms of odds: 2.3 makes a mishearing ten times less likely."""

    min_confidence: float = 0.85
    """0..1. Below this the text stays as heard. Lower repairs more and breaks more."""

    mishearing: float = 3.0
    """Cost of the first character written for another of the same sound. Higher trusts the
    recogniser more."""

    further: float = 2.0
    """Cost of each further character of the same word: words are misheard as a whole."""

    near: float = 1.5
    """On top, for a syllable that accents and telephone lines blur (zh/z, n/l, -ng/-n ...)."""

    loose: float = 5.0
    """On top, for a syllable with one phone truly different (guang heard as gong); terms of the
    lexicon only, and only beside syllables that fit exactly."""

    ordinary: float = 1.0
    """On top, for an ordinary word, one that is no term; it must sound exactly alike, too."""

    everyday: float = 2e-5
    """Share of all words in general text from which an ordinary word may be corrected to. Rarer
    ones repair a little more and confuse names with words; 1 leaves the domain's words only."""

    alias: float = 3.0
    """Cost of an alias heard as an editor wrote it down."""

    doubt: float = 4.0
    """Cost added per unit of the engine's confidence (0..1) in the characters to be changed,
    counted from `usual`: doubted characters change easily, certain ones hardly."""

    usual: float = 0.7
    """0..1. Confidence at which the engine's word changes nothing."""

    steepness: float = 2.0
    """How much a likelier clause must be gained for one step of log odds of confidence."""

    least_sightings: int = 2
    """Times an ordinary word must stand in the domain's sentences to be corrected to even though it
    is rarer than `everyday`."""


class Corrector:
    """One lexicon's corrections, shared by all calls. Building takes about 2 s: not in a loop."""

    def __init__(self, lexicon: Lexicon, options: CorrectOptions | None = None) -> None:
        self.lexicon = lexicon
        self._options = options or CorrectOptions()
        # A term with a number in it ("5G") is context; nothing is ever corrected to it.
        terms = lexicon.of("zh")
        weights = {term.term: term.weight for term in terms}
        self._words = WordModel(lexicon.sentences.get("zh", ()), weights)
        self._written = {term.folded: term.term for term in terms}
        vocabulary = [Spoken(term.term, term.term, pinyin=term.pinyin) for term in terms]
        vocabulary += [Spoken(term.term, alias) for term in terms for alias in term.aliases]
        vocabulary += [
            Spoken(term.term, " ".join(term.term))
            for term in terms
            if term.term.isascii() and term.term.isalpha() and term.term.isupper()
        ]
        vocabulary += [Spoken(word, word, is_term=False) for word in self._ordinary(weights)]
        self._homophones = Homophones(vocabulary)
        self._english = EnglishCorrector(lexicon.of("en"), self._options.min_confidence)

    def _ordinary(self, terms: Collection[str]) -> list[str]:
        """Words of two and more characters, without numbers, that are no terms."""
        options = self._options
        general = general_frequencies("zh", "small")
        words = [word for word, share in general.items() if share >= options.everyday]
        words += [word for word, n in self._words.counts.items() if n >= options.least_sightings]
        return [
            word
            for word in dict.fromkeys(words)
            if len(word) > 1
            and CJK_RUN.fullmatch(word)
            and word not in terms
            and not NUMBER_CHARACTERS & {*word}
        ]

    def correct(
        self,
        text: str,
        lang: str,
        confidence: Sequence[float] | None = None,
        fixed: Sequence[Correction] = (),
        fixed_until: int = 0,
    ) -> Corrected:
        """`text` is as the recogniser wrote it; `confidence` (0..1) has one value a character.

        `fixed` are the corrections already shown on a stable beginning of this utterance: they
        are made again where the same characters still stand. No other correction begins before
        character `fixed_until` of `text`: what was shown uncorrected stays so.
        """
        if confidence is not None and len(confidence) != len(text):
            confidence = None
        kept = edits_of(text, fixed)
        if lang == "zh":
            found = [
                edit
                for clause in clauses(text)
                for edit in self._clause(clause, confidence, kept, fixed_until)
            ]
        elif lang == "en":
            found = self._english.edits(text, confidence)
        else:
            found = []
        fresh = [
            edit
            for edit in found
            if edit.start >= fixed_until
            and not any(edit.start < each.end and each.start < edit.end for each in kept)
        ]
        return applied(text, [*kept, *fresh])

    def _clause(
        self,
        units: list[Unit],
        confidence: Sequence[float] | None,
        kept: Sequence[Edit],
        fixed_until: int,
    ) -> list[Edit]:
        frozen = [
            unit.start < fixed_until
            or any(unit.start < edit.end and edit.start < unit.end for edit in kept)
            for unit in units
        ]
        plain = [self._as_heard(units, start) for start in range(len(units))]
        others = [
            self._misheard(units, start, candidates, confidence, frozen)
            for start, candidates in enumerate(self._homophones.find(units))
        ]
        if not any(others):
            return []
        return self._sure(units, plain, others)

    def _as_heard(self, units: list[Unit], start: int) -> list[Edge]:
        edges: list[Edge] = []
        text = ""
        for end in range(start + 1, min(len(units), start + _LONGEST_WORD) + 1):
            text += units[end - 1].text
            word = self._written.get(text.casefold()) or text
            if end == start + 1 or self._words.knows(word):
                edges.append(Edge(start, end, word))
        return edges

    def _misheard(
        self,
        units: list[Unit],
        start: int,
        candidates: Sequence[Candidate],
        confidence: Sequence[float] | None,
        frozen: Sequence[bool],
    ) -> list[Edge]:
        cheapest: dict[tuple[str, int], Edge] = {}
        for candidate in candidates:
            end = start + candidate.length
            if any(frozen[start:end]):
                continue
            cost = self._cost(candidate) + self._doubt(units[start:end], candidate, confidence)
            key = (candidate.word, end)
            if key not in cheapest or cost < cheapest[key].cost:
                cheapest[key] = Edge(start, end, candidate.word, cost, candidate)
        return list(cheapest.values())

    def _cost(self, candidate: Candidate) -> float:
        options = self._options
        cost = candidate.rare + sum(
            options.near if grade == NEAR else options.loose if grade == LOOSE else 0.0
            for grade in candidate.changed
        )
        if not candidate.is_term:
            cost += options.ordinary
        if candidate.is_alias:
            return cost + options.alias + options.further * len(candidate.changed)
        return cost + options.mishearing + options.further * (len(candidate.changed) - 1)

    def _doubt(
        self, units: list[Unit], candidate: Candidate, confidence: Sequence[float] | None
    ) -> float:
        if confidence is None:
            return 0.0
        places = range(len(units)) if candidate.is_alias else candidate.places
        values = [value for at in places for value in confidence[units[at].start : units[at].end]]
        return self._options.doubt * (sum(values) / len(values) - self._options.usual)

    def _sure(
        self, units: list[Unit], plain: list[list[Edge]], others: list[list[Edge]]
    ) -> list[Edit]:
        """The corrections of the likeliest path; the least sure goes until all are sure enough."""
        while True:
            path = best_path(self._words, plain, others)
            unsure: list[tuple[float, Edge]] = []
            edits: list[Edit] = []
            for place, edge in enumerate(path):
                if edge.candidate is None:
                    continue
                gained = gain(self._words, plain, others, path, place)
                sure = 1 / (1 + math.exp(-gained / self._options.steepness))
                edit = _edit(units[edge.start : edge.end], edge.word, sure)
                if edit is None or sure < self._options.min_confidence:
                    unsure.append((gained, edge))
                else:
                    edits.append(edit)
            if not unsure:
                return edits
            worst = min(unsure, key=lambda each: each[0])[1]
            others = [[e for e in starting if e is not worst] for starting in others]


def _edit(units: Sequence[Unit], meant: str, confidence: float) -> Edit | None:
    """The edit as it is shown; numbers at its ends stay outside, with one within there is none."""
    start, end = units[0].start, units[-1].end
    heard = [unit.text for unit in units]
    while heard and heard[0] == meant[:1] and heard[0] in NUMBER_CHARACTERS:
        start, heard, meant = start + 1, heard[1:], meant[1:]
    while heard and heard[-1] == meant[-1:] and heard[-1] in NUMBER_CHARACTERS:
        end, heard, meant = end - 1, heard[:-1], meant[:-1]
    if NUMBER_CHARACTERS & {*"".join(heard), *meant}:
        return None
    return Edit(start, end, meant, confidence)
