"""Calls made up for these tests, by other hands than the corpus and from no recording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assist.search.evidence import Heard


@dataclass(frozen=True)
class Dialogue:
    """A made-up call; `guide` is what should open, "none" if nothing."""

    name: str
    lang: str
    guide: str
    turns: Sequence[Heard]


def dialogues() -> list[Dialogue]:
    text = Path(__file__).with_name("dialogues.jsonl").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        one = json.loads(line)
        turns = [Heard(f"u{at}", *turn) for at, turn in enumerate(one.pop("turns"))]
        found.append(Dialogue(turns=turns, **one))
    return found
