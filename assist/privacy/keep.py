"""Digits that are no private number: dates, times, amounts, measures, ticket and staff numbers.

What is listed here stays readable in stored calls. Patterns are anchored to their own sign (a
unit, a currency, a colon, a cue word); a bare string of digits is never kept because of its length.
"""

from __future__ import annotations

import re

_DATE = (
    r"(?:19|20)\d\d(?:[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|年(?:0?[1-9]|1[0-2])月(?:(?:0?[1-9]|[12]\d|3[01])[日号]?)?)"
)
_CLOCK = r"(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d(?:\.\d+)?)?"
_ZONE = r"(?:Z|[+-][0-2]\d:?[0-5]\d)?"
_MONEY = r"(?:[¥￥$£€]|RMB|CNY|USD)\s?(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d+)?"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_SIGNED = re.compile(
    rf"(?<!\d){_DATE}(?:[T ]?{_CLOCK}{_ZONE})?(?!\d)"
    rf"|(?<![\d:：]){_CLOCK}(?:\s?[-~～—–至到]\s?{_CLOCK})?(?![\d:：])"
    rf"|(?:{_MONEY})(?!\d)"
    rf"|(?<![\d.]){_OCTET}(?:\.{_OCTET}){{3}}(?![\d.])"
    r"|(?<![\d,])\d{1,3}(?:,\d{3}){1,3}(?:\.\d+)?\s?(?:[元块度]|yuan|dollars?|pounds?)"
    r"|(?<![\dA-Za-z])[A-Z]{2}\d{8}-\d{6}(?!\d)"  # a ticket's number
    r"|(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f][0-9a-f]*[a-f])(?![0-9a-f]*\d{10})[0-9a-f]{12,64}(?![0-9A-Za-z])"
)
_CARDINAL = re.compile(
    r"[0-9零〇一二三四五六七八九两]{0,4}[十百千万亿][零〇一二三四五六七八九两十百千万亿]*"
)
_ASCII_DIGIT = re.compile("[0-9]")
_DECIMAL = re.compile(r"(?<![\d.])\d{1,7}\.\d{1,3}(?![\d.])")
_UNIT_ZH = (
    r"\s?(?:年|月|日|[点點](?!\s?(?:com|cn|net|org))|时|分|秒|块|元|圆|毛|角|钱|度|千瓦|瓦|兆|"
    r"个|位|天|次|倍|折|岁|周|期|条|台|户|人|张|件|笔|页|层|公里|米|克|斤|小时|钟头|"
    r"[%％℃°]|[GMKgmk](?![A-Za-z]|\d)|[GMKgm]B|[GMKk]bps|kwh|kWh|KWH|dBm|dbm|ms|Hz|kHz)"
)
_UNIT_EN = (
    r"[\s-]?(?:yuan|rmb|dollars?|pounds?|euros?|cents?|percent|per cent|seconds?|minutes?|hours?|"
    r"days?|weeks?|months?|years?|gigs?|gigabytes?|megs?|megabits?|megabytes?|mbps|kilowatts?|"
    r"kwh|units?|times|people|a\.?m\b|p\.?m\b|o'clock|degrees?|hundred|thousand|million)\b"
)
_UNIT = re.compile(rf"{_UNIT_ZH}|{_UNIT_EN}", re.IGNORECASE)
_OF_WORK = re.compile(
    r"(?:工号|坐席号?|员工号|(?:工|订|派|故障)单(?:编?号|尾号)?|单号|案件号|"
    r"\b(?:staff|agent|employee|ticket|case|reference)(?:\s(?:id|number|no\.?|reference))?)"
    r"(?:\s?(?:是|为|is|:|：|#))?\s*$",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"1[012]\d{3}|1[012]\d|9[56]\d{3}|123\d\d")
_SERVICE_LONG = re.compile(r"[48]00\d{7}")
_LIST = re.compile(r"\s?[、/~～至到和或]\s?|-")


def signed(text: str) -> list[tuple[int, int]]:
    """Spans that say by their own form what they are."""
    found = [match.span() for match in _CARDINAL.finditer(text)]
    if _ASCII_DIGIT.search(text):
        found += [match.span() for match in _SIGNED.finditer(text)]
    return found


def decimals(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _DECIMAL.finditer(text)]


def has_unit(text: str, end: int) -> bool:
    """Whether the digits that end here count something."""
    return bool(_UNIT.match(text, end))


def is_of_work(text: str, start: int) -> bool:
    """Whether a staff, ticket or case number is announced right before."""
    return bool(_OF_WORK.search(text[max(0, start - 24) : start]))


def is_service(digits: str) -> bool:
    """A hotline: 110, 10086, 95598, 12345."""
    return bool(_SERVICE.fullmatch(digits))


def is_long_service(digits: str) -> bool:
    """A 400 or 800 number."""
    return bool(_SERVICE_LONG.fullmatch(digits))


def is_list_mark(gap: str) -> bool:
    """What stands between the members of a list or range, not inside a number read aloud."""
    return bool(_LIST.fullmatch(gap))
