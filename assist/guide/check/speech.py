"""Checks of what the agent says by: phrases that must not be said, and official positions.

The day is given: nothing here reads a clock. Without one no position counts as expired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assist.guide.model import Guide
from assist.guide.shelf import Shelf
from assist.guide.source import Document, Loc
from assist.guide.wording import fold, shortest
from assist.problems import Problem


def check_speech(
    shelf: Shelf, guide: Guide, document: Document, today: date | None
) -> Iterator[Problem]:
    lang = guide.lang
    yield from _short(document, ("must_not_say",), guide.must_not_say, lang)
    house = shelf.house.item.must_not_say.get(lang, []) if shelf.house else []
    always = [(phrase, fold(phrase)) for phrase in [*guide.must_not_say, *house]]
    for i, step in enumerate(guide.steps):
        at: Loc = ("steps", i)
        yield from _short(document, (*at, "must_not_say"), step.must_not_say, lang)
        said = fold(step.say)
        here = [(phrase, fold(phrase)) for phrase in step.must_not_say]
        for phrase, folded in [*here, *always]:
            if folded and folded in said:
                yield document.problem((*at, "say"), "must-not-say-script", phrase=phrase)
        policy = step.policy
        if policy and today and policy.valid_until < today:
            values = {"source": policy.source, "until": policy.valid_until, "today": today}
            yield document.problem((*at, "policy"), "policy-expired", **values)


def check_house(shelf: Shelf) -> Iterator[Problem]:
    """Phrases of the house that are too short to be told from others."""
    if shelf.house is None:
        return
    for lang, phrases in shelf.house.item.must_not_say.items():
        yield from _short(shelf.house.document, ("must_not_say", lang), phrases, lang)


def _short(document: Document, loc: Loc, phrases: Sequence[str], lang: str) -> Iterator[Problem]:
    for j, phrase in enumerate(phrases):
        if len(fold(phrase)) < shortest(lang):
            values = {"phrase": phrase, "least": shortest(lang)}
            yield document.problem((*loc, j), "must-not-say-short", **values)
