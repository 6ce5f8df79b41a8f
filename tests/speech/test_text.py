"""Folding, tidying, phantoms and loops: words may be taken away, never invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.speech.text import (
    ZH_PROMPT,
    echoes_prompt,
    loop_start,
    loop_suspected,
    recites,
    said_twice,
    simplified,
    tidied,
    units,
    without_phantoms,
)


def folded(text: str) -> list[str]:
    return [unit.folded for unit in units(text)]


def test_traditional_characters_punctuation_and_width_make_no_difference():
    assert folded("寬帶，ＷｉＦｉ 不行！") == folded("宽带 wifi不行")


def test_a_digit_is_a_unit_of_its_own_so_that_a_number_may_grow():
    assert folded("154 was heard") == ["1", "5", "4", "was", "heard"]


def test_english_words_keep_their_apostrophe():
    assert folded("It's DOWN, isn't it?") == ["it's", "down", "isn't", "it"]


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        (" 網絡 不通,怎麼辦? ", "网络不通，怎么办？"),
        ("今天不行.明天来.", "今天不行。明天来。"),
        ("手机连 WiFi 也不行", "手机连 WiFi 也不行"),
        ("版本 2.5 和 10,000 元", "版本 2.5 和 10,000 元"),
    ],
)
def test_chinese_is_written_simplified_and_with_chinese_punctuation(raw: str, tidy: str):
    assert tidied(raw, "zh") == tidy


def test_english_keeps_its_punctuation():
    assert tidied(" Hello,  there. ", "en") == "Hello, there."


@given(st.text(alphabet="网絡不通abc12 ,.，。?", max_size=30))
def test_tidying_twice_changes_nothing_more(text: str):
    once = tidied(text, "zh")
    assert tidied(once, "zh") == once


@pytest.mark.parametrize(
    "sentence",
    [
        ZH_PROMPT,
        "以下是普通的句子。",
        "字幕由志愿者提供",
        "谢谢观看！",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
        "Thank you for watching!",
        "Please subscribe to my channel.",
    ],
)
def test_sentences_from_film_subtitles_are_taken_away(sentence: str):
    assert without_phantoms(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    ["谢谢，再见。", "好的谢谢您", "Thank you, bye.", "我看了一下字幕没有了", "麻烦转发给我"],
)
def test_what_callers_say_stays(sentence: str):
    assert without_phantoms(sentence) == sentence


def test_hints_that_come_back_in_a_row_were_not_said():
    hints = ("光猫", "宽带", "LOS", "路由器")
    assert recites("光猫、宽带、LOS。", hints)
    assert recites("宽带，los，路由器，光猫", hints)
    assert not recites("光猫、宽带。", hints)
    assert not recites("光猫、宽带、电视。", hints)
    assert not recites("光猫和宽带，都在路由器那边。", hints)
    assert not recites("", hints)


def test_a_phantom_behind_real_words_goes_alone():
    assert without_phantoms("好的，再见。谢谢观看。") == "好的，再见。"


def test_the_prompt_is_recognised_when_it_comes_back_in_part():
    assert echoes_prompt("以下是普通话的。喂你好")
    assert not echoes_prompt("以下三点请您记一下")


@pytest.mark.parametrize("text", ["对对对对", "号码是000000", "没有没有，一次都没有", "嗯嗯嗯"])
def test_people_repeat_themselves(text: str):
    assert loop_start(text) is None


def test_a_loop_is_cut_behind_its_first_round():
    text = "有红灯。" + "请稍等一下。" * 5
    at = loop_start(text)
    assert at is not None
    assert text[:at] == "有红灯。请稍等一下"


def test_a_sentence_said_twice_is_suspected_but_not_yet_a_loop():
    text = "广州市场就发现。广州市场就发现。"
    assert loop_suspected(text) is not None
    assert loop_start(text) is None


def test_a_whole_text_said_again_is_cut_behind_its_first_round():
    text = "打开大门了。打开大门了。打开大"
    assert text[: said_twice(text)] == "打开大门了。"
    assert said_twice("你好你好") is None
    assert said_twice("没有没有，一次都没有") is None


def test_simplifying_keeps_what_is_simplified():
    assert simplified("宽带上不了网") == "宽带上不了网"
