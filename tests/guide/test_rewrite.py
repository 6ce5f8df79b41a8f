"""A form's edits touch what they name, and nothing else of the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assist.errors import GuideError
from assist.guide.rewrite import Edit, form_of, rewritten
from assist.guide.source import parse_document

GUIDES = Path(__file__).resolve().parents[2] / "guides"
APART = {"offers", "moods", "priors", "house"}
SHIPPED = sorted(p for p in GUIDES.glob("*.yaml") if p.stem not in APART)
PATH = Path("a.yaml")
TEXT = """\
# of the house
id: a
title: 慢   # short
lang: zh
owner: 'x'
slots:
  light: {label: 灯, choices: {red: 红, green: 绿}}   # seen on the box
  since:
    label: 何时

steps:
  # the first
  - id: one
    say: "您好"
    next: two

  - id: two
    ask: light
    say: >-
      灯是
      什么颜色
    choices: {red: three}
    otherwise: three

  - id: three       # the last
    end: solved
"""


def set_to(value: object, *at: str | int) -> Edit:
    return Edit(op="set", at=at, value=value)


def changed_lines(old: str, new: str) -> list[tuple[str, str]]:
    pairs = zip(old.split("\n"), new.split("\n"), strict=True)
    return [(a, b) for a, b in pairs if a != b]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_guides_stay_byte_for_byte_and_a_text_changes_its_line_alone(path: Path) -> None:
    text = path.read_text("utf-8")
    shown = form_of(text, path)
    assert shown is not None and rewritten(text, [], path) == text
    guide = shown["guide"]
    same = [set_to(step["id"], "steps", i, "id") for i, step in enumerate(guide["steps"])]
    assert rewritten(text, [*same, set_to(guide["title"], "title")], path) == text
    new = rewritten(text, [set_to("另一个：标题 # no comment", "title")], path)
    ((old_line, line),) = changed_lines(text, new)
    assert old_line.startswith("title:") and line.startswith("title:")
    for i in [i for i, step in enumerate(guide["steps"]) if "\n" not in step.get("say", "\n")][:3]:
        new = rewritten(text, [set_to("请您: 稍等 {好}", "steps", i, "say")], path)
        assert parse_document(new)[0].data["steps"][i]["say"] == "请您: 稍等 {好}"
        before, after = text.split("\n"), new.split("\n")
        same_from = next(k for k in range(len(before)) if before[k] != after[k])
        tail = len(after) - same_from - 1
        assert before[len(before) - tail :] == after[same_from + 1 :]


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (set_to("很慢", "title"), "title: 慢   # short", "title: 很慢   # short"),
        (set_to("yes: no", "title"), "title: 慢   # short", 'title: "yes: no"   # short'),
        (set_to("it's", "owner"), "owner: 'x'", "owner: 'it''s'"),
        (set_to("红灯", "slots", "light", "choices", "red"), "{red: 红, ", "{red: 红灯, "),
        (set_to("{{ a }}", "slots", "light", "label"), "label: 灯,", 'label: "{{ a }}",'),
        (set_to("黄", "slots", "light", "choices", "amber"), "绿}}", "绿, amber: 黄}}"),
        (set_to("什么灯", "steps", 1, "say"), ">-\n      灯是\n      什么颜色\n", "什么灯\n"),
        (set_to("two", "steps", 1, "choices", "green"), "{red: three}", "{red: three, green: two}"),
        (set_to(True, "steps", 0, "must_say"), "next: two\n", "next: two\n    must_say: true\n"),
        (Edit(op="remove", at=("steps", 0, "next")), "    next: two\n", ""),
        (Edit(op="remove", at=("slots", "light", "choices", "red")), "{red: 红, green", "{green"),
        (
            Edit(op="insert", at=("steps", 1), value={"id": "new", "say": "再: 来"}),
            "  - id: two\n",
            "  - id: new\n    say: '再: 来'\n\n  - id: two\n",
        ),
        (
            set_to({"from": "2026-01-01"}, "effective"),
            "    end: solved\n",
            "    end: solved\neffective:\n  from: 2026-01-01\n",
        ),
    ],
    ids=lambda value: value.op if isinstance(value, Edit) else "",
)  # fmt: skip
def test_an_edit_changes_its_place_alone(edit: Edit, old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert rewritten(TEXT, [edit], PATH) == TEXT.replace(old, new)


LISTS = """\
id: a
slots:
  light:
    label: 灯
    choices: {red: 红, green: 绿, dark: 不亮}
    hear:
      red:
        - 红的      # seen
        # said angrily
        - '红灯亮'
        - 一直红
      green: [绿的, "都, 绿", 亮绿]   # calm
  since: {label: 何时}     # free
