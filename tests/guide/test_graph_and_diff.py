"""The flowchart of a guide, and what a change means for the walk."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.guide.diff import differences
from assist.guide.graph import edges_of, mermaid
from assist.guide.load import load_book
from assist.guide.model import Guide
from assist.guide.shelf import Shelf, shelve_guide

GUIDES = Path(__file__).resolve().parents[2] / "guides"
TEXT = """\
id: box
title: 光猫
lang: zh
owner: 测试
slots:
  light: {label: 灯, choices: {green: 绿灯, red: 红灯, dark: 不亮}, hear: {green: [全绿]}}
steps:
  - id: line
    diagnose: line.probe
    manual: light
    cases: [{when: result.bad, next: visit}, {next: light}]
  - {id: light, ask: light, say: 亮什么灯？, choices: {green: done, red: visit}, otherwise: visit}
  - {id: reboot, say: 请重启。, only_if: slots.light == 'dark'}
  - {id: done, end: solved, say: 再见。, disposition: 好了}
  - {id: visit, end: ticket, disposition: 报修}
"""


def guide(text: str = TEXT) -> Guide:
    shelf = Shelf()
    shelve_guide(shelf, text, "box.yaml")
    return shelf.guides["box"].item


def told(old: str, new: str) -> list[str]:
    assert old in TEXT
    return [change.message for change in differences(guide(), guide(TEXT.replace(old, new, 1)))]


def test_every_way_out_of_a_step_is_an_edge() -> None:
    line, light, reboot, done, _ = guide().steps
    assert [(e.key, e.target) for e in edges_of(guide(), line)] == [
        ("case:result.bad", "visit"),
        ("case:", "light"),
        ("manual", "light"),
    ]
    assert [(e.key, e.target) for e in edges_of(guide(), light)] == [
        ("choice:green", "done"),
        ("choice:red", "visit"),
        ("next", "reboot"),
        ("otherwise", "visit"),
    ]
    assert [(e.key, e.target) for e in edges_of(guide(), reboot)] == [
        ("next", "done"),
        ("passed", "done"),
    ]
    assert edges_of(guide(), done) == []


def test_the_flowchart_names_steps_and_reasons() -> None:
    text = mermaid(guide())
    assert text.startswith("flowchart TD\n")
    assert '    s_light -->|"绿灯"| s_done\n' in text
    assert '    s_light -->|"红灯 / 说不清"| s_visit\n' in text
    assert "    s_reboot --> s_done\n" in text
    assert '    s_done(["好了（解决）"])\n' in text


@pytest.mark.parametrize("guide_id", sorted(p.stem for p in GUIDES.glob("*.*.yaml")))
def test_every_shipped_guide_can_be_drawn(guide_id: str) -> None:
    drawn = load_book(GUIDES).guides[guide_id]
    text = mermaid(drawn)
    assert all(f"s_{step.id.replace('-', '_')}" in text for step in drawn.steps)
    assert differences(drawn, drawn) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("green: done", "green: reboot", "step light: answer 绿灯 now leads to reboot, not done"),
        ("red: visit}", "red: visit, dark: reboot}", "step light: answer 不亮 is new and leads to"),
        (
            "otherwise: visit",
            "otherwise: done",
            "step light: “说不清” now leads to done, not visit",
        ),
        (
            "manual: light",
            "manual: visit",
            "step line: “系统没有回答” now leads to visit, not",
        ),
        (
            "when: result.bad",
            "when: result.cut",
            "step line: result result.cut is new and leads",
        ),
        (
            "say: 请重启。",
            "say: 请断电重启。",
            "step reboot now says: “请断电重启。”; before",
        ),
        ("green: [全绿]", "green: [全绿, 没有红的]", "slot light: 绿灯 is also heard in 没有红的"),
        (", only_if: slots.light == 'dark'", "", "step reboot is always shown; it was only if"),
        ("end: solved", "end: escalated", "step done, end: “solved” is now “escalated”"),
        ("id: line\n", "id: start\n", "the guide now begins with start, not line"),
        ("owner: 测试", "owner: 别人", "owner: “测试” is now “别人”"),
    ],
)
def test_a_change_is_told_as_what_it_means(old: str, new: str, message: str) -> None:
    assert any(found.startswith(message) for found in told(old, new)), told(old, new)


def test_comments_and_layout_are_no_difference() -> None:
    assert told("steps:\n", "# moved\nsteps:\n\n") == []
