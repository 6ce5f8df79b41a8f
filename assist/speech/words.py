"""How likely Chinese words are one after another in this trade, against speech in general.

Counts come from the domain's own sentences (guides, similar questions) and the weights of its
terms; what everybody says comes from wordfreq (subtitles, news, web and encyclopedia; up to 334,000
words). The general part protects ordinary words from being taken for domain words.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

CJK_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
BEGIN = ""
"""Stands before the first word of a clause."""

_LONGEST = 8
_UNHEARD_OF = 3e-9


@lru_cache(maxsize=4)
def general_frequencies(lang: str, size: Literal["small", "large"]) -> Mapping[str, float]:
    """Word -> share of all words in general text.

    "small" has the words that are said at least once in a million, "large" rarer ones too and
    takes about 0.7 s for zh the first time.
    """
    from wordfreq import get_frequency_dict

    return get_frequency_dict(lang, size)


def chinese_runs(sentences: Iterable[str]) -> Iterator[str]:
    """Stretches of Chinese characters without anything between them."""
    for sentence in sentences:
        yield from CJK_RUN.findall(sentence)


def segmented(run: str, frequency: Mapping[str, float]) -> list[str]:
    """The likeliest words of a run of Chinese characters (unigram Viterbi)."""
    best = [0.0] + [-math.inf] * len(run)
    came_from = [0] * (len(run) + 1)
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
            share = frequency.get(run[start:end], 0.0)
            if not share and end > start + 1:
                continue
            score = best[start] + math.log(share or _UNHEARD_OF)
            if score > best[end]:
                best[end], came_from[end] = score, start
    words: list[str] = []
    end = len(run)
    while end:
        words.append(run[came_from[end] : end])
        end = came_from[end]
    return words[::-1]


class WordModel:
    """Natural logarithms of word probabilities: domain bigrams, domain words, general words.

    Interpolated after Witten and Bell (1991): a word whose followers are well known trusts them.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        terms: Mapping[str, float],
        general: Mapping[str, float] | None = None,
        general_share: float = 0.5,
        term_count: float = 5.0,
        least_words: int = 20_000,
    ) -> None:
        """`terms` is term -> weight, each worth `term_count` sightings a unit of weight.

        `least_words` keeps a small domain from believing that it has seen everything.
        """
        self._general = general_frequencies("zh", "large") if general is None else general
        self._general_share = general_share
        seen = Counter(
            {term: term_count * weight for term, weight in terms.items()}  # type: ignore[arg-type]
        )
        strong = {term: max(self._general.get(term, 0.0), 1e-4) for term in terms}
        known = _Layered(strong, self._general)
        pairs: Counter[tuple[str, str]] = Counter()
        self.counts: Counter[str] = Counter()
        for run in chinese_runs(sentences):
            words = segmented(run, known)
            self.counts.update(words)
            pairs.update(zip([BEGIN, *words], words, strict=False))
        seen.update(self.counts)
        self._seen = dict(seen)
        self._total = max(sum(seen.values()), least_words)
        self._pairs = dict(pairs)
        before: Counter[str] = Counter()
        followers: dict[str, int] = defaultdict(int)
        for (first, _), count in pairs.items():
            before[first] += count
            followers[first] += 1
        self._before = dict(before)
        self._trust = {word: n / (n + 2 * followers[word]) for word, n in before.items()}

    def knows(self, word: str) -> bool:
        return word in self._seen or word in self._general

    def score(self, previous: str, word: str) -> float:
        """ln P(word | previous); `previous` is BEGIN at the start of a clause."""
        alone = (1 - self._general_share) * self._seen.get(
            word, 0.0
        ) / self._total + self._general_share * self._general.get(word, 0.0)
        alone = max(alone, _UNHEARD_OF)
        trust = self._trust.get(previous, 0.0)
        if not trust:
            return math.log(alone)
        together = self._pairs.get((previous, word), 0) / self._before[previous]
        return math.log(trust * together + (1 - trust) * alone)


class _Layered(dict[str, float]):
    """The first mapping over the second, without copying 334,000 entries."""

    def __init__(self, first: Mapping[str, float], second: Mapping[str, float]) -> None:
        super().__init__(first)
        self._second = second

    def __missing__(self, key: str) -> float:
        return self._second[key]

    def get(self, key: str, default: float = 0.0) -> float:  # type: ignore[override]
        return super().get(key) or self._second.get(key, default)
