"""What a ticket field takes, by type: as people write it, and what nobody would read as one."""

from __future__ import annotations

import pytest

from assist.guide.fields import WANTED, wrong
from assist.guide.model import TicketFieldSpec

FITS = {
    "phone": [
        "13800000001",
        "+86 138-0000-0001",
        "010 6552 1234 转 203",
        "10086",
        "(0571)88120334",
    ],
    "date": ["2026-11-05", "2026年11月5日", "2026/1/3", "2026-11", "2026年9月"],
    "amount": ["84", "128.50", "1,280 元", "¥35.2", "30 yuan", "-12"],
    "number": ["710", "710 度", "60 GB", "3.5"],
    "account": ["6001037266", "7701 2588 13", "YC-88120334", "a.b@8"],
    "address": ["云川市东区 1 号", "12 Elm Road"],
    "text": ["什么都行", "7"],
    "when": ["昨天晚上"],
    "name": ["王小明"],
    "choice": ["红灯"],
}
NOT = {
    "phone": ["不知道", "1380", "138000000011380000000113800", "call me", "1380000000a"],
    "date": ["昨天", "2026-13-01", "2026-02-30", "11-05"],
    "amount": ["很多", "12.5.6", "1,28", "三十"],
    "number": ["七百", "710 瓶"],
    "account": ["不记得", "abc", "60010；drop"],
    "address": ["家里"],
    "choice": ["黄灯", "红"],
}


def spec(kind: str) -> TicketFieldSpec:
    choices = ["红灯", "绿灯"] if kind == "choice" else []
    return TicketFieldSpec.model_validate({"label": "x", "type": kind, "choices": choices})


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in FITS.items() for v in vs])
def test_what_fits(kind: str, value: str) -> None:
    assert wrong(spec(kind), f" {value} ", "zh") == ""


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in NOT.items() for v in vs])
def test_what_does_not_is_told_in_the_language_of_the_call(kind: str, value: str) -> None:
    said = [wrong(spec(kind), value, lang) for lang in ("zh", "en")]
    assert all(said) and said[0] != said[1]
    if kind in WANTED:
        assert said == list(WANTED[kind])


@pytest.mark.parametrize("kind", sorted(FITS))
def test_blank_and_not_given_always_fit(kind: str) -> None:
    assert not any(wrong(spec(kind), v, "zh") for v in ("", "  ", "客户未提供"))
