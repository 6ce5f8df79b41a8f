"""Search by hand, as the agent types: words, pinyin in full or begun, initials, typos, English.

Needs neither speech nor embedder nor index: it is built in memory from plain texts of the guides
and the corpus, and answers in milliseconds. Deterministic and safe to ask from several threads.
It ranks what is asked for; it must never open anything.

Two ways to find a text: `alignment` takes the keystrokes unit by unit; where a keystroke is wrong,
letters are compared instead: trigrams choose texts, rapidfuzz's partial ratio (the best stretch of
the text by Indel distance) tells how near they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from assist.search.alignment import Alignment, Fit, Places
from assist.search.keystrokes import Typed, joined, spelled, terms, units

Span = tuple[int, int]
Floats = NDArray[np.float64]

TITLE, TICKET, LABEL, QUESTION = 1.0, 0.95, 0.9, 0.85
"""How much a text tells of its guide: its title, its ticket's, a slot's or step's, a question."""
SURE = 0.6
"""Score from which a hit is what was typed, not merely like it."""

_LONGEST = 40
_SEPARATE = 0.95
_LENT = 0.8
_PLAIN = 0.7
"""Score from which what was typed stands in a text as it is: it is not taken apart."""
_LEAST = 0.45
"""Score under which a text is not what was meant; nor is it under 0.6 of the best one."""
_BESIDE = 0.6
_OTHER_LANGUAGE = 0.75
_SHARE = 0.12
_NEAR_BEST = 0.9
_LEAST_LETTERS = 4
_COMPARED = 128
_RATIO = 72.0
_NEAR = 0.8
_TOP = 5


@dataclass(frozen=True)
class Entry:
    """A text that belongs to a guide; `weight` 0..1 is how much it tells of it."""

    guide: str
    lang: str
    text: str
    weight: float


@dataclass(frozen=True)
class Hit:
    """A guide and the text of it that fits best.

    `spans` are places in `text` to highlight, in order; `score` 0..1 orders hits, and is no
    probability.
    """

    guide: str
    text: str
    spans: tuple[Span, ...]
    score: float


