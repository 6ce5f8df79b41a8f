"""Finds private data in a text: telephone, ID card, bank card, account, code, e-mail, house number.

The safe side is taken throughout: a number that fails its checksum is private all the same, for a
recogniser mishears digits. What the checksum decides is how much stays readable. docs/privacy.md
has the table. Never raises, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from assist.privacy import keep
from assist.privacy.digits import (
    NUMBER_EN,
    Group,
    Run,
    digits_in,
    has_homophones,
    only_pause_after,
    only_pause_before,
    runs,
    with_check_letter,
    with_neighbours,
)
from assist.privacy.places import Span, house_numbers, mails

Kind = Literal["phone", "id_card", "bank_card", "account", "code", "email", "address"]

LEAST_DIGITS = 6
"""A bare string of this many digits or more is private whatever it is."""
LEAST_AT_END = 4
"""The same at the end of a text that may still grow: the beginning of a number."""
STAR = "*"

_MOBILE_BEGUN = re.compile(r"1[3-9]")
_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0086|86)?(?:0?10|0?2\d|0[3-9]\d{2})\d{7,8}")
_ID18 = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{15}[\dX]")
_ID15 = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{4}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
)
_SECRET = re.compile(
    r"(?:验证码|校验码|动态码|服务密码|密码|身份证(?:号码?)?(?:的)?后[三四五六]位|"
    r"\b(?:passcode|password|pin|verification code|security code|one[- ]time code))"
    r"[^\d零〇一二三四五六七八九幺]{0,6}$",
    re.IGNORECASE,
)
# Every find has one of these in it; most strings of a call's facts have none.
_HINT = re.compile(
    r"[0-9０-９@＠零〇○一二三四五六七八九十百幺两壹贰叁肆伍陆柒捌玖]|[a-z][座栋幢]"
    rf"|[艾爱]特|圈a|\b(?:at|double|triple|treble|hundred|{NUMBER_EN})\b"
)
_ABROAD = re.compile(r"\+\s?$|\(\s?$")


@dataclass(frozen=True, slots=True)
class Found:
    """Something private at `start`..`end`; `hidden` are the parts of it that `mask` stars."""

    kind: Kind
    start: int
    end: int
    hidden: tuple[Span, ...]


def find(text: str, *, growing: bool = False, before: str = "") -> list[Found]:
    """What is private in the text, in order, without overlaps.

    `growing`: more may follow (a guess), so that the beginning of a number counts as one.
    `before`: digits that the same speaker said last; a text that begins with digits goes on there.
    """
    if not _HINT.search(text.lower()):
        return []
    found = [Found("email", *span, tuple(hidden)) for span, hidden in mails(text)]
    found += [Found("address", *span, tuple(hidden)) for span, hidden in house_numbers(text)]
    found = _apart(found)
    taken = [(one.start, one.end) for one in found]
    signed: list[Span] | None = None
    for run in runs(text):
        if len(run[0].digits) == 1 and len(run) == 1:
            continue
        signed = keep.signed(text) if signed is None else signed
        found += _numbers(text, run, taken, signed, growing=growing, before=before)
    return sorted(found, key=lambda one: one.start)


def mask(text: str, *, growing: bool = False, before: str = "") -> str:
    """The text with a star for each private character: same length, and masking again changes
    nothing."""
    while found := find(text, growing=growing, before=before):
        masked = starred(text, [span for one in found for span in one.hidden])
        if masked == text:
            break
        text = masked
    return text


def starred(text: str, spans: Sequence[Span]) -> str:
    """Stars for the letters and digits of the spans; pauses between them stay."""
    out = list(text)
    for start, end in spans:
        for at in range(start, end):
            if out[at].isalnum() or out[at] in "〇○_":
                out[at] = STAR
    return "".join(out)


def _apart(found: list[Found]) -> list[Found]:
    """Of overlapping ones the longer."""
    apart: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in apart):
            apart.append(one)
    return apart


def _numbers(
    text: str, run: Run, taken: list[Span], signed: list[Span], *, growing: bool, before: str
) -> Iterator[Found]:
    first = before if before and only_pause_before(text, run[0].start) else ""
    if first and len(first) + len(digits_in(run)) > LEAST_DIGITS and len(digits_in(run)) > 1:
        yield from _continued(text, run, first)
        return
    if len(digits_in(run)) < LEAST_AT_END:
        return
    whole = with_check_letter(text, run)
    is_id = _is_id(digits_in(whole))
    is_mobile = _MOBILE.fullmatch(digits_in(run)) and not _kept(run, signed)
    if (is_id or is_mobile) and not _kept(run, taken):
        yield _definite(whole, "id_card" if is_id else "phone")
        return
    blocked = [*taken, *signed, *keep.decimals(text)]
    for part in _parts(text, run, blocked, growing=growing):
        yield from _private(text, part, growing=growing)


def _kept(groups: Sequence[Group], spans: list[Span]) -> bool:
    return any(s < groups[-1].end and groups[0].start < e for s, e in spans)


def _parts(text: str, run: Run, blocked: list[Span], *, growing: bool) -> Iterator[Run]:
    """The run without what is something else: counted, dated, of the house's own work, masked."""
    listed = _listed(text, run, growing=growing)
    part: list[Group] = []
    for number, group in enumerate(run):
        if (
            number in listed
            or _kept((group,), blocked)
            or is_remainder(text, group)
            or (keep.is_of_work(text, group.start) and not _MOBILE.fullmatch(group.digits))
        ):
            if part:
                yield tuple(part)
            part = []
        else:
            part.append(group)
    if part:
        yield tuple(part)


