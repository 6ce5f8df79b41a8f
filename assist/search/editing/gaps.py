"""What callers said and the corpus did not catch: draft questions for an editor, with their calls.

Read from the events of calls as they are stored, masked. Three kinds of call count: it ended
uncovered; a card that search had opened was put away; the agent opened a guide by hand that search
had not proposed. Every row it makes is a draft, and a text with masked parts loses that clause.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from assist import events as ev
from assist.ports import Embedder
from assist.search.corpus import OUT_OF_SCOPE, Row
from assist.search.crossfit import Progress
from assist.search.editing.alike import folded
from assist.search.embedder import encode_all
from assist.search.signals import Floats
from assist.search.text import content, language_of, tokens

Why = Literal["uncovered", "dismissed", "overruled"]

MOST = 4000
"""Utterances that are clustered at once, the newest calls first: distances grow with the square."""

_APART = 0.6
_SAID_BEFORE = 3
_LEAST = {"zh": 5, "en": 4}
_MASKED = re.compile(r"[^，。！？；、,!?;]*\*[^，。！？；、,!?;]*[，。！？；、,!?;]?")


@dataclass(frozen=True)
class Miss:
    """An utterance of a customer that search should have understood otherwise.

    `guide` is what the agent chose, "none" where nobody did; `against` is the guide that search
    had opened instead, "" for none.
    """

    call: str
    utterance: str
    text: str
    lang: Literal["zh", "en"]
    why: Why
    guide: str = OUT_OF_SCOPE
    against: str = ""


@dataclass(frozen=True)
class Gap:
    """Misses that say the same. `questions` are the few that stand for all, the most typical
    first; `guide` is what agents chose most often."""

    misses: tuple[Miss, ...]
    questions: tuple[Miss, ...]
    guide: str

    @property
    def calls(self) -> list[str]:
        return list(dict.fromkeys(miss.call for miss in self.misses))

    @property
    def why(self) -> list[str]:
        return [why for why, _ in Counter(miss.why for miss in self.misses).most_common()]


def misses_of(call: Iterable[ev.Event]) -> list[Miss]:
    """What search missed in one call, in the order in which it was said; each utterance once."""
    listener = _Listener()
    for event in call:
        listener.take(event)
    return listener.misses()


class _Listener:
    """Goes through a call's events once."""

    def __init__(self) -> None:
        self._call = ""
        self._lang = ""
        self._said: dict[str, str] = {}
        self._opened: dict[str, str] = {}
        self._dismissed: dict[str, list[str]] = {}
        self._suggested: set[str] = set()
        self._found: dict[str, Miss] = {}
        self._uncovered = False

    def take(self, event: ev.Event) -> None:
        self._call = event.call
        match event.fact:
            case ev.CallStarted(lang=lang) | ev.LanguageTold(lang=lang):
                self._lang = lang
            case ev.SegmentHeard(speaker=speaker, utterance=utterance, text=text):
                if speaker != "agent":
                    self._said[utterance] = text
            case ev.CorrectionReverted(utterance=utterance, text=text):
                if utterance in self._said:
                    self._said[utterance] = text
            case ev.GuidesSuggested(matches=matches):
                # What the record alone suggests, search has not found.
                self._suggested |= {each.guide for each in matches if each.question}
            case ev.GuideOpened() as opened if opened.by != "agent":
                evidence = opened.evidence.utterance if opened.evidence else ""
                self._opened[opened.guide] = evidence or next(reversed(self._said), "")
            case ev.GuideOpened(guide=guide):
                self._chosen(guide)
            case ev.GuideClosed(guide=guide, reason="dismissed"):
                if at := self._opened.pop(guide, ""):
                    self._miss([at], "dismissed", OUT_OF_SCOPE, guide)
                    self._dismissed[guide] = [at]
            case ev.CallWrapped(outcome=outcome):
                self._uncovered = outcome == "uncovered"
            case _:
                pass

    def misses(self) -> list[Miss]:
        if self._uncovered:
            self._miss([each for each in self._said if each not in self._found], "uncovered")
        order = list(self._said)
        # An agent's text, or one that never became final, is no question of a customer's.
        found = [miss for miss in self._found.values() if miss.utterance in self._said]
        return sorted(found, key=lambda miss: order.index(miss.utterance))

    def _chosen(self, guide: str) -> None:
        """The agent opened a guide by hand; a chip that was accepted is no miss."""
        for wrong, utterances in self._dismissed.items():
            self._miss(utterances, "overruled", guide, wrong)
        self._dismissed.clear()
        if guide not in self._suggested and guide not in self._opened:
            told = [each for each in self._said if each not in self._found and self._tells(each)]
            against = next(reversed(self._opened), "")
            self._miss(told[-_SAID_BEFORE:], "overruled", guide, against)

    def _miss(
        self, utterances: Iterable[str], why: Why, guide: str = OUT_OF_SCOPE, against: str = ""
    ) -> None:
        for utterance in utterances:
            if self._tells(utterance):
                text = unmasked(self._said[utterance])
                self._found[utterance] = Miss(
                    self._call, utterance, text, self._language(text), why, guide, against
                )

    def _tells(self, utterance: str) -> bool:
        """Whether an utterance can tell a need at all."""
        text = unmasked(self._said.get(utterance, ""))
        lang = self._language(text)
        return len(tokens(content(text, lang))) >= _LEAST[lang]

    def _language(self, text: str) -> Literal["zh", "en"]:
        lang = self._lang if self._lang in ("zh", "en") else language_of(text)
        return "en" if lang == "en" else "zh"


