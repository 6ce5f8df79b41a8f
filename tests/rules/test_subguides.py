"""A guide within a guide: there, back, put away, twice, and never round without end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import BOOK, Bench, kinds, unlike

from assist import events as ev
from assist.guide.check import check
from assist.guide.model import Guide
from assist.rules.tools import Tools


def guide(name: str, *steps: dict[str, Any], **more: Any) -> Guide:
    head = {"id": name, "title": name.upper(), "lang": "zh", "owner": "测试", "hash": f"h-{name}"}
    return Guide.model_validate({**head, "steps": list(steps), **more})


CHECK = guide(
    "check",
    {"id": "name", "ask": "name", "say": "请问您贵姓？", "otherwise": "out"},
    {"id": "out", "end": "solved", "disposition": "核对过"},
    slots={"name": {"label": "姓名"}},
)
OUTER = guide(
    "outer",
    {"id": "hello", "say": "您好。"},
    {"id": "identity", "guide": "check"},
    {"id": "again", "say": "{{ slots.name }}您好，还要核对一次吗？", "next": "hello"},
    {"id": "end", "end": "escalated", "disposition": "外层"},
    slots={"name": {"label": "姓名"}},
)
TOOLS = Tools(replace(BOOK, guides={"check": CHECK, "outer": OUTER}), unlike)


def inside() -> Bench:
    bench = Bench(TOOLS)
    bench.put(ev.CallStarted(agent="a"))
    bench.press(ev.OpenGuide(guide="outer"))
    bench.press(ev.TickStep(guide="outer", step="hello"))
    return bench


def stack(bench: Bench) -> list[str]:
    return [page.guide for page in bench.state.pages]


def test_the_inner_guide_stands_on_top_and_its_end_leads_back_to_next() -> None:
    bench = inside()
    assert kinds(bench.facts)[-3:] == ["step_shown:identity", "guide_opened", "step_shown:name"]
    assert stack(bench) == ["outer", "check"] and bench.state.pages[-1].from_guide == "outer"
    followed = bench.press(ev.SetSlot(slot="name", value="王"))
    assert kinds(followed) == [
        "slot_filled",
        "step_ticked:name",
        "step_shown:out",
        "step_ticked:out",
        "guide_closed",
        "step_ticked:identity",
        "step_shown:again",
    ]
    shown = followed[-1]
    assert isinstance(shown, ev.StepShown) and shown.text.startswith("王您好")
    assert stack(bench) == ["outer"]


def test_the_agent_may_look_back_meanwhile_and_the_inner_guide_still_leads_back() -> None:
    bench = inside()
    bench.press(ev.OpenGuide(guide="outer"))
    assert stack(bench) == ["check", "outer"] and bench.current == "identity"
    bench.press(ev.OpenGuide(guide="check"))
    bench.press(ev.AnswerStep(guide="check", step="name", choice=""))
    assert stack(bench) == ["outer"] and bench.current == "again"


def test_put_away_it_waits_at_its_step_and_may_be_opened_again_or_passed() -> None:
    bench = inside()
    bench.press(ev.CloseGuide(guide="check"))
    assert stack(bench) == ["outer"] and bench.current == "identity"
    bench.press(ev.OpenGuide(guide="check"))
    assert bench.current == "name"
    bench.press(ev.CloseGuide(guide="check"))
    bench.press(ev.TickStep(guide="outer", step="identity"))
    assert bench.current == "again"


def test_a_second_time_it_begins_anew_and_a_circle_is_bounded() -> None:
    bench = inside()
    bench.press(ev.AnswerStep(guide="check", step="name", choice=""))
    for _ in range(3):
        bench.press(ev.TickStep(guide="outer", step="again"))
        bench.press(ev.TickStep(guide="outer", step="hello"))
        assert bench.current == "name", "walked from its beginning"
        bench.press(ev.AnswerStep(guide="check", step="name", choice=""))
    followed = bench.press(ev.TickStep(guide="outer", step="again"))
    assert kinds(followed) == ["step_ticked:again", "trouble:hello"]


def test_outcome_and_disposition_are_the_outer_guide_s() -> None:
    bench = inside()
    bench.press(ev.AnswerStep(guide="check", step="name", choice=""))
    wrapped = bench.press(ev.WrapUp())[0]
    assert wrapped == ev.CallWrapped(outcome="uncovered", by="system")


def test_guides_that_lead_to_each_other_are_named_with_the_way_round(tmp_path: Path) -> None:
    for name, to in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "nobody")):
        (tmp_path / f"{name}.yaml").write_text(
            f"id: {name}\ntitle: 例\nlang: zh\nowner: 示例\nsteps:\n"
            f"  - {{id: go, guide: {to}}}\n  - {{id: done, end: solved, disposition: 完}}\n",
            "utf-8",
        )
    found = [(Path(p.path).stem, p.line, p.rule, p.said.en) for p in check(tmp_path)]
    without_end = "guides lead to each other without end: "
    assert found == [
        ("a", 6, "guide-cycle", f"{without_end}a → b → c → a; break the round"),
        ("b", 6, "guide-cycle", f"{without_end}b → c → a → b; break the round"),
        ("c", 6, "guide-cycle", f"{without_end}c → a → b → c; break the round"),
        ("e", 6, "guide-unknown", "there is no guide 'nobody'"),
    ]