def _listed(text: str, run: Run, *, growing: bool) -> set[int]:
    """Groups that count something, with the earlier members of their list: 59、79、129元.

    Eight digits that begin like a mobile number may become one: 13、800、138.
    """
    found: set[int] = set()
    for number, group in enumerate(run):
        if len(group.digits) <= 9 and keep.has_unit(text, group.end):
            found.add(number)
            while number and len(run[number - 1].digits) <= 3:
                if not keep.is_list_mark(text[run[number - 1].end : run[number].start]):
                    break
                number -= 1
                found.add(number)
    gaps = [text[a.end : b.start].strip() for a, b in pairwise(run)]
    most = 7 if growing and _MOBILE_BEGUN.match(digits_in(run)) else 9
    short = all(len(group.digits) <= 3 for group in run) and len(digits_in(run)) <= most
    english = text[run[0].start].isascii() and text[run[0].start].isalpha()  # has no such mark
    if short and set(gaps) == {"、"} and not english:
        found.update(range(len(run)))
    return found


def is_remainder(text: str, group: Group) -> bool:
    """What masking has left of a number stands beside a star and is short."""
    around = text[max(0, group.start - 1) : group.start] + text[group.end : group.end + 1]
    if len(group.digits) > 4:
        return False
    before, after = text[: group.start].rstrip(" ,，.-。、"), text[group.end :].lstrip(" ,，.-。、")
    return STAR in around or before.endswith(STAR) or after.startswith(STAR)


def _private(text: str, run: Run, *, growing: bool) -> Iterator[Found]:
    run = with_check_letter(text, run)
    at = 0
    rest: list[Group] = []
    while at < len(run):
        end, kind = _named(text, run, at)
        if kind is None:
            rest.append(run[at])
            at += 1
            continue
        yield from _unnamed(text, tuple(rest), growing=growing)
        rest = []
        if kind != "service":
            yield _definite(run[at:end], kind)
        at = end
    yield from _unnamed(text, tuple(rest), growing=growing)


