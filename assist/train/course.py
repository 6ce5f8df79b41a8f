"""The course a call took, in the terms in which two calls can be held against each other.

Pure. Read from a call's events; the same for the call of an expert and for that of a trainee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assist import events as ev
from assist.train.score import wanted_guide

OWN_WORK: frozenset[ev.StepKind] = frozenset({"say", "ask", "offer", "ticket", "handoff", "end"})
"""Kinds of step that need somebody to do them; a diagnosis runs by itself."""
_TITLE_CHARS = 24


@dataclass(frozen=True)
class Place:
    """A step of a guide."""

    guide: str
    step: str


@dataclass(frozen=True)
class Done:
    """A step that was gone through, as it was shown; `choice` is an answer or a decision."""

    place: Place
    kind: ev.StepKind
    title: str
    text: str
    must_say: bool
    choice: str
    choice_label: str
    by: ev.By
    at_ms: int
    words: str = ""


@dataclass(frozen=True)
class Opened:
    guide: str
    title: str
    at_ms: int
    by: ev.By


@dataclass(frozen=True)
class Said:
    utterance: str
    speaker: ev.Speaker
    at_ms: int
    text: str


@dataclass(frozen=True)
class Made:
    """An offer as it was shown, and what became of it."""

    offer: str
    title: str
    at_ms: int
    decision: ev.OfferDecision | None = None


@dataclass(frozen=True)
class Course:
    """`wanted` is the guide that should lead, "" where none should; `need` the utterance at which
    the customer had said what they need."""

    wanted: str = ""
    title: str = ""
    need: str = ""
    opened: tuple[Opened, ...] = ()
    steps: tuple[Done, ...] = ()
    lines: tuple[Said, ...] = ()
    offers: Mapping[str, Made] = field(default_factory=dict)
    prohibited: tuple[ev.ProhibitedSaid, ...] = ()
    ticket: ev.TicketAsked | None = None
    outcome: str = ""
    length_ms: int = 0

    @property
    def own_work(self) -> tuple[Done, ...]:
        return tuple(done for done in self.steps if done.kind in OWN_WORK)

    def done(self, place: Place) -> Done | None:
        return next((done for done in self.steps if done.place == place), None)

    def heard_ms(self, utterance: str) -> int | None:
        return next((said.at_ms for said in self.lines if said.utterance == utterance), None)


def course_of(events: Iterable[ev.Event]) -> Course:
    """What was undone is not in it; a step that was come to once more counts as done last."""
    course = Course()
    shown: dict[Place, ev.StepShown] = {}
    for event in events:
        match event.fact:
            case ev.StepShown() as fact:
                shown[Place(fact.guide, fact.step)] = fact
            case ev.StepTicked(skipped=False, from_call="") as fact:
                course = _ticked(course, fact, shown, event.at_ms)
            case ev.StepUndone(guide=guide, step=step):
                course = _undone(course, Place(guide, step))
            case fact:
                course = _with(course, fact, event.at_ms)
        course = replace(course, length_ms=max(course.length_ms, event.at_ms))
    return course


def _with(course: Course, fact: ev.Fact, at_ms: int) -> Course:
    match fact:
        case ev.GuideOpened():
            opened = (*course.opened, Opened(fact.guide, fact.title, at_ms, fact.by))
            if course.wanted:
                return replace(course, opened=opened)
            need = fact.evidence.utterance if fact.evidence else _last_need(course)
            return replace(course, opened=opened, wanted=fact.guide, title=fact.title, need=need)
        case ev.GuideClosed(guide=guide, reason="dismissed") if guide == course.wanted:
            return replace(course, wanted="", title="", need="")
        case ev.SegmentHeard():
            said = Said(fact.utterance, fact.speaker, max(fact.end_ms, 0), fact.text)
            return replace(course, lines=(*course.lines, said))
        case ev.OfferMade(offer=offer, title=title):
            return replace(course, offers={**course.offers, offer: Made(offer, title, at_ms)})
        case ev.OfferDecided(offer=offer, decision=decision, by=by) if offer in course.offers:
            undecided = by == "system" and fact.evidence is None
            made = replace(course.offers[offer], decision=None if undecided else decision)
            return replace(course, offers={**course.offers, offer: made})
        case ev.ProhibitedSaid():
            return replace(course, prohibited=(*course.prohibited, fact))
        case ev.TicketAsked():
            return replace(course, ticket=fact)
        case ev.CallWrapped(outcome=outcome):
            return replace(course, outcome=outcome)
        case _:
            return course


def _last_need(course: Course) -> str:
    """Where a card was opened by hand, what the customer had said last."""
    return next((s.utterance for s in reversed(course.lines) if s.speaker != "agent"), "")


def _ticked(
    course: Course, tick: ev.StepTicked, shown: Mapping[Place, ev.StepShown], at_ms: int
) -> Course:
    place = Place(tick.guide, tick.step)
    page = shown.get(place)
    if page is None:
        return course
    done = Done(
        place=place,
        kind=page.step_kind,
        title=_title(page),
        text=page.text,
        must_say=page.must_say,
        choice=tick.choice,
        choice_label=tick.choice_label or tick.choice,
        by=tick.by,
        at_ms=at_ms,
        words=tick.evidence.words if tick.evidence else "",
    )
    return replace(course, steps=(*(d for d in course.steps if d.place != place), done))


def _title(shown: ev.StepShown) -> str:
    """A step without a title of its own goes by its first words."""
    named = shown.title if shown.title != shown.step else ""
    return named or shown.text[:_TITLE_CHARS] or shown.step


def _undone(course: Course, place: Place) -> Course:
    """The step and the later ones of its guide are open again."""
    at = next((i for i, done in enumerate(course.steps) if done.place == place), None)
    if at is None:
        return course
    kept = [d for i, d in enumerate(course.steps) if i < at or d.place.guide != place.guide]
    return replace(course, steps=tuple(kept))


def by_reference(course: Course, reference: Mapping[str, Any]) -> Course:
    """The course as the people who made the recording meant it: which guide, from when, and how
    it ends. The way through the guide is the recorded run's."""
    decisive = reference["turns"][reference["decisive_turn"]]
    until_ms = round(decisive["end"] * 1000)
    heard = [s for s in course.lines if s.speaker != "agent" and s.at_ms <= until_ms + 1_500]
    wanted = wanted_guide(reference)
    titles = {opened.guide: opened.title for opened in course.opened}
    return replace(
        course,
        wanted=wanted,
        title=titles.get(wanted, course.title if wanted == course.wanted else ""),
        need=heard[-1].utterance if heard else course.need,
        outcome=reference["outcome"],
    )
