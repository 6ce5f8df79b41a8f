"""House numbers and e-mail addresses, written and spoken.

Of an address the numbers are found (building, unit, door), not the street or the city; of an
e-mail the part before the @. A date (二十六号) is no house number unless a street stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assist.privacy.digits import NUMBER_EN

Span = tuple[int, int]

_N = r"(?:[0-9０-９]{1,5}[A-Za-z]?|[零〇一二三四五六七八九十百幺两]{1,6}|[A-Za-z](?=[座栋幢]))"
_STREET = r"(?:(?<=[路街道巷弄里村区院园苑城镇乡组寓庭府湾厦坊])|(?<=胡同))"
_ANY_UNIT = r"(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|组|#)"
_BREAK = r"[，,、\s\-]{0,2}"
_DOOR = (
    rf"(?:{_BREAK}(?:的|门牌)?(?:[0-9０-９]{{2,5}}[A-Za-z]?|[零〇一二三四五六七八九幺]{{3,5}})"
    r"(?![0-9０-９零〇一二三四五六七八九十百千万年月日点时分块元兆度%]))"
)
_NOT_COUNTED = r"(?<![这那哪每整第0-9０-９零〇一二三四五六七八九十百])"
_CHAIN = re.compile(
    rf"(?P<street>{_STREET}[，,]?)?{_NOT_COUNTED}"
    rf"(?P<units>{_N}{_ANY_UNIT}(?:{_BREAK}{_N}{_ANY_UNIT})*)(?P<door>{_DOOR})?"
)
_UNIT = re.compile(rf"({_N}){_ANY_UNIT}")
_STRONG = re.compile(
    rf"{_N}(?:弄|栋|幢|单元|号楼|号院|座(?!位|机|谈)|#)|[0-9０-９零〇一二三四五六七八九幺]{{2,5}}室"
)
_NUMBERS = re.compile(r"[0-9０-９A-Za-z零〇一二三四五六七八九十百幺两]+")
_TRIPLE = re.compile(rf"{_STREET}[，,\s]?(\d{{1,4}}(?:-\d{{1,4}}){{1,3}})(?!\d|年|月|日|点)")
_ROOM = re.compile(
    r"(?:门牌号?|房间号?|房号)[是为：:\s]{0,2}([0-9０-９]{2,5}|[零〇一二三四五六七八九幺]{2,5})"
    r"|(?<![0-9０-９])([0-9０-９]{3,4})房(?!间?子|东|屋|产|租|贷|价)"
)

_HOUSE_EN = rf"(?:\d{{1,5}}[a-z]?|(?:{NUMBER_EN}|hundred|and)(?:[\s-](?:{NUMBER_EN}|hundred))*)"
_NO_NAME = (
    r"(?!(?:on|in|the|of|to|a|an|at|by|from|for|with|is|are|was|down|across|up|way|more|other|"
    r"minutes?|hours?|days?|miles?|people|and|or|this|that|my|your|off|along|blocks?)\b)"
)
_TYPE_EN = (
    r"(?:road|rd|street|st|avenue|ave|lane|ln|drive|dr|court|ct|close|crescent|square|sq|place|pl|"
    r"way|boulevard|blvd|terrace|gardens|hill|row)\b"
)
_STREET_EN = re.compile(
    rf"\b({_HOUSE_EN})\s+(?:{_NO_NAME}[a-z][\w'’]*\.?\s+){{1,3}}?{_TYPE_EN}", re.IGNORECASE
)
_FLAT_EN = re.compile(
    rf"\b(?:flat|apartment|apt|suite|unit|room|door|house|building|block)\b\.?\s*"
    rf"(?:number|no\.?|#)?\s*((?:\d{{1,5}}|{NUMBER_EN}(?:\s{NUMBER_EN})*)(?:[\s-]?[a-z]\b)?)(?!\w)"
    r"(?!\s?(?:minutes?|hours?|people|days?|yuan|dollars?|times))",
    re.IGNORECASE,
)

_HOST = (
    r"(?:[A-Za-z0-9-]{1,40}\s?(?:点|\bdot\b|[.．])\s?){1,3}"
    r"(?:com|cn|net|org|edu|gov|io|uk|hk|tw|me)\b"
)
_PART = r"[A-Za-z0-9_%+\-]{1,40}"
_JOIN = r"(?:\s?[.．]\s?|\s?(?:点|下划线|横杠|减号|杠)\s?|\s(?:dot|underscore|dash|hyphen)\s)"
_SPELT = r"(?:\b[A-Za-z0-9](?:[\s,，\-]{1,2}|(?=\s?(?:at\b|@|＠|艾特|圈))))+"
_MAIL_WRITTEN = re.compile(
    r"([A-Za-z0-9_.%+\-]*[A-Za-z0-9_%+\-])\s?[@＠]\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
)
_MAIL_SPOKEN = re.compile(
    rf"((?:{_SPELT}|{_PART})(?:{_JOIN}(?:{_SPELT}|{_PART}))*|[\u4e00-\u9fff]{{2,4}})"
    rf"\s?(?:\bat\b|[@＠]|艾特|爱特|圈[aA])\s?{_HOST}",
    re.IGNORECASE,
)


# What every match has in it, in lower case: asked first, for most texts have none of it.
_HINT_ZH = re.compile(r"[号弄栋幢座楼层室组#房]|单元|\d-\d")
_HINT_STREET = re.compile(rf"\b{_TYPE_EN}")
_HINT_FLAT = re.compile(r"\b(?:flat|apartment|apt|suite|unit|room|door|house|building|block)\b")
_HINT_MAIL = re.compile(r"[@＠]|[艾爱]特|圈a|\bat\b.*(?:点|dot|\.)", re.DOTALL)


def house_numbers(text: str) -> Iterator[tuple[Span, list[Span]]]:
    """(span of the numbers, the parts that tell the door)."""
    low = text.lower()
    zh = _HINT_ZH.search(low)
    for match in _CHAIN.finditer(text) if zh else ():
        units = match.group("units")
        many = len(_UNIT.findall(units)) > 1 and not _is_date(units)
        if match.group("street") is None and not many and not _STRONG.search(units):
            continue
        if match.group("street") is None and "厅" in text[match.end() : match.end() + 3]:
            continue  # 三室两厅 is the size of a flat
        span = (match.start("units"), match.end())
        yield span, [found.span() for found in _NUMBERS.finditer(text, *span)]
    hinted = (
        (zh, _TRIPLE),
        (zh, _ROOM),
        (_HINT_STREET.search(low), _STREET_EN),
        (_HINT_FLAT.search(low), _FLAT_EN),
    )
    for hint, pattern in hinted:
        for match in pattern.finditer(text) if hint else ():
            group = match.lastindex or 0
            yield match.span(group), [match.span(group)]


def mails(text: str) -> Iterator[tuple[Span, list[Span]]]:
    """(span of the address, the part before the @)."""
    if not _HINT_MAIL.search(text.lower()):
        return
    for pattern in (_MAIL_WRITTEN, _MAIL_SPOKEN):
        for match in pattern.finditer(text):
            yield match.span(), [match.span(1)]


def _is_date(units: str) -> bool:
    return not re.search(r"栋|幢|座|单元|楼|室|弄|#|层", units)
