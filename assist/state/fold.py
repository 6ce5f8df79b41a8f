"""How each fact changes the state of its call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch
from typing import Any

from assist import events as ev
from assist.state.changes import with_diagnosis, with_line, with_page, with_ticket
from assist.state.model import (
    Advice,
    CallState,
    CallStatus,
    Continuation,
    DiagnosisState,
    Line,
    OfferState,
    Page,
    PutAway,
    SlotValue,
    Tick,
    TicketState,
    line_of,
    page_of,
)


def fold(events: Iterable[ev.Event]) -> CallState:
    """The state after these events of one call, in order."""
    state = CallState()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: CallState, event: ev.Event) -> CallState:
    state = replace(state, call=event.call, seq=event.seq, at_ms=max(state.at_ms, event.at_ms))
    return _apply(event.fact, state)


@singledispatch
def _apply(fact: Any, state: CallState) -> CallState:
    return state


@_apply.register
def _(fact: ev.CallStarted, state: CallState) -> CallState:
    return replace(state, started=fact)


@_apply.register
def _(fact: ev.LanguageTold, state: CallState) -> CallState:
    return replace(state, told_lang=fact.lang)


@_apply.register(ev.CallHeld)
@_apply.register(ev.CallResumed)
def _(fact: ev.CallHeld | ev.CallResumed, state: CallState) -> CallState:
    return replace(state, held=isinstance(fact, ev.CallHeld))


@_apply.register
def _(fact: ev.CallTransferred, state: CallState) -> CallState:
    if state.started is None:
        return state
    return replace(state, started=state.started.model_copy(update={"agent": fact.to}))


@_apply.register
def _(fact: ev.CallEnded, state: CallState) -> CallState:
    status: CallStatus = "ended" if fact.reason in ("hangup", "stopped") else "broken_off"
    return replace(state, status=status, suggested=())


@_apply.register
def _(fact: ev.CallWrapped, state: CallState) -> CallState:
    return replace(state, wrapped=fact)


@_apply.register
def _(fact: ev.CustomerAsked, state: CallState) -> CallState:
    return replace(state, looked_up=state.looked_up | {fact.number})


@_apply.register
def _(fact: ev.CustomerFound, state: CallState) -> CallState:
    return replace(
        state,
        customer=fact.customer,
        past_offers=fact.past_offers,
        last_call=fact.last_call,
        last_calls=fact.last_calls,
    )


@_apply.register
def _(fact: ev.SpeechGuessed, state: CallState) -> CallState:
    known = line_of(state, fact.utterance)
    if known and known.tier == "final":
        return state
    line = known or Line(fact.utterance, fact.speaker, fact.start_ms, "", "guess")
    return with_line(state, replace(line, guess=fact.text))


@_apply.register
def _(fact: ev.SpeechStable, state: CallState) -> CallState:
    known = line_of(state, fact.utterance)
    if known and known.tier == "final":
        return state
    line = known or Line(fact.utterance, fact.speaker, fact.start_ms, "", "guess")
    return with_line(
        state, replace(line, text=fact.text, tier="stable", corrections=fact.corrections)
    )


@_apply.register
def _(fact: ev.SegmentHeard, state: CallState) -> CallState:
    line = Line(
        fact.utterance,
        fact.speaker,
        fact.start_ms,
        fact.text,
        "final",
        end_ms=fact.end_ms,
        confidence=fact.confidence,
        display=fact.display,
        corrections=fact.corrections,
    )
    return with_line(state, line)


@_apply.register
def _(fact: ev.CorrectionReverted, state: CallState) -> CallState:
    known = line_of(state, fact.utterance)
    if known is None:
        return state
    line = replace(known, text=fact.text, display=fact.display, corrections=fact.corrections)
    return with_line(state, line)


@_apply.register
def _(fact: ev.SpeechDropped, state: CallState) -> CallState:
    return replace(state, lines=tuple(x for x in state.lines if x.utterance != fact.utterance))


@_apply.register
def _(fact: ev.GuidesSuggested, state: CallState) -> CallState:
    return replace(state, suggested=fact.matches)


@_apply.register
def _(fact: ev.GuideOpened, state: CallState) -> CallState:
    known = next((p for p in reversed(state.all_pages) if p.guide == fact.guide), None)
    away = state.put_away.get(fact.guide)
    if fact.by == "heard" and away and away.finished:
        known = None  # heard of anew once it was finished: the guide begins anew
    if fact.from_guide and page_of(state, fact.guide) is None:
        known = None  # so does one that another guide leads to
    latest = state.lines[-1].utterance if state.lines else ""
    at = fact.evidence.utterance if fact.evidence else latest
    page = known or Page(fact.guide, fact.title, fact.hash, fact.match)
    page = replace(page, from_guide=fact.from_guide or page.from_guide)
    heard_first = known is None or fact.by == "heard"
    return replace(
        state,
        pages=(*(p for p in state.pages if p.guide != fact.guide), page),
        closed=tuple(p for p in state.closed if p is not known),
        opened={**state.opened, fact.guide: at} if heard_first else state.opened,
        opened_at_ms=state.at_ms if state.opened_at_ms is None else state.opened_at_ms,
        suggested=(),
    )


@_apply.register
def _(fact: ev.GuideClosed, state: CallState) -> CallState:
    gone = tuple(p for p in state.pages if p.guide == fact.guide)
    dismissed = state.dismissed | {fact.guide} if fact.reason == "dismissed" else state.dismissed
    away = PutAway(state.at_ms, fact.reason == "finished")
    return replace(
        state,
        pages=tuple(p for p in state.pages if p.guide != fact.guide),
        closed=(*state.closed, *gone),
        suggested=tuple(m for m in state.suggested if m.guide != fact.guide),
        dismissed=dismissed,
        put_away={**state.put_away, fact.guide: away},
    )


@_apply.register
def _(fact: ev.StepShown, state: CallState) -> CallState:
    page = page_of(state, fact.guide)
    visits = dict(page.visits) if page else {}
    visits[fact.step] = visits.get(fact.step, 0) + 1
    # Come to once more, on a way that goes round, it is open again.
    ticks = tuple(t for t in page.ticks if t.step != fact.step) if page else ()
    return with_page(state, fact.guide, shown=fact, proposed=None, visits=visits, ticks=ticks)


@_apply.register
def _(fact: ev.StepTicked, state: CallState) -> CallState:
    page = page_of(state, fact.guide)
    if page is None:
        return state
    known = fact.model_dump(exclude={"kind", "guide", "evidence"})
    tick = Tick(**known, evidence=fact.evidence)
    others = tuple(t for t in page.ticks if t.step != fact.step)
    return with_page(
        state, fact.guide, ticks=(*others, tick), proposed=None, undone=page.undone - {fact.step}
    )


@_apply.register
def _(fact: ev.ContinuationOffered, state: CallState) -> CallState:
    offered = {**state.continuations, fact.guide: Continuation(fact)}
    return replace(state, continuations=offered)


@_apply.register
def _(fact: ev.ContinuationDecided, state: CallState) -> CallState:
    known = state.continuations.get(fact.guide)
    if known is None:
        return state
    decided = replace(known, decision=fact.decision)
    return replace(state, continuations={**state.continuations, fact.guide: decided})


@_apply.register
def _(fact: ev.StepUndone, state: CallState) -> CallState:
    page = page_of(state, fact.guide)
    if page is None or page.tick(fact.step) is None:
        return state
    position = next(i for i, t in enumerate(page.ticks) if t.step == fact.step)
    gone = frozenset(t.step for t in page.ticks[position:])
    open_again = {
        name: replace(made, decision=None)
        if made.guide == fact.guide and made.step in gone
        else made
        for name, made in state.offers.items()
    }
    state = replace(state, offers=open_again)
    return with_page(
        state, fact.guide, ticks=page.ticks[:position], proposed=None, undone=page.undone | gone
    )


@_apply.register
def _(fact: ev.AnswerProposed, state: CallState) -> CallState:
    return with_page(state, fact.guide, proposed=fact)


@_apply.register
def _(fact: ev.SlotFilled, state: CallState) -> CallState:
    slots = {k: v for k, v in state.slots.items() if k != fact.slot}
    if fact.value:
        slots[fact.slot] = SlotValue(fact.value, fact.label, fact.by, fact.evidence, fact.from_call)
    return replace(state, slots=slots)


@_apply.register
def _(fact: ev.DiagnosisAsked, state: CallState) -> CallState:
    return with_diagnosis(state, fact.guide, fact.step, DiagnosisState(fact.key, "running"))


@_apply.register
def _(fact: ev.DiagnosisDone, state: CallState) -> CallState:
    done = DiagnosisState(fact.key, "done", fact.result, fact.summary)
    return replace(
        with_diagnosis(state, fact.guide, fact.step, done),
        last_diagnosis=f"{fact.guide}/{fact.step}",
    )


@_apply.register
def _(fact: ev.OfferMade, state: CallState) -> CallState:
    offer = OfferState(fact.guide, fact.step, state.at_ms)
    return replace(state, offers={**state.offers, fact.offer: offer})


@_apply.register
def _(fact: ev.OfferDecided, state: CallState) -> CallState:
    made = state.offers.get(fact.offer) or OfferState(fact.guide, fact.step, state.at_ms)
    decided = replace(made, decision=fact.decision)
    return replace(state, offers={**state.offers, fact.offer: decided})


@_apply.register
def _(fact: ev.TicketDrafted, state: CallState) -> CallState:
    return with_page(state, fact.guide, draft=fact)


@_apply.register
def _(fact: ev.OpenTicketsFound, state: CallState) -> CallState:
    return replace(state, open_tickets=fact.tickets)


@_apply.register
def _(fact: ev.TicketAsked, state: CallState) -> CallState:
    asked = TicketState(
        fact.key, fact.type, fact.title, fact.fields, "asked", append_to=fact.append_to
    )
    return with_ticket(state, asked)


@_apply.register
def _(fact: ev.TicketWaiting, state: CallState) -> CallState:
    asked = next((t for t in state.tickets if t.key == fact.key), None)
    return with_ticket(state, replace(asked, status="waiting")) if asked else state


@_apply.register
def _(fact: ev.TicketFiled, state: CallState) -> CallState:
    asked = next((t for t in state.tickets if t.key == fact.key), None)
    title = asked.title if asked else fact.type
    append_to = fact.number if fact.appended else ""
    filed = TicketState(fact.key, fact.type, title, fact.fields, "filed", fact.number, append_to)
    return with_ticket(state, filed)


@_apply.register
def _(fact: ev.Trouble, state: CallState) -> CallState:
    place = f"{fact.guide}/{fact.step}"
    running = state.diagnoses.get(place)
    if running and running.key == fact.key:
        return with_diagnosis(state, fact.guide, fact.step, replace(running, status="failed"))
    asked = next((t for t in state.tickets if t.key == fact.key), None)
    return with_ticket(state, replace(asked, status="failed")) if asked else state


@_apply.register
def _(fact: ev.HandedOff, state: CallState) -> CallState:
    return replace(state, handed_off=fact)


@_apply.register
def _(fact: ev.ConsentSaid, state: CallState) -> CallState:
    made = state.offers.get(fact.offer)
    if made is None:
        return state
    return replace(state, offers={**state.offers, fact.offer: replace(made, consent=fact)})


@_apply.register
def _(fact: ev.SlotConflict, state: CallState) -> CallState:
    settled = {slot: take for slot, take in state.settled.items() if slot != fact.slot}
    return replace(state, conflicts={**state.conflicts, fact.slot: fact}, settled=settled)


@_apply.register
def _(fact: ev.ConflictSettled, state: CallState) -> CallState:
    return replace(state, settled={**state.settled, fact.slot: fact.take})


@_apply.register
def _(fact: ev.ProhibitedSaid, state: CallState) -> CallState:
    return replace(state, prohibited=(*state.prohibited, fact))


@_apply.register(ev.SummaryDrafted)
@_apply.register(ev.SummaryKept)
def _(fact: ev.SummaryDrafted | ev.SummaryKept, state: CallState) -> CallState:
    return replace(state, summaries={**state.summaries, fact.of: fact})


@_apply.register
def _(fact: ev.BackstopRaised, state: CallState) -> CallState:
    return replace(state, backstop=fact)


@_apply.register(ev.SupervisorSaid)
@_apply.register(ev.StepProposed)
def _(fact: ev.SupervisorSaid | ev.StepProposed, state: CallState) -> CallState:
    return replace(state, advice=(*state.advice, Advice(fact, state.seq, state.at_ms)))


@_apply.register
def _(fact: ev.AdviceAnswered, state: CallState) -> CallState:
    answered = tuple(
        replace(a, answer=fact.answer) if a.fact.id == fact.id else a for a in state.advice
    )
    return replace(state, advice=answered)
