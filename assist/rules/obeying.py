"""What a command leads to, and which commands make no sense now."""

from __future__ import annotations

from assist import events as ev
from assist.errors import CommandRefused
from assist.guide.model import Step
from assist.rules import advising, conflicting, continuing, offering, summing, ticketing, walking
from assist.rules.tools import Tools, is_solved
from assist.speech.edits import revert
from assist.speech.written import display
from assist.state import CallState, Page, line_of, page_of


def check(state: CallState, tools: Tools, command: ev.Command) -> None:
    """Raises CommandRefused, before anything is written down, with what to do instead."""
    match command:
        case ev.OpenGuide(guide=guide):
            if guide not in tools.book.guides:
                raise CommandRefused(f"There is no guide {guide!r}.", "Choose one from the search.")
        case ev.CloseGuide(guide=guide):
            if all(match.guide != guide for match in state.suggested):
                _open_page(state, guide)
        case ev.TickStep() | ev.AnswerStep() | ev.RetryDiagnosis():
            _check_current(state, tools, command)
        case ev.UndoStep(guide=guide, step=step):
            if _open_page(state, guide).tick(step) is None:
                raise CommandRefused(f"Step {step!r} is not done.", "There is nothing to undo.")
        case ev.DecideOffer(offer=offer):
            if offer not in state.offers:
                raise CommandRefused(f"The offer {offer!r} is not open.", "Wait for its card.")
            if command.decision == "accepted" and offering.lacks_consent(state, tools, offer):
                raise CommandRefused(
                    "The offer's consent wording has not been said yet.",
                    "Say it, or confirm that it was said; then record the acceptance.",
                    code="offer.consent",
                )
        case ev.ConfirmConsent(offer=offer):
            if not offering.lacks_consent(state, tools, offer):
                raise CommandRefused(
                    f"The offer {offer!r} waits for no consent wording.", "Go on with the offer."
                )
        case ev.FileTicket():
            step = _current(state, tools, command.guide, command.step)
            ticketing.check_ticket(state, tools, step, command)
        case ev.DecideContinuation():
            continuing.check(state, command)
        case ev.KeepSummary():
            summing.check(state, command)
        case ev.SettleConflict():
            conflicting.check(state, command)
        case ev.RevertCorrection():
            _reverted(state, command)
        case ev.SupervisorMessage() | ev.ProposeStep() | ev.AnswerAdvice():
            advising.check(state, tools, command)
        case ev.SeekCustomer() if state.customer:
            raise CommandRefused(
                "The caller is known already.",
                "Go by the customer shown; correct single values in the ticket form.",
                code="customer.known",
            )
        case ev.WrapUp() if state.wrapped:
            raise CommandRefused(
                "The call is wrapped up already.", "Nothing is left to do.", code="call.wrapped"
            )


def obey(state: CallState, tools: Tools, command: ev.Command) -> list[ev.Fact]:
    """The facts a checked command leads to."""
    match command:
        case ev.OpenGuide(guide=guide_id):
            guide = tools.guide(guide_id)
            match_ = next((m for m in state.suggested if m.guide == guide_id), None)
            return [
                ev.GuideOpened(
                    guide=guide.id, title=guide.title, hash=guide.hash, by="agent", match=match_
                )
            ]
        case ev.SeekCustomer(number=number):
            return [ev.CustomerAsked(number=number.strip(), by="agent")]
        case ev.CloseGuide(guide=guide_id):
            return [ev.GuideClosed(guide=guide_id, reason="dismissed")]
        case ev.TickStep(guide=guide_id, step=step):
            return [ev.StepTicked(guide=guide_id, step=step, by="agent")]
        case ev.AnswerStep():
            return _answer(tools, command)
        case ev.UndoStep(guide=guide_id, step=step):
            return [ev.StepUndone(guide=guide_id, step=step)]
        case ev.SetSlot(slot=slot, value=value):
            return [ev.SlotFilled(slot=slot, value=value, label=value, by="agent")]
        case ev.DecideContinuation():
            return continuing.decide(state, command)
        case ev.KeepSummary():
            return [summing.kept(state, command)]
        case ev.SettleConflict():
            return conflicting.settle(state, command)
        case ev.RevertCorrection():
            return [_reverted(state, command)]
        case ev.RetryDiagnosis(guide=guide_id, step=step):
            guide = tools.guide(guide_id)
            return [walking.ask_diagnosis(state, tools, guide, guide.step(step))]
        case ev.ConfirmConsent(offer=offer):
            known = state.offers[offer]
            return [ev.ConsentSaid(guide=known.guide, step=known.step, offer=offer)]
        case ev.DecideOffer():
            made = state.offers[command.offer]
            return [
                ev.OfferDecided(
                    guide=made.guide,
                    step=made.step,
                    offer=command.offer,
                    decision=command.decision,
                    reason=command.reason,
                )
            ]
        case ev.AnswerAdvice(id=advice, answer=answer):
            return [ev.AdviceAnswered(id=advice, answer=answer)]
        case ev.SupervisorMessage() | ev.ProposeStep():
            return []  # told where it is known who sent them: `advising.sent`
        case ev.FileTicket():
            return [ticketing.ask_ticket(state, tools, command)]
        case ev.HandOff(reason=reason):
            return [ev.HandedOff(to="elite", reason=reason)]
        case ev.WrapUp():
            outcome = command.outcome or outcome_of(state, tools)
            by = "agent" if command.outcome else "system"
            return [
                ev.CallWrapped(
                    outcome=outcome,
                    disposition=command.disposition or disposition_of(state, tools),
                    by=by,
                )
            ]


