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
        if step.guide not in shelf.names and step.guide not in shelf.guides:
            yield document.problem(loc, "guide-unknown", guide=step.guide)
        elif way := _way_back(shelf, step.guide, guide.id):
            yield document.problem(loc, "guide-cycle", way=" → ".join([guide.id, *way]))
        elif (entry := shelf.guides.get(step.guide)) and entry.item.lang != guide.lang:
            values = {"name": step.guide, "theirs": entry.item.lang, "own": guide.lang}
            yield document.problem(loc, "language.guide", **values)


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