def _named(text: str, run: Run, at: int) -> tuple[int, Kind | Literal["service"] | None]:
    """The number of a known shape that begins with this group, and the group after it."""
    stop = min(len(run), at + 18)
    shapes = [(end, digits_in(run[at:end])) for end in range(stop, at, -1)]
    known: tuple[tuple[Callable[[str], bool], Kind | Literal["service"]], ...] = (
        (_is_id, "id_card"),
        (lambda d: bool(_MOBILE.fullmatch(d)), "phone"),
        (_is_card, "bank_card"),
        (keep.is_long_service, "service"),
        (lambda d: bool(_LANDLINE.fullmatch(d)) and d[0] in "08", "phone"),
    )
    for is_one, kind in known:
        for end, digits in shapes:
            if len(digits) <= 19 and is_one(digits):
                return end, kind
    return at, None


def _unnamed(text: str, run: Run, *, growing: bool) -> Iterator[Found]:
    """A number of no known shape: private by its length, or by what was asked for."""
    if not run:
        return
    count = len(digits_in(run))
    if count >= LEAST_AT_END and _SECRET.search(text[max(0, run[0].start - 20) : run[0].start]):
        yield _whole(run, "code")
        return
    if all(keep.is_service(group.digits) for group in run):
        return
    at_end = growing and count >= LEAST_AT_END and only_pause_after(text, run[-1].end)
    wide = with_neighbours(text, run)
    if len(digits_in(wide)) >= LEAST_DIGITS + 1 and count >= LEAST_AT_END and wide != run:
        yield (
            _whole(wide, "account")
            if len(digits_in(wide)) != 11
            else _definite(wide, "phone" if _MOBILE.fullmatch(digits_in(wide)) else "account")
        )
    elif count >= LEAST_DIGITS + has_homophones(text, run) or at_end:
        abroad = bool(_ABROAD.search(text[: run[0].start])) and count >= 10
        yield _definite(run, "phone" if abroad else "account")


def _continued(text: str, run: Run, first: str) -> Iterator[Found]:
    """The rest of a number whose beginning was the speaker's last utterance."""
    digits = first + digits_in(run)
    if _MOBILE.fullmatch(digits) and len(digits_in(run)) >= 4:
        yield Found("phone", run[0].start, run[-1].end, _all_but(run, 0, 4))
    else:
        yield _whole(run, "account")


def _definite(run: Run, kind: Kind) -> Found:
    digits = digits_in(run)
    first = last = 0
    if kind == "phone" and (mobile := _MOBILE.fullmatch(digits)):
        first, last = mobile.start(1) + 3, 4
    elif kind in ("phone", "account"):
        last = 4 if 10 <= len(digits) <= 12 else 0
    elif kind == "bank_card":
        last = 4
    return Found(kind, run[0].start, run[-1].end, _all_but(run, first, last))


def _whole(run: Run, kind: Kind) -> Found:
    return Found(kind, run[0].start, run[-1].end, _all_but(run, 0, 0))


def _all_but(run: Run, first: int, last: int) -> tuple[Span, ...]:
    """Spans of all digits but the first and last so many; a word on the border is hidden."""
    tokens = [token for group in run for token in group.tokens]
    count = sum(len(token.digits) for token in tokens)
    hidden, at = [], 0
    for token in tokens:
        end = at + len(token.digits)
        if end > first and at < count - last:
            hidden.append((token.start, token.end))
        at = end
    return tuple(hidden)


def _is_id(digits: str) -> bool:
    """18 digits by region and date, or by GB 11643's check digit; 15 by region and date."""
    if len(digits) == 15:
        return bool(_ID15.fullmatch(digits))
    if len(digits) != 18 or not digits[:17].isascii() or not digits[:17].isdigit():
        return False
    if _ID18.fullmatch(digits):
        try:
            return 1900 <= ric.get_birth_date(digits).year <= 2100
        except (ValidationError, ValueError):
            return digits[-1] == ric.calc_check_digit(digits)
    return False


def _is_card(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and digits.isdigit() and luhn.is_valid(digits)
