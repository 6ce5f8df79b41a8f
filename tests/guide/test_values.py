"""Values in sentences, as recognisers write them: digits or characters, with breaks and slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.guide.values import is_future, is_past, values


@pytest.mark.parametrize(
    ("kind", "lang", "text", "expected"),
    [
        ("phone", "zh", "我的号码是一三八，零零一二，三四五六。", "13800123456"),
        ("phone", "zh", "幺八九，五五二幺，七七零三", "18955217703"),
        ("phone", "zh", "幺三九，二二零，四四五，九久。我在外面", "13922044599"),
        ("account", "zh", "户号四四零一，三三其五，就二", "4401337592"),
        ("phone", "zh", "要是打幺三九，二二零，四四五，九九", "13922044599"),
        ("phone", "zh", "号码139 2204 4599对吧", "13922044599"),
        ("phone", "en", "it's one three nine, two two oh four, four five nine nine", None),
        ("phone", "en", "It is 139-2204-4599.", "13922044599"),
        ("account", "zh", "户号四四零一，三三七五，九二", "4401337592"),
        ("account", "zh", "身份证尾号是零二六叉", "026X"),
        ("account", "zh", "我等了三百多块钱的", None),
        ("amount", "zh", "这个月扣了六十八块五", "68.5"),
        ("amount", "zh", "账单说三百一十二元", "312"),
        ("amount", "zh", "收了我9块9", "9.9"),
        ("amount", "en", "it went up to two hundred and ten yuan", "210"),
        ("number", "zh", "表上是两万零四百一十八", "20418"),
        ("when", "zh", "前天晚上八点多就不行了", "前天晚上八点多"),
        ("when", "zh", "后天下午两点到四点可以", "后天下午两点到四点"),
        ("when", "zh", "半个小时前断的", "半个小时前"),
        ("when", "en", "it went off about two hours ago", "about two hours ago"),
        ("when", "en", "come on Friday, between 2 and 4 in the afternoon", None),
        ("name", "zh", "你好，我叫欧阳明，住在城西", "欧阳明"),
        ("name", "zh", "机主是本人。", None),
        ("name", "en", "Hi, my name is Tom Baker.", "Tom Baker"),
        ("address", "zh", "地址是红星路十八号二单元三零一，对吗", "红星路十八号二单元三零一"),
        ("address", "en", "I live at 14 Park Road, flat 7 C.", "14 Park Road, flat 7 C"),
    ],
)
def test_first_value(kind: str, lang: str, text: str, expected: str | None) -> None:
    found = values(kind, text, lang)  # type: ignore[arg-type]
    if expected is None:
        assert expected not in [v.value for v in found]
        return
    assert expected in [v.value for v in found[:2]]
    assert all(v.words in text or lang == "en" for v in found)


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for kind in ("phone", "account", "amount", "number", "when", "name", "address"):
        for lang in ("zh", "en"):
            for value in values(kind, text, lang):  # type: ignore[arg-type]
                assert value.value and value.words


@given(st.text("0123456789", min_size=10, max_size=10).map("1{}".format))
def test_every_phone_number_read_aloud_is_found(digits: str) -> None:
    names = "零幺二三四五六七八九"
    spoken = "，".join(
        "".join(names[int(d)] for d in part) for part in (digits[:3], digits[3:7], digits[7:])
    )
    assert [v.value for v in values("phone", f"我报一下{spoken}。", "zh")] == [digits]


@given(st.text("零一二三四五六七八九十百千万亿点半幺两块元度毛0123456789.，", max_size=20))
def test_any_jumble_of_numerals_is_read_without_a_crash(text: str) -> None:
    for kind in ("account", "amount", "number", "when"):
        assert all(v.value for v in values(kind, text, "zh"))  # type: ignore[arg-type]


def test_tense() -> None:
    assert is_past("昨天晚上") and not is_future("昨天晚上")
    assert is_future("tomorrow morning") and not is_past("tomorrow morning")