def unmasked(text: str) -> str:
    """The text without the clauses in which something private was masked."""
    return _MASKED.sub("", text).strip()


def gaps_of(
    misses: Sequence[Miss],
    embedder: Embedder,
    progress: Progress = lambda what, done, total: None,
    least_calls: int = 2,
    each: int = 3,
) -> list[Gap]:
    """Misses clustered by meaning, those of most calls first, `each` questions a cluster at most.

    Agglomerative clustering by average cosine distance: the number of needs is not known, and a
    chain of half-alike sentences must not become one. Clusters of fewer than `least_calls` calls
    are left out. Of more than `MOST` utterances the first count. Raises ModelError.
    """
    found: list[Gap] = []
    misses = misses[:MOST]
    vectors = encode_all([content(miss.text, miss.lang) for miss in misses], embedder, progress)
    for lang in sorted({miss.lang for miss in misses}):
        own = [at for at, miss in enumerate(misses) if miss.lang == lang]
        for members in _clusters(vectors[own]):
            group = [own[at] for at in members]
            gap = _gap([misses[at] for at in group], vectors[group], each)
            if len(gap.calls) >= least_calls:
                found.append(gap)
    return sorted(found, key=lambda gap: (-len(gap.calls), -len(gap.misses), gap.questions[0].text))


def drafts(gaps: Iterable[Gap], rows: Iterable[Row], added: date) -> list[Row]:
    """Draft rows of the gaps' questions that the corpus does not have yet, whatever their status
    there. Ids follow from the texts: the same question found again has the same id."""
    known = {(row.lang, folded(row.text)) for row in rows}
    made = []
    for gap in gaps:
        for miss in gap.questions:
            key = (miss.lang, folded(miss.text))
            if key in known:
                continue
            known.add(key)
            digest = hashlib.sha256("\n".join(key).encode()).hexdigest()[:10]
            made.append(
                Row(
                    id=f"gap-{digest}",
                    text=miss.text,
                    guide=gap.guide,
                    lang=miss.lang,
                    source="call",
                    status="draft",
                    added=added,
                    note=_note(gap),
                )
            )
    return made


def gap_of(misses: Sequence[Miss], guide: str = "", each: int = 3) -> Gap | None:
    """One call's misses as a gap by itself: what was said first tells the need. `guide`, where it
    is given, is what should have opened. None where there are no misses."""
    if not misses:
        return None
    taught = tuple(replace(miss, guide=guide or miss.guide) for miss in misses)
    return Gap(taught, taught[:each], taught[0].guide)


def _note(gap: Gap) -> str:
    """Where the draft comes from, for the editor who judges it."""
    against = sorted({miss.against for miss in gap.misses if miss.against})
    taken = f", not {', '.join(against)}" if against else ""
    shown, more = gap.calls[:5], len(gap.calls) - 5
    calls = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    return f"{'/'.join(gap.why)}{taken}; calls {calls}"


def _clusters(vectors: Floats) -> list[list[int]]:
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return [[at] for at in range(len(vectors))]
    apart: dict[str, Any] = {"n_clusters": None, "distance_threshold": _APART}
    model = AgglomerativeClustering(metric="cosine", linkage="average", **apart)
    labels = model.fit_predict(vectors)
    return [np.flatnonzero(labels == label).tolist() for label in range(int(labels.max()) + 1)]


def _gap(misses: Sequence[Miss], vectors: Floats, each: int) -> Gap:
    """The first question is the one nearest to the middle; each further one is the one least like
    those chosen, so that an editor sees how widely callers put it."""
    middle = vectors.mean(axis=0)
    chosen = [int((vectors @ middle).argmax())]
    texts = {folded(misses[chosen[0]].text)}
    while len(chosen) < each:
        left = [at for at, miss in enumerate(misses) if folded(miss.text) not in texts]
        if not left:
            break
        nearness = (vectors[left] @ vectors[chosen].T).max(axis=1)
        chosen.append(left[int(nearness.argmin())])
        texts.add(folded(misses[chosen[-1]].text))
    guides = Counter(miss.guide for miss in misses if miss.guide != OUT_OF_SCOPE)
    guide = guides.most_common(1)[0][0] if guides else OUT_OF_SCOPE
    questions = tuple(replace(misses[at], guide=guide) for at in chosen)
    return Gap(tuple(misses), questions, guide)
