"""English numbers as figures: digit strings, money, percentages, data, times, dates.

text2num reads a cardinal's value. Words that only look like numbers ("a red one", "one moment",
"wait a second", "two phones") stay, and so does what could be read two ways ("nineteen ninety
nine"). Figures the recogniser wrote itself are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from text_to_num import text2num

from assist.speech.written.digits import ONES_EN, numbers

_ONE = "(?:" + "|".join(ONES_EN[1:]) + ")"
_TEEN = "(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_TO_99 = rf"(?:{_TENS}(?:[ -]{_ONE})?|{_TEEN}|{_ONE})"
_HUNDREDS = rf"(?:(?:a|{_TO_99}) hundred(?: (?:and )?{_TO_99})?)"
_TO_999 = rf"(?:{_HUNDREDS}|{_TO_99})"
_CARDINAL = rf"(?:(?:a|{_TO_999}) thousand(?:,? (?:and )?{_TO_999})?|{_TO_999}|zero)"
_NUMBER = rf"(?:{_CARDINAL}(?: point(?: (?:zero|oh|{_ONE}))+)?|[0-9]+(?:\.[0-9]+)?)"
_B, _E = r"(?<![\w'’.-])", r"(?![\w'’]|-\w)"
_MONTH = (
    r"(?:january|february|(?<!to )march|april|june|july|august|september|october|november|december"
    r"|(?-i:(?<!You )May))"
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
} | {"thirtieth": 30}
_LOW = "|".join(list(_ORDINALS)[:9])
_ORDINAL = rf"(?:(?:twenty|thirty)[ -](?:{_LOW})|{'|'.join(_ORDINALS)})"
_DAY_PART = r"(?:[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|at night|tonight)"
_CLOCK_FOLLOWS = re.compile(rf" {_DAY_PART}", re.IGNORECASE)
_HOUR = rf"(?:{_ONE}|ten|eleven|twelve)"
_MINUTE = rf"(?:oh {_ONE}|{_TENS}(?:[ -]{_ONE})?|{_TEEN})"
_UNIT = (
    r"(?:percent|per cent|gigs?|gigabytes?|gigabits?|megs?|megabits?|megabytes?|terabytes?"
    r"|gb|mb|mbps|kilowatts?|kilowatt hours?|volts?|amps?|yuan|bucks|cents?|o'clock|[ap]\.?m\b\.?)"
)
_SIGN = {"dollar": "$", "pound": "£", "euro": "€"}


def written_en(text: str) -> str:
    """One pass: digit strings, then every kind of number; never raises, never loses other words."""
    text = _strings(text)
    for pattern, write in _RULES:
        text = pattern.sub(write, text)
    return text


def _strings(text: str) -> str:
    out, done = [], 0
    for number in numbers(text):
        if len(number.digits) == 3 and _CLOCK_FOLLOWS.match(
            text, number.end
        ):  # "nine oh five p.m."
            continue
        if number.spoken and len(number.digits) >= 3 and text[number.start].isascii():
            out += [text[done : number.start], number.digits]
            done = number.end
    return "".join([*out, text[done:]])


def number_of(words: str) -> str | None:
    """Figures of one number: "a hundred and five" is 105; None where it is no number."""
    whole, _, part = words.casefold().partition(" point ")
    if re.fullmatch(r"[0-9.]+", whole):
        return whole
    try:
        value = text2num(re.sub(r"^a ", "one ", whole.replace(",", "")), "en")
    except ValueError:
        return None
    digits = "".join("0" if w == "oh" else str(ONES_EN.index(w)) for w in part.split())
    return (f"{value:,}" if value >= 10_000 else str(value)) + (f".{digits}" if digits else "")


def _money(match: re.Match[str]) -> str:
    number, cents = number_of(match["n"]), match["c"]
    if number is None:
        return match.group()
    if cents:
        part = number_of(cents)
        if part is None or "." in number or not part.isdigit() or int(part) > 99:
            return match.group()
        number += f".{int(part):02d}"
    return _SIGN[match["unit"].casefold()] + number


def _measured(match: re.Match[str]) -> str:
    number, unit = number_of(match["n"]), match["unit"]
    if number is None:
        return match.group()
    return f"{number}%" if unit.casefold() in ("percent", "per cent") else f"{number} {unit}"


def _time(match: re.Match[str]) -> str:
    hour, minute = number_of(match["h"]), match["m"].casefold()
    minutes = number_of(minute.removeprefix("oh "))
    if hour is None or minutes is None:
        return match.group()
    return f"{match['lead'] or ''}{hour}:{minutes.zfill(2)}"


def _pair(match: re.Match[str]) -> str:
    low, high = number_of(match["low"]), number_of(match["high"])
    if low is None or high is None:
        return match.group()
    return f"{match['lead']} {low} {match['mid']} {high}"


def _ordinal(match: re.Match[str]) -> str:
    words = re.split("[ -]", match["o"].casefold())
    tens = {"twenty": 20, "thirty": 30}.get(words[0], 0) if len(words) == 2 else 0
    number = tens + _ORDINALS[words[-1]]
    end = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return match.group().replace(match["o"], f"{number}{end}")


def _bare(match: re.Match[str]) -> str:
    number = number_of(match.group())
    small = number is None or (len(number) == 1 and " " not in match.group())
    return match.group() if small or number is None else number


def _year(match: re.Match[str]) -> str:
    tail = number_of(match["tail"])
    return match.group() if tail is None else {"twenty": "20"}.get(match[1].casefold(), "19") + tail


def _ip(match: re.Match[str]) -> str:
    octets = re.split(" point ", match.group(), flags=re.IGNORECASE)
    return ".".join("".join(number_of(word) or word for word in octet.split()) for octet in octets)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_OCTET = rf"(?:[0-9]{{1,3}}|(?:zero|{_ONE})(?: (?:zero|{_ONE})){{0,2}})"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        _rule(rf"{_B}{_OCTET}(?: point {_OCTET}){{3}}{_E}"),
        _ip,
    ),
    (_rule(rf"{_B}twenty four[ /-]seven{_E}"), lambda _: "24/7"),
    (
        _rule(
            rf"{_B}(?P<n>{_NUMBER}) (?P<unit>dollar|pound|euro)s?"
            rf"(?:,? and (?P<c>{_TO_99}) cents?)?{_E}"
        ),
        _money,
    ),
    (
        _rule(
            rf"{_B}(?P<lead>at |until |till |from |before |after )?"
            rf"(?P<h>{_HOUR}) (?P<m>{_MINUTE})(?= {_DAY_PART})"
        ),
        _time,
    ),
    (
        _rule(rf"{_B}(?P<lead>at |until |till )(?P<h>{_HOUR}) (?P<m>{_MINUTE})(?= *(?:[.,?!]|$))"),
        _time,
    ),
    (_rule(rf"{_B}(?P<n>{_NUMBER}) (?P<unit>{_UNIT}){_E}"), _measured),
    (
        _rule(
            rf"{_B}(?P<lead>between) (?P<low>{_CARDINAL}) "
            rf"(?P<mid>and) (?P<high>{_NUMBER})(?! point){_E}"
        ),
        _pair,
    ),
    (
        _rule(
            rf"{_B}(?P<lead>from) (?P<low>{_CARDINAL}) "
            rf"(?P<mid>to) (?P<high>{_NUMBER})(?= {_DAY_PART})"
        ),
        _pair,
    ),
    (_rule(rf"{_B}{_MONTH} (?:the )?(?P<o>{_ORDINAL}){_E}"), _ordinal),
    (_rule(rf"{_B}(?P<o>{_ORDINAL})(?= of {_MONTH}\b)"), _ordinal),
    (
        _rule(rf"{_B}(?P<o>(?:twenty|thirty)[ -](?:{_LOW})|{'|'.join(list(_ORDINALS)[9:])}){_E}"),
        _ordinal,
    ),
    (_rule(rf"{_B}(twenty) (?P<tail>{_TENS}(?:[ -]{_ONE})?|{_TEEN}){_E}"), _year),
    (
        _rule(rf"(?<=in )(nineteen) (?P<tail>{_TENS}(?:[ -]{_ONE})?|{_TEEN}){_E}"),
        _year,
    ),
    (
        _rule(
            rf"(?:(?<=flat )|(?<=room )|(?<=apartment )|(?<=suite )|(?<=extension ))"
            rf"(?:{_ONE} (?=(?-i:[A-H])\b)|{_ONE}{_E})"
        ),
        lambda m: number_of(m.group().strip()) or m.group(),
    ),
    (
        _rule(
            rf"{_B}(?<!nineteen )(?<!twenty ){_CARDINAL}(?: point(?: (?:zero|oh|{_ONE}))+)?"
            rf"(?! (?:{_TENS}|{_TEEN}|{_ONE}|hundred|thousand|million|point)\b){_E}"
        ),
        _bare,
    ),
)