class ByHand:
    """Built once from all texts; half a second for some thousands, mostly pinyin tables."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = [entry for entry in dict.fromkeys(entries) if units(entry.text)]
        self._units = [units(entry.text) for entry in self._entries]
        self._alignment = Alignment(self._units)
        self._weights = np.array([entry.weight for entry in self._entries])
        self._langs = np.array([entry.lang for entry in self._entries])
        self._guides = sorted({entry.guide for entry in self._entries})
        known = {guide: at for at, guide in enumerate(self._guides)}
        self._guide_of = np.array([known[e.guide] for e in self._entries], dtype=np.intp)
        self._spelled = [spelled(entry.text) for entry in self._entries]
        self._letters = ["".join(each) for each in self._spelled]
        self._trigrams = _trigram_postings(self._letters)

    def __len__(self) -> int:
        """How many texts are searched."""
        return len(self._entries)

    def find(self, typed: str, lang: str = "", top: int = _TOP) -> list[Hit]:
        """The guides that fit best, at most `top`; [] if nothing does.

        Those of `lang` go before equally good ones of another language. Only the first 40
        keystrokes count.
        """
        parts = terms(typed, _LONGEST)
        if not parts or not self._entries:
            return []
        factor = np.where(self._foreign_to(lang), _OTHER_LANGUAGE, 1.0)
        fitting, fits = self._fitting(parts)
        near, stretch = self._near(parts if fitting.max() < _PLAIN else [])
        scores = np.maximum(fitting, near)
        scores[scores < max(_LEAST, _BESIDE * scores.max())] = 0.0
        scores *= factor
        hits = []
        for at, score in self._best_of_guides(scores)[:top]:
            entry = self._entries[at]
            fit = fitting[at] >= near[at]
            spans = self._spans(fits, at) if fit else self._stretch(at, *stretch[at])
            hits.append(Hit(entry.guide, entry.text, spans, round(min(1.0, score), 4)))
        return hits

    def _foreign_to(self, lang: str) -> NDArray[np.bool_]:
        return (self._langs != lang) & (lang != "")

    def _best_of_guides(self, scores: Floats) -> list[tuple[int, float]]:
        """(text, score) of each guide's best text, best guide first.

        A guide with many of the good texts goes before one with few: initials alone say little.
        """
        if not len(found := np.flatnonzero(scores)):
            return []
        good = scores >= _NEAR_BEST * scores.max()
        count = np.bincount(self._guide_of, scores * good, len(self._guides))
        share = count / count.sum()
        order = found[np.lexsort((found, self._alignment.lengths[found], -scores[found]))]
        _, first = np.unique(self._guide_of[order], return_index=True)
        best = [
            (int(at), float((scores[at] + _SHARE * share[self._guide_of[at]]) / (1 + _SHARE)))
            for at in order[np.sort(first)]
        ]
        return sorted(best, key=lambda one: -one[1])

    # ------------------------------------------------------------------ unit by unit

    def _fitting(self, parts: Sequence[Typed]) -> tuple[Floats, list[Fit]]:
        """Score of each text for what was typed as it stands, or for its terms in any order."""
        whole = self._alignment.fit(joined(parts))
        scores, fits = self._scored(whole), [whole]
        pieces = [run for part in parts for run in part.runs()]
        if len(pieces) > 1 and scores.max() < _PLAIN:
            lengths = [piece.weight for piece in pieces]
            fits += [self._alignment.fit(piece) for piece in pieces]
            each = [self._scored(fit) for fit in fits[1:]]
            together = np.average(
                [self._lent(part) for part in each], axis=0, weights=lengths
            ) * np.any(each, axis=0)
            scores = np.maximum(scores, _SEPARATE * together)
        return scores, fits

    def _lent(self, scores: Floats) -> Floats:
        """A text that lacks a term is lent it, at a discount, by another text of its guide."""
        best = np.zeros(len(self._guides))
        np.maximum.at(best, self._guide_of, scores)
        return np.maximum(scores, _LENT * best[self._guide_of])

    def _scored(self, fit: Fit) -> Floats:
        taken = fit.end - fit.begin
        quality = np.maximum(0.0, 1 - fit.losses / (100 * taken))
        covered = taken / self._alignment.lengths[fit.texts]
        ahead = fit.begin == self._alignment.first[fit.texts]
        scores: Floats = np.zeros(len(self._entries))
        scores[fit.texts] = (
            quality * self._weights[fit.texts] * (0.85 + 0.05 * ahead + 0.1 * covered)
        )
        return scores

    def _spans(self, fits: Sequence[Fit], at: int) -> tuple[Span, ...]:
        """Where one text fits: for all that was typed, or else for each term."""
        found = fits[0].units(at) or sorted({unit for fit in fits[1:] for unit in fit.units(at)})
        first = int(self._alignment.first[at])
        return _merged([self._units[at][unit - first][1:] for unit in found])

    # ------------------------------------------------------------------ letter by letter

    def _near(self, parts: Sequence[Typed]) -> tuple[Floats, dict[int, Span]]:
        """Score of each text that is spelled nearly so, and the stretch of letters that is."""
        scores: Floats = np.zeros(len(self._entries))
        typed = "".join("".join(spelled(part.keys)) for part in parts)
        if len(typed) < _LEAST_LETTERS:
            return scores, {}
        stretch: dict[int, Span] = {}
        for at in self._alike(typed).tolist():
            letters = self._letters[at]
            found = fuzz.partial_ratio_alignment(typed, letters, score_cutoff=_RATIO)
            if found is None:
                continue
            # At the ends of a text a short stretch may be the best one; what it lacks counts.
            covered = min(1.0, (found.dest_end - found.dest_start) / len(typed))
            if found.score * covered >= _RATIO:
                scores[at] = _NEAR * found.score / 100 * covered * self._weights[at]
                stretch[at] = (found.dest_start, found.dest_end)
        return scores, stretch

    def _alike(self, typed: str) -> Places:
        """The texts with most of the typed trigrams, at most 128, the lower number first."""
        wanted = {typed[at : at + 3] for at in range(len(typed) - 2)}
        known = [self._trigrams[gram] for gram in sorted(wanted) if gram in self._trigrams]
        if not known:
            return np.empty(0, dtype=np.int32)
        shared = np.bincount(np.concatenate(known), minlength=len(self._entries))
        found = np.flatnonzero(shared >= max(1, len(wanted) // 4))
        return found[np.lexsort((found, -shared[found]))][:_COMPARED].astype(np.int32)

    def _stretch(self, at: int, begin: int, end: int) -> tuple[Span, ...]:
        """The units that the letters from `begin` to `end` belong to, most of each unit."""
        place, found = 0, []
        for unit, letters in zip(self._units[at], self._spelled[at], strict=True):
            shared = min(end, place + len(letters)) - max(begin, place)
            if 2 * shared > len(letters):
                found.append(unit[1:])
            place += len(letters)
        return _merged(found)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring spans made one."""
    found: list[Span] = []
    for begin, end in spans:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple(found)


def _trigram_postings(letters: Sequence[str]) -> dict[str, Places]:
    stands: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(letters):
        for gram in {text[place : place + 3] for place in range(len(text) - 2)}:
            stands[gram].append(at)
    return {gram: np.array(places, dtype=np.int32) for gram, places in stands.items()}
