"""The records that a call's state is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assist import events as ev

CallStatus = Literal["live", "ended", "broken_off"]

LANGUAGE_NOT_GIVEN = "zh"
"""What a call is heard and served in until its language is told, or where it cannot be."""


@dataclass(frozen=True)
class Line:
    """One utterance as the panel shows it. `tier` says how much the text may still change."""

    utterance: str
    speaker: ev.Speaker
    start_ms: int
    text: str
    tier: Literal["guess", "stable", "final"]
    guess: str = ""
    display: str = ""
    corrections: tuple[ev.Correction, ...] = ()
    end_ms: int | None = None
    confidence: float = 0.0


@dataclass(frozen=True)
class SlotValue:
    value: str
    label: str
    by: ev.By
    evidence: ev.Evidence | None = None
    from_call: str = ""


@dataclass(frozen=True)
class Tick:
    """A step that is done, with what ticked it."""

    step: str
    by: ev.By
    choice: str = ""
    choice_label: str = ""
    evidence: ev.Evidence | None = None
    note: str = ""
    skipped: bool = False
    from_call: str = ""


@dataclass(frozen=True)
class DiagnosisState:
    key: str
    status: Literal["running", "done", "failed"]
    result: Mapping[str, Any] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True)
class OfferState:
    guide: str
    step: str
    made_at_ms: int
    decision: ev.OfferDecision | None = None
    consent: ev.ConsentSaid | None = None


@dataclass(frozen=True)
class TicketState:
    key: str
    type: str
    title: str
    fields: Mapping[str, str]
    status: Literal["asked", "waiting", "filed", "failed"]
    number: str = ""
    append_to: str = ""


@dataclass(frozen=True)
class Continuation:
    """The proposal to go on where an earlier call ended, and what became of it."""

    offered: ev.ContinuationOffered
    decision: Literal["accepted", "declined", ""] = ""


@dataclass(frozen=True)
class Advice:
    """What a supervisor sent, and what the agent answered."""

    fact: ev.SupervisorSaid | ev.StepProposed
    seq: int
    at_ms: int
    answer: Literal["", "seen", "taken", "declined"] = ""


@dataclass(frozen=True)
class PutAway:
    """When a card was last finished or put away, or a suggestion put away."""

    at_ms: int
    finished: bool


@dataclass(frozen=True)
class Page:
    """An open guide: where it stands and how it got there."""

    guide: str
    title: str
    hash: str
    match: ev.Match | None = None
    ticks: tuple[Tick, ...] = ()
    shown: ev.StepShown | None = None
    proposed: ev.AnswerProposed | None = None
    draft: ev.TicketDrafted | None = None
    undone: frozenset[str] = frozenset()
    visits: Mapping[str, int] = field(default_factory=dict)
    from_guide: str = ""
    """The guide that led here and goes on after."""

    def tick(self, step: str) -> Tick | None:
        return next((t for t in self.ticks if t.step == step), None)


@dataclass(frozen=True)
class CallState:
    call: str = ""
    status: CallStatus = "live"
    started: ev.CallStarted | None = None
    """`agent` is who has the call now."""
    held: bool = False
    told_lang: str = ""
    at_ms: int = 0
    seq: int = 0
    customer: ev.Customer | None = None
    last_call: ev.LastCall | None = None
    last_calls: tuple[ev.LastCall, ...] = ()
    continuations: Mapping[str, Continuation] = field(default_factory=dict)
    """By guide."""
    open_tickets: tuple[ev.OpenTicket, ...] | None = None
    """What was open when last asked; None: as the customer's record says."""
    lines: tuple[Line, ...] = ()
    suggested: tuple[ev.Match, ...] = ()
    pages: tuple[Page, ...] = ()
    closed: tuple[Page, ...] = ()
    opened: Mapping[str, str] = field(default_factory=dict)
    """Every guide opened so far, in order, with the utterance at which it was."""
    opened_at_ms: int | None = None
    dismissed: frozenset[str] = frozenset()
    put_away: Mapping[str, PutAway] = field(default_factory=dict)
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    diagnoses: Mapping[str, DiagnosisState] = field(default_factory=dict)
    last_diagnosis: str = ""
    offers: Mapping[str, OfferState] = field(default_factory=dict)
    tickets: tuple[TicketState, ...] = ()
    handed_off: ev.HandedOff | None = None
    wrapped: ev.CallWrapped | None = None
    summaries: Mapping[str, ev.SummaryDrafted | ev.SummaryKept] = field(default_factory=dict)
    """By what they are of."""
    backstop: ev.BackstopRaised | None = None
    looked_up: frozenset[str] = frozenset()
    conflicts: Mapping[str, ev.SlotConflict] = field(default_factory=dict)
    """The latest of each slot, settled or not."""
    settled: Mapping[str, str] = field(default_factory=dict)
    """Slot -> which value the agent chose, `known` or `heard`."""
    past_offers: tuple[ev.PastOffer, ...] = ()
    """What the customer was offered in earlier calls."""
    prohibited: tuple[ev.ProhibitedSaid, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def lang(self) -> str:
        """Until the first seconds have told it, Chinese stands for a language not given."""
        given = self.started.lang if self.started else "auto"
        return self.told_lang or (LANGUAGE_NOT_GIVEN if given == "auto" else given)

    @property
    def page(self) -> Page | None:
        """The card on top."""
        return self.pages[-1] if self.pages else None

    @property
    def finals(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.tier == "final")

    @property
    def all_pages(self) -> tuple[Page, ...]:
        return self.closed + self.pages

    def ticket_at(self, guide: str, step: str) -> TicketState | None:
        return next((t for t in self.tickets if t.key == ticket_key(self.call, guide, step)), None)


def ticket_key(call: str, guide: str, step: str) -> str:
    """One ticket a step and call: filing again gives the same one."""
    return f"{call}/{guide}/{step}"


def line_of(state: CallState, utterance: str) -> Line | None:
    return next((line for line in state.lines if line.utterance == utterance), None)


def page_of(state: CallState, guide: str) -> Page | None:
    return next((p for p in state.pages if p.guide == guide), None)
