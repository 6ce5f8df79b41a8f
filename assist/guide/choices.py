"""Which of some choices an utterance answers, by wording, by sound, or by meaning.

Pure. `like(text, phrases)` gives the similarity of meaning (0..1) of a text to each phrase; wording
is compared first, then sound, then meaning. What is unsure is reported as such; deciding is up to
the rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assist.guide.wording import (
    CLAUSE,
    HUM,
    Like,
    Phrases,
    fold,
    negates,
    phrases,
    sound_pairs,
    worded,
)

TAKE = 0.72
"""From here on an answer is taken; between `PROPOSE` and this it is only marked in the panel."""
PROPOSE = 0.68
LIKE_IF_ASKED = 0.50
LIKE_IF_NOT = 0.68
"""Likeness of meaning worth `TAKE`. Measured on the phrases of our guides with the default
embedder: of sentences about something else 14 % are above the first, 4 % above the second, so the
first will do only for an answer to the very question."""
MARGIN = 0.03
"""Two choices closer than this in confidence are no answer to take."""
RULED_OUT = 0.8
"""Likeness of meaning from which a clause counts as a phrase that rules a guide out. Of our guides'
own questions none is above 0.69."""

_COURTESY = re.compile(
    r"^(?:谢谢|多谢|麻烦|辛苦|不好意思|再见|拜拜|您好|你好|thanks?|thankyou|please|sorry|bye|hello|hi)"
    r"(?:你们|您|你|了|啊|哈|verymuch)*$"
)


@dataclass(frozen=True)
class HeardChoice:
    choice: str
    words: str
    confidence: float


@dataclass(frozen=True)
class Choices:
    """Phrases by choice, and all of them in one row, to be compared at one go."""

    phrases: Mapping[str, Phrases]
    row: tuple[str, ...]

    @classmethod
    def of(cls, hear: Mapping[str, Sequence[str]], lang: str) -> Choices:
        known = {choice: phrases(tuple(texts), lang) for choice, texts in hear.items()}
        return cls(known, tuple(text for p in known.values() for text in p.texts))


def hear_any(text: str, known: Sequence[str], lang: str, like: Like) -> bool:
    """Whether a clause says one of the phrases, by wording, by sound, or nearly in meaning.

    A denial on one side only is the opposite: 不是我自己买的 does not say 是我自己买的.
    """
    wanted = phrases(tuple(known), lang)
    for clause in CLAUSE.findall(text):
        if worded(clause, wanted, prompted=False, bare=False):
            return True
        alike = [
            p for p, denies in zip(known, wanted.denies, strict=True) if denies == negates(clause)
        ]
        if fold(clause) and max(like(clause, alike), default=0.0) >= RULED_OUT:
            return True
    return False


def hear_choice(
    text: str, choices: Choices, lang: str, like: Like, *, prompted: bool
) -> HeardChoice | None:
    """The choice this utterance answers, if any; `prompted` says that it was just asked.

    Short phrases (有, 没有, "yes") and loose likeness of meaning count only when prompted.
    """
    best: dict[str, HeardChoice] = {}
    outright: set[str] = set()
    for number, clause in enumerate(CLAUSE.findall(text)):
        bare = prompted and number == 0  # a bare yes or no is the first word of an answer
        alike = _alike(clause, choices, lang, like, prompted=prompted)
        for choice, known in choices.phrases.items():
            said = worded(clause, known, prompted=prompted, bare=bare)
            confidence = said or alike.get(choice, 0.0)
            if confidence > (best[choice].confidence if choice in best else 0.0):
                best[choice] = HeardChoice(choice, clause.strip(), confidence)
            if said:
                outright.add(choice)  # its own words, or their sound, outweigh likeness
    ranked = sorted(
        (heard for choice, heard in best.items() if not outright or choice in outright),
        key=lambda heard: -heard.confidence,
    )
    if not ranked or ranked[0].confidence < PROPOSE:
        return None
    top = ranked[0]
    if len(ranked) > 1 and top.confidence - ranked[1].confidence < MARGIN:
        return HeardChoice(top.choice, top.words, PROPOSE)
    return top


def _alike(
    clause: str, choices: Choices, lang: str, like: Like, *, prompted: bool
) -> dict[str, float]:
    """How surely the clause means each choice; nothing where it is too little to mean one."""
    shortest = (2 if prompted else 4) if lang == "zh" else (8 if prompted else 10)
    said = HUM.sub("", fold(clause))
    if len(said) < shortest or _COURTESY.match(said):
        return {}  # a hum or a greeting is like everything a little
    enough = LIKE_IF_ASKED if prompted else LIKE_IF_NOT
    scores, at, found = like(clause, choices.row), 0, {}
    for choice, known in choices.phrases.items():
        upto = at + len(known.texts)
        if known.texts:
            meaning = _meaning(clause, known, scores[at:upto], lang)
            found[choice] = min(TAKE + (meaning - enough) / 2, 0.87)
        at = upto
    return found


def _meaning(clause: str, known: Phrases, likeness: Sequence[float], lang: str) -> float:
    """Likeness to a choice: its nearest phrase and its three nearest, half each.

    Embedders hardly see a negation, and recognisers keep the sound of what they miswrite: so one
    that stands on one side only costs, and shared pairs of syllables help. On our guides' phrases,
    each left out in turn and misheard, that finds the right choice in 71 % instead of 69 %.
    """
    heard = sound_pairs(clause) if lang == "zh" else frozenset()
    denies = negates(clause)
    scores = [
        alike
        + (0.2 * len(pairs & heard) / len(pairs) if heard and pairs else 0.0)
        - (0.1 if denies != denied else 0.0)
        for alike, pairs, denied in zip(likeness, known.pairs, known.denies, strict=True)
    ]
    best = sorted(scores, reverse=True)[:3]
    return (best[0] + sum(best) / len(best)) / 2
