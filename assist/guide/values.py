"""Values said in a sentence: digit strings, amounts, numbers, moments, names, addresses.

Pure text in, candidates out, each with the words that carried it. Spoken Chinese numbers are read
by cn2an, English ones by text2num; what is ours is finding where in the sentence a value stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import cn2an
from pypinyin import lazy_pinyin
from text_to_num import alpha2digit

from assist.guide.model import SlotType


@dataclass(frozen=True)
class Value:
    """`value` for machines, `words` as said, `start` and `end` positions in the sentence."""

    value: str
    words: str
    start: int
    end: int


# Recognisers write the telephone one, 幺, as one of its homophones.
_DIGIT = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "幺": "1",
    "么": "1",
    "妖": "1",
    "腰": "1",
    "两": "2",
}
_DIGIT_OF_SOUND = {
    "ling": "0",
    "yao": "1",
    "yi": "1",
    "er": "2",
    "san": "3",
    "si": "4",
    "wu": "5",
    "liu": "6",
    "qi": "7",
    "ba": "8",
    "jiu": "9",
}
_DIGIT_CLASS = "0-9" + "".join(_DIGIT)
_ZH_NUMBER = "[零〇一二两三四五六七八九十百千万点半0-9.]"
_DIGITS_ZH = re.compile(rf"[{_DIGIT_CLASS}]+(?:[，,、。.\s\-—]{{0,2}}[{_DIGIT_CLASS}]+)*")
_DIGITS_EN = re.compile(r"\d+(?:[\s,.\-]{0,2}\d+)*")
_AMOUNT_ZH = re.compile(
    rf"({_ZH_NUMBER}+)\s*(?:块|元|圆)(?:钱)?(?:([一二两三四五六七八九1-9])(?:毛|角)?)?"
)
_AMOUNT_EN = re.compile(
    r"(?:[¥$£€]\s*)?(\d+(?:,\d{3})*(?:\.\d{1,2})?)(?:\s*(?:yuan|dollars?|pounds?))?"
)
_NUMBER_ZH = re.compile(rf"{_ZH_NUMBER}{{2,}}")
# 一万 is often written as 以万.
_ONE_BEFORE_SCALE = re.compile(r"[以亿已易亦意](?=[万千百])")
_NUMBER_EN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_CLOCK_ZH = rf"{_N}\s*(?:[点點时](?:半|[一三]刻|{_N}分?)?|[:：]\d{{2}})(?:钟)?"
_DAY_ZH = (
    r"(?:大后天|大前天|今天|昨天|前天|明天|后天|今早|今晚|昨晚|明早|明晚|刚才|刚刚|"
    r"[上下这本](?:个)?(?:周|星期|礼拜)[一二三四五六日天]?|[上下这本](?:个)?月(?:初|中|底)?|"
    r"(?:周|星期|礼拜)[一二三四五六日天]|"
    rf"{_N}月(?:份)?(?:{_N}[号日]|初|中|底)?|{_N}[号日](?=早|上午|中午|下午|晚|{_N}[点點:：]))"
)
_PART_ZH = r"(?:一大早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨)"
_AGO_ZH = rf"(?:{_N}|半|几|好几)(?:个)?(?:半)?(?:多)?(?:小时|钟头|分钟|天|星期|礼拜|月)(?:之|以)?前"
_WHEN_ZH = re.compile(
    rf"{_AGO_ZH}|"
    rf"(?:{_DAY_ZH}[的，,]?)?(?:{_PART_ZH}[的，,]?)?{_CLOCK_ZH}(?:[到至~\-—]+{_PART_ZH}?{_CLOCK_ZH})?"
    rf"(?:左右|多|前后)?(?:[，,]?{_PART_ZH})?|"
    rf"{_DAY_ZH}的?{_PART_ZH}?|{_PART_ZH}"
)
_HOUR_EN = (
    r"(?:\d{1,2}(?::\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)"
    r"(?:\s*(?:a\.?m\.?|p\.?m\.?|o'clock))?"
)
_DAY_EN = (
    r"(?:yesterday|today|tomorrow|tonight|last night|this morning|this afternoon|this evening|"
    r"(?:last|next|this|on)\s+(?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"(?:on\s+)?the\s+\d{1,2}(?:st|nd|rd|th)?\s+of\s+\w+)"
)
_PART_EN = r"(?:in the (?:morning|afternoon|evening)|morning|afternoon|evening|night|at night)"
_RANGE_EN = (
    rf"(?:between|from|at|around)?\s*{_HOUR_EN}(?:\s*(?:and|to|till|until|-|–)\s*{_HOUR_EN})?"
)
_WHEN_EN = re.compile(
    r"(?:about|around)?\s*(?:an?|one|two|three|four|five|six|\d+|half an|a few|a couple of)\s+"
    r"(?:hours?|minutes?|days?|weeks?|months?)\s+ago|"
    rf"{_DAY_EN}(?:,?\s*{_PART_EN})?(?:,?\s*{_RANGE_EN})?(?:\s+{_PART_EN})?|"
    rf"(?:between|from)\s+{_HOUR_EN}\s*(?:and|to)\s*{_HOUR_EN}(?:\s+{_PART_EN})?",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"明|后天|下(?:个)?(?:周|星期|礼拜|月)|tomorrow|tonight|next|this afternoon", re.IGNORECASE
)
_CLOCK = re.compile(rf"{_CLOCK_ZH}|{_RANGE_EN}", re.IGNORECASE)
_PAST = re.compile(
    r"昨|前天|大前天|刚|前$|以前|之前|上(?:个)?(?:周|星期|礼拜|月)|ago|yesterday|last|this morning",
    re.IGNORECASE,
)

_NAME_ZH = re.compile(
    r"(?:我(?:的名字)?叫|名字(?:是|叫)|机主(?:就是我|就是|是我|是|叫)?|户名(?:是|叫)?|叫做?|姓名(?:是)?)"
    r"[，,\s]*(?:我[，,]?)?([\u4e00-\u9fff]{2,4})(?=[，,。.！!？?\s]|$|的|就是)"
)
_NAME_EN = re.compile(
    r"(?:my name is|my name's|the name is|name is|this is|I am|I'm)\s+"
    r"([A-Z][a-z'’-]+(?:\s+[A-Z][a-z'’-]+){1,2})"
)
_NOT_A_NAME = {"就是我", "是我", "本人", "是本人", "什么", "怎么", "这个", "那个"}
_ADDRESS_ZH = re.compile(
    r"(?:地址|住址|住|住在|家)(?:是|在|就是)?[，,]?"
    r"([\u4e00-\u9fff0-9A-Za-z]*?(?:路|街|巷|道|村|小区|花园|苑|城)[\u4e00-\u9fff0-9A-Za-z]*)"
)
_CHECK_LETTER = re.compile(r"\s*(?:[xX×](?![a-zA-Z])|叉)")
"""Ends the number of an identity card: 零二六X, 零二六叉."""
_ADDRESS_EN = re.compile(
    r"((?:\d+|[a-z]+)\s+(?:[A-Z][a-z]+\s+){1,3}(?:Road|Street|Avenue|Lane|Drive|Court|Close|Square|Place|Way)"
    r"(?:,?\s+(?:flat|apartment|apt|unit|room|suite)\s+\w+(?:\s+[A-Z])?)?)",
)


def values(kind: SlotType, text: str, lang: str) -> list[Value]:
    """Every candidate of this kind in the sentence, in order."""
    found = _FINDERS[kind](text, lang) if kind in _FINDERS else iter(())
    return list(found)


def is_future(words: str) -> bool:
    return bool(_FUTURE.search(words))


def is_past(words: str) -> bool:
    return bool(_PAST.search(words))


def is_exact(words: str) -> bool:
    """Whether an hour is named."""
    return bool(_CLOCK.search(words))


@lru_cache(maxsize=4_096)
def _by_sound(text: str) -> str:
    """Characters that sound like a digit as that digit, beside one: 18起武救司 -> 187594.

    Recognisers write about one digit in ten of a dictated number as a homophone; the syllable is
    right. One character stands for one, so that places in the text stay the same.
    """
    sounds = lazy_pinyin(list(text))
    known = [char in _DIGIT or char.isdigit() for char in text]
    out = list(text)
    for at in [*range(1, len(text)), *range(len(text) - 2, -1, -1)]:
        touches = any(0 <= near < len(text) and known[near] for near in (at - 1, at + 1))
        if not known[at] and touches and sounds[at] in _DIGIT_OF_SOUND:
            out[at], known[at] = _DIGIT_OF_SOUND[sounds[at]], True
    return "".join(out)


def _digits(text: str, lang: str) -> Iterator[Value]:
    """Digit strings read one by one; breaks of a comma or a breath do not end them.

    A string that needed homophones follows the one as written, for those that want more digits.
    """
    yield from _digits_as_written(text, lang)
    if lang == "zh" and (heard := _by_sound(text)) != text:
        written = {value.value for value in _digits_as_written(text, lang)}
        for value in _digits_as_written(heard, lang):
            if value.value not in written and len(value.value) >= 6:
                yield replace(value, words=text[value.start : value.end].strip(" ，,、。."))


def _digits_as_written(text: str, lang: str) -> Iterator[Value]:
    if lang == "en":
        text = alpha2digit(text, "en")
    pattern = _DIGITS_EN if lang == "en" else _DIGITS_ZH
    for match in pattern.finditer(text):
        digits = "".join(_DIGIT.get(c, c) for c in match.group() if c in _DIGIT or c.isdigit())
        follows, end = text[match.end() : match.end() + 1], match.end()
        if len(digits) >= 3 and (letter := _CHECK_LETTER.match(text, end)):
            digits, end = f"{digits}X", letter.end()
        if len(digits) >= 3 and follows not in ("十", "百", "千", "万", "点", "块", "元"):
            yield Value(digits, text[match.start() : end].strip(" ，,、。."), match.start(), end)


def _phones(text: str, lang: str) -> Iterator[Value]:
    for found in _digits(text, lang):
        if len(found.value) == 11 and found.value[0] == "1":
            yield found


def _amounts(text: str, lang: str) -> Iterator[Value]:
    if lang == "en":
        text = alpha2digit(re.sub(r"\ba hundred\b", "one hundred", text), "en")
        for match in _AMOUNT_EN.finditer(text):
            yield Value(match.group(1).replace(",", ""), match.group().strip(), *match.span())
        return
    for match in _AMOUNT_ZH.finditer(text):
        whole = _number_zh(match.group(1))
        if whole is None:
            continue
        tenth = match.group(2)
        value = f"{whole}.{_DIGIT.get(tenth, tenth)}" if tenth and "." not in whole else whole
        yield Value(value, match.group(), *match.span())


def _numbers(text: str, lang: str) -> Iterator[Value]:
    if lang == "en":
        text = alpha2digit(text, "en")
        for match in _NUMBER_EN.finditer(text):
            yield Value(match.group().replace(",", ""), match.group(), *match.span())
        return
    for match in _NUMBER_ZH.finditer(_ONE_BEFORE_SCALE.sub("一", text)):
        number = _number_zh(match.group())
        if number is not None:
            yield Value(number, text[match.start() : match.end()], *match.span())


def _number_zh(words: str) -> str | None:
    if all(c in _DIGIT for c in words) and len(words) > 1:
        return "".join(_DIGIT[c] for c in words)
    try:
        number = cn2an.cn2an(words.replace("〇", "零").strip("点半."), "smart")
    except (ValueError, KeyError):  # cn2an raises the latter on "点" and the like
        return None
    return str(int(number)) if float(number).is_integer() else str(number)


def _moments(text: str, lang: str) -> Iterator[Value]:
    for match in (_WHEN_EN if lang == "en" else _WHEN_ZH).finditer(text):
        words = match.group().strip(" ，,、。.")
        if words:
            yield Value(re.sub(r"[，,、]", "", words), words, *match.span())


def _names(text: str, lang: str) -> Iterator[Value]:
    for match in (_NAME_EN if lang == "en" else _NAME_ZH).finditer(text):
        name = match.group(1)
        if name not in _NOT_A_NAME:
            yield Value(name, match.group(), *match.span(1))


def _addresses(text: str, lang: str) -> Iterator[Value]:
    for match in (_ADDRESS_EN if lang == "en" else _ADDRESS_ZH).finditer(text):
        yield Value(match.group(1), match.group(), *match.span(1))


_FINDERS = {
    "phone": _phones,
    "account": _digits,
    "amount": _amounts,
    "number": _numbers,
    "when": _moments,
    "name": _names,
    "address": _addresses,
}
