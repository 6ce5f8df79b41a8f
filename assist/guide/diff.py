"""What a change to a guide means for the walk, in sentences: who now goes where, what is said anew.

Compares two guides as loaded, not two texts: a moved line or a comment is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assist.guide.graph import Edge, edges_of
from assist.guide.model import Guide, Step
from assist.guide.walk import step_title

Kind = Literal["step", "way", "text", "hearing", "slot", "opening", "guide"]


@dataclass(frozen=True)
class Change:
    """`step` is empty where the change is of no one step."""

    kind: Kind
    step: str
    message: str


def differences(old: Guide, new: Guide) -> list[Change]:
    """Every difference that an agent or a customer would notice, in the order of the new guide."""
    before = {step.id: step for step in old.steps}
    after = {step.id: step for step in new.steps}
    found: list[Change] = [*_whole(old, new), *_slots(old, new)]
    if old.steps[0].id != new.steps[0].id:
        message = f"the guide now begins with {new.steps[0].id}, not {old.steps[0].id}"
        found.append(Change("way", new.steps[0].id, message))
    for step in new.steps:
        if step.id not in before:
            title = step_title(new, step)
            found.append(Change("step", step.id, f"step {step.id} ({title}) is new"))
        else:
            found += _step(old, before[step.id], new, step)
    for step in old.steps:
        if step.id not in after:
            title = step_title(old, step)
            found.append(Change("step", step.id, f"step {step.id} ({title}) is gone"))
    return found


def _whole(old: Guide, new: Guide) -> Iterator[Change]:
    for field in ("title", "owner", "lang", "effective"):
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            yield Change("guide", "", f"{field}: {_value(was)} is now {_value(now)}")
    if old.opens_when != new.opens_when:
        was, now = old.opens_when.model_dump(), new.opens_when.model_dump()
        for key in [key for key in now if was[key] != now[key]]:
            message = f"opens_when.{key}: {_value(was[key])} is now {_value(now[key])}"
            yield Change("opening", "", message)


def _slots(old: Guide, new: Guide) -> Iterator[Change]:
    for name in new.slots.keys() - old.slots.keys():
        yield Change("slot", "", f"slot {name} ({new.slots[name].label}) is new")
    for name in old.slots.keys() - new.slots.keys():
        yield Change("slot", "", f"slot {name} ({old.slots[name].label}) is gone")
    for name in [name for name in new.slots if name in old.slots]:
        was, now = old.slots[name], new.slots[name]
        yield from _phrases(f"slot {name}", "", was.hear, now.hear, now.choices)
        for field in ("type", "choices", "pattern", "source", "tense", "cues", "speakers"):
            before, after = getattr(was, field), getattr(now, field)
            if before != after:
                key = "from" if field == "source" else field
                message = f"slot {name}, {key}: {_value(before)} is now {_value(after)}"
                yield Change("slot", "", message)


def _step(old: Guide, was: Step, new: Guide, now: Step) -> Iterator[Change]:
    if was.kind != now.kind:
        yield Change("step", now.id, f"step {now.id} was {was.kind} and is {now.kind}")
    yield from _ways(old, was, new, now)
    if was.only_if != now.only_if:
        if not now.only_if:
            message = f"step {now.id} is always shown; it was only if {was.only_if}"
        elif not was.only_if:
            message = f"step {now.id} is shown only if {now.only_if}"
        else:
            message = f"step {now.id} is shown if {now.only_if}; it was if {was.only_if}"
        yield Change("way", now.id, message)
    for field in ("ask", "diagnose", "offer", "ticket", "handoff", "guide", "end", "disposition"):
        before, after = getattr(was, field), getattr(now, field)
        if before != after and was.kind == now.kind:
            message = f"step {now.id}, {field}: {_value(before)} is now {_value(after)}"
            yield Change("step", now.id, message)
    if was.say != now.say:
        message = f"step {now.id} now says: {_value(now.say)}; before: {_value(was.say)}"
        yield Change("text", now.id, message)
    for field in (
        *("must_say", "must_not_say", "policy", "solves", "timeout_s", "args", "summary"),
        *("fills", "fill"),
    ):
        before, after = getattr(was, field), getattr(now, field)
        if before != after:
            key = "with" if field == "args" else field
            message = f"step {now.id}, {key}: {_value(before)} is now {_value(after)}"
            yield Change("step", now.id, message)
    slot = new.slots.get(now.ask)
    yield from _phrases(f"step {now.id}", now.id, was.hear, now.hear, slot.choices if slot else {})


def _ways(old: Guide, was: Step, new: Guide, now: Step) -> Iterator[Change]:
    before = {edge.key: edge for edge in edges_of(old, was)}
    after = {edge.key: edge for edge in edges_of(new, now)}
    for key, edge in after.items():
        if key not in before:
            if key != "passed":
                yield Change("way", now.id, f"{_way(edge)} is new and leads to {_target(edge)}")
        elif before[key].target != edge.target:
            message = f"{_way(edge)} now leads to {_target(edge)}, not {_target(before[key])}"
            yield Change("way", now.id, message)
    for key, edge in before.items():
        if key not in after and key != "passed":
            message = f"{_way(edge)} is gone; it led to {_target(edge)}"
            yield Change("way", now.id, message)
    both = [key for key in after if key.startswith("case:") and key in before]
    if both != [key for key in before if key in both]:
        yield Change("way", now.id, f"step {now.id}: its cases are tried in another order")


def _way(edge: Edge) -> str:
    match edge.key.partition(":")[0]:
        case "choice":
            return f"step {edge.source}: answer {edge.why}"
        case "case":
            return f"step {edge.source}: result {edge.why}"
        case "otherwise" | "manual" | "passed":
            return f"step {edge.source}: “{edge.why}”"
    return f"step {edge.source}" + (f": “{edge.why}”" if edge.why else "")


def _target(edge: Edge) -> str:
    return edge.target or "the foot of the page"


def _phrases(
    where: str,
    step: str,
    was: dict[str, list[str]],
    now: dict[str, list[str]],
    labels: dict[str, str],
) -> Iterator[Change]:
    for choice in [*now, *(c for c in was if c not in now)]:
        name = labels.get(choice, choice)
        before, after = was.get(choice, []), now.get(choice, [])
        gained = [phrase for phrase in after if phrase not in before]
        lost = [phrase for phrase in before if phrase not in after]
        if gained:
            message = f"{where}: {name} is also heard in {', '.join(gained)}"
            yield Change("hearing", step, message)
        if lost:
            message = f"{where}: {name} is no longer heard in {', '.join(lost)}"
            yield Change("hearing", step, message)


def _value(value: object) -> str:
    if value in ("", None) or value == [] or value == {}:
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"“{' '.join(value.split())}”" if isinstance(value, str) else str(value)
