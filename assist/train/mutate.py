"""Mutation testing of guides: a small mistake is made in a guide, and the checker or the guide's
own tests must notice it.

Seeded: the same seed makes the same mistakes. What a mistake changes is the parsed file, so that
comments and layout play no part.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from assist.guide.check import check_shelf
from assist.guide.load import Book
from assist.guide.shelf import Shelf, read_shelf, shelve_guide
from assist.guide.wording import Like
from assist.rules.tools import Tools
from assist.train.cases import Cases, read_cases
from assist.train.verdict import run_case

Data = dict[str, Any]
Mutator = Callable[[Data, random.Random, Sequence[str]], str]
"""Changes the guide's data in place and says what it did; "" where there is nothing to change."""


@dataclass(frozen=True)
class Mutant:
    """A guide with one mistake; `caught_by` is `check: RULE`, `test: CASE`, or empty."""

    guide: str
    kind: str
    what: str
    caught_by: str = ""


def mutants(guides_dir: Path, book: Book, like: Like, count: int, seed: int) -> Iterator[Mutant]:
    """`count` mistakes spread evenly over the guides that have tests, each with who caught it."""
    shelf = read_shelf(guides_dir)
    usual = {(p.path, p.rule, p.said.en) for p in check_shelf(shelf)}
    files = [file for file in read_cases(guides_dir, book)[0] if file.guide in shelf.guides]
    chance = random.Random(seed)
    kinds, made = list(MUTATORS), 0
    while files and made < count:
        file = files[made % len(files)]
        entry = shelf.guides[file.guide]
        data = deepcopy(entry.document.data)
        kind = chance.choice(kinds)
        what = MUTATORS[kind](data, chance, sorted(shelf.connectors or ()))
        if not what:
            continue
        made += 1
        text = yaml.safe_dump(_plain(data), allow_unicode=True, sort_keys=False)
        mutant = Mutant(file.guide, kind, what)
        yield replace(mutant, caught_by=_caught(shelf, usual, file, text, book, like))


def _caught(
    shelf: Shelf,
    usual: set[tuple[str, str, str]],
    file: Cases,
    text: str,
    book: Book,
    like: Like,
) -> str:
    path = shelf.guides[file.guide].document.path
    alone = replace(shelf, guides={}, documents=[], problems=[])
    shelve_guide(alone, text, path)
    for problem in check_shelf(alone):
        if problem.path == path and (problem.path, problem.rule, problem.said.en) not in usual:
            return f"check: {problem.rule}"
    guide = alone.guides[file.guide].item
    tools = Tools(replace(book, guides={**book.guides, guide.id: guide}), like)
    for number, case in enumerate(file.cases):
        if not run_case(file, number, tools).passed:
            return f"test: {case.case}"
    return ""


def summary(found: Sequence[Mutant]) -> dict[str, tuple[int, int]]:
    """By kind of mistake: how many were made, how many caught."""
    made = Counter(mutant.kind for mutant in found)
    caught = Counter(mutant.kind for mutant in found if mutant.caught_by)
    return {kind: (made[kind], caught[kind]) for kind in sorted(made)}


