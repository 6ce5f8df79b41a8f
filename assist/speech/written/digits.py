"""Strings of digits read out one by one: telephone, account, circuit, card and staff numbers.

Finds them in Chinese and English, in words or in figures, and joins the groups a speaker parts by
a breath when together they are clearly one number. It must never join a list of separate numbers
(rooms, years, the same number said twice) and never take the two of "两个" for a digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

DIGITS_ZH = "零〇一二三四五六七八九幺两"
_RADIO = "洞拐勾"
"""Read for 0, 7 and 9 where lines are bad; only ever beside other digits."""

_VALUE = (
    {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
    | {c: str(i) for i, c in enumerate("０１２３４５６７８９")}
    | {"〇": "0", "幺": "1", "两": "2", "洞": "0", "拐": "7", "勾": "9"}
)
ONES_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_VALUE_EN = {word: str(i) for i, word in enumerate(ONES_EN)} | {"oh": "0", "o": "0"}
_TIMES_EN = {"double": 2, "triple": 3}

_PLAIN = "0-9０-９"
_DIGIT_EN = r"(?:(?:double|triple)[ -])?(?:oh|o|" + "|".join(ONES_EN) + ")"
_WIDER_EN = r"(?:ten|\w+teen|eleven|twelve|\w+ty|hundred|thousand|million|billion|point|percent)"
_GROUP = re.compile(
    rf"(?P<thousands>(?<![{_PLAIN}.,])[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![{_PLAIN}]))"
    rf"|(?P<zh>(?<![十百千万亿{DIGITS_ZH}{_RADIO}{_PLAIN}])"
    rf"[{DIGITS_ZH}{_RADIO}{_PLAIN}]+(?![十百千万亿]))"
    rf"|(?P<en>(?<![A-Za-z'’-])(?<!ty )(?<!ty-){_DIGIT_EN}(?:[ -]{_DIGIT_EN})*"
    rf"(?![A-Za-z'’]|[ -]{_WIDER_EN}\b))",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"(?:[\s,，、。.;；…\-—–]|嗯|呃|额|啊|(?<![a-z])(?:uhm?|umm?|erm?)(?![a-z]))*", re.IGNORECASE
)
_LONGEST_GAP = 12
_MEASURE = "个下点些样起会直般定种边旦切共次块张条台位遍天年月回度兆人家只件份秒分层期"
_UNIT = re.compile(r"\s*(?:[年月日号楼层室弄栋元块毛角度兆台个人次天秒分伏安瓦%‰]|[GMKT](?![a-z]))")
_TAIL_ASKED = re.compile(r"(?:尾号|[后末](?:四|4)位)(?:数字?)?(?:分别)?(?:是|为)?[，,：:\s]*$")
_NOT_A_DIGIT = re.compile(r"\s(?:moment|minute|second|sec|more|thing|of|by|day|person)\b", re.I)

_CHECK_X = re.compile(r"[\s,，]{0,2}[xX](?![a-zA-Z])")
_WHOLE = re.compile(
    r"1\d{10}"  # mobile
    r"|[48]00\d{7}"  # service numbers
    r"|0\d{9,11}"  # area code and line
    r"|[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"  # ID card
    r"|[3-6]\d{15,18}"  # bank card
)


@dataclass(frozen=True)
class Number:
    """One number: its place in the text, its digits, and whether any of it stood in words."""

    start: int
    end: int
    digits: str
    spoken: bool
    groups: tuple[str, ...]


def spoken_digits(text: str) -> list[tuple[int, int, str]]:
    """(start, end, digits) of every run of three or more digits, in words or figures.

    Runs parted only by a pause (comma, space, dash, hesitation) are one when they add up to a
    known kind of number or were plainly read on; an ID card keeps its X. `text` is not changed,
    nothing is raised; places are those of `text`.
    """
    return [(n.start, n.end, n.digits) for n in numbers(text) if len(n.digits) >= 3]


def numbers(text: str) -> list[Number]:
    """Runs of digits of any length, joined over pauses, in order."""
    found: list[Number] = []
    chain: list[Number] = []
    for group in _groups(text):
        if chain and not _is_pause(text, chain[-1].end, group.start):
            found += _joined(text, chain)
            chain = []
        chain.append(group)
        if _UNIT.match(text, group.end):  # "幺五四…，五零二室": a quantity, not a group
            found += [*_joined(text, chain[:-1]), group]
            chain = []
    return found + _joined(text, chain)


def _is_pause(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_GAP and _GAP.fullmatch(text, start, end) is not None


def _groups(text: str) -> list[Number]:
    groups: list[Number] = []
    for match in _GROUP.finditer(text):
        start, end = match.span()
        if match.lastgroup == "thousands":
            digits, spoken = match.group().replace(",", ""), False
        elif match.lastgroup == "zh":
            start, end = _zh_bounds(text, start, end)
            digits = "".join(_VALUE.get(c, c) for c in text[start:end])
            spoken = any(c in DIGITS_ZH + _RADIO for c in text[start:end])
        else:
            words = re.split(r"[ -]", match.group())
            if len(words) == 1 and words[0].casefold() in ("oh", "o"):  # "Oh, one more thing"
                continue
            if words[-1].casefold() == "one" and _NOT_A_DIGIT.match(text, end):
                end -= len(words.pop()) + (1 if words else 0)
            digits, spoken = _en_digits(words), True
        if digits:
            groups.append(Number(start, end, digits, spoken, (digits,)))
    return groups


def _zh_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Less the last digit of "…六六幺八一个", and radio words that have no radio digits beside."""
    run = text[start:end]
    if not any(c in run for c in "幺洞") and len(run) < 6:
        while start < end and text[start] in _RADIO:
            start += 1
        while start < end and text[end - 1] in _RADIO:
            end -= 1
    if end - start > 3 and text[end - 1] in "一两" and text[end : end + 1] in tuple(_MEASURE):
        end -= 1
    if all(c in _RADIO for c in text[start:end]):
        return start, start
    return start, end


