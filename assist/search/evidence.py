"""What a call has said so far about the customer's need: the unit of search.

Pure: no model, no clock, no memory of its own. `gather` turns the utterances of a call into the
few texts worth comparing with the corpus; `weigh` turns their scores into figures per guide. A
later "嗯好的" adds no unit, so it cannot overwrite an earlier match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from assist.events import Match, Speaker
from assist.search.signals import Floats
from assist.search.text import answer, content, house

Decision = Literal["open", "suggest", "silent"]

_UNITS = 10
_JOINED = 3
_JOINED_CHARACTERS = {"zh": 90, "en": 300}
_DECAY = 0.3
_UNANSWERED = 1.5
_LONE = 3.0
_NEVER = -12.0
NOTHING = (_NEVER, _NEVER, 0.0)
"""Figures per guide while no unit was heard."""
_RESTATES = re.compile(
    r"[吗吧]？?$|是吗|对吗|对吧|是吧|对不对|是不是|^(?:明白|了解|理解|听起来|您是说|您说的是|也就是)|"
    r"\?$|^(?:so|i see|you mean|sounds like|right)\b"
)


@dataclass(frozen=True)
class Heard:
    """One utterance as it stands now. A later one of the same id replaces it.

    `final` is False while the text is only the stable prefix of the utterance.
    """

    utterance: str
    speaker: Speaker
    text: str
    final: bool = True


@dataclass(frozen=True)
class Terms:
    """What is known of guides besides what was said; it never speaks alone.

    `prior` is added to a guide's log-odds. `urgent` guides need no higher bar beside an open card.
    Of guides opened before, those in `again` may be proposed anew.
    """

    prior: Mapping[str, float] = field(default_factory=dict)
    urgent: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unit:
    """A text that may tell the need; `penalty` (log-odds) is what age and doubt take away."""

    utterance: str
    text: str
    penalty: float


@dataclass(frozen=True)
class Gathered:
    """`units` one by one, oldest first; `joined`, the last of them in one text."""

    units: tuple[Unit, ...]
    joined: str

    @property
    def texts(self) -> list[str]:
        return [*(unit.text for unit in self.units), *([self.joined] if self.joined else [])]


@dataclass(frozen=True)
class Finding:
    """What search makes of the evidence.

    `matches` are the guides in question, best first, scores 0..1, whatever the decision; in a call
    `utterance` and its `words` carried the best one. `margin` is its lead in score, `shares` how
    much each signal spoke for it.
    """

    decision: Decision
    matches: tuple[Match, ...] = ()
    utterance: str = ""
    words: str = ""
    margin: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)


def latest(utterances: Sequence[Heard]) -> list[Heard]:
    """Each utterance once, in the order in which they began, with its newest text."""
    newest: dict[str, Heard] = {}
    for heard in utterances:
        newest[heard.utterance] = heard
    return list(newest.values())


def gather(utterances: Sequence[Heard], lang: str, after: str = "") -> Gathered:
    """The units of a call, at most the newest ten.

    The customer's content counts in full. The agent's counts only where it restates the need as a
    question: in full once the customer agreed, at a discount while unanswered, not at all once
    denied. With `after`, the id of the utterance at which a card opened, only final text of later
    ones counts, and of the agent only what was agreed to: questions now come from the guide.
    """
    turns = latest(utterances)
    units: list[Unit] = []
    named = _house(turns, lang)
    begun = not after
    for at, heard in enumerate(turns):
        counts = begun and (heard.final or not after)
        if counts and (text := content(heard.text, lang)):
            doubt = _doubt(turns, at, lang) if heard.speaker == "agent" else 0.0
            if doubt is not None and not (after and doubt):
                units.append(Unit(heard.utterance, text, doubt))
        begun = begun or heard.utterance == after
    units = units[-_UNITS:]
    aged = tuple(
        Unit(unit.utterance, unit.text, unit.penalty + _DECAY * (len(units) - 1 - at))
        for at, unit in enumerate(units)
    )
    joined = _join([unit.text for unit in units if unit.penalty == 0][-_JOINED:], lang)
    return Gathered(aged, "，".join(part for part in (named, joined) if part) if joined else "")


def weigh(gathered: Gathered, score: Callable[[str], Floats]) -> Floats:
    """Figures per guide, (guides, FIGURES): best unit, joined text, lead of their mean.

    `score` gives the log-odds of a text for each guide.
    """
    alone = np.max([score(unit.text) - unit.penalty for unit in gathered.units], axis=0)
    joined = score(gathered.joined) if gathered.joined else np.full_like(alone, _NEVER)
    return figures(alone, joined)


def figures(alone: Floats, joined: Floats) -> Floats:
    """The same from log-odds (guides) of the best unit and of the joined text."""
    alone, joined = np.maximum(alone, _NEVER), np.maximum(joined, _NEVER)
    mean = (alone + joined) / 2
    if len(mean) > 1:
        second, top = np.sort(mean)[-2:]
        lead = mean - np.where(mean >= top, second, top)
    else:
        lead = mean - _NEVER
    return np.stack([alone, joined, lead], axis=-1).astype(np.float32)


def second_card(gathered: Gathered, score: Callable[[str], Floats]) -> Floats:
    """What the log-odds of each guide lose when a card is open already, (guides).

    Once a guide is open most sentences answer its questions, and a single one that sounds like
    another scenario is no change of subject yet; two are.
    """
    heard = [score(unit.text) - unit.penalty > 0 for unit in gathered.units]
    return np.where(np.sum(heard, axis=0) > 1, 0.0, _LONE).astype(np.float32)


def carrier(gathered: Gathered, score: Callable[[str], Floats], guide: int) -> Unit:
    """The unit that speaks loudest for a guide."""
    return max(gathered.units, key=lambda unit: float(score(unit.text)[guide]) - unit.penalty)


def _doubt(turns: Sequence[Heard], at: int, lang: str) -> float | None:
    """Penalty of an agent's utterance, None if it is no restatement or was denied."""
    if not _RESTATES.search(turns[at].text.strip().lower().rstrip("。.")):
        return None
    for later in turns[at + 1 :]:
        if later.speaker == "agent":
            continue
        said = answer(later.text, lang)
        return {"yes": 0.0, "no": None, "": _UNANSWERED}[said]
    return _UNANSWERED


def _house(turns: Sequence[Heard], lang: str) -> str:
    greetings = [heard.text for heard in turns[:3] if heard.speaker == "agent"]
    return next((named for text in greetings if (named := house(text, lang))), "")


def _join(texts: Sequence[str], lang: str) -> str:
    """As many of the newest texts as fit; an over-long one keeps its end."""
    mark = "，" if lang == "zh" else ", "
    joined = mark.join(texts)
    limit = _JOINED_CHARACTERS.get(lang, 300)
    while len(joined) > limit and mark in joined:
        joined = joined.split(mark, 1)[1]
    return joined
