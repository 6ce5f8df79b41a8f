"""The likeliest way through a clause in which words may have been misheard (Viterbi 1967).

States are a place and the word before it. Nothing here knows where candidates come from or when a
correction is sure enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assist.speech.domain.homophones import Candidate
from assist.speech.words import BEGIN, WordModel

_CONTEXT_WORDS = 4


@dataclass(frozen=True, eq=False)
class Edge:
    """A word from unit `start` to unit `end`; `cost` is of having been misheard."""

    start: int
    end: int
    word: str
    cost: float = 0.0
    candidate: Candidate | None = None


Starting = Sequence[Sequence[Edge]]
"""For each unit of a clause, the edges that begin there."""


def best_path(words: WordModel, plain: Starting, others: Starting) -> list[Edge]:
    """The likeliest words of a clause; `others` are the misheard ones."""
    _, path = _best(words, plain, others, 0, len(plain), BEGIN, None)
    return path


def gain(
    words: WordModel, plain: Starting, others: Starting, path: Sequence[Edge], place: int
) -> float:
    """ln of how much likelier `path` is than the best one with nothing misheard at its `place`.

    Words more than four away stay as they are.
    """
    low, high = max(0, place - _CONTEXT_WORDS), min(len(path), place + _CONTEXT_WORDS + 1)
    before = path[low - 1].word if low else BEGIN
    after = path[high].word if high < len(path) else None
    total, last = 0.0, before
    for edge in path[low:high]:
        total += words.score(last, edge.word) - edge.cost
        last = edge.word
    if after is not None:
        total += words.score(last, after)
    chosen = path[place]
    without = [
        [edge for edge in starting if edge.end <= chosen.start or edge.start >= chosen.end]
        for starting in others
    ]
    first, end = path[low].start, path[high - 1].end
    return total - _best(words, plain, without, first, end, before, after)[0]


def _best(
    words: WordModel,
    plain: Starting,
    others: Starting,
    first: int,
    end: int,
    before: str,
    after: str | None,
) -> tuple[float, list[Edge]]:
    """Score and words from unit `first` to `end`, between the words `before` and `after`."""
    score = words.score
    # Per place: last word -> (score so far, its edge, the word before it).
    reached: list[dict[str, tuple[float, Edge | None, str]]] = [{} for _ in range(end + 1)]
    reached[first][before] = (0.0, None, before)
    for start in range(first, end):
        known = [(word, way[0]) for word, way in reached[start].items()]
        if not known:
            continue
        for edge in (*plain[start], *others[start]):
            if edge.end > end:
                continue
            word = edge.word
            best, came_from = max((so_far + score(last, word), last) for last, so_far in known)
            best -= edge.cost
            there = reached[edge.end].get(word)
            if there is None or best > there[0]:
                reached[edge.end][word] = (best, edge, came_from)

    def whole(word: str) -> tuple[float, str]:
        return reached[end][word][0] + (score(word, after) if after is not None else 0.0), word

    total, word = max(whole(word) for word in reached[end])
    path: list[Edge] = []
    at = end
    while at > first:
        _, edge, came_from = reached[at][word]
        assert edge is not None
        path.append(edge)
        at, word = edge.start, came_from
    return total, path[::-1]
