"""What an utterance means to a guide; likeness of meaning is scripted here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from assist.guide.choices import TAKE, Choices, HeardChoice, hear_choice
from assist.guide.hear import Spoken, hear_line, hear_slots
from assist.guide.model import Guide, Slot, Step
from assist.guide.wording import Like

LIGHT = {
    "red": ["亮红灯", "红灯在闪", "有个红灯"],
    "green": ["都是绿的", "没有红灯", "全是绿灯"],
    "dark": ["灯都不亮", "灯全灭了"],
}


def unlike(text: str, phrases: Sequence[str]) -> list[float]:
    """Nothing is like anything: only wording and sound count."""
    return [0.0 for _ in phrases]


def guide(**slots: Slot) -> Guide:
    steps = [Step(id="ask_light", ask="light", say="光猫上的灯是什么颜色的？", hear={})]
    return Guide(id="g", title="G", lang="zh", owner="o", slots=slots, steps=steps)


def chosen(
    text: str, hear: Mapping[str, Sequence[str]], like: Like, *, prompted: bool
) -> HeardChoice | None:
    return hear_choice(text, Choices.of(hear, "zh"), "zh", like, prompted=prompted)


def zh(text: str, speaker: str = "customer", prompt: str = "") -> Spoken:
    return Spoken(speaker, text, "zh", prompt)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("我看到亮红灯了", "red"),
        ("不是亮红灯，都是绿的", "green"),
        ("没有红灯啊", "green"),
        ("灯都不亮了现在", "dark"),
        ("量红灯", "red"),  # misheard, sounds right
        ("今天天气不错", None),
    ],
)
def test_choice_by_wording_sound_and_negation(text: str, choice: str | None) -> None:
    heard = chosen(text, LIGHT, unlike, prompted=False)
    assert (heard.choice if heard else None) == choice
    if heard:
        assert heard.confidence >= TAKE and heard.words in text


def test_short_answers_count_only_right_after_the_question() -> None:
    hear = {"yes": ["对", "是的"], "no": ["不对"]}
    assert chosen("对，就是", hear, unlike, prompted=False) is None
    heard = chosen("对", hear, unlike, prompted=True)
    assert heard and heard.choice == "yes"


def test_meaning_alone_is_trusted_less_when_nobody_asked() -> None:
    def close(text: str, phrases: Sequence[str]) -> list[float]:
        return [0.66 if "红" in phrase else 0.1 for phrase in phrases]

    asked = hear_choice(
        "上面有一盏红颜色的", Choices.of({"red": ["红灯在闪"]}, "zh"), "zh", close, prompted=True
    )
    unasked = hear_choice(
        "上面有一盏红颜色的", Choices.of({"red": ["红灯在闪"]}, "zh"), "zh", close, prompted=False
    )
    assert asked and unasked and asked.confidence > unasked.confidence
    assert unasked.confidence < TAKE <= asked.confidence


def test_two_choices_at_once_are_no_answer_to_take() -> None:
    heard = hear_choice(
        "一会儿灯全灭了，一会儿亮红灯", Choices.of(LIGHT, "zh"), "zh", unlike, prompted=True
    )
    assert heard and heard.confidence < TAKE


def test_a_value_goes_to_the_slot_whose_cue_is_nearest() -> None:
    money = guide(
        usual=Slot(label="平时", type="amount", cues=["平时", "每个月"]),
        now=Slot(label="本月", type="amount", cues=["这个月", "上个月"]),
    )
    heard = hear_slots(money, zh("平时六十块，这个月一下子扣了九十五块"), unlike)
    assert {h.slot: h.value for h in heard} == {"usual": "60", "now": "95"}


def test_past_and_future_moments_do_not_mix() -> None:
    times = guide(
        since=Slot(label="开始", type="when", tense="past", cues=["断", "不行"]),
        visit=Slot(
            label="上门", type="when", tense="future", cues=["上门", "来"], speakers=["customer"]
        ),
    )
    heard = hear_slots(times, zh("前天晚上断的，后天下午能来吗"), unlike)
    assert {h.slot: h.value for h in heard} == {"since": "前天晚上", "visit": "后天下午"}


def test_only_the_slot_s_speaker_fills_it() -> None:
    phone = guide(phone=Slot(label="电话", type="phone"))
    said = "您的号码是幺三八零零幺二三四五六"
    assert hear_slots(phone, zh(said, speaker="agent"), unlike) == []
    assert hear_slots(phone, zh(said), unlike)[0].value == "13800123456"


def test_a_line_said_word_for_word_within_a_longer_one_counts() -> None:
    assert hear_line("好的，请您稍等一下，我查一查。", "请您稍等一下", unlike) == 1.0
    assert hear_line("", "请稍等", unlike) == 0.0


def test_who_corrects_themselves_means_the_second_value() -> None:
    meter = guide(reading=Slot(label="读数", type="number", cues=["读数", "表"]))
    heard = hear_slots(meter, zh("表上是两千，不是，等一下啊，是两万零四百一十八"), unlike)
    assert [h.value for h in heard] == ["20418"]


def test_phrases_of_a_step_count_only_there_or_after_its_question() -> None:
    step = Step(id="s", ask="done", say="现在好了吗？", hear={"yes": ["已经恢复了"]})
    fixed = guide(done=Slot(label="恢复", choices={"yes": "是"})).model_copy(
        update={"steps": [step]}
    )
    assert hear_slots(fixed, zh("邻居家已经恢复了"), unlike) == []
    at_step = hear_slots(fixed, zh("邻居家已经恢复了"), unlike, current="done")
    assert [h.value for h in at_step] == ["yes"]
