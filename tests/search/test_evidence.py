from __future__ import annotations

import numpy as np
import pytest

from assist.search.evidence import Heard, carrier, gather, latest, second_card, weigh
from assist.search.signals import Floats

NET, BILL = 0, 1


def score(text: str) -> Floats:
    """Log-odds of two scenarios by one word each."""
    return np.array([4.0 if "网" in text else -6.0, 4.0 if "扣" in text else -6.0], np.float32)


def customer(at: int, text: str) -> Heard:
    return Heard(f"c{at}", "customer", text)


def agent(at: int, text: str) -> Heard:
    return Heard(f"a{at}", "agent", text)


def test_talk_without_content_adds_nothing() -> None:
    said = [customer(0, "家里上不了网。")]
    more = [
        *said,
        customer(1, "嗯，好的。"),
        customer(2, "幺三九八八二零七七幺五"),
        agent(3, "好的。"),
    ]
    assert gather(said, "zh") == gather(more, "zh")


def test_a_later_text_of_the_same_utterance_replaces_the_earlier() -> None:
    stable = Heard("c0", "customer", "家里上", final=False)
    final = Heard("c0", "customer", "家里上不了网")
    assert latest([stable, customer(1, "急死了"), final]) == [final, customer(1, "急死了")]
    assert [unit.text for unit in gather([stable, final], "zh").units] == ["家里上不了网"]


def test_older_units_weigh_less_and_the_newest_are_joined() -> None:
    gathered = gather([customer(at, f"家里第{at}台电视看不了") for at in range(5)], "zh")
    penalties = [unit.penalty for unit in gathered.units]
    assert penalties == sorted(penalties, reverse=True) and penalties[-1] == 0
    assert gathered.joined.count("，") == 2 and gathered.joined.endswith("第4台电视看不了")


@pytest.mark.parametrize(
    ("reply", "penalty"),
    [("对对对，是这样。", 0.0), ("昨天晚上开始的。", 1.5), ("", 1.5), ("不是，不是这个。", None)],
)
def test_a_restatement_counts_as_the_customer_answers_it(reply: str, penalty: float | None) -> None:
    said = [customer(0, "我跟你讲个事情"), agent(1, "您是说家里上不了网，是吗？")]
    said += [customer(2, reply)] if reply else []
    gathered = gather(said, "zh")
    later = sum(unit.utterance == "c2" for unit in gathered.units)
    found = [u.penalty - 0.3 * later for u in gathered.units if u.utterance == "a1"]
    assert found == ([] if penalty is None else [pytest.approx(penalty)])
    assert ("上不了网" in gathered.joined) == (penalty == 0)


def test_what_the_agent_states_is_no_evidence() -> None:
    gathered = gather([customer(0, "我问个事情啊"), agent(1, "多出来的是一个会员包扣的费。")], "zh")
    assert all(unit.utterance != "a1" for unit in gathered.units)


def test_the_greeting_goes_before_what_the_customer_said() -> None:
    said = [agent(0, "供电服务热线，您好。"), customer(1, "这个月怎么三百多块")]
    assert gather(said, "zh").joined == "供电服务热线，这个月怎么三百多块"
    assert gather(said, "zh").units[0].text == "这个月怎么三百多块"


def test_after_an_opening_only_what_came_later_counts() -> None:
    said = [customer(0, "家里上不了网"), agent(1, "灯是红的吗？"), customer(2, "话费也扣多了")]
    gathered = gather(said, "zh", after="c0")
    assert [unit.utterance for unit in gathered.units] == ["c2"]
    assert "网" not in gathered.joined


def test_nothing_said_gives_nothing_to_compare() -> None:
    gathered = gather([agent(0, "您好，请讲。"), customer(1, "喂，你好。")], "zh")
    assert gathered.units == () and gathered.joined == "" and gathered.texts == []


def test_the_evidence_names_the_unit_that_carried_it() -> None:
    said = [customer(0, "家里上不了网"), customer(1, "我等了半天"), customer(2, "孩子要上课")]
    gathered = gather(said, "zh")
    figures = weigh(gathered, score)
    assert figures[NET].min() > figures[BILL].max()
    assert carrier(gathered, score, NET).utterance == "c0"


def test_one_sentence_is_no_change_of_subject_two_are() -> None:
    one = gather([customer(0, "网好了"), customer(1, "怎么还扣了我钱")], "zh", after="c0")
    two = gather(
        [customer(0, "网好了"), customer(1, "怎么还扣了我钱"), customer(2, "扣了二十块钱呢")],
        "zh",
        after="c0",
    )
    assert second_card(one, score)[BILL] > 0
    assert second_card(two, score)[BILL] == 0


def test_long_talk_keeps_the_newest_ten_units() -> None:
    gathered = gather([customer(at, f"第{at}件事情说一说") for at in range(30)], "zh")
    assert [unit.utterance for unit in gathered.units] == [f"c{at}" for at in range(20, 30)]