def outcome_of(state: CallState, tools: Tools) -> ev.Outcome:
    """What the facts add up to: handed off, ticket filed, solved, or left uncovered."""
    if state.handed_off:
        return "escalated"
    if any(ticket.status in ("filed", "waiting") for ticket in state.tickets):
        return "ticket"
    ended_solved = any(
        tools.guide(page.guide).step(tick.step).end == "solved"
        for page in state.closed
        if not page.from_guide  # what it was walked for decides
        for tick in page.ticks
    )
    return "solved" if ended_solved or is_solved(state, tools) else "uncovered"


def disposition_of(state: CallState, tools: Tools) -> str:
    """The disposition of the end that was reached last, or empty."""
    reached = [
        tools.guide(page.guide).step(tick.step).disposition
        for page in state.all_pages
        if not page.from_guide
        for tick in page.ticks
    ]
    return next((d for d in reversed(reached) if d), "")


def _answer(tools: Tools, command: ev.AnswerStep) -> list[ev.Fact]:
    guide = tools.guide(command.guide)
    step = guide.step(command.step)
    if not command.choice:
        return [ev.StepTicked(guide=guide.id, step=step.id, by="agent")]
    label = guide.slots[step.ask].choices.get(command.choice, command.choice)
    # The tick follows from the slot, as it does when the answer was heard.
    return [ev.SlotFilled(slot=step.ask, value=command.choice, label=label, by="agent")]


def _reverted(state: CallState, command: ev.RevertCorrection) -> ev.CorrectionReverted:
    """Raises CommandRefused when no such line is final, or no correction stands there."""
    line = line_of(state, command.utterance)
    if line is None:
        raise CommandRefused(
            f"There is no line {command.utterance!r} in this call; what is no speech is dropped.",
            "Go by the lines that are there.",
            code="correction.gone",
        )
    if line.tier != "final":
        raise CommandRefused(
            f"The line {command.utterance!r} is still being spoken; its text may change.",
            "Take the correction back once the line is final.",
            code="correction.not_final",
        )
    text, kept = revert(line.text, line.corrections, command.at)
    return ev.CorrectionReverted(
        utterance=line.utterance,
        reverted=next(each for each in line.corrections if each.at == command.at),
        text=text,
        display=display(text, state.lang),
        corrections=kept,
    )


def _open_page(state: CallState, guide: str) -> Page:
    page = page_of(state, guide)
    if page is None:
        raise CommandRefused(
            f"The guide {guide!r} is not open.", "Open it first.", code="guide.not_open"
        )
    return page


def _current(state: CallState, tools: Tools, guide: str, step: str) -> Step:
    page = _open_page(state, guide)
    if page.shown is None or page.shown.step != step:
        now = page.shown.step if page.shown else "none"
        raise CommandRefused(
            f"Step {step!r} is not the current one; that is {now!r}.",
            "Undo back to it, or go on from the current step.",
            code="step.not_current",
        )
    return tools.guide(guide).step(step)


def _check_current(
    state: CallState,
    tools: Tools,
    command: ev.TickStep | ev.AnswerStep | ev.RetryDiagnosis,
) -> None:
    step = _current(state, tools, command.guide, command.step)
    match command:
        case ev.TickStep() if step.kind in ("ask", "diagnose", "offer", "ticket"):
            raise CommandRefused(
                f"Step {step.id!r} is not ticked by hand.",
                "Answer it, wait for the diagnosis, decide the offer, or file the ticket.",
            )
        case ev.AnswerStep() if step.kind != "ask":
            raise CommandRefused(f"Step {step.id!r} asks nothing.", "Tick it when it is said.")
        case ev.AnswerStep(choice=choice) if choice:
            choices = tools.guide(command.guide).slots[step.ask].choices
            if choices and choice not in choices:
                raise CommandRefused(
                    f"{choice!r} is no answer of step {step.id!r}.",
                    f"Choose one of {', '.join(choices)}.",
                )
        case ev.RetryDiagnosis() if step.kind != "diagnose":
            raise CommandRefused(f"Step {step.id!r} diagnoses nothing.", "Go on from it.")
