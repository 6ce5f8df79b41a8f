"""What a page shows of a guide's text while it is written: problems, graph, names to choose from.

Judges a text that may be half written; whatever can be read of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assist.guide.check import check_guide
from assist.guide.graph import edges_of
from assist.guide.model import Guide
from assist.guide.shelf import Entry, Shelf
from assist.guide.walk import step_title
from assist.problems import Problem


def sketch(shelf: Shelf, path: Path, today: date) -> dict[str, Any]:
    """Of the guide of this file as it stands on the shelf."""
    entry = shelf.guides.get(path.stem)
    return {
        "problems": [told(problem) for problem in check_guide(shelf, path, today)],
        "title": entry.item.title if entry else "",
        "lang": entry.item.lang if entry else "",
        "steps": _steps(entry) if entry else [],
        "edges": _edges(entry.item) if entry else [],
        "slots": _slots(entry.item) if entry else {},
    }


def told(problem: Problem) -> dict[str, Any]:
    """Its file is the one that is asked about."""
    return {key: value for key, value in problem.as_json().items() if key != "path"}


def _steps(entry: Entry[Guide]) -> list[dict[str, Any]]:
    """With first and last line, so that a step can be found from the text and the other way."""
    found: list[dict[str, Any]] = []
    guide, document = entry.item, entry.document
    for i, step in enumerate(guide.steps):
        raw, line = document.source_of(("steps", i))
        named = step.diagnose or step.ticket or step.offer or step.handoff or step.guide
        found.append(
            {
                "id": step.id,
                "title": step.disposition or step_title(guide, step),
                "kind": step.kind,
                "named": named,
            }
            | {"outcome": step.end, "line": line, "end": line + raw.rstrip().count("\n")}
        )
    return found


def _edges(guide: Guide) -> list[dict[str, str]]:
    return [
        {"from": edge.source, "to": edge.target, "key": edge.key, "why": edge.why}
        for step in guide.steps
        for edge in edges_of(guide, step)
        if edge.target
    ]


def _slots(guide: Guide) -> dict[str, dict[str, str]]:
    return {name: dict(slot.choices) for name, slot in guide.slots.items()}


def names(shelf: Shelf) -> Mapping[str, Any]:
    """What a guide may name beside its own steps and slots."""
    guides = {name: entry.item for name, entry in shelf.guides.items()}
    return {
        "guides": {name: guide.title for name, guide in sorted(guides.items())},
        "tickets": {name: _ticket(entry) for name, entry in sorted(shelf.tickets.items())},
        "offers": {name: entry.item.title for name, entry in sorted(shelf.offers.items())},
        "connectors": {
            name: shelf.arguments.get(name, {}) for name in sorted(shelf.connectors or ())
        },
        "tags": sorted(shelf.priors.item.tags) if shelf.priors else [],
        "tag_names": _tags(shelf),
    }


def _ticket(entry: Entry[Any]) -> dict[str, Any]:
    item = entry.item
    return {"title": item.title, "fields": {n: spec.label for n, spec in item.fields.items()}}


def _tags(shelf: Shelf) -> dict[str, dict[str, str]]:
    tags = shelf.priors.item.tags if shelf.priors else {}
    return {name: tag.model_dump() for name, tag in tags.items()}
