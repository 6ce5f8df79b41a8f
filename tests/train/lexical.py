"""A likeness without an embedder: how many pairs of characters two texts share."""

from __future__ import annotations

from collections.abc import Sequence

from assist.guide.wording import fold


def like(text: str, phrases: Sequence[str]) -> list[float]:
    mine = _pairs(text)
    return [
        len(mine & theirs) / max(1, min(len(mine), len(theirs)))
        for theirs in (_pairs(phrase) for phrase in phrases)
    ]


def _pairs(text: str) -> set[str]:
    folded = fold(text)
    return {folded[i : i + 2] for i in range(len(folded) - 1)} or {folded}
