"""For any text: never an error, same length, nothing new the second time; no number survives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from assist.privacy import mask

ZH = "零幺二三四五六七八九"
EN = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FULL = "０１２３４５６７８９"
digits = st.text("0123456789", min_size=9, max_size=9)
mobiles = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), digits)
cards = st.builds(
    lambda head, body: (head + body) + luhn.calc_check_digit(head + body),
    st.sampled_from(("4", "5", "62")),
    st.text("0123456789", min_size=12, max_size=16),
)


def _id(region: str, year: int, month: int, day: int, order: int) -> str:
    number = f"{region}{year}{month:02}{day:02}{order:03}"
    return number + ric.calc_check_digit(number + "0")


ids = st.builds(
    _id,
    st.sampled_from(("110105", "440308", "320106", "510104")),
    st.integers(1930, 2015),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
)
separators = st.sampled_from((" ", "-", "，", ", ", "、", "。", "，嗯，", "…"))
lead = st.sampled_from(("", "我的号码是", "你记一下，", "嗯，那个，", "my number is ", "卡号："))
tail = st.sampled_from(("", "。", "，对", "，谢谢", ", thanks", "是我本人的"))
noise = st.text(
    st.sampled_from(
        "零一二三四五六七八九十百幺两0123456789*@.-，。 号路室栋单元点abcXx工单电话one"
    ),
    max_size=60,
)


@st.composite
def said(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and a sentence in which it is written or spoken."""
    number = draw(numbers)
    cuts = sorted(draw(st.sets(st.integers(1, len(number) - 1), max_size=4)))
    groups = [number[a:b] for a, b in zip([0, *cuts], [*cuts, len(number)], strict=True)]
    form = draw(st.sampled_from(("plain", "full", "zh", "en")))
    if form == "zh":
        spoken = ["".join(ZH[int(c)] if c.isdigit() else "叉" for c in g) for g in groups]
    elif form == "en":
        spoken = [" ".join(EN[int(c)] if c.isdigit() else "X" for c in g) for g in groups]
    elif form == "full":
        spoken = ["".join(FULL[int(c)] if c.isdigit() else c for c in g) for g in groups]
    else:
        spoken = groups
    return number, draw(lead) + draw(separators).join(spoken) + draw(tail)


def shown(masked: str) -> str:
    """The digits that can still be read."""
    found = []
    for token in re.findall(r"[0-9０-９]|[零幺二三四五六七八九]|[a-z]+", masked):
        if token in EN:
            found.append(str(EN.index(token)))
        elif token in ZH:
            found.append(str(ZH.index(token)))
        elif token.isdigit():
            found.append(str(int(token)))
    return "".join(found)


@given(st.one_of(st.text(max_size=80), noise), st.booleans(), st.sampled_from(("", "154", "1101")))
def test_any_text_keeps_its_length_and_is_masked_once(
    text: str, growing: bool, before: str
) -> None:
    masked = mask(text, growing=growing, before=before)
    assert len(masked) == len(text)
    assert all(new == old or new == "*" for new, old in zip(masked, text, strict=True))
    assert mask(masked, growing=growing, before=before) == masked


@given(said(mobiles), st.booleans())
def test_no_mobile_number_survives(sample: tuple[str, str], growing: bool) -> None:
    _, text = sample
    visible = shown(mask(text, growing=growing))
    assert len(visible) <= 7, text


@given(said(ids))
def test_no_id_card_survives(sample: tuple[str, str]) -> None:
    _, text = sample
    assert shown(mask(text)) == "", text


@given(said(cards))
def test_no_bank_card_survives(sample: tuple[str, str]) -> None:
    _, text = sample
    assert len(shown(mask(text))) <= 4, text


def test_a_list_of_short_groups_may_be_a_mobile_number_yet_unfinished() -> None:
    assert len(shown(mask("我的号码是13、000、000", growing=True))) <= 7
    assert mask("13、800、138") == "13、800、138"


@given(said(mobiles), st.data())
def test_no_number_survives_that_comes_bit_by_bit(
    sample: tuple[str, str], data: st.DataObject
) -> None:
    """Every beginning of the sentence is a guess that may be stored."""
    _, text = sample
    cut = data.draw(st.integers(0, len(text)))
    visible = shown(mask(text[:cut], growing=True))
    assert len(visible) <= 7, text[:cut]


@pytest.mark.parametrize("text", ["", "*", "****", "幺" * 500, "1" * 500, "a@" * 200, "1-" * 300])
def test_odd_texts(text: str) -> None:
    assert len(mask(text)) == len(text)