def _plain(data: Any) -> Any:
    """Anchors written once and used twice become two: a mistake is made in one place."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list) else data


# ---------------------------------------------------------------- mistakes


def _targets(data: Data) -> list[tuple[Any, Any]]:
    """Every place that names a step: its owner and the key in it."""
    found: list[tuple[Any, Any]] = []
    for step in data["steps"]:
        found += [(step, key) for key in ("next", "otherwise", "manual") if step.get(key)]
        found += [(step["choices"], key) for key in step.get("choices", {})]
        found += [(case, "next") for case in step.get("cases", [])]
    return found


def _swap_targets(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    ways = [
        (step, _targets({"steps": [step]}))
        for step in data["steps"]
        if len({owner[key] for owner, key in _targets({"steps": [step]})}) > 1
    ]
    if not ways:
        return ""
    step, places = chance.choice(ways)
    (one, a), (two, b) = chance.sample(places, 2)
    if one[a] == two[b]:
        return ""
    one[a], two[b] = two[b], one[a]
    return f"step {step['id']}: {a} and {b} lead to each other's step"


def _retarget(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    places = _targets(data)
    owner, key = chance.choice(places)
    other = chance.choice([step["id"] for step in data["steps"] if step["id"] != owner[key]])
    was, owner[key] = owner[key], other
    return f"{key} leads to {other}, not {was}"


def _delete_step(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    step = data["steps"].pop(chance.randrange(len(data["steps"])))
    return f"step {step['id']} is deleted"


def _rename_slot(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    if not data.get("slots"):
        return ""
    name = chance.choice(list(data["slots"]))
    data["slots"] = {f"{k}_x" if k == name else k: v for k, v in data["slots"].items()}
    return f"slot {name} is renamed"


def _drop_answer(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    below = {a["id"]: b["id"] for a, b in zip(data["steps"], data["steps"][1:], strict=False)}
    places = [
        (step, choice)
        for step in data["steps"]
        for choice, target in step.get("choices", {}).items()
        if target != (step.get("next") or below.get(step["id"]))
    ]
    if not places:
        return ""
    step, choice = chance.choice(places)
    step["choices"] = {k: v for k, v in step["choices"].items() if k != choice}
    return f"step {step['id']}: answer {choice} leads nowhere of its own"


def _drop_choice(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    slots = [slot for slot in data.get("slots", {}).values() if slot.get("choices")]
    if not slots:
        return ""
    slot = chance.choice(slots)
    choice = chance.choice(list(slot["choices"]))
    slot["choices"] = {k: v for k, v in slot["choices"].items() if k != choice}
    return f"choice {choice} of {slot['label']} is dropped"


def _connector(data: Data, chance: random.Random, connectors: Sequence[str]) -> str:
    steps = [step for step in data["steps"] if step.get("diagnose")]
    if not steps:
        return ""
    step = chance.choice(steps)
    others = [name for name in connectors if name != step["diagnose"]]
    was, step["diagnose"] = step["diagnose"], chance.choice(others)
    return f"step {step['id']} asks {step['diagnose']}, not {was}"


def _rename_in(key: str, kind: str) -> Mutator:
    def rename(data: Data, chance: random.Random, _: Sequence[str]) -> str:
        steps = [step for step in data["steps"] if step.get(kind) and step.get(key)]
        if not steps:
            return ""
        step = chance.choice(steps)
        name = chance.choice(list(step[key]))
        step[key] = {f"{k}_x" if k == name else k: v for k, v in step[key].items()}
        return f"step {step['id']}: {name} in {key} is renamed"

    return rename


def _result_key(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    cases = [(step, case) for step in data["steps"] for case in step.get("cases", [])]
    cases = [(step, case) for step, case in cases if "result." in case.get("when", "")]
    if not cases:
        return ""
    step, case = chance.choice(cases)
    case["when"] = case["when"].replace("result.", "result.x_", 1)
    return f"step {step['id']}: a case looks at {case['when']}"


def _negate(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    places = [(s, case, "when") for s in data["steps"] for case in s.get("cases", [])]
    places += [(step, step, "only_if") for step in data["steps"]]
    places = [(step, owner, key) for step, owner, key in places if owner.get(key)]
    if not places:
        return ""
    step, owner, key = chance.choice(places)
    owner[key] = f"not ({owner[key]})"
    return f"step {step['id']}: {key} is turned round"


def _swap_cases(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    steps = [step for step in data["steps"] if len(step.get("cases", [])) > 1]
    if not steps:
        return ""
    step = chance.choice(steps)
    at = chance.randrange(len(step["cases"]) - 1)
    one, two = step["cases"][at], step["cases"][at + 1]
    one["next"], two["next"] = two["next"], one["next"]
    return "" if one["next"] == two["next"] else f"step {step['id']}: cases {at} and {at + 1} swap"


def _swap_phrases(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    heard = [slot["hear"] for slot in data.get("slots", {}).values() if slot.get("hear")]
    heard += [step["hear"] for step in data["steps"] if step.get("hear")]
    heard = [hear for hear in heard if len(hear) > 1]
    if not heard:
        return ""
    hear = chance.choice(heard)
    a, b = chance.sample(list(hear), 2)
    hear[a], hear[b] = hear[b], hear[a]
    return f"the phrases of {a} and {b} are swapped"


def _outcome(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    step = chance.choice([step for step in data["steps"] if step.get("end")])
    others = [o for o in ("solved", "ticket", "escalated", "uncovered") if o != step["end"]]
    was, step["end"] = step["end"], chance.choice(others)
    return f"step {step['id']} ends {step['end']}, not {was}"


def _unsolve(data: Data, chance: random.Random, _: Sequence[str]) -> str:
    steps = [step for step in data["steps"] if step.get("solves")]
    if not steps:
        return ""
    step = chance.choice(steps)
    del step["solves"]
    return f"step {step['id']} solves nothing any more"


MUTATORS: dict[str, Mutator] = {
    "swap targets": _swap_targets,
    "another target": _retarget,
    "delete step": _delete_step,
    "rename slot": _rename_slot,
    "drop answer": _drop_answer,
    "drop choice": _drop_choice,
    "another connector": _connector,
    "rename argument": _rename_in("with", "diagnose"),
    "rename filled slot": _rename_in("fills", "diagnose"),
    "rename ticket field": _rename_in("fill", "ticket"),
    "wrong result key": _result_key,
    "negate condition": _negate,
    "swap cases": _swap_cases,
    "swap phrases": _swap_phrases,
    "another outcome": _outcome,
    "drop solves": _unsolve,
}
