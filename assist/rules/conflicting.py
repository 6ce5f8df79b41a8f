"""A slot heard otherwise than it is known: shown, never overwritten; the agent chooses."""

from __future__ import annotations

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.choices import TAKE
from assist.guide.hear import Spoken, corrects, hear_slots
from assist.guide.model import Guide
from assist.guide.wording import fold
from assist.rules.tools import Tools, evidence_of, prompt_before
from assist.state import CallState, Line

_EXACT = ("choice", "phone", "account", "amount", "number", "name")
"""Types of which two values are two; a moment or an address may only be told more closely, so that
those conflict only where the speaker takes something back."""


def taken_from(guide: Guide) -> float:
    """How sure an answer must be to be taken; below, it is only proposed."""
    return TAKE if guide.take_from is None else guide.take_from


def conflicts(state: CallState, tools: Tools, guide: Guide, line: Line) -> list[ev.Fact]:
    """What this utterance says otherwise than the call knows, each difference once."""
    filled = [name for name in guide.slots if name in state.slots]
    spoken = Spoken(line.speaker, line.text, state.lang, prompt_before(state, line))
    facts: list[ev.Fact] = []
    for heard in hear_slots(guide, spoken, tools.like, filled):
        slot, known = guide.slots[heard.slot], state.slots[heard.slot]
        if heard.confidence < taken_from(guide) or fold(heard.value) == fold(known.value):
            continue
        if slot.type not in _EXACT and not corrects(line.text):
            continue
        if known.evidence and known.evidence.utterance == line.utterance:
            continue
        before = state.conflicts.get(heard.slot)
        if before and fold(heard.value) in (fold(before.heard.value), fold(before.known.value)):
            continue
        evidence = evidence_of(line, heard.words, heard.confidence)
        facts.append(
            ev.SlotConflict(
                slot=heard.slot,
                label=slot.label,
                known=ev.SlotReading(
                    value=known.value, label=known.label, by=known.by, evidence=known.evidence
                ),
                heard=ev.SlotReading(
                    value=heard.value, label=heard.label, by="heard", evidence=evidence
                ),
            )
        )
    return facts


def check(state: CallState, command: ev.SettleConflict) -> None:
    if command.slot not in state.conflicts:
        raise CommandRefused(
            f"Slot {command.slot!r} was heard in one way only.", "There is nothing to choose."
        )


def settle(state: CallState, command: ev.SettleConflict) -> list[ev.Fact]:
    """The choice, and the slot filled with it where it holds something else."""
    conflict = state.conflicts[command.slot]
    chosen = conflict.known if command.take == "known" else conflict.heard
    facts: list[ev.Fact] = [ev.ConflictSettled(slot=command.slot, take=command.take)]
    now = state.slots.get(command.slot)
    if now is None or now.value != chosen.value:
        facts.append(
            ev.SlotFilled(
                slot=command.slot,
                value=chosen.value,
                label=chosen.label,
                by="agent",
                evidence=chosen.evidence,
            )
        )
    return facts
