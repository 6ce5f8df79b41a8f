"""The end of a guide, and what is noticed beside the way through it; part of `events.facts`."""

from __future__ import annotations

from typing import Literal

from assist.events.parts import By, Evidence, Frozen


class GuideClosed(Frozen):
    """`dismissed` may be a suggestion, too: not this scenario."""

    kind: Literal["guide_closed"] = "guide_closed"
    guide: str
    reason: Literal["finished", "dismissed"]


class ProhibitedSaid(Frozen):
    """The agent said what must not be said: `phrase` as its author wrote it.

    `guide` and `step` say who forbids it; both are empty where the whole house does.
    """

    kind: Literal["prohibited_said"] = "prohibited_said"
    phrase: str
    evidence: Evidence
    guide: str = ""
    step: str = ""


class MoodHeard(Frozen):
    """The customer's mood has turned, by their own words; said once in a call."""

    kind: Literal["mood_heard"] = "mood_heard"
    mood: Literal["angry"]
    evidence: Evidence


class ConsentSaid(Frozen):
    """The agent has said what must be said before an accepted offer counts."""

    kind: Literal["consent_said"] = "consent_said"
    guide: str
    step: str
    offer: str
    by: By = "agent"
    evidence: Evidence | None = None


class SlotReading(Frozen):
    """One of two values of a slot, and where it comes from."""

    value: str
    label: str
    by: By
    evidence: Evidence | None = None


class SlotConflict(Frozen):
    """Heard otherwise than it is known: what is known stands until the agent chooses."""

    kind: Literal["slot_conflict"] = "slot_conflict"
    slot: str
    label: str
    known: SlotReading
    heard: SlotReading


class ConflictSettled(Frozen):
    """The agent's choice; it may be made the other way again."""

    kind: Literal["conflict_settled"] = "conflict_settled"
    slot: str
    take: Literal["known", "heard"]
