"""What was found by hand and what was found by meaning, in one list.

Hits that are plainly what was typed stand first and keep their order, so that an answer by meaning
that comes later adds to the list and never changes what Enter would open. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assist.events import Match
from assist.search.by_hand import SURE, Hit, Span

By = Literal["hand", "meaning", "both"]
Meaning = Literal["ok", "missing", "down"]
"""Search by meaning: at work; no usable index; its embedder fails."""

_LIKELY = 0.5
_UNLIKELY = 0.05
"""Probability under which a match by meaning is not worth a line."""


@dataclass(frozen=True)
class Found:
    """A guide, and the text it was found by with the places to highlight.

    `score` is the probability that search by meaning gives it, None where it was not asked or
    knows nothing of it.
    """

    guide: str
    text: str
    spans: tuple[Span, ...]
    by: By
    score: float | None = None


def together(hits: Sequence[Hit], matches: Iterable[Match] = (), top: int = 5) -> list[Found]:
    """Each guide once, at most `top`: sure hits, likely meanings, other hits, other meanings."""
    meant = {match.guide: match for match in matches if match.score >= _UNLIKELY}
    by_hand = {hit.guide: hit for hit in hits}
    order = [
        *(hit.guide for hit in hits if hit.score >= SURE),
        *(match.guide for match in meant.values() if match.score >= _LIKELY),
        *by_hand,
        *meant,
    ]
    return [_found(by_hand.get(guide), meant.get(guide)) for guide in dict.fromkeys(order)][:top]


def _found(hit: Hit | None, match: Match | None) -> Found:
    if hit is None:
        assert match is not None
        return Found(match.guide, match.question, (), "meaning", match.score)
    if match is None:
        return Found(hit.guide, hit.text, hit.spans, "hand")
    return Found(hit.guide, hit.text, hit.spans, "both", match.score)
