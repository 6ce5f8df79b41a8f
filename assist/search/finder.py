"""The one door to search: a text typed by hand, or what a call has said so far.

Deterministic, without state but a cache of compared texts, and safe to ask from several threads.
It proposes; whether a card opens is for the call to say.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from assist.events import Match
from assist.ports import Embedder
from assist.search.calibrate import MARGIN
from assist.search.evidence import (
    Decision,
    Finding,
    Heard,
    carrier,
    gather,
    latest,
    second_card,
    weigh,
)
from assist.search.index import LanguageIndex, SearchIndex
from assist.search.matcher import probability, shares
from assist.search.signals import Floats, Ints
from assist.search.text import comparable, language_of

_CACHED = 8192
_TOP = 3


@dataclass(frozen=True)
class _Compared:
    """One text against one language: log-odds, nearest row and each signal's part, per guide."""

    log_odds: Floats
    nearest: Ints
    parts: Floats


class Finder:
    """`index` and `embedder` must fit each other; `index.load` sees to that."""

    def __init__(self, index: SearchIndex, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        self._compared: OrderedDict[tuple[str, str], _Compared] = OrderedDict()
        self._lock = Lock()

    @property
    def guides(self) -> tuple[str, ...]:
        """Every guide that can be found, whatever its language."""
        return tuple(
            guide for one in self._index.languages.values() for guide in one.matcher.guides
        )

    def find(self, text: str, lang: str | None = None, top: int = _TOP) -> Finding:
        """One text by itself. Without `lang`, Chinese characters make it Chinese."""
        lang = lang or language_of(text)
        part = self._index.languages.get(lang)
        asked = comparable(text, lang)
        if part is None or not asked:
            return Finding("silent")
        values = probability(self._compare(lang, asked).log_odds)
        thresholds = part.calibration.text
        decision = _decide(values, thresholds.open, thresholds.suggest)
        return self._finding(decision, values, lang, asked, part, top=top)

    def listen(
        self,
        utterances: Sequence[Heard],
        lang: str,
        opened: Mapping[str, str] | None = None,
        dismissed: Collection[str] = (),
    ) -> Finding:
        """What the call so far makes likely; ask after each stable or final text.

        `opened` maps each guide opened so far to the utterance at which it did: only what was
        said since then can open a second one, at a higher bar, and nothing is suggested beside
        an open card. `dismissed` guides are never proposed again.
        """
        part = self._index.languages.get(lang)
        if part is None:
            return Finding("silent")
        opened = opened or {}
        gathered = gather(utterances, lang, _last(utterances, opened))
        if not gathered.units:
            return Finding("silent")

        def score(text: str) -> Floats:
            return self._compare(lang, text).log_odds

        log_odds = part.evidence.log_odds(weigh(gathered, score))
        values = probability(log_odds - second_card(gathered, score) if opened else log_odds)
        for guide in {*opened, *dismissed} & {*part.matcher.guides}:
            values[part.matcher.guides.index(guide)] = 0.0
        calibration = part.calibration
        if opened:
            decision = _decide(values, calibration.change, calibration.change)
            decision = decision if decision == "open" else "silent"
        else:
            decision = _decide(values, calibration.call.open, calibration.call.suggest)
        unit = carrier(gathered, score, int(values.argmax()))
        said = next(heard.text for heard in utterances[::-1] if heard.utterance == unit.utterance)
        finding = self._finding(decision, values, lang, unit.text, part)
        return replace(finding, utterance=unit.utterance, words=said)

    def _finding(
        self,
        decision: Decision,
        values: Floats,
        lang: str,
        text: str,
        part: LanguageIndex,
        top: int = _TOP,
    ) -> Finding:
        order = np.argsort(-values, kind="stable")[:top]
        compared = self._compare(lang, text)
        matches = tuple(
            Match(
                guide=part.matcher.guides[at],
                score=round(float(values[at]), 4),
                question=part.rows[compared.nearest[at]].text,
                question_id=part.rows[compared.nearest[at]].id,
            )
            for at in order
            if values[at] > 0
        )
        second = float(np.sort(values)[-2]) if len(values) > 1 else 0.0
        return Finding(
            decision,
            matches,
            margin=round(float(values.max()) - second, 4),
            shares=shares(compared.parts[order[0]]),
        )

    def _compare(self, lang: str, text: str) -> _Compared:
        """One text at a time: in a batch the same text comes out a hair's breadth different, and
        a rerun of a call must find what the call found."""
        with self._lock:
            known = self._compared.get((lang, text))
        if known is None:
            matcher = self._index.languages[lang].matcher
            found = matcher.log_odds([text], self._embedder.encode([text]))
            known = _Compared(*(part[0] for part in found))
            with self._lock:
                self._compared[lang, text] = known
                while len(self._compared) > _CACHED:
                    self._compared.popitem(last=False)
        return known


def _decide(values: Floats, opens: float, suggests: float) -> Decision:
    ordered = np.sort(values)
    second = float(ordered[-2]) if len(ordered) > 1 else 0.0
    if ordered[-1] >= opens and ordered[-1] - second >= MARGIN:
        return "open"
    return "suggest" if ordered[-1] >= suggests else "silent"


def _last(utterances: Sequence[Heard], opened: Mapping[str, str]) -> str:
    """The latest utterance at which a guide opened, "" if none did."""
    order = [heard.utterance for heard in latest(utterances)]
    return max((at for at in opened.values() if at in order), key=order.index, default="")