def _en_digits(words: list[str]) -> str:
    digits, times = "", 1
    for word in words:
        folded = word.casefold()
        if folded in _TIMES_EN:
            times = _TIMES_EN[folded]
        else:
            digits += _VALUE_EN[folded] * times
            times = 1
    return digits


def _joined(text: str, chain: list[Number]) -> list[Number]:
    """The chain as the fewest numbers: the longest joinable stretch first."""
    out: list[Number] = []
    at = 0
    while at < len(chain):
        end = min(len(chain), at + 20)
        while end > at + 1 and not _is_one(text, chain[at:end]):
            end -= 1
        parts = chain[at:end]
        last, digits = parts[-1].end, "".join(part.digits for part in parts)
        if len(digits) == 17 and (x := _CHECK_X.match(text, last)):
            last, digits = x.end(), digits + "X"
        out.append(
            Number(
                parts[0].start,
                last,
                digits,
                any(part.spoken for part in parts),
                tuple(part.digits for part in parts),
            )
        )
        at = end
    return out


def _is_one(text: str, parts: list[Number]) -> bool:
    digits = "".join(part.digits for part in parts)
    if _WHOLE.fullmatch(parts[0].digits) or len(digits) > 20:
        return False
    if _WHOLE.fullmatch(digits):
        return True
    sizes = [len(part.digits) for part in parts]
    if all(size == 1 for size in sizes):
        steps = {int(b.digits) - int(a.digits) for a, b in pairwise(parts)}
        return len(parts) >= 7 and steps != {1}
    gaps = [text[a.end : b.start] for a, b in pairwise(parts)]
    if any(re.search("[。.;；、]", gap) for gap in gaps) or _is_list(parts):
        return False
    if len(parts[0].digits) == 4 and _TAIL_ASKED.search(
        text[max(0, parts[0].start - 20) : parts[0].start]
    ):
        return False
    if not any(part.spoken for part in parts):
        return len(parts) >= 3 and set(sizes[:-1]) == {4} and sizes[-1] <= 4
    return min(sizes) >= 2 and max(sizes) <= 7 and len(digits) >= 6


def _is_list(parts: list[Number]) -> bool:
    """Rooms 501, 502, 603; years 2024, 2025; the same number twice."""
    texts = [part.digits for part in parts]
    if len({len(text) for text in texts}) > 1:
        return False
    if len(texts) == 2 and texts[0] == texts[1]:
        return True
    rooms = len(texts[0]) == 3 and all(text[1] == "0" for text in texts)
    return rooms or len({text[:-1] for text in texts}) == 1
