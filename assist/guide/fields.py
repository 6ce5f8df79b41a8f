"""Whether a ticket field's value is of its type, as people write such values.

Judges and changes nothing. What is typed for a phone or an amount is taken as widely as a person
would read it; what no person would read as one is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from assist.events import FieldType
from assist.guide.model import TicketFieldSpec

_PHONE = re.compile(r"\+?[\d\s()（）\-－]+(?:\s*(?:转|分机|ext\.?|x|#)\s*\d{1,6})?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MONEY = re.compile(r"^[¥￥$]\s*|\s*(?:元|块|块钱|yuan|rmb)$", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:度|千瓦时|kwh|gb|mb|兆|分钟|minutes|次|个|台)$", re.IGNORECASE)
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z \-_.@/]*")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*[日号]?|\s*月)?")
_DIGITS_OF_A_PHONE = range(5, 21)
_LEAST_ADDRESS = 4

NOT_GIVEN = frozenset({"客户未提供", "not given by the customer"})
"""Said of any field, and never a wrong value: what nobody knows is not made up."""

WANTED: Mapping[FieldType, tuple[str, str]] = {
    "phone": ("电话号码，5 到 20 位数字", "a phone number of 5 to 20 digits"),
    "date": ("日期，如 2026-11-05 或 2026年11月", "a date such as 2026-11-05 or 2026-11"),
    "amount": ("金额，如 128.50", "an amount such as 128.50"),
    "number": ("数字，如 710", "a number such as 710"),
    "account": ("账号或编号，字母和数字", "an account of letters and digits"),
    "address": ("地址，至少 4 个字", "an address of at least 4 characters"),
}


def wrong(spec: TicketFieldSpec, value: str, lang: str) -> str:
    """What the field wants, when `value` is not it; empty when it is, or when it is blank."""
    value = value.strip()
    if not value or value in NOT_GIVEN:
        return ""
    if spec.type == "choice":
        return "" if value in spec.choices else _one_of(spec.choices, lang)
    judge = _JUDGES.get(spec.type)
    if judge is None or judge(value):
        return ""
    return WANTED[spec.type][lang == "en"]


def _one_of(choices: list[str], lang: str) -> str:
    return f"one of {', '.join(choices)}" if lang == "en" else f"其中之一：{'、'.join(choices)}"


def _is_phone(value: str) -> bool:
    main = re.split(r"转|分机|ext|x|#", value, maxsplit=1, flags=re.IGNORECASE)[0]
    digits = sum(char.isdigit() for char in main)
    return bool(_PHONE.fullmatch(value)) and digits in _DIGITS_OF_A_PHONE


def _is_date(value: str) -> bool:
    found = _DAY.fullmatch(value)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return False
    return True


_JUDGES: Mapping[FieldType, Callable[[str], bool]] = {
    "phone": _is_phone,
    "date": _is_date,
    "amount": lambda value: bool(_NUMBER.fullmatch(_MONEY.sub("", value))),
    "number": lambda value: bool(_NUMBER.fullmatch(_UNIT.sub("", value))),
    "account": lambda value: bool(_ACCOUNT.fullmatch(value)) and any(map(str.isdigit, value)),
    "address": lambda value: len(value) >= _LEAST_ADDRESS,
}
