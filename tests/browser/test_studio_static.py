"""What holds for the studio's modules without driving its pages."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from browser.fixtures.panel_server import Server
from playwright.sync_api import Page

from assist.guide.model import Guide
from assist.guide.schema import json_schema

STATIC = Path(__file__).parents[2] / "ui" / "static"
TEXT = """\
id: a
opens_when:
  tags: {mobile: +1}
slots:
  light:
    label: x
    choices: {red: r, green: g}
steps:
  - id: one
    ask: light
    choices:
      red: two
  - id: two
    diagnose: line
    cases:
      - when: x
        next: one
      - {when: y, next: o}
    manual: one
    re
"""
FACTS = {
    "steps": [{"id": "one", "title": "1"}, {"id": "two", "title": "2"}],
    "slots": {"light": {"red": "r", "green": "g"}},
}
NAMES: dict[str, Any] = {
    **{"guides": {"b": "B"}, "tickets": {"t": {"title": "T"}}, "offers": {"o": "O"}},
    **{"connectors": {"line": {}}, "tags": ["mobile", "vip"]},
}
CHOICES = """async ([text, at, vocabulary, facts]) => {
  const { askedAt, choicesAt, placeOf } = await import('/static/studio/completion.js');
  const asked = askedAt(text, at);
  return choicesAt(placeOf(text, at), vocabulary, { ...facts, asked }).map((each) => each.label);
}"""


def test_the_text_editor_is_the_one_that_was_written_down() -> None:
    folder = STATIC / "vendor" / "editor"
    table = (folder / "README.md").read_text()
    ((name, written),) = re.findall(r"^\| ([\w.]+) \|.*\| ([0-9a-f]{64}) \|$", table, re.M)
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == written
    assert "MIT" in (folder / "LICENSE-codemirror.txt").read_text()


def test_only_the_page_of_a_guide_loads_the_text_editor() -> None:
    files = [p for p in STATIC.rglob("*.js") if "vendor" not in p.parts]
    users = {p.name for p in files if "vendor/editor/" in p.read_text()}
    assert users == {"yaml-editor.js"}
    assert "import './" not in (STATIC / "studio" / "main.js").read_text()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("before", "offered", "not_offered"),
    [
        ("id: a\n", {"title", "steps", "effective"}, {"say"}),
        ("    ask: ", {"light"}, {"one"}),
        ("      red: ", {"one", "two"}, {"light"}),
        ("    choices:\n      ", {"red", "green"}, {"id"}),
        ("    diagnose: ", {"line"}, set[str]()),
        ("{when: y, next: ", {"one", "two"}, set[str]()),
        ("      - ", {"when", "next"}, {"say"}),
        ("    manual: one\n    re", {"say", "next", "must_say"}, {"when"}),
        ("  tags: {", {"mobile", "vip"}, set[str]()),
        ("  light:\n    ", {"label", "type", "required"}, {"say"}),
    ],
    ids=["top", "ask", "answer", "choices", "diagnose", "flow", "case", "step", "tags", "slot"],
)
def test_completion_knows_what_may_stand_where(
    page: Page, server: Server, before: str, offered: set[str], not_offered: set[str]
) -> None:
    page.goto(f"{server.url}/blank")
    vocabulary = {"schema": json_schema(Guide), "names": NAMES}
    at = TEXT.index(before) + len(before)
    found = set(page.evaluate(CHOICES, [TEXT, at, vocabulary, FACTS]))
    assert offered <= found and not offered & not_offered and not found & not_offered


@pytest.mark.browser
def test_the_graph_stands_by_the_longest_way_and_marks_what_leads_back(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/blank")
    steps = [{"id": name, "title": name} for name in "abcd"]
    ways = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "a"), ("c", "d"), ("c", "d"), ("d", "x")]
    edges = [{"from": a, "to": b, "key": str(i), "why": f"w{i}"} for i, (a, b) in enumerate(ways)]
    made = page.evaluate(
        "async (given) => (await import('/static/studio/graph-layout.js')).layout(...given)",
        [steps, edges],
    )
    rows = [node["y"] for node in made["nodes"]]
    assert rows == sorted(rows) and len(set(rows)) == 4
    drawn = {(e["from"], e["to"]): e for e in made["edges"]}
    assert set(drawn) == set(ways[:-1]), "a way to nowhere is not drawn"
    assert [pair for pair, edge in drawn.items() if edge["back"]] == [("c", "a")]
    assert drawn["c", "d"]["why"] == "w4 / w5"
