"""Digits as people write and say them: "154-0372", 幺五四，零三七二, "one five four, oh three".

A run is what may be one number: groups of digits with nothing but pauses between them. Recognisers
write about one dictated Chinese digit in ten as a homophone (18起武救司); a character that sounds
like a digit counts as one where it touches digits. Nothing here decides what is private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

_ZH = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    **{c: str(i) for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖") if i},
    "〇": "0",
    "○": "0",
    "幺": "1",
    "两": "2",
}
_EN = {
    **dict.fromkeys(("zero", "oh", "nought", "o"), "0"),
    **{
        word: str(i)
        for i, word in enumerate(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1
        )
    },
}
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_PAIRS = {word: str(i) for i, word in enumerate(_TEENS, start=10)} | {
    word: f"{i}0" for i, word in enumerate(_TENS, start=2)
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_SOUNDS_EN = {"to": "2", "too": "2", "for": "4", "ate": "8", "won": "1", "tree": "3"}
_SOUNDS_ZH = {
    **{"ling": "0", "dong": "0", "yao": "1", "yi": "1", "er": "2", "san": "3", "si": "4"},
    **{"wu": "5", "liu": "6", "qi": "7", "guai": "7", "ba": "8", "jiu": "9", "gou": "9"},
}
_DIGITS = "0123456789０１２３４５６７８９"
_UNITS = frozenset("0123456789")
_ONE_EN = "|".join(_EN)
_UNIT_EN = "|".join(word for word in _EN if word not in ("zero", "oh", "nought", "o"))
NUMBER_EN = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_UNIT_EN}))?|{'|'.join(_TEENS)}|{_ONE_EN})"
"""An English number below a hundred, in words."""

_TOKEN = re.compile(r"[0-9０-９零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]|[A-Za-z]+")
_PAUSE = (
    r"(?:[\s,，、。.;；:：…·~～\-–—_/()（）+]"
    r"|嗯|呃|啊|哦|诶|那个|然后|横杠|杠|\buh\b|\bum\b|\ber\b|\bdash\b)"
)
_GAP = re.compile(rf"{_PAUSE}{{0,12}}", re.IGNORECASE)
_LONGEST_GAP = 24
_TAIL_PAUSE = re.compile(rf"{_PAUSE}*$", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]{1,4}")
_HAN_AT_PAUSE = re.compile(
    rf"([\u4e00-\u9fff]{{0,3}}?)({_PAUSE}{{1,12}}?)([\u4e00-\u9fff]{{0,3}}?)", re.IGNORECASE
)
_WORDS_EN = re.compile(rf"\s(?:{'|'.join(_SOUNDS_EN)})\s", re.IGNORECASE)
_CHECK_X = re.compile(r"[\s,，、。…\-嗯呃]{0,4}([XxＸ叉])(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Token:
    """`digits` as said at `start`..`end`; "double six" is one token of two."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a pause between them."""

    tokens: tuple[Token, ...]

    @property
    def digits(self) -> str:
        return "".join(token.digits for token in self.tokens)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


Run = tuple[Group, ...]


def digits_in(groups: Sequence[Group]) -> str:
    return "".join(group.digits for group in groups)


def runs(text: str) -> Iterator[Run]:
    """Every run of the text, in order; a run of one digit is one too."""
    groups: list[list[Token]] = []
    last: Token | None = None
    for token in _tokens(text):
        joint = _joint(text, last, token) if last else None
        if last is None or joint is None:
            if groups:
                yield _run(groups)
            groups = [[token]]
        else:
            end, begin = joint
            groups[-1].extend(end)
            if begin is None:
                groups[-1].append(token)
            else:
                groups.append([*begin, token])
        last = token
    if groups:
        yield _run(groups)


def has_homophones(text: str, run: Run) -> bool:
    return any(
        text[token.start] not in _ZH and "\u4e00" <= text[token.start] <= "\u9fff"
        for group in run
        for token in group.tokens
    )


def only_pause_after(text: str, at: int) -> bool:
    return bool(_TAIL_PAUSE.match(text, at))


