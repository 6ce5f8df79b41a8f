"""YAML files with their places kept: what was read, where it stands, what is wrong with it.

Every problem of a file is collected, none is thrown; nothing here knows what a guide means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.reader import ReaderError

from assist.guide.rule_texts import RULE_TEXTS, RULES
from assist.guide.yaml_text import composed, plain_data
from assist.problems import Level, Problem, Said, fault_said, rule_of, said
from assist.problems.parsers import yaml_said

Loc = Sequence[str | int]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A file as read: `data` is plain Python; `readable` unless it is empty or no YAML."""

    path: str
    text: str
    hash: str
    data: Any = None
    readable: bool = False

    @cached_property
    def node(self) -> yaml.Node | None:
        """The same with marks, composed anew for the few files whose places are asked for: a
        thousand trees of nodes would cost more than a thousand guides."""
        return composed(self.text)[0] if self.readable else None

    def problem(self, loc: Loc, key: str, *, needle: str = "", **values: Any) -> Problem:
        """What the key of RULE_TEXTS says with these values, at `loc`, or at `needle` (a regular
        expression) within the value there."""
        rule = rule_of(key)
        return self.marked(loc, rule, said(RULE_TEXTS, key, values), RULES[rule], needle=needle)

    def marked(
        self, loc: Loc, rule: str, told: Said, level: Level = "error", *, needle: str = ""
    ) -> Problem:
        line, column = self.place(loc, needle)
        return Problem(self.path, line, column, rule, told, level)

    def place(self, loc: Loc, needle: str = "") -> tuple[int, int]:
        """Line and column of the value at `loc`; of the nearest one above when it is not there."""
        node, key = self._find(loc)
        if needle and node is not None:
            found = re.compile(needle).search(self.text, node.start_mark.index, node.end_mark.index)
            if found:
                before = self.text[: found.start()]
                return before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
        at = key or node
        return (at.start_mark.line + 1, at.start_mark.column + 1) if at is not None else (1, 1)

    def source_of(self, loc: Loc) -> tuple[str, int]:
        """The raw text of the value at `loc` as it stands in the file, and its first line."""
        node, _ = self._find(loc)
        if node is None:
            return "", 1
        raw = self.text[node.start_mark.index : node.end_mark.index]
        return raw, node.start_mark.line + 1

    def _find(self, loc: Loc) -> tuple[yaml.Node | None, yaml.Node | None]:
        """The value node at `loc` and its key, where the last step of `loc` is a key."""
        node, key = self.node, None
        for part in loc:
            found: tuple[yaml.Node, yaml.Node | None] | None = None
            if isinstance(node, yaml.MappingNode):
                pairs = ((k, v) for k, v in node.value if k.value == str(part))
                found = next(((v, k) for k, v in pairs), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                found = (node.value[part], None) if part < len(node.value) else None
            if found is None:
                break
            node, key = found
        return node, key


def read_document(path: Path, shown_as: str = "") -> tuple[Document, list[Problem]]:
    """Reads one YAML file; what is wrong with it as YAML comes back as problems."""
    name = shown_as or str(path)
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()[:12]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        return Document(name, "", digest), [_unreadable(name, line, 1, ".encoding", at=e.start)]
    return parse_document(text, name, digest)


def parse_document(
    text: str, name: str = "<text>", digest: str = ""
) -> tuple[Document, list[Problem]]:
    digest = digest or hashlib.sha256(text.encode()).hexdigest()[:12]
    if (plain := plain_data(text)) is not None:
        return Document(name, text, digest, plain, True), []
    try:
        node, data = composed(text)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        fault = yaml_said(e.problem or e.context or "not YAML")
        braces = re.search(r":\s*{{", "".join(text.split("\n")[line - 1 : line]))
        which = ".braces" if braces else ""
        return Document(name, text, digest), [_unreadable(name, line, column, which, fault=fault)]
    except ReaderError as e:
        line = text.count("\n", 0, e.position) + 1
        code = f"{e.character:#x}"
        return Document(name, text, digest), [_unreadable(name, line, 1, ".character", code=code)]
    except (yaml.YAMLError, ValueError, RecursionError) as e:
        fault = yaml_said(" ".join(str(e).split()))
        return Document(name, text, digest), [_unreadable(name, 1, 1, "", fault=fault)]
    document = Document(name, text, digest, data, node is not None)
    return document, list(_duplicate_keys(document, node)) if node is not None else []


def _unreadable(name: str, line: int, column: int, which: str, **values: Any) -> Problem:
    told = said(RULE_TEXTS, f"yaml-syntax{which}", values)
    return Problem(name, line, column, "yaml-syntax", told)


def _duplicate_keys(document: Document, root: yaml.Node) -> Iterator[Problem]:
    todo, seen = [root], {id(root)}
    while todo:
        node = todo.pop()
        children: list[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            children = [value for _, value in node.value]
            yield from _twice(document, [key for key, _ in node.value])
        fresh = [child for child in children if id(child) not in seen]
        seen |= {id(child) for child in fresh}
        todo += fresh


def _twice(document: Document, keys: Sequence[yaml.Node]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key in keys:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if key.value in first:
            values = {"key": key.value, "line": first[key.value]}
            told = said(RULE_TEXTS, "yaml-duplicate-key", values)
            yield Problem(document.path, line, column, "yaml-duplicate-key", told)
        first.setdefault(key.value, line)


def build(
    model: type[M], document: Document, loc: Loc = (), **extra: Any
) -> tuple[M | None, list[Problem]]:
    """The model made of the mapping at `loc`, with everything that is wrong with it.

    Fields that make no sense are reported and left out, so that the rest can still be checked;
    None where too little is left. With a problem, the model is good for checking only.
    """
    data = document.data
    for part in loc:
        data = data[part]
    if not isinstance(data, dict):
        found = type(data).__name__ if data is not None else "nothing"
        return None, [document.problem(loc, "schema.mapping", found=found)]
    problems: list[Problem] = []
    data = data | extra
    while True:
        try:
            return model.model_validate(data), problems
        except ValidationError as e:
            faults = e.errors(include_url=False)
        data = data if problems else deepcopy(data)
        problems += [
            document.marked((*loc, *fault["loc"]), "schema", fault_said(fault)) for fault in faults
        ]
        spare = [fault["loc"] for fault in faults if fault["type"] in _SPARE]
        unsaid = [fault["loc"] for fault in faults if fault["type"] == "missing"]
        places = {_place_of(data, at) for at in spare}
        if () in places or len(spare) + len(unsaid) < len(faults):
            return None, problems
        for place in places:
            _owner(data, place).pop(place[-1], None)
        for at in unsaid:
            if at[-1] not in _FOR_PEOPLE:
                return None, problems
            _owner(data, at)[at[-1]] = str(at[-1])


_SPARE = {"extra_forbidden", "string_type", "bool_type", "float_type", "literal_error"}
"""Faults of one field alone."""
_FOR_PEOPLE = {"title", "label", "owner"}
"""Fields whose absence keeps nothing else from being checked."""


def _place_of(data: Any, loc: Loc) -> tuple[str | int, ...]:
    """The part of `loc` that leads to the innermost key of `data`; empty without one."""
    place: tuple[str | int, ...] = ()
    for i, part in enumerate(loc, 1):
        if isinstance(data, dict) and part in data:
            place, data = tuple(loc[:i]), data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            break
    return place


def _owner(data: Any, place: Loc) -> dict[Any, Any]:
    """The mapping that holds the last part of `place`; an empty one where the way is cut off."""
    for part in place[:-1]:
        data = data.get(part, {}) if isinstance(data, dict) else data[part]
    return data
