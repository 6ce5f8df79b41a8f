"""Heard otherwise: shown with both, chosen by the agent, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bench import BOOK, LINE_GUIDE, Bench, kinds, unlike

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.model import Guide
from assist.rules.tools import Tools

RAW = LINE_GUIDE.model_dump(by_alias=True, exclude_defaults=True)
SLOTS = {
    **RAW["slots"],
    "paid": {"label": "金额", "type": "amount", "cues": ["扣"]},
    "visit": {"label": "上门", "type": "when", "tense": "future", "cues": ["上门"]},
}
SLOTS["light"] = {
    "label": "指示灯",
    "choices": {"red": "红灯", "green": "绿灯"},
    "hear": {"red": ["亮红灯", "是红灯"], "green": ["都是绿的", "是绿的"]},
}


def bench(**more: object) -> Bench:
    guide = Guide.model_validate(RAW | {"slots": SLOTS} | more)
    made = Bench(Tools(replace(BOOK, guides={"line": guide}), unlike))
    made.put(ev.CallStarted(agent="a"))
    made.press(ev.OpenGuide(guide="line"))
    return made


@pytest.mark.parametrize(
    ("slot", "first", "then", "values"),
    [
        ("light", "亮红灯", "不是红灯，是绿的", ("red", "green")),
        ("paid", "扣了三十块钱", "不对，扣了五十块钱", ("30", "50")),
        (
            "visit",
            "上门就明天上午九点",
            "说错了，上门改后天下午三点",
            ("明天上午九点", "后天下午三点"),
        ),
    ],
)
def test_a_denial_is_shown_with_both_and_overwrites_nothing(
    slot: str, first: str, then: str, values: tuple[str, str]
) -> None:
    made = bench()
    made.say("customer", first)
    (conflict,) = made.say("customer", then)
    assert isinstance(conflict, ev.SlotConflict) and conflict.slot == slot
    assert (conflict.known.value, conflict.heard.value) == values
    assert conflict.known.evidence and conflict.heard.evidence
    assert made.state.slots[slot].value == values[0]
    assert made.say("customer", then) == [], "the same difference is shown once"


def test_the_agent_chooses_and_may_choose_again() -> None:
    made = bench()
    made.say("customer", "亮红灯")
    made.say("customer", "不是红灯，是绿的")
    followed = made.press(ev.SettleConflict(slot="light", take="heard"))
    assert kinds(followed) == ["conflict_settled", "slot_filled"]
    light = made.state.slots["light"]
    assert (light.value, light.label, light.by) == ("green", "绿灯", "agent") and light.evidence
    made.press(ev.SettleConflict(slot="light", take="known"))
    assert made.state.slots["light"].value == "red" and made.state.settled == {"light": "known"}
    with pytest.raises(CommandRefused, match="one way only"):
        made.press(ev.SettleConflict(slot="paid", take="heard"))


def test_a_moment_told_more_closely_is_no_conflict() -> None:
    made = bench()
    made.say("customer", "上门就明天")
    assert made.say("customer", "上门就明天上午九点") == []


def test_a_guide_may_ask_for_more_before_it_takes_an_answer() -> None:
    strict = bench(take_from=0.99)
    assert strict.say("customer", "亮红灯") == []
    assert bench(take_from=0.7).say("customer", "亮红灯") != []
