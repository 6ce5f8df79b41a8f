"""How a replayed call compares with its reference: the right card, when, outcome, slots found.

A reference value counts as found when it stands in a ticket field or a slot of the summary after
folding width, punctuation, spaces and spoken numbers, whatever the field is called.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assist.guide.wording import fold
from assist.speech.score import with_digits


@dataclass(frozen=True)
class CallScore:
    """`delay_ms`: from the end of the deciding sentence to the card; below zero is earlier."""

    name: str
    wanted: str
    opened: tuple[str, ...]
    delay_ms: int | None
    outcome: str
    wanted_outcome: str
    offer: str
    wanted_offer: str
    found: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def wrong_cards(self) -> int:
        return sum(guide != self.wanted for guide in self.opened)

    @property
    def is_right(self) -> bool:
        """The wanted card opened (or none, where none is wanted) and the outcome fits."""
        opened = self.wanted in self.opened if self.wanted else not self.opened
        return opened and self.outcome == self.wanted_outcome


def score(name: str, summary: Mapping[str, Any], reference: Mapping[str, Any]) -> CallScore:
    """Compare a replay's summary line with a reference of corpus/calls."""
    wanted = wanted_guide(reference)
    opened_at_ms = summary["opened_at_ms"]
    said = _values(summary)
    slots = {k: str(v) for k, v in reference["slots"].items()}
    found = tuple(k for k, v in slots.items() if any(_same(v, value) for value in said))
    return CallScore(
        name=name,
        wanted=wanted,
        opened=tuple(summary["guides"]),
        delay_ms=None if opened_at_ms is None else opened_at_ms - decided_at_ms(reference),
        outcome=summary["outcome"] or "none",
        wanted_outcome=reference["outcome"],
        offer=summary["offer"],
        wanted_offer=reference["offer"],
        found=found,
        missed=tuple(k for k in slots if k not in found),
    )


def decided_at_ms(reference: Mapping[str, Any]) -> int:
    """Where the sentence that decides ends in the sound."""
    return round(reference["turns"][reference["decisive_turn"]]["end"] * 1000)


def wanted_guide(reference: Mapping[str, Any]) -> str:
    """The guide's id, or "" where nothing should open."""
    scenario = reference["scenario"]
    first = scenario if isinstance(scenario, str) else scenario[0]["id"]
    if first == "none":
        return ""
    return f"{first}.en" if reference["lang"] == "en" else first


def _values(summary: Mapping[str, Any]) -> list[str]:
    ticket = summary["ticket"] or {"fields": {}}
    return [str(v) for v in [*summary["slots"].values(), *ticket["fields"].values()] if v]


def _same(wanted: str, value: str) -> bool:
    folded = _folded(value)
    return bool(folded) and _folded(wanted) in folded


def _folded(text: str) -> str:
    return fold(with_digits(unicodedata.normalize("NFKC", text)))
