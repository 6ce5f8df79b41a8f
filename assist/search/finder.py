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
    Terms,
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
_BATCH = 256
_TOP = 3
_NO_TERMS = Terms()
_ALONE = 0.5
"""Probability a guide must have by speech alone to open: no record makes a card of a mere hint."""


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
        return _found(self._compare(lang, asked), part, top)

    def find_many(
        self, texts: Sequence[str], lang: str | None = None, top: int = _TOP
    ) -> list[Finding]:
        """Each text by itself as `find` does it, compared in batches: many times faster, and the
        same but for the last digits of a score. Nothing of it is remembered."""
        tongues = [lang or language_of(text) for text in texts]
        asked = [comparable(text, its) for text, its in zip(texts, tongues, strict=True)]
        findings = [Finding("silent")] * len(texts)
        for spoken, part in self._index.languages.items():
            places: dict[str, list[int]] = {}
            for at, (its, words) in enumerate(zip(tongues, asked, strict=True)):
                if its == spoken and words:
                    places.setdefault(words, []).append(at)
            different = list(places)
            for begin in range(0, len(different), _BATCH):
                batch = different[begin : begin + _BATCH]
                found = part.matcher.log_odds(batch, self._embedder.encode(batch))
                for words, *compared in zip(batch, *found, strict=True):
                    finding = _found(_Compared(*compared), part, top)
                    for at in places[words]:
                        findings[at] = finding
        return findings

    def listen(
        self,
        utterances: Sequence[Heard],
        lang: str,
        opened: Mapping[str, str] | None = None,
        dismissed: Collection[str] = (),
        terms: Terms = _NO_TERMS,
    ) -> Finding:
        """What the call so far makes likely; ask after each stable or final text.

        `opened` maps each guide opened so far to the utterance at which it did: only what was
        said since then can open a second one, at a higher bar, and nothing is suggested beside
        an open card. `dismissed` guides are never proposed again. With a prior in `terms` a guide
        opens on less, but only where speech alone makes it more likely than not.
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

        guides, calibration = part.matcher.guides, part.calibration
        log_odds = part.evidence.log_odds(weigh(gathered, score))
        if opened:
            calm = np.array([guide not in terms.urgent for guide in guides])
            log_odds = np.where(calm, log_odds - second_card(gathered, score), log_odds)
        prior = np.array([terms.prior.get(guide, 0.0) for guide in guides], dtype=np.float32)
        values = probability(log_odds + prior)
        for guide in ({*opened} - terms.again | {*dismissed}) & {*guides}:
            values[guides.index(guide)] = 0.0
        best = int(values.argmax())
        calm_second = opened and guides[best] not in terms.urgent
        bar = calibration.change if calm_second else calibration.call.open
        decision = _decide(values, bar, calibration.call.suggest)
        if decision == "open" and probability(log_odds)[best] < min(bar, _ALONE):
            decision = "suggest"
        if opened and decision != "open":
            decision = "silent"
        unit = carrier(gathered, score, best)
        said = next(heard.text for heard in utterances[::-1] if heard.utterance == unit.utterance)
        finding = _finding(decision, values, self._compare(lang, unit.text), part)
        return replace(finding, utterance=unit.utterance, words=said)

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


def _found(compared: _Compared, part: LanguageIndex, top: int) -> Finding:
    """What one text by itself comes to."""
    values = probability(compared.log_odds)
    thresholds = part.calibration.text
    decision = _decide(values, thresholds.open, thresholds.suggest)
    return _finding(decision, values, compared, part, top)


def _finding(
    decision: Decision, values: Floats, compared: _Compared, part: LanguageIndex, top: int = _TOP
) -> Finding:
    """`compared` is the text that spoke for the best guide, `values` what all comes to."""
    order = np.argsort(-values, kind="stable")[:top]
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
