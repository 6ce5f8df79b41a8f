"""Where a guide goes next. Pure: a guide, a step, what was answered and a context to judge by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assist.errors import GuideError
from assist.guide.model import Guide, Slot, Step
from assist.guide.render import test


def following(
    guide: Guide, step: Step, context: Mapping[str, Any], *, choice: str = "", failed: bool = False
) -> Step | None:
    """The step after `step`, or None at the foot of the page.

    `choice` is the answer of an ask ("" when nobody could say); `failed` says that a diagnosis
    did not come back, which leads to its manual branch. Raises GuideError when a condition
    cannot be evaluated or no case fits: a broken condition is never a silent else.
    """
    target = _target(guide, step, context, choice, failed) or step.next
    return guide.step(target) if target else guide.after(step.id)


def _target(guide: Guide, step: Step, context: Mapping[str, Any], choice: str, failed: bool) -> str:
    match step.kind:
        case "ask":
            return step.choices.get(choice, "") if choice else step.otherwise
        case "diagnose" if failed:
            return step.manual
        case "diagnose" if step.cases:
            for case in step.cases:
                if not case.when or test(case.when, context):
                    return case.next
            raise GuideError(
                f"{guide.id}, step {step.id}: none of its cases fits the result.",
                "Add a last case without `when`.",
            )
    return ""


def outline(guide: Guide) -> list[dict[str, str]]:
    """The steps as the panel lists them ahead: id, title, kind."""
    return [{"id": s.id, "title": step_title(guide, s), "kind": s.kind} for s in guide.steps]


def step_title(guide: Guide, step: Step) -> str:
    if step.title:
        return step.title
    slot = guide.slots.get(step.ask)
    return slot.label if slot else step.id


def lent_slots(guide: Guide, find: Callable[[str], Guide | None]) -> dict[str, Slot]:
    """Slots that a guide walked for this one may fill: a call has them in common."""
    seen: dict[str, Guide] = {}
    todo = [step.guide for step in guide.steps if step.guide]
    while todo:
        name = todo.pop()
        if name not in seen and (walked := find(name)):
            seen[name] = walked
            todo += [step.guide for step in walked.steps if step.guide]
    return {
        slot: known for _, walked in sorted(seen.items()) for slot, known in walked.slots.items()
    }
