"""Which steps and branches of a guide its tests have gone through, and which not.

A branch is one way out of a step: an answer, "cannot say", a case of a diagnosis, its manual way,
and whether a condition held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assist import events as ev
from assist.guide.model import Guide, Step
from assist.guide.render import test
from assist.rules.tools import Tools, context_of
from assist.state import CallState, apply

Branch = tuple[str, str]
"""Step and way out of it."""


@dataclass(frozen=True)
class Coverage:
    steps: frozenset[str]
    branches: frozenset[Branch]
    all_steps: tuple[str, ...]
    all_branches: tuple[Branch, ...]

    @property
    def missing_steps(self) -> list[str]:
        return [step for step in self.all_steps if step not in self.steps]

    @property
    def missing_branches(self) -> list[Branch]:
        return [branch for branch in self.all_branches if branch not in self.branches]

    @property
    def step_share(self) -> float:
        return 1 - len(self.missing_steps) / len(self.all_steps)

    @property
    def branch_share(self) -> float:
        if not self.all_branches:
            return 1.0
        return 1 - len(self.missing_branches) / len(self.all_branches)


def coverage_of(guide: Guide, calls: Iterable[Sequence[ev.Fact]], tools: Tools) -> Coverage:
    """Of the guide, by the facts of each call."""
    steps: set[str] = set()
    branches: set[Branch] = set()
    for facts in calls:
        state = CallState()
        for seq, fact in enumerate(facts, 1):
            state = apply(state, ev.Event(call="test", seq=seq, at_ms=0, fact=fact))
            if isinstance(fact, ev.StepShown) and fact.guide == guide.id:
                branches.add((fact.step, _HOLDS))
            if isinstance(fact, ev.StepTicked) and fact.guide == guide.id:
                if fact.skipped:
                    branches.add((fact.step, _PASSED))
                else:
                    steps.add(fact.step)
                    branches.add(
                        (fact.step, _way(guide, guide.step(fact.step), fact, state, tools))
                    )
    every = tuple((step.id, way) for step in guide.steps for way in _ways(guide, step, tools))
    return Coverage(
        frozenset(steps), frozenset(branches), tuple(step.id for step in guide.steps), every
    )


_HOLDS, _PASSED = "its condition holds", "its condition does not hold"
_OTHERWISE, _ANSWERED, _MANUAL = "cannot say", "answered", "system down"


def _ways(guide: Guide, step: Step, tools: Tools) -> list[str]:
    conditional = bool(step.only_if or (step.offer and tools.book.offers[step.offer].eligible))
    ways = [_HOLDS, _PASSED] if conditional else []
    if step.kind == "diagnose":
        ways += [*(_case(step, j) for j in range(len(step.cases)))] or [_ANSWERED]
        ways.append(_MANUAL)
    if step.kind == "ask":
        slot = guide.slots[step.ask]
        ways += list(step.choices)
        if not slot.choices or set(slot.choices) - set(step.choices):
            ways.append(_ANSWERED)
        ways.append(_OTHERWISE)
    return ways


def _way(guide: Guide, step: Step, tick: ev.StepTicked, state: CallState, tools: Tools) -> str:
    if step.kind == "ask":
        if not tick.choice:
            return _OTHERWISE
        return tick.choice if tick.choice in step.choices else _ANSWERED
    if step.kind != "diagnose":
        return ""
    known = state.diagnoses.get(f"{guide.id}/{step.id}")
    if known is None or known.status == "failed":
        return _MANUAL
    context = context_of(state, tools)
    for j, case in enumerate(step.cases):
        if not case.when or test(case.when, context):
            return _case(step, j)
    return _ANSWERED


def _case(step: Step, j: int) -> str:
    return step.cases[j].when or "any other result"
