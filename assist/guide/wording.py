"""Comparing wording: what a clause and an editor's phrases share by letter or by sound.

Pure. Sound is toneless pinyin, since recognisers err in characters more than in syllables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from pypinyin import lazy_pinyin

CLAUSE = re.compile(r"[^，,。.！!？?；;]+")
NEGATES = re.compile(r"[没不别无]|\b(?:not?|never|isn't|don't|didn't|can't|won't)\b", re.IGNORECASE)
HUM = re.compile(r"^(?:[嗯啊哦哎诶呃唉]|那个|就是)+|^(?:um|uh|oh|well|yeah)+")
MENTIONED = 0.75
"""Share of a phrase's pairs of syllables that must be heard for it to be mentioned."""

_FOLD = re.compile(r"[\W_]+")
_AGAIN = re.compile(r"(.{2,4}?)\1+")
_NEGATION = re.compile(
    r"(?:不是|没有|没|不|并非|isn't|not|no|don't|didn't)\s*(?:什么|any|a|the)?\s*$", re.I
)


class Like(Protocol):
    def __call__(self, text: str, phrases: Sequence[str]) -> Sequence[float]: ...


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """Lower case, no punctuation, no spaces: what is left to compare wording by."""
    return _FOLD.sub("", text.lower())


@lru_cache(maxsize=32_768)
def negates(text: str) -> bool:
    return bool(NEGATES.search(text))


@lru_cache(maxsize=32_768)
def sound_pairs(text: str) -> frozenset[tuple[str, str]]:
    sounds = lazy_pinyin(list(fold(text)))
    return frozenset(pairwise(sounds))


@lru_cache(maxsize=32_768)
def _sound(text: str) -> str:
    return " " + " ".join(lazy_pinyin(list(fold(text)))) + " "


def sounds_like(text: str, other: str) -> bool:
    """Whether both are the same to the ear, tones aside: 仿丽华 and 方丽华."""
    return bool(fold(text)) and _sound(text) == _sound(other)


def hear_mention(text: str, mention: str, lang: str) -> bool:
    """Whether a name or turn of phrase is in the text, by letter or mostly by sound."""
    if fold(mention) in fold(text):
        return True
    wanted = sound_pairs(mention) if lang == "zh" else frozenset()
    return len(wanted) >= 3 and len(wanted & sound_pairs(text)) >= MENTIONED * len(wanted)


@dataclass(frozen=True)
class Phrases:
    """An editor's phrases for one thing, with all that comparing them needs; see `phrases`."""

    texts: tuple[str, ...]
    lang: str
    folded: tuple[str, ...]
    sounds: tuple[str, ...]
    """Of those that sound may find: Chinese ones that are not too short."""
    pairs: tuple[frozenset[tuple[str, str]], ...]
    denies: tuple[bool, ...]


@lru_cache(maxsize=8_192)
def phrases(texts: tuple[str, ...], lang: str) -> Phrases:
    folded = tuple(map(fold, texts))
    heard = lang == "zh"
    return Phrases(
        texts=texts,
        lang=lang,
        folded=folded,
        sounds=tuple(_sound(f) for f in folded if heard and len(f) >= shortest(lang)),
        pairs=tuple(sound_pairs(t) if heard else frozenset() for t in texts),
        denies=tuple(map(negates, texts)),
    )


def shortest(lang: str) -> int:
    """Characters from which a phrase is heard in mid-sentence."""
    return 3 if lang == "zh" else 8


def worded(clause: str, known: Phrases, *, prompted: bool, bare: bool) -> float:
    """The most that `wording` makes of any of the phrases."""
    said = _unrepeated(clause)
    if not said or not _may_stand_in(said, known):
        return 0.0
    found = (wording(said, f, known.lang, prompted=prompted, bare=bare) for f in known.folded)
    return max(found, default=0.0)


@lru_cache(maxsize=1_024)
def _unrepeated(clause: str) -> str:
    return _AGAIN.sub(r"\1", fold(clause))  # 好像好像是 is 好像是


def _may_stand_in(said: str, known: Phrases) -> bool:
    """Hardly ever so: the long look that follows is spared the rest."""
    for folded in known.folded:
        if folded in said:
            return True
    if known.sounds:
        sound = _sound(said)
        for wanted in known.sounds:
            if wanted in sound:
                return True
    return False


def wording(said: str, wanted: str, lang: str, *, prompted: bool, bare: bool) -> float:
    """0.8 to 1 when the phrase stands in the clause by letter or by sound, else 0."""
    position = said.find(wanted)
    if len(wanted) < shortest(lang):
        if bare and _begins_with(said, wanted):
            return 0.9
        within = prompted and len(wanted) > 1 and len(said) <= 6 * len(wanted)
        return 0.76 if within and position >= 0 and not _is_negated(said[:position]) else 0.0
    if position >= 0:
        return 0.0 if _is_negated(said[:position]) else 0.88 + 0.01 * min(len(wanted), 10)
    if lang == "zh":
        return 0.8 if _sound(wanted) in _sound(said) else 0.0
    return 0.0


def _begins_with(said: str, wanted: str) -> bool:
    """A short answer stands at the head of the clause, after a hum at most (对不起 is no 对)."""
    rest = HUM.sub("", said)
    return rest.startswith(wanted) and not rest.removeprefix(wanted).startswith(("不", "没"))


def _is_negated(before: str) -> bool:
    return bool(_NEGATION.search(before))
