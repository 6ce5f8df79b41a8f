"""The agent is reminded of what must not be said, and sees what a step stands on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bench import BOOK, LINE_GUIDE, Bench, kinds, unlike

from assist import events as ev
from assist.guide.model import Guide, House
from assist.rules.tools import Tools

STEP = {
    "must_not_say": ["肯定是您弄坏的"],
    "policy": {
        "text": "{{ customer.surname }}家的线路免费检修",
        "source": "服务承诺第 3 条",
        "valid_until": "2026-06-30",
    },
}
RAW = LINE_GUIDE.model_dump(by_alias=True, exclude_defaults=True)
GUIDE = Guide.model_validate(
    RAW
    | {
        "must_not_say": ["保证今天修好"],
        "steps": [RAW["steps"][0] | STEP, *RAW["steps"][1:]],
    }
)
TOOLS = Tools(
    replace(BOOK, guides={"line": GUIDE}, house=House(must_not_say={"zh": ["这不归我管"]})), unlike
)


def on_the_line(started_at: str = "") -> Bench:
    bench = Bench(TOOLS)
    bench.put(ev.CallStarted(agent="a", started_at=started_at))
    bench.press(ev.OpenGuide(guide="line"))
    return bench


def test_said_by_the_agent_it_is_a_fact_with_the_words_and_who_forbids_it() -> None:
    bench = on_the_line()
    followed = bench.say("agent", "肯定是您弄坏的，不过我保证今天修好，别的这不归我管。")
    assert kinds(followed) == ["prohibited_said:hello", "prohibited_said", "prohibited_said"]
    told = [f for f in followed if isinstance(f, ev.ProhibitedSaid)]
    assert [(f.phrase, f.guide, f.step) for f in told] == [
        ("肯定是您弄坏的", "line", "hello"),
        ("保证今天修好", "line", ""),
        ("这不归我管", "", ""),
    ]
    assert told[1].evidence.words == "不过我保证今天修好"
    assert bench.state.prohibited == tuple(told)


def test_a_customer_who_says_it_reminds_nobody() -> None:
    assert on_the_line().say("customer", "你保证今天修好，还是这不归我管？") == []


def test_a_phrase_of_a_step_holds_only_there_and_the_house_s_without_any_guide() -> None:
    bench = on_the_line()
    bench.press(ev.TickStep(guide="line", step="hello"))
    assert bench.say("agent", "肯定是您弄坏的") == []
    bench.press(ev.CloseGuide(guide="line"))
    assert kinds(bench.say("agent", "这不归我管")) == ["prohibited_said"]


def test_a_step_shows_what_to_avoid_before_it_is_said() -> None:
    shown = on_the_line().facts[-1]
    assert isinstance(shown, ev.StepShown) and shown.must_not_say == ("肯定是您弄坏的",)


@pytest.mark.parametrize(
    ("day", "expired"), [("2026-06-30", False), ("2026-07-01", True), ("", False)]
)
def test_an_official_position_is_flagged_from_the_day_after_its_last(
    day: str, expired: bool
) -> None:
    shown = on_the_line(f"{day}T09:00:00+08:00" if day else "").facts[-1]
    assert isinstance(shown, ev.StepShown)
    assert shown.policy == ev.Policy(
        text="家的线路免费检修",
        source="服务承诺第 3 条",
        valid_until="2026-06-30",
        expired=expired,
    )
