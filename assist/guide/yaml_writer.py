"""Pieces of YAML put into a text that is there, every other byte kept.

Places come from the marks of the text; new pieces are written by ruamel.yaml. What cannot be put
anywhere without touching a neighbour is refused by an error; nothing here judges what a text says.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

import yaml
from ruamel.yaml import YAML

from assist.guide.source import Document, parse_document

Place = Sequence[str | int]


def loaded(value: Any) -> Any:
    """As the loader gives it: a date is a date."""
    if isinstance(value, dict):
        return {key: loaded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [loaded(each) for each in value]
    if isinstance(value, str) and len(value) == 10 and value[4:8:3] == "--":
        return parse_document(f"d: {value}")[0].data["d"]
    return value


class Writer:
    """Puts pieces into one text. Raises LookupError where a place is not there."""

    def __init__(self, document: Document) -> None:
        assert document.node is not None
        self.text, self.root = document.text, document.node

    def set(self, at: Place, value: Any) -> str:
        owner, last = self._node(at[:-1]), at[-1]
        if not isinstance(owner, yaml.MappingNode):
            return self._replace(owner.value[int(last)], value, owner, None)
        pair = next((p for p in owner.value if p[0].value == str(last)), None)
        if pair is None:
            return self._new_key(owner, str(last), value)
        return self._replace(pair[1], value, owner, pair[0])

    def remove(self, at: Place) -> str:
        return self._remove(self._node(at[:-1]), at[-1])

    def insert(self, at: Place, value: Any) -> str:
        return self._insert(self._node(at[:-1]), int(at[-1]), value)

    def move(self, at: Place, to: int) -> str:
        """An item of a list, or a key of a mapping, to another position among its neighbours."""
        owner = self._node(at[:-1])
        if isinstance(owner, yaml.MappingNode):
            position = [key.value for key, _ in owner.value].index(str(at[-1]))
        else:
            position = int(at[-1])
        move = self._moved_on_a_line if owner.flow_style else self._move
        return move(owner, position, to)

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
        if isinstance(node, yaml.SequenceNode) and isinstance(value, list) and node.value:
            return self._relisted(node, value)
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
        signed = self.text[start] == "+" and isinstance(value, int | float) and value > 0
        sign = "+" if signed else ""
        return self.text[:start] + sign + _inline(value, in_flow, style) + self.text[end:]

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
        """Whole lines, with the comments above them; empty lines stay where they are."""
        items = [_parts(each) for each in owner.value]
        if isinstance(owner, yaml.MappingNode) and self._before(items[0][0]).strip():
            raise ValueError("the first key stands behind a dash")
        starts = [self._line_of(first) for first, _ in items]
        end = self._line_after(items[-1][1])
        blocks = [self.text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
        tails = [block[len(block.rstrip("\n")) :] for block in blocks]
        bodies = [block.rstrip("\n") for block in blocks]
        bodies.insert(to, bodies.pop(at))
        moved = "".join(body + tail for body, tail in zip(bodies, tails, strict=True))
        return self.text[: starts[0]] + moved + self.text[end:]

    def _moved_on_a_line(self, owner: Any, at: int, to: int) -> str:
        items = self._spans(owner)
        raw = [self.text[a:b] for a, b in items]
        raw.insert(to, raw.pop(at))
        gaps = [self.text[a:b] for (_, a), (b, _) in pairwise(items)]
        moved = "".join(piece + gap for piece, gap in zip(raw, [*gaps, ""], strict=True))
        return self.text[: items[0][0]] + moved + self.text[items[-1][1] :]

    def _relisted(self, node: Any, values: list[Any]) -> str:
        """Another list in a list's place: what stays in it stays as it is written."""
        old = [each.value for each in node.value]
        if not values or not all(isinstance(each, yaml.ScalarNode) for each in node.value):
            raise ValueError("a list of words becomes another one")
        ways = SequenceMatcher(None, old, [str(each) for each in values], autojunk=False)
        text, fresh = self.text, list(values)
        if node.flow_style:
            return self._relisted_on_a_line(node, fresh, ways.get_matching_blocks())
        indent = self._dash(node.value[0])
        for tag, i1, i2, j1, j2 in reversed(ways.get_opcodes()):
            if tag == "equal":
                continue
            same = min(i2 - i1, j2 - j1)
            at = self._start(node.value[0])
            if i1 + same:
                at = self._line_after(node.value[i1 + same - 1])
            until = self._line_after(node.value[i2 - 1]) if i2 > i1 + same else at
            more = _block(fresh[j1 + same : j2], indent) if j2 > j1 + same else ""
            text = text[:at] + more + text[until:]
            for k in reversed(range(same)):
                item = node.value[i1 + k]
                piece = _inline(fresh[j1 + k], False, item.style)
                text = text[: item.start_mark.index] + piece + text[item.end_mark.index :]
        return text

    def _relisted_on_a_line(self, node: Any, values: list[Any], blocks: Any) -> str:
        spans = self._spans(node)
        kept = {b + k: a + k for a, b, size in blocks for k in range(size)}
        made = ""
        for j, value in enumerate(values):
            i = kept.get(j)
            gap = ", " if not i else self.text[spans[i - 1][1] : spans[i][0]]
            piece = _inline(value, True) if i is None else self.text[slice(*spans[i])]
            made += piece if j == 0 else gap + piece
        return self.text[: spans[0][0]] + made + self.text[spans[-1][1] :]

    # ------------------------------------------------------------ places

    def _spans(self, owner: Any) -> list[tuple[int, int]]:
        parts = [_parts(each) for each in owner.value]
        return [(first.start_mark.index, last.end_mark.index) for first, last in parts]

    def _start(self, node: Any) -> int:
        """Where the line of a node begins."""
        return node.start_mark.index - node.start_mark.column

    def _before(self, node: Any) -> str:
        """What stands before it in its line."""
        return self.text[self._start(node) : node.start_mark.index]

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


def _parts(item: Any) -> tuple[Any, Any]:
    """First and last node of a list's item or of a mapping's pair."""
    return item if isinstance(item, tuple) else (item, item)


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
    writer.dump(loaded(value), out)
    text = out.getvalue()
    if isinstance(value, list):
        text = "".join(line[2:] + "\n" for line in text.splitlines())
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())