def only_pause_before(text: str, at: int) -> bool:
    return bool(_TAIL_PAUSE.match(text[:at]))


def with_check_letter(text: str, run: Run) -> Run:
    """The run with the X of an ID card's check digit behind it, if there is one."""
    found = _CHECK_X.match(text, run[-1].end)
    if not found or len(digits_in(run)) < 17:
        return run
    letter = Token("X", found.start(1), found.end(1))
    return (*run[:-1], Group((*run[-1].tokens, letter)))


def with_neighbours(text: str, run: Run) -> Run:
    """The run with characters that sound like digits and touch its outer ends."""
    first, last = run[0].tokens[0], run[-1].tokens[-1]
    before = _by_sound(text[max(0, first.start - 4) : first.start], first.start, backwards=True)
    after = _by_sound(text[last.end : last.end + 4], last.end)
    if not before and not after:
        return run
    groups = [list(group.tokens) for group in run]
    groups[0][:0] = before
    groups[-1].extend(after)
    return tuple(Group(tuple(tokens)) for tokens in groups)


def _run(groups: list[list[Token]]) -> Run:
    return tuple(Group(tuple(tokens)) for tokens in groups)


def _tokens(text: str) -> Iterator[Token]:
    held: Token | None = None  # "double", "twenty": waits for the word behind it
    for match in _TOKEN.finditer(text):
        said, (start, end) = match.group().lower(), match.span()
        digits = _ZH.get(said) or _EN.get(said) or _PAIRS.get(said, "")
        if not digits and said not in _TIMES:
            if said[0] in _DIGITS:
                digits = str(_DIGITS.index(said[0]) % 10)
            else:
                if held and held.digits:
                    yield held
                held = None
                continue
        if held and digits in _UNITS and text[held.end : start] in (" ", "-"):
            first = text[held.start : held.end].lower()
            many = digits * _TIMES[first] if first in _TIMES else held.digits[0] + digits
            yield Token(many, held.start, end)
            held = None
            continue
        if held and held.digits:
            yield held
        held = None
        token = Token(digits, start, end)
        if said in _TIMES or (said in _PAIRS and said in _TENS):
            held = token
        else:
            yield token
    if held and held.digits:
        yield held


_Joint = tuple[tuple[Token, ...], tuple[Token, ...] | None]


def _joint(text: str, last: Token, token: Token) -> _Joint | None:
    """How two digits hang together: homophones that end the first one's group, and those that
    begin the second one's, None if it is the same group. None if they do not hang together."""
    gap = text[last.end : token.start]
    if not gap:
        return (), None
    if len(gap) > _LONGEST_GAP:
        return None
    if gap == " " and text[last.end - 1].isalpha() and text[token.start].isalpha():
        return (), None  # English words
    if _GAP.fullmatch(gap):
        return (), ()
    if _HAN.fullmatch(gap):
        between = _by_sound(gap, last.end)
        return (between, None) if len(between) == len(gap) else None
    if _WORDS_EN.fullmatch(gap):
        word = gap.strip()
        return (Token(_SOUNDS_EN[word.lower()], last.end + 1, last.end + 1 + len(word)),), None
    if parts := _HAN_AT_PAUSE.fullmatch(gap):
        end = _by_sound(parts.group(1), last.end)
        begin = _by_sound(parts.group(3), last.end + parts.start(3))
        if len(end) == len(parts.group(1)) and len(begin) == len(parts.group(3)):
            return end, begin
    return None


def _by_sound(text: str, at: int, *, backwards: bool = False) -> tuple[Token, ...]:
    """Digits by their sound from the end that touches, as far as they go; `at` is that end."""
    found: list[Token] = []
    for step, char in enumerate(reversed(text) if backwards else text):
        digit = _digit_of_sound(char)
        if not digit:
            break
        start = at - step - 1 if backwards else at + step
        found.append(Token(digit, start, start + 1))
    return tuple(reversed(found) if backwards else found)


@lru_cache(maxsize=4096)
def _digit_of_sound(char: str) -> str:
    if not "\u4e00" <= char <= "\u9fff":
        return ""
    return _SOUNDS_ZH.get(lazy_pinyin(char)[0], "")
