"""How well and how fast search by hand is: the figures of `scripts/bench_by_hand`.

What agents would type is made from the texts themselves, with a fixed seed: some characters of a
title, label or question in a row, as they are, in pinyin, by initials, half and half, or mistyped.
The floor is plain substring search over the same texts and their pinyin.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from assist.search.by_hand import TITLE, ByHand, Entry
from assist.search.keystrokes import folded, is_chinese, spelled, units

Search = Callable[[str, str], Sequence[str]]
"""(what is typed, language) -> guides, best first."""

_FIVE = 5


@dataclass(frozen=True)
class Asked:
    """Something to type, and the guide that it was taken from."""

    kind: str
    typed: str
    guide: str
    lang: str


@dataclass(frozen=True)
class TypedFigures:
    """Of one kind of typing: shares of `count` where the guide is first and among five, and
    milliseconds of one answer: wall time, and of the processor alone (`busy_`), which other load
    on the machine does not touch."""

    kind: str
    count: int
    first: float
    five: float
    p50_ms: float
    p99_ms: float
    busy_p50_ms: float
    busy_p99_ms: float

    def __str__(self) -> str:
        return (
            f"{self.kind:<18} {self.count:>5}  first {self.first:>6.1%}  among five "
            f"{self.five:>6.1%}  p50 {self.p50_ms:5.2f} ms  p99 {self.p99_ms:5.2f} ms  "
            f"(processor {self.busy_p50_ms:.2f}, {self.busy_p99_ms:.2f})"
        )


def questions(entries: Sequence[Entry], each: int, seed: int = 0) -> list[Asked]:
    """`each` of every kind from all texts, and every title in every kind."""
    rng = random.Random(seed)
    titles = [entry for entry in entries if entry.weight == TITLE]
    found: list[Asked] = []
    for kind, make in _KINDS.items():
        named = [_asked(f"title {kind}", entry, make(entry.text, rng)) for entry in titles]
        found += [one for one in named if one.typed]
        drawn = (_draw(kind, make, entries, rng) for _ in range(each * 10))
        found += islice((one for one in drawn if one.typed), each)
    return found


def measure(search: Search, asked: Sequence[Asked]) -> list[TypedFigures]:
    """Figures a kind, kinds in the order in which they come."""
    places: dict[str, list[int]] = {}
    took_ms: dict[str, list[tuple[float, float]]] = {}
    for one in asked:
        began_s, busy_s = time.perf_counter(), time.thread_time()
        guides = list(search(one.typed, one.lang))
        took = (time.perf_counter() - began_s, time.thread_time() - busy_s)
        took_ms.setdefault(one.kind, []).append((took[0] * 1000, took[1] * 1000))
        place = guides.index(one.guide) if one.guide in guides else _FIVE
        places.setdefault(one.kind, []).append(place)
    return [
        TypedFigures(
            kind,
            len(found),
            float(np.mean([place == 0 for place in found])),
            float(np.mean([place < _FIVE for place in found])),
            *(float(each) for each in np.percentile(took_ms[kind], [50, 99], axis=0).T.ravel()),
        )
        for kind, found in places.items()
    ]


def by_hand(search: ByHand) -> Search:
    return lambda typed, lang: [hit.guide for hit in search.find(typed, lang, _FIVE)]


def substring(entries: Sequence[Entry]) -> Search:
    """The floor: guides with a text, or its pinyin, that holds what was typed; titles first, then
    the guide with the most such texts."""
    known = [(entry, folded(entry.text), "".join(spelled(entry.text))) for entry in entries]

    def search(typed: str, lang: str) -> list[str]:
        wanted = folded(typed)
        counts: dict[str, tuple[float, int]] = {}
        for entry, text, letters in known:
            if entry.lang == lang and (wanted in text or wanted in letters):
                best, count = counts.get(entry.guide, (0.0, 0))
                counts[entry.guide] = (max(best, entry.weight), count + 1)
        return sorted(counts, key=lambda guide: (counts[guide], guide), reverse=True)[:_FIVE]

    return search


def _asked(kind: str, entry: Entry, typed: str) -> Asked:
    return Asked(f"{entry.lang} {kind}", typed, entry.guide, entry.lang)


def _draw(kind: str, make: _Make, entries: Sequence[Entry], rng: random.Random) -> Asked:
    entry = rng.choice(entries)
    return _asked(kind, entry, make(entry.text, rng))


_Make = Callable[[str, random.Random], str]


def _stretch(text: str, rng: random.Random, least: int, most: int) -> list[str]:
    """Units in a row within one clause, all Chinese or all words; [] where there are too few."""
    found: list[list[str]] = [[]]
    last = None
    for unit in units(text):
        apart = text[last.end : unit.begin] if last else ""
        if apart.strip() or (last and is_chinese(last.text) != is_chinese(unit.text)):
            found.append([])
        found[-1].append(unit.text)
        last = unit
    long = [clause for clause in found if len(clause) >= least]
    if not long:
        return []
    clause = rng.choice(long)
    length = rng.randint(least, min(most, len(clause)))
    begin = rng.randint(0, len(clause) - length)
    return clause[begin : begin + length]


def _chinese(text: str, rng: random.Random, least: int, most: int) -> list[str]:
    found = _stretch(text, rng, least, most)
    return found if found and is_chinese(found[0]) else []


def _words(text: str, rng: random.Random) -> str:
    found = _stretch(text, rng, 2, 4)
    return ("" if found and is_chinese(found[0]) else " ").join(found)


def _pinyin(text: str, rng: random.Random) -> str:
    return "".join(spelled("".join(_chinese(text, rng, 3, 6))))


def _initials(text: str, rng: random.Random) -> str:
    return "".join(each[0] for each in spelled("".join(_chinese(text, rng, 4, 6))))


def _half(text: str, rng: random.Random) -> str:
    """Two characters, then initials: 宽带sbl."""
    found = _chinese(text, rng, 4, 6)
    return "".join(found[:2]) + "".join(each[0] for each in spelled("".join(found[2:])))


def _typo(text: str, rng: random.Random) -> str:
    """Pinyin or a word or two with one letter dropped, doubled, swapped with the next, or hit
    beside; the first letter is right."""
    found = _stretch(text, rng, 2, 4)
    chinese = bool(found) and is_chinese(found[0])
    typed = "".join(spelled("".join(found))) if chinese else " ".join(found)
    letters = [at for at in range(1, len(typed)) if typed[at].isalpha()]
    if len(letters) < 6:
        return ""
    at = rng.choice(letters)
    way = rng.randrange(4)
    if way == 0:
        return typed[:at] + typed[at + 1 :]
    if way == 1:
        return typed[:at] + typed[at] + typed[at:]
    if way == 2 and at + 1 < len(typed):
        return typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
    return typed[:at] + _beside(typed[at], rng) + typed[at + 1 :]


def _beside(letter: str, rng: random.Random) -> str:
    """A key beside this one, on the same row of a keyboard."""
    row = next((row for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") if letter in row), letter)
    at = row.index(letter)
    return rng.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2] or letter)


_KINDS: dict[str, _Make] = {
    "words": _words,
    "pinyin": _pinyin,
    "initials": _initials,
    "half": _half,
    "typo": _typo,
}


def lines(entries: Sequence[Entry], each: int, seed: int = 0) -> Iterator[str]:
    """The report, a line a kind: search by hand, then the floor."""
    asked = questions(entries, each, seed)
    search = ByHand(entries)
    yield f"{len(search)} texts, {len(asked)} things typed, seed {seed}"
    for name, one in (("by hand", by_hand(search)), ("substring", substring(entries))):
        yield name
        yield from (f"  {figures}" for figures in measure(one, asked))
