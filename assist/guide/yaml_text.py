"""YAML text to plain Python, in our dialect: with marks where a place is asked for, fast where not.

Knows nothing of files or guides; what is wrong is thrown as PyYAML throws it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml
from yaml import events as told
from yaml.constructor import ConstructorError


class Loader(yaml.SafeLoader):
    """YAML 1.2 where it matters: yes, no, on and off are words, 9:00 and 0123 are no numbers."""


_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FastLoader(_Parser):
    """The same by libyaml where PyYAML has it: five times as fast, and vague about mistakes."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """As PyYAML's, without its paths, which nobody here uses."""
        if kind is yaml.ScalarNode:
            if implicit[0]:
                for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return tag
            return self.DEFAULT_SCALAR_TAG
        is_list = kind is yaml.SequenceNode
        return self.DEFAULT_SEQUENCE_TAG if is_list else self.DEFAULT_MAPPING_TAG


_BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{t}" for t in ("bool", "int", "float"))


def _date(loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as e:
        raise ConstructorError(problem=str(e), problem_mark=node.start_mark) from e


def _teach(loader: Any) -> None:
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if tag not in (_BOOL, _INT, _FLOAT)]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    words = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
    loader.add_implicit_resolver(_BOOL, words, "tTfF")
    loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), "-+0123456789")
    floats = re.compile(r"^[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?$")
    loader.add_implicit_resolver(_FLOAT, floats, "-+0123456789.")
    loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


for _each in (Loader, FastLoader):
    _teach(_each)


def composed(text: str) -> tuple[yaml.Node | None, Any]:
    """The marked nodes of a text and the plain data made of them.

    What libyaml refuses is read once more by PyYAML's own parser, for its better messages.
    """
    try:
        return _composed_by(FastLoader, text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return _composed_by(Loader, text)


def _composed_by(kind: Any, text: str) -> tuple[yaml.Node | None, Any]:
    loader = kind(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        _unfolds(node, {})
        return node, loader.construct_document(node)
    finally:
        loader.dispose()


def _unfolds(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Values that a node has once every alias in it is what it names; 0 while it is being counted.

    Ten aliases of ten aliases … would take all memory of whoever walks them. Raises
    ConstructorError at the first node that is too large, or contains itself.
    """
    if isinstance(node, yaml.ScalarNode):
        return 1
    if (known := sizes.get(id(node))) is not None:
        if known == 0:
            raise ConstructorError(
                problem="an alias stands within what it names", problem_mark=node.start_mark
            )
        return known
    sizes[id(node)] = 0
    size = 1
    for child in node.value:
        pair = child if isinstance(child, tuple) else (child,)
        size += sum(_unfolds(each, sizes) for each in pair)
    if size > MOST_VALUES:
        message = f"it unfolds to more than {MOST_VALUES} values"
        raise ConstructorError(problem=message, problem_mark=node.start_mark)
    sizes[id(node)] = size
    return size


MOST_VALUES = 100_000
"""In one file, aliases unfolded; the largest of ours has two thousand."""


class _Unusual(Exception):
    """Something that only the way over the nodes can judge."""


def plain_data(text: str) -> dict[Any, Any] | list[Any] | None:
    """What `composed` makes of a faultless mapping or list of ordinary YAML, without its nodes, in
    a third of the time; None for everything else."""
    loader = FastLoader(text)
    try:
        return _Builder(loader).document()
    except (_Unusual, yaml.YAMLError, ValueError, RecursionError):
        return None
    finally:
        loader.dispose()


class _Builder:
    """Data from the parser's events, one pass; `_Unusual` at the first thing it does not know."""

    def __init__(self, loader: Any) -> None:
        self._next = loader.get_event
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0

    def document(self) -> dict[Any, Any] | list[Any]:
        self._next()
        if not isinstance(self._next(), told.DocumentStartEvent):
            raise _Unusual
        data = self._value(self._next())
        if not isinstance(data, dict | list) or not isinstance(self._next(), told.DocumentEndEvent):
            raise _Unusual
        if not isinstance(self._next(), told.StreamEndEvent) or self._size > MOST_VALUES:
            raise _Unusual  # a second document, or an alias too many
        return data

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is told.AliasEvent:
            if event.anchor not in self._anchors:
                raise _Unusual
            data, size = self._anchors[event.anchor]
            self._size += size
            return data
        self._size += 1
        if event.tag is not None or self._size > MOST_VALUES:
            raise _Unusual
        before = self._size
        if kind is told.ScalarEvent:
            data = _scalar(event.value) if event.implicit[0] else event.value
        elif kind is told.MappingStartEvent:
            data = self._mapping()
        else:
            data = self._sequence()
        if event.anchor is not None:  # known once it is whole: nothing contains itself here
            if event.anchor in self._anchors:
                raise _Unusual
            self._anchors[event.anchor] = data, 1 + self._size - before
        return data

    def _sequence(self) -> list[Any]:
        found: list[Any] = []
        while type(event := self._next()) is not told.SequenceEndEvent:
            found.append(self._value(event))
        return found

    def _mapping(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        merged: list[dict[Any, Any]] = []
        count, seen = 0, set[str]()
        while type(event := self._next()) is not told.MappingEndEvent:
            if type(event) is not told.ScalarEvent or event.tag is not None or event.anchor:
                raise _Unusual
            count += 1
            seen.add(event.value)
            if event.value == "<<" and event.implicit[0]:
                value = self._value(self._next())
                merged += value if isinstance(value, list) else [value]
            else:
                key = _scalar(event.value) if event.implicit[0] else event.value
                found[key] = self._value(self._next())
        if len(seen) < count or not all(isinstance(each, dict) for each in merged):
            raise _Unusual  # a key written twice
        return {k: v for each in reversed(merged) for k, v in each.items()} | found


@lru_cache(maxsize=10_000)
def _scalar(value: str) -> Any:
    """A plain scalar's value by our resolvers. Raises _Unusual for what they seldom meet."""
    for tag, pattern in FastLoader.yaml_implicit_resolvers.get(value[:1], ()):
        if pattern.match(value):
            return _made(tag, value)
    return value


def _made(tag: str, value: str) -> Any:
    match tag:
        case _ if tag == _BOOL:
            return value.lower() == "true"
        case _ if tag == _INT:
            return int(value)
        case _ if tag == _FLOAT:
            return float(value)
        case "tag:yaml.org,2002:null":
            return None
    node = yaml.ScalarNode(tag, value)
    if tag == "tag:yaml.org,2002:timestamp":
        return yaml.SafeLoader("").construct_yaml_timestamp(node)
    raise _Unusual
