"""Checks of guides that lead to other guides: they exist, in one language, and never go round."""

from __future__ import annotations

from collections.abc import Iterator

from assist.guide.model import Guide
from assist.guide.shelf import Shelf
from assist.guide.source import Document, Loc
from assist.problems import Problem


def check_subguides(shelf: Shelf, guide: Guide, document: Document) -> Iterator[Problem]:
    for i, step in enumerate(guide.steps):
        if not step.guide:
            continue
        loc: Loc = ("steps", i, "guide")
        if step.guide not in shelf.names | set(shelf.guides):
            yield document.problem(loc, "guide-unknown", f"there is no guide '{step.guide}'")
        elif way := _way_back(shelf, step.guide, guide.id):
            round_ = " → ".join([guide.id, *way])
            message = f"guides lead to each other without end: {round_}"
            yield document.problem(loc, "guide-cycle", message)
        elif (entry := shelf.guides.get(step.guide)) and entry.item.lang != guide.lang:
            message = f"guide '{step.guide}' is written in '{entry.item.lang}', this one in"
            yield document.problem(loc, "language", f"{message} '{guide.lang}'", "warning")


def lent_slots(shelf: Shelf, guide: Guide) -> frozenset[str]:
    """Slots that a guide walked for this one may fill: a call has them in common."""
    seen: set[str] = set()
    todo = [step.guide for step in guide.steps if step.guide]
    while todo:
        name = todo.pop()
        if name not in seen and name in shelf.guides:
            seen.add(name)
            todo += [step.guide for step in shelf.guides[name].item.steps if step.guide]
    return frozenset(slot for name in seen for slot in shelf.guides[name].item.slots)


def _way_back(shelf: Shelf, start: str, home: str) -> list[str]:
    """The guides from `start` to `home`, each leading to the next; empty where no way leads."""
    todo, seen = [[start]], {start}
    while todo:
        way = todo.pop(0)
        if way[-1] == home:
            return way
        entry = shelf.guides.get(way[-1])
        for step in entry.item.steps if entry else []:
            if step.guide and step.guide not in seen:
                seen.add(step.guide)
                todo.append([*way, step.guide])
    return []
