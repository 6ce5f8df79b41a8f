"""What a call's facts hold of its reference: answers recognised, slots and ticket fields, evidence.

`calls.yaml` says what a reference's words mean in our guides. Nothing here looks at sound.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from assist import events as ev
from assist.guide.wording import fold
from assist.speech.score import with_digits
from assist.state import CallState
from assist.state import fold as fold_events
from assist.train.score import wanted_guide
from assist.train.summary import summary_of

Meaning = Sequence[str]
"""Who carries it, and what it may say; empty where the guide has no counterpart."""


@dataclass(frozen=True)
class Hold:
    """`wrong` slots say something else than the reference, `missed` ones nothing; `bare` are
    values heard of which no word was said, and ticket fields that nothing led to."""

    name: str
    answers: int
    unanswered: tuple[str, ...]
    slots: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    bare: tuple[str, ...]
    faults: tuple[str, ...]
    """Card, ticket type or outcome other than the reference's."""

    @property
    def right(self) -> int:
        return self.slots - len(self.missed) - len(self.wrong)


def f1(holds: Sequence[Hold]) -> float:
    """Of all slots together: 2 TP / (2 TP + FP + FN); a wrong value is both, FP and FN."""
    right = sum(hold.right for hold in holds)
    false = sum(len(hold.missed) + 2 * len(hold.wrong) for hold in holds)
    return 2 * right / (2 * right + false) if right else 0.0


def recognised(holds: Sequence[Hold]) -> float:
    asked = sum(hold.answers for hold in holds)
    return 1 - sum(len(hold.unanswered) for hold in holds) / asked if asked else 0.0


def meanings() -> Mapping[str, Any]:
    text = files("assist.bench").joinpath("calls.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def held(name: str, past: Sequence[ev.Event], reference: Mapping[str, Any]) -> Hold:
    """Compare a call that has ended with what its reference says."""
    state = fold_events(past)
    known = meanings().get(name, {})
    answers, slots = known.get("answers", {}), known.get("slots", {})
    said = {key: _carried(meaning, state) for key, meaning in slots.items()}
    return Hold(
        name=name,
        answers=len(answers),
        unanswered=tuple(k for k, m in answers.items() if not _holds(m, _carried(m, state))),
        slots=len(slots),
        missed=tuple(k for k in slots if not said[k]),
        wrong=tuple(k for k, m in slots.items() if said[k] and not _holds(m, said[k])),
        bare=tuple(_bare(past, state)),
        faults=tuple(_faults(state, reference, known.get("ticket", ""))),
    )


def _carried(meaning: Meaning, state: CallState) -> list[str]:
    """What stands where the meaning is looked for: value and label, or nothing."""
    who = meaning[0] if meaning else ""
    if who == "card":
        return list(state.opened)
    if who == "offer":
        offer = summary_of(state)["offer"]
        return [offer] if offer != "none" else []
    if (slot := state.slots.get(who)) and slot.value:
        return [slot.value, slot.label]
    return []


def _holds(meaning: Meaning, said: Sequence[str]) -> bool:
    if len(meaning) < 2:
        return False
    return any(re.search(meaning[1], each) or re.search(meaning[1], _plain(each)) for each in said)


def _plain(text: str) -> str:
    return fold(with_digits(unicodedata.normalize("NFKC", text)))


def _bare(past: Sequence[ev.Event], state: CallState) -> list[str]:
    heard = {e.fact.utterance: e.fact.text for e in past if isinstance(e.fact, ev.SegmentHeard)}
    found = []
    for name, slot in state.slots.items():
        if slot.value and slot.by == "heard":
            words = slot.evidence.words if slot.evidence else ""
            text = heard.get(slot.evidence.utterance, "") if slot.evidence else ""
            if not words or fold(words) not in fold(text):
                found.append(name)
    for page in state.all_pages:
        for field in page.draft.fields if page.draft else ():
            if field.value and field.by is None:
                found.append(f"ticket {field.name}")
    return found


def _faults(state: CallState, reference: Mapping[str, Any], ticket: str) -> list[str]:
    summary = summary_of(state)
    wanted = [guide] if (guide := wanted_guide(reference)) else []
    filed = (summary["ticket"] or {}).get("type", "")
    pairs = (
        ("card", " ".join(summary["guides"]), " ".join(wanted)),
        ("ticket", filed, ticket),
        ("outcome", summary["outcome"] or "none", reference["outcome"]),
        ("offer", summary["offer"], reference["offer"]),
    )
    return [
        f"{what} {now or 'none'}, not {then or 'none'}" for what, now, then in pairs if now != then
    ]
