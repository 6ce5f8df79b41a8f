"""A guide's text changed at one place, every other byte kept: what a form does to YAML.

`yaml_writer` puts the pieces in their places. After each edit the text is read again: it must say
what it said, but for that edit, or the edit is refused and nothing has happened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from assist.errors import GuideError
from assist.guide.model import Guide
from assist.guide.shelf import Shelf, with_guide
from assist.guide.source import parse_document
from assist.guide.yaml_writer import Writer, loaded

Value = Any


class Edit(BaseModel):
    """`set` the value at a place, which may be a new key; `remove` it; `insert` before an item of
    a list, or at its end; `move` an item or a key to another position."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Literal["set", "remove", "insert", "move"]
    at: tuple[str | int, ...]
    value: Value = None
    to: int = 0


def rewritten(text: str, edits: Sequence[Edit], path: Path) -> str:
    """The text with these edits, one after another. Raises GuideError for one that cannot be made
    without touching what it must not touch."""
    for edit in edits:
        text = _edited(text, edit, path.name)
    return text


def form_of(text: str, path: Path) -> dict[str, Any] | None:
    """What the form shows: the values as they are written; None where the text is no guide."""
    shelf = with_guide(Shelf(), text, path)
    if path.stem not in shelf.guides or any(p.rule == "yaml-syntax" for p in shelf.problems):
        return None
    data = shelf.guides[path.stem].document.data
    kinds = [step.kind for step in shelf.guides[path.stem].item.steps]
    plain = json.loads(json.dumps(data, default=str, ensure_ascii=False))
    return {"guide": plain, "kinds": kinds, "fields": list(Guide.model_fields)}


def _edited(text: str, edit: Edit, name: str) -> str:
    document, problems = parse_document(text, name)
    if document.node is None or problems:
        raise GuideError(f"{name} is no YAML as it stands.", "Mend it in the text first.")
    wanted = _applied(document.data, edit)
    if _told(wanted) == _told(document.data):
        return text
    try:
        new = _written(Writer(document), edit)
    except (LookupError, TypeError, ValueError) as error:
        raise _refused(edit) from error
    again, problems = parse_document(new, name)
    if problems or _told(again.data) != _told(wanted):
        raise _refused(edit)
    return new


def _told(data: Any) -> str:
    """Of the same words where data is the same, in the same order."""
    return repr(data)


def _written(writer: Writer, edit: Edit) -> str:
    match edit.op:
        case "set":
            return writer.set(edit.at, edit.value)
        case "remove":
            return writer.remove(edit.at)
        case "insert":
            return writer.insert(edit.at, edit.value)
        case "move":
            return writer.move(edit.at, edit.to)


def _refused(edit: Edit) -> GuideError:
    place = ".".join(map(str, edit.at))
    return GuideError(
        f"{place} cannot be changed by the form without touching its neighbours.",
        "Change it in the text.",
        code="guide.form",
    )


def _applied(data: Any, edit: Edit) -> Any:
    """The edit on plain data: what the text must say afterwards."""
    data = deepcopy(data)
    owner = data
    try:
        for part in edit.at[:-1]:
            owner = owner[part]
        last = edit.at[-1]
        match edit.op:
            case "set":
                owner[last] = loaded(edit.value)
            case "remove":
                del owner[last]
            case "insert":
                owner.insert(last, loaded(edit.value))
            case "move" if isinstance(owner, dict):
                names = list(owner)
                names.insert(edit.to, names.pop(names.index(last)))
                pairs = [(name, owner.pop(name)) for name in names]
                owner.update(pairs)
            case "move":
                owner.insert(edit.to, owner.pop(last))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _refused(edit) from error
    return data
