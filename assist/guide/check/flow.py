"""Checks of the way through a guide: targets, unreachable steps, dead ends, endless rounds.

Follows every edge the walk could take, whatever the conditions say.
"""

from __future__ import annotations

from collections.abc import Iterator

from assist.guide.model import Guide, Step
from assist.guide.source import Document, Loc
from assist.problems import Problem


def check_flow(guide: Guide, document: Document) -> Iterator[Problem]:
    """Problems of the guide's ways. Steps are known by their first place in the file."""
    ids: dict[str, int] = {}
    for i, step in enumerate(guide.steps):
        if step.id in ids:
            yield document.problem(("steps", i, "id"), "duplicate-id.step", id=step.id)
        ids.setdefault(step.id, i)
    for i, step in enumerate(guide.steps):
        for loc, target in _named_targets(i, step):
            if target not in ids:
                yield document.problem(loc, "target-unknown", target=target)
    if not any(step.end for step in guide.steps):
        yield document.problem(("steps",), "end-missing")
    yield from _ways(guide, document, ids)


def _named_targets(i: int, step: Step) -> Iterator[tuple[Loc, str]]:
    for key in ("next", "otherwise", "manual"):
        if target := getattr(step, key):
            yield ("steps", i, key), target
    for choice, target in step.choices.items():
        yield ("steps", i, "choices", choice), target
    for j, case in enumerate(step.cases):
        yield ("steps", i, "cases", j, "next"), case.next


def _ways(guide: Guide, document: Document, ids: dict[str, int]) -> Iterator[Problem]:
    edges = {i: _edges(guide, i, ids) for i in range(len(guide.steps))}
    reached = _reach(0, edges)
    for i, step in enumerate(guide.steps):
        if i not in reached and ids[step.id] == i:
            yield document.problem(("steps", i, "id"), "step-unreachable", step=step.id)
        elif i in reached and None in edges[i]:
            yield document.problem(("steps", i, "id"), "dead-end", step=step.id)
    yield from _rounds(guide, document, edges, reached)


def _edges(guide: Guide, i: int, ids: dict[str, int]) -> set[int | None]:
    """Where step `i` may lead; None is the foot of the page.

    A target that does not exist counts as the step below, so that one slip is one problem.
    """
    step = guide.steps[i]
    named = [t for loc, t in _named_targets(i, step) if loc[-1:] != ("next",) or len(loc) > 3]
    edges: set[int | None] = {ids[t] for t in named if t in ids}
    if not _may_go_on(guide, step):
        return edges
    if step.next in ids:
        return edges | {ids[step.next]}
    return edges | {i + 1 if i + 1 < len(guide.steps) else None}


def _may_go_on(guide: Guide, step: Step) -> bool:
    """Whether the step may lead to its `next`, or to the step below without one."""
    if step.only_if:
        return True
    match step.kind:
        case "end":
            return False
        case "ask":
            slot = guide.slots.get(step.ask)
            answers = set(slot.choices) if slot else set()
            return not step.otherwise or not answers or not answers <= set(step.choices)
        case "diagnose":
            settled = any(not case.when for case in step.cases)
            return not settled or not step.manual
    return True


def _reach(start: int, edges: dict[int, set[int | None]]) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        i = todo.pop()
        if i not in seen:
            seen.add(i)
            todo += [j for j in edges[i] if j is not None]
    return seen


def _rounds(
    guide: Guide, document: Document, edges: dict[int, set[int | None]], reached: set[int]
) -> Iterator[Problem]:
    """Groups of steps from which no end, and no foot of the page, can be reached any more."""
    out = {i for i in edges if guide.steps[i].end or None in edges[i] or not edges[i]}
    while more := {i for i in edges if i not in out and edges[i] & out}:
        out |= more
    caught = sorted(reached - out)
    while caught:
        group = [i for i in caught if i in _reach(caught[0], edges)]
        names = " → ".join(guide.steps[i].id for i in [*group, group[0]])
        yield document.problem(("steps", group[0], "id"), "endless-round", way=names)
        caught = [i for i in caught if i not in group]