steps:
  - {id: one, end: solved}
"""
RED = ("slots", "light", "hear", "red")
GREEN = ("slots", "light", "hear", "green")


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (
            set_to(["红的", "红灯亮", "一直红", "红: 光"], *RED),
            "一直红\n",
            "一直红\n        - '红: 光'\n",
        ),
        (set_to(["通红", "红灯亮", "一直红"], *RED), "- 红的  ", "- 通红  "),
        (set_to(["红的", "一直红"], *RED), "        # said angrily\n        - '红灯亮'\n", ""),
        (set_to(["红的", "红灯不灭", "一直红"], *RED), "'红灯亮'", "'红灯不灭'"),
        (set_to(["先红", "红的", "红灯亮", "一直红"], *RED), "- 红的", "- 先红\n        - 红的"),
        (set_to(["红的", "红灯亮"], *RED), "        - 一直红\n", ""),
        (set_to(["绿的", "亮绿"], *GREEN), '[绿的, "都, 绿", 亮绿]', "[绿的, 亮绿]"),
        (
            set_to(["全绿", "绿的", "都, 绿"], *GREEN),
            '[绿的, "都, 绿", 亮绿]',
            '[全绿, 绿的, "都, 绿"]',
        ),
        (
            Edit(op="move", at=("slots", "light", "choices", "dark"), to=0),
            "{red: 红, green: 绿, dark: 不亮}",
            "{dark: 不亮, red: 红, green: 绿}",
        ),
        (Edit(op="move", at=(*GREEN, 0), to=1), '[绿的, "都, 绿", 亮', '["都, 绿", 绿的, 亮'),
        (set_to("一直", *RED, 2), "一直红", "一直"),
    ],
)  # fmt: skip
def test_lists_change_where_they_differ(edit: Edit, old: str, new: str) -> None:
    assert LISTS.count(old) == 1
    assert rewritten(LISTS, [edit], PATH) == LISTS.replace(old, new)


def test_slots_move_with_their_lines_and_weights_keep_their_sign() -> None:
    moved = rewritten(LISTS, [Edit(op="move", at=("slots", "since"), to=0)], PATH)
    assert moved.startswith("id: a\nslots:\n  since: {label: 何时}     # free\n  light:\n")
    assert rewritten(moved, [Edit(op="move", at=("slots", "since"), to=1)], PATH) == LISTS
    signed = LISTS + "opens_when:\n  tags: {vip: +1.0}\n"
    for value, shown in ((0.5, "+0.5"), (-1, "-1")):
        edit = set_to(value, "opens_when", "tags", "vip")
        assert rewritten(signed, [edit], PATH).endswith(f"{{vip: {shown}}}\n")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_lists_and_tables_of_the_shipped_guides_can_be_changed(path: Path) -> None:
    text = path.read_text("utf-8")
    found = _parts(parse_document(text)[0].data, ())
    for at, value in found[:: max(1, len(found) // 12)]:
        if isinstance(value, list):
            edit = set_to([*value[1:], "再来一句"], *at)
        else:
            edit = Edit(op="move", at=(*at, list(value)[-1]), to=0)
        new = rewritten(text, [edit], path)
        assert new.count("#") == text.count("#"), at


def _parts(data: Any, at: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Lists of words, and tables that an editor puts in order."""
    if isinstance(data, list) and all(isinstance(each, str) for each in data):
        return [(at, data)]
    if isinstance(data, list):
        return [part for i, each in enumerate(data) for part in _parts(each, (*at, i))]
    if not isinstance(data, dict):
        return []
    found = [part for key, each in data.items() for part in _parts(each, (*at, key))]
    return [(at, data), *found] if at[-1:] in (("slots",), ("choices",), ("tags",)) else found


def test_a_step_moves_with_its_comment() -> None:
    moved = rewritten(TEXT, [Edit(op="move", at=("steps", 0), to=1)], PATH)
    assert moved.index("- id: two") < moved.index("# the first\n  - id: one")
    assert rewritten(moved, [Edit(op="move", at=("steps", 1), to=0)], PATH) == TEXT


@pytest.mark.parametrize(
    "edit",
    [
        set_to("x", "steps", 9, "say"),
        set_to("x", "nowhere", "deep"),
        Edit(op="remove", at=("steps", 0, "id")),
        set_to({"label": "x"}, "slots", "since"),
    ],
)
def test_what_would_touch_more_is_refused(edit: Edit) -> None:
    with pytest.raises(GuideError):
        rewritten(TEXT, [edit], PATH)


def test_no_guide_has_no_form() -> None:
    assert form_of("steps: [", PATH) is None
    with pytest.raises(GuideError, match="no YAML"):
        rewritten("steps: [", [set_to("x", "title")], PATH)
