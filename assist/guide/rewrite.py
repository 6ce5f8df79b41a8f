"""A guide's text changed at one place, every other byte kept: what a form does to YAML.

Places come from the marks of the text that is there; new pieces are written by ruamel.yaml. After
each edit the text is read again: it must say what it said, but for that edit, or the edit is
refused and nothing has happened.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from assist.errors import GuideError
from assist.guide.model import Guide
from assist.guide.shelf import Shelf, with_guide
from assist.guide.source import Document, parse_document

Value = Any
_STEP = "  "


class Edit(BaseModel):
    """`set` the value at a place, which may be a new key; `remove` it; `insert` before an item of
    a list, or at its end; `move` an item to another position."""

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
    if wanted == document.data:
        return text
    try:
        new = _Writer(document).write(edit)
    except (LookupError, TypeError, ValueError) as error:
        raise _refused(edit) from error
    again, problems = parse_document(new, name)
    if problems or again.data != wanted:
        raise _refused(edit)
    return new


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
                owner[last] = _loaded(edit.value)
            case "remove":
                del owner[last]
            case "insert":
                owner.insert(last, _loaded(edit.value))
            case "move":
                owner.insert(edit.to, owner.pop(last))
    except (LookupError, TypeError, AttributeError) as error:
        raise _refused(edit) from error
    return data


def _loaded(value: Any) -> Any:
    """As the loader gives it: a date is a date."""
    if isinstance(value, dict):
        return {key: _loaded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_loaded(each) for each in value]
    if isinstance(value, str) and len(value) == 10 and value[4:8:3] == "--":
        return parse_document(f"d: {value}")[0].data["d"]
    return value


class _Writer:
    """Puts pieces into one text. Raises LookupError where a place is not there."""

    def __init__(self, document: Document) -> None:
        assert document.node is not None
        self.text, self.root = document.text, document.node

    def write(self, edit: Edit) -> str:
        owner, last = self._node(edit.at[:-1]), edit.at[-1]
        match edit.op:
            case "set" if isinstance(owner, yaml.MappingNode):
                pair = next((p for p in owner.value if p[0].value == str(last)), None)
                if pair is None:
                    return self._new_key(owner, str(last), edit.value)
                return self._replace(pair[1], edit.value, owner, pair[0])
            case "set":
                return self._replace(owner.value[int(last)], edit.value, owner, None)
            case "remove":
                return self._remove(owner, last)
            case "insert":
                return self._insert(owner, int(last), edit.value)
            case "move":
                return self._move(owner, int(last), edit.to)

    def _node(self, at: Sequence[str | int]) -> Any:
        node: Any = self.root
        for part in at:
            if isinstance(node, yaml.MappingNode):
                node = next(
                    v for k, v in [*node.value, (None, None)] if k is None or k.value == part
                )
            else:
                node = node.value[int(part)]
            if node is None:
                raise LookupError(part)
        return node

    def _replace(self, node: Any, value: Any, owner: Any, key: Any) -> str:
        start, end = node.start_mark.index, node.end_mark.index
        is_block = not isinstance(node, yaml.ScalarNode) and not node.flow_style
        if is_block and not owner.flow_style:
            raise ValueError("a block is changed piece by piece")
        in_flow = bool(owner.flow_style)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            kept = self.text[start:end]
            end = start + len(kept.rstrip("\n"))
        if node.start_mark.index == node.end_mark.index and key is not None:  # `key:` and nothing
            start = end = key.end_mark.index + 1
            return f"{self.text[:start]} {_inline(value, in_flow)}{self.text[end:]}"
        style = getattr(node, "style", None)
        return self.text[:start] + _inline(value, in_flow, style) + self.text[end:]

    def _new_key(self, owner: Any, key: str, value: Any) -> str:
        name = _inline(key, bool(owner.flow_style))
        if owner.flow_style:
            at = owner.end_mark.index - 1
            before = self.text[:at].rstrip()
            comma = "" if not owner.value else ", "
            return f"{before}{comma}{name}: {_inline(value, True)}{self.text[at:]}"
        last_key, last = owner.value[-1]
        indent = owner.value[0][0].start_mark.column
        at = self._line_after(last if last.end_mark.index > last_key.end_mark.index else last_key)
        return self._with_block(at, _block({key: value}, indent))

    def _insert(self, owner: Any, at: int, value: Any) -> str:
        if owner.flow_style:
            piece = _inline(value, True)
            if not owner.value:
                end = owner.end_mark.index - 1
                return self.text[:end] + piece + self.text[end:]
            if at < len(owner.value):
                start = owner.value[at].start_mark.index
                return f"{self.text[:start]}{piece}, {self.text[start:]}"
            end = owner.value[-1].end_mark.index
            return f"{self.text[:end]}, {piece}{self.text[end:]}"
        indent = self._dash(owner.value[0])
        piece = _block([value], indent)
        gap = "\n" if isinstance(value, dict) and self._spaced(owner) else ""
        if at < len(owner.value):
            start = self._line_of(owner.value[at])
            return self.text[:start] + piece + gap + self.text[start:]
        return self._with_block(self._line_after(owner.value[-1]), gap + piece)

    def _remove(self, owner: Any, last: str | int) -> str:
        if len(owner.value) == 1 and not owner.flow_style:
            raise ValueError("the last of a block goes with the block")
        if isinstance(owner, yaml.MappingNode):
            keys = [k.value for k, _ in owner.value]
            at = keys.index(str(last))
            spans = [(k.start_mark.index, v.end_mark.index) for k, v in owner.value]
            line = owner.value[at][0].start_mark
            end_node = owner.value[at][1]
        else:
            at = int(last)
            spans = [(v.start_mark.index, v.end_mark.index) for v in owner.value]
            line, end_node = owner.value[at].start_mark, owner.value[at]
        if owner.flow_style:
            if at + 1 < len(spans):
                return self.text[: spans[at][0]] + self.text[spans[at + 1][0] :]
            start = spans[at - 1][1] if at else spans[at][0]
            return self.text[:start] + self.text[spans[at][1] :]
        start = line.index - line.column
        first = self.text[start : line.index]
        if isinstance(owner, yaml.MappingNode) and first.strip():
            raise ValueError("the key stands behind a dash")
        rest = self.text[self._line_after(end_node) :]
        is_list = isinstance(owner, yaml.SequenceNode)
        return self.text[:start] + (rest.removeprefix("\n") if is_list else rest)

    def _move(self, owner: Any, at: int, to: int) -> str:
        if owner.flow_style:
            raise ValueError("written on one line")
        starts = [self._line_of(each) for each in owner.value]
        end = self._line_after(owner.value[-1])
        blocks = [self.text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
        tails = [block[len(block.rstrip("\n")) :] for block in blocks]
        bodies = [block.rstrip("\n") for block in blocks]
        bodies.insert(to, bodies.pop(at))
        moved = "".join(body + tail for body, tail in zip(bodies, tails, strict=True))
        return self.text[: starts[0]] + moved + self.text[end:]

    # ------------------------------------------------------------ places

    def _dash(self, item: Any) -> int:
        """Column of the dash before an item of a block list."""
        start = item.start_mark.index - item.start_mark.column
        line = self.text[start : item.start_mark.index]
        return line.rindex("-")

    def _line_of(self, item: Any) -> int:
        """Where the line of an item begins; the comments right above it belong to it."""
        start = item.start_mark.index - item.start_mark.column
        while start and self.text[:start].rstrip(" ").endswith("\n"):
            above = self.text.rfind("\n", 0, start - 1) + 1
            if not self.text[above:start].lstrip().startswith("#"):
                break
            start = above
        return start

    def _line_after(self, node: Any) -> int:
        """Where the line after a value begins; empty lines below it stay below."""
        end = node.end_mark.index
        end = len(self.text[:end].rstrip())
        newline = self.text.find("\n", end)
        return len(self.text) if newline < 0 else newline + 1

    def _spaced(self, owner: Any) -> bool:
        """Whether an empty line stands between the items."""
        if len(owner.value) < 2:
            return False
        start = self._line_of(owner.value[1])
        return self.text[:start].endswith("\n\n")

    def _with_block(self, at: int, piece: str) -> str:
        before = self.text[:at]
        gap = "" if not before or before.endswith("\n") else "\n"
        return before + gap + piece + self.text[at:]


def _inline(value: Any, in_flow: bool, style: str | None = None) -> str:
    """A value on one line, quoted as what it replaces was, where that can be."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_inline(k, True)}: {_inline(v, True)}" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(each, True) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _is_plain(value, in_flow):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str, in_flow: bool) -> bool:
    """Whether the bare words say just this, as a value here."""
    if not value or value != value.strip() or "\n" in value:
        return False
    text = f"{{k: {value}}}" if in_flow else f"k: {value}"
    document, problems = parse_document(text)
    if problems or not isinstance(document.data, dict):
        return False
    found = document.data.get("k")
    return list(document.data) == ["k"] and (found == value or str(found) == value != "true")


def _block(value: Any, indent: int) -> str:
    """A new piece over several lines, as ruamel.yaml writes it."""
    out = io.StringIO()
    writer = YAML()
    writer.width, writer.allow_unicode = 4_096, True
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.default_flow_style = False
    writer.dump(_loaded(value), out)
    text = out.getvalue()
    if isinstance(value, list):
        text = "".join(line[2:] + "\n" for line in text.splitlines())
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())
