from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.search.text import (
    answer,
    char_grams,
    content,
    house,
    language_of,
    plain,
    sound_grams,
    syllables,
    tokens,
)


@pytest.mark.parametrize(
    "said",
    [
        "嗯，好的好的。",
        "喂，你好。",
        "对对对，谢谢你啊。",
        "您好，客服中心，工号三二零七，请问有什么可以帮您？",
        "我看一下啊，稍等。",
        "幺三九，八八二零，七七幺五。",
        "13988207715",
        "行，再见。",
        "",
        "。。。",
    ],
)
def test_talk_without_content_is_empty(said: str) -> None:
    assert content(said, "zh") == ""


@pytest.mark.parametrize(
    "said",
    [
        "Um, hi.",
        "Yeah, okay, thank you very much.",
        "Sure, it's, uh, one five four, two two one eight, six zero nine three.",
        "My name is Daniel Wong.",
        "Sorry to bother you, bye.",
    ],
)
def test_english_talk_without_content_is_empty(said: str) -> None:
    assert content(said, "en") == ""


@pytest.mark.parametrize(
    ("said", "lang", "left"),
    [
        ("喂，你好，那个，我家电视看不了了。", "zh", "我家电视看不了了"),
        ("嗯，对，就是说家里上不了网，谢谢。", "zh", "家里上不了网"),
        ("Hi, um, my router's dead.", "en", "my router's dead"),
        ("Well, there's a charge I don't know.", "en", "there's a charge i don't know"),
    ],
)
def test_content_stays(said: str, lang: str, left: str) -> None:
    assert content(said, lang) == left


@pytest.mark.parametrize(
    "said", ["扣了四百一十二块", "账单1998块", "用了七百多度电", "流量二十个G不够"]
)
def test_amounts_are_content_identity_digits_are_not(said: str) -> None:
    assert content(said, "zh") == said.lower()
    assert content(said + "，号码幺三九八八二零七七幺五", "zh") == said.lower()


@given(
    st.text(st.sampled_from("网断了费扣，。 13幺五块的嗯好对就是abcz,.'-"), max_size=60),
    st.sampled_from(["zh", "en"]),
)
def test_content_only_leaves_out(text: str, lang: str) -> None:
    rest = iter(tokens(plain(text)))
    assert all(unit in rest for unit in tokens(content(text, lang)))


@pytest.mark.parametrize(
    ("said", "lang", "expected"),
    [
        ("对对对，就这个。", "zh", "yes"),
        ("是的。", "zh", "yes"),
        ("不是不是，我不办业务。", "zh", "no"),
        ("没有啊", "zh", "no"),
        ("昨天开始的。", "zh", ""),
        ("Yes, exactly.", "en", "yes"),
        ("No, not that.", "en", "no"),
        ("Nothing opens.", "en", ""),
    ],
)
def test_answers(said: str, lang: str, expected: str) -> None:
    assert answer(said, lang) == expected


@pytest.mark.parametrize(
    ("greeting", "lang", "named"),
    [
        ("供电服务热线，您好，请问您需要什么服务？", "zh", "供电服务热线"),
        ("您好，电力客服，请讲。", "zh", "电力客服"),
        ("您好，客服中心，请问需要什么服务？", "zh", ""),
        ("Welcome to City Power, how can I help?", "en", "city power"),
        ("Customer care, good evening.", "en", ""),
    ],
)
def test_the_greeting_says_what_the_line_is_for(greeting: str, lang: str, named: str) -> None:
    assert house(greeting, lang) == named


def test_homophones_share_their_sound_grams_but_not_their_characters() -> None:
    right, misheard = "宽带上不了网", "宽袋上不了往"
    assert sound_grams(right) == sound_grams(misheard)
    assert set(char_grams(right)) != set(char_grams(misheard))


def test_sounds_that_a_telephone_blurs_are_one() -> None:
    assert syllables("是四") == ["si", "si"]
    assert syllables("你里") == ["li", "li"]
    assert syllables("京金") == ["jin", "jin"]
    assert syllables("LOS灯") == ["los", "den"]


def test_language_by_script() -> None:
    assert language_of("WiFi连不上") == "zh"
    assert language_of("no wifi") == "en"
