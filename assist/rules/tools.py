"""What the rules judge with: the book of guides, likeness of meaning, and search.

All three are functions of their input only, so a rule gives the same answer in a rerun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assist.errors import GuideError
from assist.events import Evidence, Fact, Trouble
from assist.guide.load import Book
from assist.guide.model import Guide, Step
from assist.guide.render import make_context, render_text
from assist.guide.wording import Like, fold
from assist.search.evidence import Finding, Heard, Terms
from assist.state import CallState, Line

_HUM = 2
"""Characters of an utterance that says nothing: 嗯, ok."""
_TURN = 3
"""Utterances of a turn that are looked at; a question stands in the last ones."""


class Find(Protocol):
    """As `search.finder.Finder.listen`."""

    def __call__(
        self,
        utterances: Sequence[Heard],
        lang: str,
        opened: Mapping[str, str],
        dismissed: Collection[str],
        terms: Terms,
    ) -> Finding: ...


@dataclass(frozen=True)
class Tools:
    """`find` is None when search is down: no card opens by itself, everything else goes on."""

    book: Book
    like: Like
    find: Find | None = None

    def guide(self, guide_id: str) -> Guide:
        """Raises GuideError for a guide this call's book does not hold."""
        try:
            return self.book.guides[guide_id]
        except KeyError as error:
            raise GuideError(
                f"There is no guide {guide_id!r}.", "Choose one of `assist guide check`."
            ) from error


def context_of(state: CallState, tools: Tools) -> Any:
    """What a guide's texts and conditions may look at, as the call stands now."""
    results = {
        place.split("/", 1)[1]: dict(d.result)
        for place, d in state.diagnoses.items()
        if d.status == "done"
    }
    return make_context(
        customer=state.customer,
        number=state.started.number if state.started else "",
        lang=state.lang,
        slots={name: (slot.value, slot.label) for name, slot in state.slots.items()},
        results=results,
        last=state.last_diagnosis.split("/", 1)[1] if state.last_diagnosis else None,
        offers={name: offer.decision or "" for name, offer in state.offers.items()},
        solved=is_solved(state, tools),
        mood=mood_of(state, tools),
    )


def is_solved(state: CallState, tools: Tools) -> bool:
    """A step that solves has been done, on any page; one of an earlier call did not hold."""
    return any(
        tools.guide(page.guide).step(tick.step).solves
        for page in state.all_pages
        for tick in page.ticks
        if not tick.skipped and not tick.from_call
    )


def mood_of(state: CallState, tools: Tools) -> str:
    """'angry' once the customer has used one of the phrases of guides/moods.yaml."""
    said = " ".join(line.text for line in state.finals if line.speaker == "customer")
    return "angry" if angry_words(said, state.lang, tools) else "calm"


def angry_words(said: str, lang: str, tools: Tools) -> str:
    """The first phrase of anger that these words hold, or ""."""
    phrases, said = tools.book.angry.get(lang, ()), said.lower()
    return next((phrase for phrase in phrases if phrase.lower() in said), "")


def evidence_of(line: Line, words: str, confidence: float) -> Evidence:
    """The words an utterance gave, trusted no more than the recogniser trusts the utterance."""
    sure = confidence * (0.5 + 0.5 * line.confidence) if line.tier == "final" else confidence
    return Evidence(
        utterance=line.utterance,
        speaker=line.speaker,
        words=words,
        confidence=round(min(1.0, sure), 3),
    )


def prompt_before(state: CallState, line: Line) -> str:
    """What the other side said last before this utterance: a turn comes in several utterances, and
    a hum in between asks nothing."""
    before = [x for x in state.finals if x.start_ms < line.start_ms]
    while before and (before[-1].speaker == line.speaker or len(fold(before[-1].text)) <= _HUM):
        before.pop()
    turn: list[Line] = []
    for other in reversed(before):
        if len(turn) == _TURN or other.speaker == line.speaker:
            break
        turn.insert(0, other)
    return " ".join(other.text for other in turn)


def rendered(template: str, state: CallState, tools: Tools) -> str:
    return render_text(template, context_of(state, tools)) if template else ""


def trouble_at(error: GuideError, guide: Guide, step: Step) -> Fact:
    return Trouble(**error.as_json(), guide=guide.id, step=step.id)
