"""Checks of the craft: what runs, but no experienced agent would write it so.

Follows the ways of a guide as `check_flow` does, whatever the conditions say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from assist.guide.check.names import tree_of
from assist.guide.graph import edges_of
from assist.guide.model import Guide, Step
from assist.guide.source import Document, Loc
from assist.guide.wording import fold, shortest
from assist.problems import Problem

LONGEST = {"zh": 130, "en": 360}
"""Characters of one script at most: half a minute of speech, in which a customer is lost."""
_FILLED_IN = {"zh": 6, "en": 12}
"""Characters that a name in braces stands for."""


def check_craft(guide: Guide, document: Document) -> Iterator[Problem]:
    for i, step in enumerate(guide.steps):
        length = longest(step.say, guide.lang)
        if length > LONGEST[guide.lang]:
            at, most = ("steps", i, "say"), LONGEST[guide.lang]
            yield document.problem(at, "script-long", length=length, most=most)
        yield from _same_cases(document, i, step)
    yield from _phrases_within(guide, document)
    yield from _outcomes(guide, document)


@lru_cache(maxsize=100_000)
def longest(template: str, lang: str) -> int:
    """Characters of the longest text the template can become; 0 for one that cannot be parsed."""
    if "{" not in template:
        return len(template)
    try:
        tree = tree_of(template)
    except TemplateSyntaxError:
        return 0
    return _length(tree.body, _FILLED_IN[lang])


def _length(body: list[nodes.Node], filled_in: int) -> int:
    total = 0
    for node in body:
        match node:
            case nodes.TemplateData():
                total += len(" ".join(node.data.split()))
            case nodes.Output():
                total += _length(list(node.nodes), filled_in)
            case nodes.If():
                ways = [node.body, *(other.body for other in node.elif_), node.else_]
                total += max(_length(way, filled_in) for way in ways)
            case nodes.For():
                total += _length(node.body, filled_in)
            case nodes.Const():
                total += len(str(node.value))
            case nodes.Expr():
                total += filled_in
            case _:
                pass
    return total


def _same_cases(document: Document, i: int, step: Step) -> Iterator[Problem]:
    counted = Counter(" ".join(case.when.split()) for case in step.cases if case.when)
    seen: set[str] = set()
    for j, case in enumerate(step.cases):
        when = " ".join(case.when.split())
        if counted[when] > 1 and when in seen:
            yield document.problem(("steps", i, "cases", j), "case-twice", when=when)
        seen.add(when)


def _phrases_within(guide: Guide, document: Document) -> Iterator[Problem]:
    """A phrase that stands within one of another choice answers both."""
    for name, slot in guide.slots.items():
        asking = [(i, step) for i, step in enumerate(guide.steps) if step.ask == name]
        written: list[tuple[Loc, str, str]] = []
        for choice, phrases in slot.hear.items():
            written += [
                (("slots", name, "hear", choice, j), choice, p) for j, p in enumerate(phrases)
            ]
        for i, step in asking:
            for choice, phrases in step.hear.items():
                written += [
                    (("steps", i, "hear", choice, j), choice, p) for j, p in enumerate(phrases)
                ]
        yield from _within(document, written, shortest(guide.lang))


def _within(
    document: Document, written: list[tuple[Loc, str, str]], least: int
) -> Iterator[Problem]:
    folded = [(loc, choice, phrase, fold(phrase)) for loc, choice, phrase in written]
    in_order = sorted((said, choice, phrase) for _, choice, phrase, said in folded)
    for loc, choice, phrase, said in folded:
        if len(said) < least:
            continue
        for longer, other, begun in in_order[bisect_right(in_order, (said, "\U0010ffff")) :]:
            if not longer.startswith(said):
                break
            if other != choice:
                yield document.problem(loc, "phrase-within", phrase=phrase, begun=begun)
                break


# ---------------------------------------------------------------- what an outcome needs


def _outcomes(guide: Guide, document: Document) -> Iterator[Problem]:
    """On every way to an end or an offer, what it promises must have happened."""
    at = {step.id: i for i, step in enumerate(guide.steps)}
    if len(at) < len(guide.steps):
        return  # two steps of one name: there is no telling which is meant
    edges = {
        step.id: [edge.target for edge in edges_of(guide, step) if edge.target in at]
        for step in guide.steps
    }
    needs: tuple[tuple[Callable[[Step], bool], Callable[[Step], bool], str], ...] = (
        (
            lambda step: step.end == "ticket",
            lambda step: step.kind == "ticket",
            "end-without-ticket",
        ),
        (
            lambda step: step.end == "escalated",
            lambda step: step.kind == "handoff",
            "end-without-handoff",
        ),
        (
            lambda step: step.kind == "offer" and "solved" not in step.only_if,
            lambda step: step.solves,
            "offer-early",
        ),
    )
    for concerned, fulfils, rule in needs:
        for step in _reached_without(guide, edges, _or_elsewhere(fulfils)):
            if concerned(step):
                yield document.problem(("steps", at[step.id], "id"), rule, step=step.id)
    yield from _unclosed(guide, document, edges, at)
    for i, step in enumerate(guide.steps):
        if step.kind == "offer" and "mood" not in step.only_if:
            yield document.problem(("steps", i, "id"), "offer-mood", step=step.id)


def _or_elsewhere(fulfils: Callable[[Step], bool]) -> Callable[[Step], bool]:
    """What a guide walked in between does is told at that guide."""
    return lambda step: bool(step.guide) or fulfils(step)


def _reached_without(
    guide: Guide, edges: Mapping[str, list[str]], fulfils: Callable[[Step], bool]
) -> list[Step]:
    """The steps that can be reached on a way without any step that fulfils."""
    todo, seen = [guide.steps[0]], set[str]()
    found: list[Step] = []
    while todo:
        step = todo.pop()
        if step.id in seen:
            continue
        seen.add(step.id)
        found.append(step)
        if not fulfils(step):
            todo += [guide.step(target) for target in edges[step.id] if target]
    return found


def _unclosed(
    guide: Guide,
    document: Document,
    edges: Mapping[str, list[str]],
    at: Mapping[str, int],
) -> Iterator[Problem]:
    """A ticket must come to an end that says so, unless a step before or after it solves."""
    unsolved = _reached_without(guide, edges, lambda step: step.solves)
    tickets = [step for step in unsolved if step.kind == "ticket"]
    for ticket in [step for step in tickets if not step.only_if and not step.solves]:
        todo, seen = [t for t in edges[ticket.id] if t], set[str]()
        while todo:
            step = guide.step(todo.pop())
            if step.id in seen:
                continue
            seen.add(step.id)
            if not step.solves:
                todo += [t for t in edges[step.id] if t]
            if step.end in ("solved", "uncovered"):
                loc: Loc = ("steps", at[step.id], "end")
                values = {"ticket": ticket.id, "outcome": step.end}
                yield document.problem(loc, "ticket-unclosed", **values)
