"""Files no editor should write: shipped ones with a few things broken, and YAML by chance.

Whatever stands in a file, reading and judging it must end with problems that have a place.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from assist.desk.connectors import load_connectors
from assist.errors import GuideError
from assist.guide.check import check_guide
from assist.guide.load import book_of
from assist.guide.shelf import Shelf, with_guide
from assist.guide.source import read_document
from assist.problems import Problem

_PLACE = re.compile(r"^.+:[1-9]\d*:[1-9]\d*: ")
_ODD_TEXTS = (
    *("", " ", "{{", "}}", "{% if", "{{ x }}", "{{ slots.nobody }}", "{{ customer.", "{{ slots }}"),
    *("{{ 1 / 0 }}", "{% for x in y %}", "nowhere", "null", "yes", "0123", "9:00", "2026-13-40"),
    *("(", "[a-", "*", "&a", "!!python/object:os.system", "\ufeff", "\u2028", "🙂", "a" * 5000),
    *("\\", "e\u0301", "\x85"),
)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(_ODD_TEXTS),
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.dates(),
    st.binary(max_size=4),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [[[[]]]]),
    st.lists(st.sampled_from(_ODD_TEXTS), max_size=3),
    st.dictionaries(st.sampled_from(("id", "next", "say", "ask", "")), st.integers(), max_size=2),
)
RANDOM: st.SearchStrategy[Any] = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("id", "slots", "steps", "args", "path", "x")), inner)
    ),
    max_leaves=12,
)
_MARKS = st.sampled_from("{}[]:,&*!|>%@`\"'#-?\t\n \x00\ufeff\u2028🙂<=~")
_KINDS = ("values", "values", "values", "letters", "lines", "yaml", "bytes")


@st.composite
def broken(draw: Callable[..., Any], shipped: list[str]) -> bytes:
    """The bytes of one file: a shipped one with values, keys, characters or lines changed, or
    YAML, text or bytes by chance."""
    kind = draw(st.sampled_from(_KINDS))
    if kind == "yaml":
        return yaml.safe_dump(draw(RANDOM), allow_unicode=True).encode()
    if kind == "bytes":
        return draw(st.binary(max_size=200) | st.text(max_size=200).map(_encoded))
    text = draw(st.sampled_from(shipped))
    if kind == "values":
        data = deepcopy(yaml.safe_load(text))
        for _ in range(draw(st.integers(1, 4))):
            _change(draw, data)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()
    if kind == "lines":
        lines = text.splitlines(keepends=True)
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, len(lines) - 1))
            other = lines[draw(st.integers(0, len(lines) - 1))]
            lines[at] = draw(st.sampled_from(("", other, " " + lines[at], lines[at] * 2, "\t")))
        return "".join(lines).encode()
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(_MARKS) + text[at + draw(st.integers(0, 3)) :]
    return text.encode()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _change(draw: Callable[..., Any], data: Any) -> None:
    """One value, key or item somewhere in the data becomes another, goes, or comes twice."""
    owners = [each for each in _owners(data) if each]
    if not owners:
        return
    owner = draw(st.sampled_from(owners))
    how = draw(st.sampled_from(("odd", "odd", "drop", "rename", "swap")))
    if isinstance(owner, list):
        at = draw(st.integers(0, len(owner) - 1))
        if how == "drop":
            del owner[at]
        elif how == "swap":
            owner.append(deepcopy(owner[at]))
        else:
            owner[at] = draw(ODD)
        return
    keys = list(owner)
    key = draw(st.sampled_from(keys))
    if how == "drop":
        del owner[key]
    elif how == "rename":
        owner[draw(st.sampled_from(("x", "id", "next", "say", 7, None, True)))] = owner.pop(key)
    elif how == "swap":
        other = draw(st.sampled_from(keys))
        owner[key], owner[other] = owner[other], owner[key]
    else:
        owner[key] = draw(ODD)


def _owners(data: Any) -> list[Any]:
    found, todo = [], [data]
    while todo:
        each = todo.pop()
        if isinstance(each, dict | list):
            found.append(each)
            todo += each.values() if isinstance(each, dict) else each
    return found


def judge_guide(raw: bytes, shelf: Shelf, path: Path) -> list[Problem]:
    """The problems of a guide of these bytes beside the others of the shelf.

    Raises AssertionError for one without a place, for a file that is neither used nor refused, and
    for a clean one that cannot be loaded; whatever else is thrown is a crash.
    """
    path.write_bytes(raw)
    document, problems = read_document(path)
    other = with_guide(shelf, document.text, path) if document.readable else None
    if other is not None:
        problems = check_guide(other, path)
    lines = raw.decode("utf-8", "replace").count("\n") + 2
    for problem in problems:
        assert problem.path == str(path) and problem.column >= 1, problem
        assert 1 <= problem.line <= lines, problem
    errors = [problem for problem in problems if problem.level == "error"]
    if other is None:
        assert problems or not document.text.strip() or document.data is None, raw
    elif not errors:
        assert path.stem in other.guides, raw
        book_of(other, "broken")
    return problems


def judge_connector(raw: bytes) -> str:
    """What is wrong with a connector of these bytes, or ""; as `judge_guide`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.yaml"
        path.write_bytes(raw)
        try:
            load_connectors(Path(folder))
        except GuideError as error:
            lines = error.message.splitlines()
            assert lines and all(_PLACE.match(line) for line in lines), error.message
            return error.message
    return ""
