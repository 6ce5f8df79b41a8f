"""A customer calls again on the same matter: the guide may go on where the earlier call ended.

Pure. It is only proposed; the agent accepts or declines. What this edition of the guide no longer
knows is left out, and what was said in this call always wins over what was known from that one.
"""

from __future__ import annotations

from datetime import date

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide import walk
from assist.guide.model import Guide
from assist.rules import walking
from assist.rules.record import day_of
from assist.rules.tools import Tools
from assist.state import CallState, page_of

DAYS = 7
"""An earlier call on the same matter is gone on from for so long."""


def ask(state: CallState, guide: str) -> list[ev.Fact]:
    """How far the guide got in the customer's latest call on it, if that was lately."""
    if guide in state.continuations:
        return []
    last = next((call for call in state.last_calls if guide in call.guides), None)
    if last is None or not last.call or days_since(state, last.started_at) is None:
        return []
    return [ev.EarlierAsked(guide=guide, from_call=last.call)]


def offer(state: CallState, tools: Tools, found: ev.EarlierFound) -> list[ev.Fact]:
    """The proposal, where there is something to take over and a step to go on at."""
    days = days_since(state, found.earlier.started_at)
    page = page_of(state, found.guide)
    if days is None or page is None or found.guide in state.continuations:
        return []
    earlier = _known_today(tools.guide(found.guide), found.earlier)
    if earlier is None or not earlier.ticks:
        return []
    return [ev.ContinuationOffered(guide=found.guide, earlier=earlier, days=days)]


def check(state: CallState, command: ev.DecideContinuation) -> None:
    """Raises CommandRefused where nothing is proposed, or it is decided."""
    known = state.continuations.get(command.guide)
    if known is None or page_of(state, command.guide) is None:
        raise CommandRefused(
            f"No earlier call is proposed to go on from in {command.guide!r}.",
            "Go on from the current step.",
            code="continuation.none",
        )
    if known.decision:
        raise CommandRefused(
            f"That is decided already: {known.decision}.",
            "Go on from the current step; undo leads back.",
            code="continuation.decided",
        )


def decide(state: CallState, command: ev.DecideContinuation) -> list[ev.Fact]:
    """The decision; accepted, what is taken over and at which step the guide goes on."""
    earlier = state.continuations[command.guide].offered.earlier
    decided = ev.ContinuationDecided(
        guide=command.guide, from_call=earlier.call, decision=command.decision
    )
    if command.decision == "declined":
        return [decided]
    taken = ev.ContinuationTaken(guide=command.guide, from_call=earlier.call, step=earlier.step)
    return [decided, *_taken_over(state, command.guide, earlier), taken]


def go_on(state: CallState, tools: Tools, taken: ev.ContinuationTaken) -> list[ev.Fact]:
    """The step at which the guide stands now, as if it had been walked to."""
    guide = tools.guide(taken.guide)
    if page_of(state, guide.id) is None:
        return []
    return walking.enter(state, tools, guide, guide.step(taken.step))


def _taken_over(state: CallState, guide: str, earlier: ev.EarlierCall) -> list[ev.Fact]:
    page = page_of(state, guide)
    slots = [
        ev.SlotFilled(
            slot=slot.slot,
            value=slot.value,
            label=slot.label,
            by="record",
            from_call=earlier.call,
        )
        for slot in earlier.slots
        if slot.slot not in state.slots
    ]
    results = [
        ev.DiagnosisDone(
            key=f"{state.call}/{guide}/{result.step}/from/{earlier.call}",
            guide=guide,
            step=result.step,
            connector=result.connector,
            result=result.result,
            summary=result.summary,
            from_call=earlier.call,
            measured_at=result.measured_at,
        )
        for result in earlier.results
        if (known := state.diagnoses.get(f"{guide}/{result.step}")) is None
        or known.status != "done"
    ]
    ticks = [
        ev.StepTicked(
            guide=guide,
            step=tick.step,
            by="record",
            choice=tick.choice,
            choice_label=tick.choice_label,
            note=tick.note,
            from_call=earlier.call,
        )
        for tick in earlier.ticks
        if page is None or page.tick(tick.step) is None
    ]
    return [*slots, *results, *ticks]


def _known_today(guide: Guide, earlier: ev.EarlierCall) -> ev.EarlierCall | None:
    """The earlier call in terms of this edition of the guide; None where its step is gone."""
    steps = {step.id: step for step in guide.steps}
    if earlier.step not in steps:
        return None
    return earlier.model_copy(
        update={
            "step_title": earlier.step_title or walk.step_title(guide, steps[earlier.step]),
            "ticks": tuple(
                tick.model_copy(
                    update={"title": tick.title or walk.step_title(guide, steps[tick.step])}
                )
                for tick in earlier.ticks
                if tick.step in steps
            ),
            "slots": tuple(slot for slot in earlier.slots if _still_fits(guide, slot)),
            "results": tuple(r for r in earlier.results if r.step in steps),
        }
    )


def _still_fits(guide: Guide, slot: ev.EarlierSlot) -> bool:
    spec = guide.slots.get(slot.slot)
    return spec is not None and (not spec.choices or slot.value in spec.choices)


def days_since(state: CallState, started_at: str) -> int | None:
    """None where one of the moments is not known, or it was too long ago."""
    today = day_of(state)
    if today is None or not started_at:
        return None
    days = (today - date.fromisoformat(started_at[:10])).days
    return days if 0 <= days <= DAYS else None
