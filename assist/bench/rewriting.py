"""Many questions out of few, as other callers would have said them, to see how search scales.

Words of the trade change for others in use, amounts, times, places and speakers change, clauses
change place or come from another question of the same guide, fillers slip in, and the recogniser
mishears a part. Only sizes and speeds are measured on such questions: how well search understands
is measured on real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import yaml

from assist.search.corpus import Row
from assist.search.noise import Recogniser

Progress = Callable[[str, int, int], None]

_CLAUSE = re.compile(r"[，。！？,!?；;]+|\.(?=\s|$)")
_ZH_AMOUNT = re.compile(r"[一二三四五六七八九十两百千]{2,}|[三四五六七八九](?=[天块个百点])|\d+")
_EN_AMOUNT = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred)\b|\d+"
)
_ZH_DIGITS = "二三四五六七八九"
_EN_NUMBERS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "twenty",
]
_EN_NUMBERS += ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
_MISHEARD = 0.3
"""Share of the questions that went through the recogniser, at 5 to 10 % of their characters."""
_TRIES = 40


@dataclass(frozen=True)
class Rewritten:
    """`rows` of which `distinct` (share) are texts of their own; `asked` are further questions
    made in the same way, none of which is among the rows."""

    rows: list[Row]
    asked: list[Row]
    distinct: float


def rewrite(
    rows: Sequence[Row],
    count: int,
    asked: int = 500,
    seed: int = 0,
    progress: Progress = lambda what, done, total: None,
) -> Rewritten:
    """`count` live rows: the given ones first, the rest made from them, each as often as another.
    Deterministic for a seed."""
    rng = Random(seed)
    writers = {
        lang: _Writer(lang, [row for row in rows if row.lang == lang], rng)
        for lang in sorted({row.lang for row in rows})
    }
    made = list(rows[:count])
    seen = {row.text for row in made}
    distinct = len(seen)
    questions: list[Row] = []
    for at in range(len(made), count + asked):
        if at % 1000 == 0:
            progress("rewrite questions", at, count + asked)
        like = rows[at % len(rows)] if at < count else rng.choice(rows)
        text = writers[like.lang].again(like, seen)
        new = text not in seen
        seen.add(text)
        row = like.model_copy(update={"id": f"{like.id}~{at}", "text": text, "source": "import"})
        if at < count:
            distinct += new
            made.append(row)
        elif new:
            questions.append(row)
    progress("rewrite questions", count + asked, count + asked)
    return Rewritten(made, questions, distinct / max(1, len(made)))


class _Writer:
    """Rewrites questions of one language."""

    def __init__(self, lang: str, rows: Sequence[Row], rng: Random) -> None:
        self._lang, self._rng = lang, rng
        self._recogniser = Recogniser(np.random.default_rng(rng.randrange(2**32)))
        self._words = _words(lang)
        self._by_guide: dict[str, list[str]] = {}
        for row in rows:
            self._by_guide.setdefault(row.guide, []).append(row.text)

    def again(self, row: Row, seen: set[str]) -> str:
        """Another wording, new if one turns up in a fair number of tries."""
        text = row.text
        for _ in range(_TRIES):
            text = self._wording(row)
            if text not in seen:
                break
        return text

    def _wording(self, row: Row) -> str:
        chance, words = self._rng.random, self._words
        clauses = self._clauses(row.text)
        if chance() < 0.45:
            clauses.append(self._rng.choice(self._clauses(self._pick(row.guide))))
        if len(clauses) > 1 and chance() < 0.4:
            self._rng.shuffle(clauses)
        if len(clauses) > 2 and chance() < 0.4:
            clauses.pop(self._rng.randrange(len(clauses)))
        text = words["join"].join(clauses)
        text = self._alike.sub(self._other_word, text)
        for kind in ("times", "places", "speakers"):
            text = self._changing[kind].sub(lambda found, kind=kind: self._other(kind, found), text)
        text = (_ZH_AMOUNT if self._lang == "zh" else _EN_AMOUNT).sub(self._amount, text)
        if chance() < 0.35:
            text = self._filled(text)
        if chance() < 0.3:
            text = self._rng.choice(words["openings"]) + text
        if chance() < 0.25:
            text += self._rng.choice(words["endings"])
        if chance() < _MISHEARD:
            text = self._recogniser.hear(text, 0.05 + 0.05 * chance())
        return text.strip() or row.text

    def _pick(self, guide: str) -> str:
        return self._rng.choice(self._by_guide[guide])

    def _clauses(self, text: str) -> list[str]:
        return [part.strip() for part in _CLAUSE.split(text) if part.strip()] or [text]

    def _other_word(self, found: re.Match[str]) -> str:
        if self._rng.random() < 0.5:
            return found[0]
        return self._rng.choice(self._groups[found[0].lower()])

    def _other(self, kind: str, found: re.Match[str]) -> str:
        return found[0] if self._rng.random() < 0.4 else self._rng.choice(self._words[kind])

    def _amount(self, found: re.Match[str]) -> str:
        if self._rng.random() < 0.3:
            return found[0]
        if found[0].isdigit():
            return str(self._rng.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0])))
        if self._lang == "en":
            return self._rng.choice(_EN_NUMBERS)
        return "".join(
            self._rng.choice(_ZH_DIGITS) if character in _ZH_DIGITS else character
            for character in found[0]
        )

    def _filled(self, text: str) -> str:
        """A filler somewhere between words."""
        filler = self._rng.choice(self._words["fillers"])
        if self._lang == "zh":
            at = self._rng.randrange(len(text) + 1)
            return text[:at] + filler + text[at:]
        units = text.split(" ")
        units.insert(self._rng.randrange(len(units) + 1), filler)
        return " ".join(units)

    @cached_property
    def _groups(self) -> dict[str, list[str]]:
        """A word -> the words that may stand for it; a word of two groups keeps the first."""
        groups: dict[str, list[str]] = {}
        for group in self._words["alike"]:
            for word in group:
                groups.setdefault(word.lower(), group)
        return groups

    @cached_property
    def _alike(self) -> re.Pattern[str]:
        return self._any_of(self._groups)

    @cached_property
    def _changing(self) -> dict[str, re.Pattern[str]]:
        return {kind: self._any_of(self._words[kind]) for kind in ("times", "places", "speakers")}

    def _any_of(self, words: Any) -> re.Pattern[str]:
        longest = sorted((re.escape(word) for word in words), key=len, reverse=True)
        if self._lang == "zh":
            # A lone character is part of many other words.
            kept = [word for word in longest if len(word) > 1] or longest
            return re.compile("|".join(kept) + ("|我(?=[的家])" if "我" in words else ""))
        return re.compile(rf"\b(?:{'|'.join(longest)})\b", re.IGNORECASE)


def _words(lang: str) -> dict[str, Any]:
    text = (files("assist.bench") / "rewriting.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)[lang]
