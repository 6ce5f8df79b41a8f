"""Text rules every engine shares: folding, tidying, loops, and sentences nobody said.

Pure functions on strings. They never invent a word; the worst they do is take one away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from opencc import OpenCC

ZH_PROMPT = "以下是普通话的句子。"
"""Makes Whisper write simplified characters with punctuation."""

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff"
_UNIT = re.compile(rf"[{_CJK}]|\d|[^\W\d_{_CJK}]+(?:['’][^\W\d_{_CJK}]+)*")
_SENTENCE = re.compile(r"[^。！？!?.,，、…]+[。！？!?.,，、…]*")
_WIDE = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}

_LEAST_RECITED = 3
"""Words in a row that nobody says without anything between them."""

_ECHO = re.compile(r"以下(是|都是)?普通话?(的(句子)?)?|这个?是普通话的句子")

_PHANTOMS = tuple(
    re.compile(pattern)
    for pattern in (
        _ECHO.pattern,
        r"(中文)?字幕(由|by|志愿者|组|制作|提供|校对|后期)?.{0,12}",
        r".{0,8}amaraorg.{0,8}",
        r".{0,6}社群提供的字幕",
        r"(谢谢|感谢)(大家|各位|您|你)?(的)?(观看|收看|收听|订阅)(本期视频|我的视频)?",
        r"请?不吝点赞.*",
        r"(请)?(点赞|订阅|转发|打赏)+(支持)?.{0,14}",
        r"(我们)?下(期|集|次)(视频|节目)?再见",
        r"(明镜|点点)(需要您的支持|栏目).*",
        r"优优独播剧场.*",
        r"(本)?(节目|视频)(由|到此).{0,12}",
        r"thank(s| you)( so much| very much)? for (watching|listening|viewing).{0,30}",
        r"(please )?(like and )?subscribe( to (my|our|the) channel)?.{0,20}",
        r"see you (in the )?next (video|time)",
        r"(subtitles|captions|transcription|transcribed) by.*",
        r"copyright .{0,30}",
    )
)
"""Whole sentences that Whisper learnt from film subtitles and writes into noise. Matched on
folded text; sentences a telephone call can hold ("谢谢", "thank you", "再见") are not here."""


class Unit(NamedTuple):
    """A Chinese character, a digit, or a run of Latin letters, with its place in the text."""

    folded: str
    start: int
    end: int


def simplified(text: str) -> str:
    """繁 → 简, character by character and by phrase (OpenCC t2s)."""
    return _converter().convert(text)


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def units(text: str) -> list[Unit]:
    """What agreement compares: punctuation, case, width and 繁/简 make no difference."""
    return [
        Unit(
            simplified(unicodedata.normalize("NFKC", match.group()).casefold()),
            match.start(),
            match.end(),
        )
        for match in _UNIT.finditer(text)
    ]


def tidied(text: str, lang: str) -> str:
    """Simplified characters, full-width punctuation beside Chinese, single spaces."""
    text = " ".join(text.replace("\ufffd", "").split())
    if lang != "zh":
        return text
    text = simplified(text)
    text = re.sub(rf"(?<=[{_CJK}])([,?!;:])", lambda match: _WIDE[match.group()], text)
    text = re.sub(rf"(?<=[{_CJK}])\.(?=\s|$|[{_CJK}])", "。", text)
    return re.sub(rf"(?<=[{_CJK}，。？！；：、])\s+(?=[{_CJK}，。？！；：、])", "", text)


def echoes_prompt(text: str) -> bool:
    """Whether `ZH_PROMPT` came back as if it had been said, whole or in part."""
    return any(_ECHO.fullmatch(_folded(part)) for part in _SENTENCE.findall(text))


def recites(text: str, hotwords: Sequence[str]) -> bool:
    """Whether the words given as a hint came back as if they had been said, one after the other."""
    parts = [_folded(part) for part in re.split(r"[、，,。.]", text)]
    spoken = [part for part in parts if part]
    return len(spoken) >= _LEAST_RECITED and {_folded(word) for word in hotwords}.issuperset(spoken)


def without_phantoms(text: str) -> str:
    """`text` less the sentences that are known to be invented; "" when none is left."""
    kept = [part for part in _SENTENCE.findall(text) if not _is_phantom(part)]
    return "".join(kept).strip() if len(kept) < len(_SENTENCE.findall(text)) else text


def _is_phantom(sentence: str) -> bool:
    folded = _folded(sentence)
    return any(pattern.fullmatch(folded) for pattern in _PHANTOMS)


def _folded(sentence: str) -> str:
    folded = unicodedata.normalize("NFKC", sentence).casefold()
    return simplified(re.sub(r"[^\w\s]", "", folded)).strip()


def loop_suspected(text: str) -> int | None:
    """Where a decoder may have begun to loop: worth a second look, but people repeat themselves."""
    return _loop(text, rounds_by_size={1: 6, 2: 4, 3: 3}, rounds=2)


def said_twice(text: str) -> int | None:
    """End of the first round where the whole text is one sentence of four or more units, again
    and again: Whisper starts over when the sound ends before it does."""
    found = units(text)
    folded = [unit.folded for unit in found]
    for size in range(4, len(folded) // 2 + 1):
        if folded[size:] == folded[:-size]:
            return found[size].start
    return None


def loop_start(text: str) -> int | None:
    """Where in `text` a decoder began to loop: the end of the loop's first round, or None.

    A loop is one unit twelve times in a row, two units eight times, three or more four times;
    people who say "对对对对" or read out "000000" stay below that.
    """
    return _loop(text, rounds_by_size={1: 12, 2: 8}, rounds=4)


def _loop(text: str, rounds_by_size: dict[int, int], rounds: int) -> int | None:
    """End of the first round of a run of `rounds` or more equal stretches; sizes up to 40 units."""
    found = units(text)
    folded = [unit.folded for unit in found]
    for size in range(1, min(len(folded) // 2, 40) + 1):
        needed = size * (rounds_by_size.get(size, rounds) - 1)
        run = 0
        for at in range(size, len(folded)):
            run = run + 1 if folded[at] == folded[at - size] else 0
            if run == needed:
                return found[at - run].end
    return None
