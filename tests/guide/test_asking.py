"""What an agent's own words ask for, and what a plain yes confirms."""

from collections.abc import Sequence

from assist.guide.asking import asked_slots, confirmed
from assist.guide.hear import Spoken, hear_slots
from assist.guide.model import Guide

GUIDE = Guide.model_validate(
    {
        "id": "x",
        "title": "x",
        "lang": "zh",
        "owner": "x",
        "slots": {
            "restarted": {
                "label": "重启情况",
                "choices": {"yes": "已重启", "no": "没有重启"},
                "hear": {"yes": ["重新插过"], "no": ["还没动过"]},
            },
            "fixed": {"label": "是否恢复", "choices": {"yes": "已恢复", "no": "仍未恢复"}},
        },
        "steps": [
            {"id": "a", "ask": "restarted", "say": "断电重启过没有？", "hear": {"no": ["没有"]}},
            {"id": "b", "ask": "fixed", "say": "现在能上网了吗？", "hear": {"no": ["没有"]}},
            {"id": "c", "end": "solved"},
        ],
    }
)


def unlike(text: str, phrases: Sequence[str]) -> list[float]:
    return [0.0] * len(phrases)


def test_a_question_with_an_answer_in_it_asks_for_that_slot_and_no_other() -> None:
    prompt = "光猫的电源您拔下来重新插过没有？"
    assert asked_slots(GUIDE, GUIDE.slots, prompt, unlike, by="agent") == ["restarted"]
    heard = hear_slots(GUIDE, Spoken("customer", "没有", "zh", prompt), unlike, current="fixed")
    assert [(found.slot, found.value) for found in heard] == [("restarted", "no")]


def test_a_customers_wish_is_no_question_to_the_agent() -> None:
    prompt = "能不能重新插过再说？"
    assert asked_slots(GUIDE, GUIDE.slots, prompt, unlike, by="customer") == []


def test_only_the_last_question_counts_even_without_its_mark() -> None:
    prompt = "重新插过没有？好的。您要不要留个电话。"
    assert asked_slots(GUIDE, GUIDE.slots, prompt, unlike, by="agent") == []


def test_a_plain_yes_confirms_the_one_choice_that_was_named() -> None:
    phrases = {"data": ["流量不够"], "calls": ["通话不够"]}
    assert confirmed("对对对，看有没有", "是现在流量不够，对吧？", phrases, "zh") == "data"
    assert confirmed("对", "是流量不够还是通话不够？", phrases, "zh") == ""
    assert confirmed("对", "您的流量不够。", phrases, "zh") == ""
    assert confirmed("对不起", "是现在流量不够吗？", phrases, "zh") == ""
