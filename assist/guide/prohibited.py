"""What an agent must not say: phrases of the house, of a guide and of its step, told by meaning.

Judges final text of the agent and nothing else; it reminds, it never stops anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assist.guide.wording import CLAUSE, NEGATES, Like, fold, wording

SAME = 0.8
"""Likeness of meaning from which a clause says the phrase in other words."""


_NO_DENIAL = re.compile(r"不过|不但|不仅|不管|不好意思|对不起|差不多|别的|特别|没关系|要不|是不是")
"""Words with a denying character that deny nothing."""


@dataclass(frozen=True)
class HeardPhrase:
    phrase: str
    words: str
    confidence: float


def hear_prohibited(
    text: str, phrases: Sequence[str], lang: str, like: Like
) -> Iterator[HeardPhrase]:
    """Each phrase that the text says, once, with the clause that says it.

    A clause that denies says only phrases that deny: 我不能保证今天修好 does not say 保证今天修好.
    A reminder that is missed costs less than one that is wrong.
    """
    said: set[str] = set()
    for clause in CLAUSE.findall(text):
        denies, heard = _denies(clause), fold(clause)
        alike = [p for p in phrases if _denies(p) == denies and p not in said]
        if not heard or not alike:
            continue
        for phrase, likeness in zip(alike, like(clause, alike), strict=True):
            worded = wording(heard, fold(phrase), lang, prompted=False, bare=False)
            sure = worded or (likeness if likeness >= SAME else 0.0)
            if sure:
                said.add(phrase)
                yield HeardPhrase(phrase, clause.strip(), min(sure, 0.99))


def _denies(text: str) -> bool:
    return bool(NEGATES.search(_NO_DENIAL.sub("", text)))
