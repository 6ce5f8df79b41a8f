"""What follows from a fact or a command: pure, no I/O, no clock.

`follow` is asked after every fact has been kept and folded; what it returns is kept next. Effects
are facts too: a `DiagnosisAsked` or `TicketAsked` is carried out by the call that reads it.
"""

from __future__ import annotations

from assist import events as ev
from assist.rules import (
    advising,
    backstop,
    continuing,
    hearing,
    obeying,
    offering,
    opening,
    summing,
    walking,
)
from assist.rules.tools import Tools
from assist.state import CallState, page_of

__all__ = ["Tools", "check", "follow"]

check = obeying.check


def follow(state: CallState, fact: ev.Fact, tools: Tools) -> list[ev.Fact]:
    """The facts that follow from `fact`, which `state` already contains."""
    match fact:
        case ev.CallStarted(number=number) if number:
            return [ev.CustomerAsked(number=number)]
        case ev.CustomerFound():
            return [*_customer_known(state, tools), *opening.from_record(state, tools)]
        case ev.LanguageTold():
            return opening.from_record(state, tools)
        case ev.SpeechStable():
            return opening.open_or_suggest(state, tools)
        case ev.SegmentHeard():
            return hearing.on_heard(state, tools, fact.utterance)
        case ev.CorrectionReverted():
            return hearing.on_reverted(state, tools, fact)
        case ev.GuideOpened(guide=guide):
            page = page_of(state, guide)
            fresh = page is not None and page.shown is None
            if not fresh:
                return []
            return [*walking.open_page(state, tools, guide), *continuing.ask(state, guide)]
        case ev.GuideClosed():
            passed = offering.ignored(state, tools, fact.guide)
            return [*passed, *walking.come_back(state, tools, fact)]
        case ev.EarlierFound():
            return continuing.offer(state, tools, fact)
        case ev.ContinuationTaken():
            return continuing.go_on(state, tools, fact)
        case ev.StepShown():
            return walking.on_shown(state, tools, fact)
        case ev.StepTicked() | ev.SlotFilled() | ev.DiagnosisDone() if fact.from_call:
            return []  # taken over from an earlier call: `ContinuationTaken` leads on
        case ev.StepTicked(guide=guide):
            known = walking.prefill(state, tools, tools.guide(guide))
            return [*known, *walking.on_ticked(state, tools, fact)]
        case ev.StepUndone():
            return walking.on_undone(state, tools, fact)
        case ev.SlotFilled():
            return [*_seek_customer(state, tools, fact), *walking.on_slot(state, tools, fact)]
        case ev.DiagnosisDone():
            return _diagnosed(state, tools, fact)
        case ev.OfferMade():
            return offering.offer_answered(state, tools, state.page) if state.page else []
        case ev.ConsentSaid():
            return offering.offer_answered(state, tools, state.page) if state.page else []
        case ev.OfferDecided():
            return _after_offer(state, tools, fact)
        case ev.OpenTicketsFound(guide=guide):
            page = page_of(state, guide)
            return walking.redraft(state, tools, page) if page else []
        case ev.TicketWaiting():
            return _after_ticket(state, fact, "")
        case ev.TicketFiled():
            return _after_ticket(state, fact, fact.number)
        case ev.CallEnded():
            return [*offering.ignored(state, tools), *summing.drafted(state, tools, "wrap_up")]
        case ev.CallWrapped():
            summary = summing.drafted(state, tools, "wrap_up")
            return [*summary, *backstop.on_wrapped(state, tools)]
        case ev.HandedOff():
            summary = summing.drafted(state, tools, "hand_over")
            return [*summary, *backstop.on_handed_off(state, tools)]
        case ev.Trouble(key=key) if key:
            return _after_failure(state, fact)
        case ev.AdviceAnswered():
            return advising.on_answered(state, tools, fact)
        case ev.Commanded(command=ev.SupervisorMessage() | ev.ProposeStep() as command, by=by):
            return [advising.sent(state, tools, command, by)]
        case ev.Commanded(command=command):
            return obeying.obey(state, tools, command)
    return []


def _customer_known(state: CallState, tools: Tools) -> list[ev.Fact]:
    facts: list[ev.Fact] = []
    for page in state.pages:
        facts += walking.prefill(state, tools, tools.guide(page.guide))
        facts += walking.respelt(state, tools, tools.guide(page.guide))
        facts += continuing.ask(state, page.guide)
    return facts


def _seek_customer(state: CallState, tools: Tools, filled: ev.SlotFilled) -> list[ev.Fact]:
    """A number given by an unknown caller is worth a look in the customer records."""
    if state.customer or filled.by not in ("heard", "agent") or not filled.value:
        return []
    kinds = {
        guide.slots[filled.slot].type
        for page in state.pages
        if filled.slot in (guide := tools.guide(page.guide)).slots
    }
    if not kinds & {"phone", "account"} or filled.value in state.looked_up:
        return []
    return [ev.CustomerAsked(number=filled.value, by=filled.by, evidence=filled.evidence)]


def _diagnosed(state: CallState, tools: Tools, done: ev.DiagnosisDone) -> list[ev.Fact]:
    guide = tools.guide(done.guide)
    step = guide.step(done.step)
    if not _is_current(state, done.guide, done.step):
        return []  # the agent went another way while the system was still looking
    facts: list[ev.Fact] = []
    for slot, template in step.fills.items():
        try:
            value = walking.rendered(template, state, tools)
        except walking.GuideError as error:
            facts.append(walking.trouble_at(error, guide, step))
            continue
        if value and slot not in state.slots:
            label = guide.slots[slot].choices.get(value, value) if slot in guide.slots else value
            facts.append(ev.SlotFilled(slot=slot, value=value, label=label, by="diagnosis"))
    done_slots = set(step.fills)
    facts += [f for f in walking.prefill(state, tools, guide) if f.slot not in done_slots]
    tick = ev.StepTicked(guide=guide.id, step=step.id, by="diagnosis", note=done.summary)
    return [*facts, tick]


def _after_offer(state: CallState, tools: Tools, decided: ev.OfferDecided) -> list[ev.Fact]:
    if not _is_current(state, decided.guide, decided.step):
        return []
    offer = tools.book.offers[decided.offer]
    tick = ev.StepTicked(
        guide=decided.guide,
        step=decided.step,
        by=decided.by,
        choice=decided.decision,
        choice_label=offer.title,
        evidence=decided.evidence,
        note=decided.reason,
    )
    return [tick]


def _after_ticket(
    state: CallState, ticket: ev.TicketFiled | ev.TicketWaiting, number: str
) -> list[ev.Fact]:
    """Filed, or kept until it can be: the guide goes on either way."""
    if not _is_current(state, ticket.guide, ticket.step):
        return []
    tick = ev.StepTicked(guide=ticket.guide, step=ticket.step, by="agent", choice_label=number)
    return [tick]


def _after_failure(state: CallState, trouble: ev.Trouble) -> list[ev.Fact]:
    """A diagnosis that did not come back leads to its step's manual branch."""
    diagnosis = state.diagnoses.get(f"{trouble.guide}/{trouble.step}")
    failed = diagnosis is not None and diagnosis.key == trouble.key
    if not failed or not _is_current(state, trouble.guide, trouble.step):
        return []
    tick = ev.StepTicked(guide=trouble.guide, step=trouble.step, by="system", note=trouble.message)
    return [tick]


def _is_current(state: CallState, guide: str, step: str) -> bool:
    page = page_of(state, guide)
    return bool(page and page.shown and page.shown.step == step and not page.tick(step))
