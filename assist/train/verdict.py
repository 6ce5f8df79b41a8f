"""Holds what became of a guide test against what it expects; each difference with its place."""

from __future__ import annotations

from collections.abc import Iterator

from assist import events as ev
from assist.guide.source import Loc
from assist.problems import Said
from assist.rules.tools import Tools, is_solved
from assist.train.cases import Cases, ExpectedTicket
from assist.train.failure_texts import failed, joined, part
from assist.train.trial import Failure, Player, Trial

_AFTER = 3
"""Steps shown after the one at which the paths part."""


def run_case(cases: Cases, number: int, tools: Tools) -> Trial:
    """Plays the case and judges it. Raises GuideError for a customer's record that is none."""
    trial = Player(cases, number, tools).play()
    if trial.passed:
        at: Loc = ("cases", number, "expect")
        trial.failures += _differences(trial, cases, at)
        solved = is_solved(trial.state, tools)
        if trial.case.expect.solved not in (None, solved):
            told = failed("solved.was" if solved else "solved.not")
            trial.failures.append(Failure((*at, "solved"), told))
    else:  # what went wrong first, and how far the call had come
        first = trial.failures[0]
        ticks = trial.ticks(cases.guide)
        path = joined([_named(tick) for tick in ticks]) if ticks else part("no-step")
        trial.failures[0] = Failure(first.loc, failed("so-far", failure=first.said, path=path))
    return trial


def _differences(trial: Trial, cases: Cases, at: Loc) -> Iterator[Failure]:
    expected, state = trial.case.expect, trial.state
    yield from _path(trial, cases.guide, expected.path, (*at, "path"))
    shown = [fact for fact in trial.facts if isinstance(fact, ev.StepShown)]
    offered = {fact.offer for fact in trial.facts if isinstance(fact, ev.OfferMade)}
    seen = {fact.step for fact in shown if fact.guide == cases.guide} | offered
    for i, name in enumerate(expected.absent):
        if name in seen:
            yield Failure((*at, "absent", i), failed("absent", name=name))
    for step, words in expected.shown.items():
        texts = [fact.text for fact in shown if fact.step == step]
        if not any(words in text for text in texts):
            key = "shown" if texts else "shown.nothing"
            told = failed(key, words=words, told=texts[-1] if texts else "")
            yield Failure((*at, "shown", step), told)
    for name, value in expected.slots.items():
        slot = state.slots.get(name)
        if slot is None or value not in (slot.value, slot.label):
            found = {"found": slot.value, "by": slot.by} if slot else {}
            told = failed("slot" if slot else "slot.empty", value=value, **found)
            yield Failure((*at, "slots", name), told)
    for name, decision in expected.offers.items():
        offer = state.offers.get(name)
        if offer is None or offer.decision != decision:
            found = offer.decision if offer else ""
            key = "offer.never" if offer is None else "offer" if found else "offer.undecided"
            yield Failure((*at, "offers", name), failed(key, wanted=decision, found=found))
    yield from _ticket(trial, expected.ticket, at)
    wrapped = state.wrapped
    if wrapped is not None and wrapped.outcome != expected.outcome:
        told = failed("outcome", wanted=expected.outcome, found=wrapped.outcome)
        yield Failure((*at, "outcome"), told)
    if wrapped is not None and expected.disposition not in ("", wrapped.disposition):
        told = failed("text", wanted=expected.disposition, found=wrapped.disposition)
        yield Failure((*at, "disposition"), told)


def _path(trial: Trial, guide: str, wanted: list[str], at: Loc) -> Iterator[Failure]:
    ticks = trial.ticks(guide)
    taken = [tick.step for tick in ticks]
    if taken == wanted:
        return
    pairs = zip(taken, wanted, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(taken), len(wanted)))
    expected = part("step", step=wanted[same]) if same < len(wanted) else part("end")
    before: Said | str = ""
    if same:
        before = part("after", step=taken[same - 1], why=_why(ticks[same - 1]))
    came = " → ".join(taken[same : same + _AFTER]) or _stop(trial)
    told = failed("path", before=before, expected=expected, came=came)
    yield Failure((*at, min(same, len(wanted) - 1)), told)


def _asked(trial: Trial) -> list[ev.TicketAsked]:
    return [fact for fact in trial.facts if isinstance(fact, ev.TicketAsked)]


def _why(tick: ev.StepTicked) -> Said:
    """What the step was answered with, and by which words."""
    answer = tick.choice_label or tick.choice
    if not answer:
        return Said("", "")
    if tick.evidence:
        return part("answer.words", answer=answer, by=tick.by, words=tick.evidence.words)
    return part("answer", answer=answer, by=tick.by)


def _named(tick: ev.StepTicked) -> Said:
    why = _why(tick)
    return Said(f"{tick.step}{why.zh}", f"{tick.step}{why.en}")


def _stop(trial: Trial) -> Said:
    page = trial.state.page
    return part("stop", step=page.shown.step) if page and page.shown else part("end")


def _ticket(trial: Trial, expected: ExpectedTicket | None, at: Loc) -> Iterator[Failure]:
    filed = next((t for t in trial.state.tickets if t.status == "filed"), None)
    if expected is None:
        if filed:
            yield Failure((*at, "outcome"), failed("ticket.none", type=filed.type))
        return
    loc: Loc = (*at, "ticket")
    if filed is None or filed.type != expected.type:
        key, found = ("ticket.other", filed.type) if filed else ("ticket.missing", "")
        yield Failure((*loc, "type"), failed(key, wanted=expected.type, found=found))
        return
    for name, value in expected.fields.items():
        found = filed.fields.get(name, "")
        if found != value:
            yield Failure((*loc, "fields", name), failed("text", wanted=value, found=found))
    appended = next((t.append_to for t in _asked(trial) if t.type == filed.type), "")
    if appended != expected.append_to:
        wanted = expected.append_to
        key = "ticket.new" if not wanted else "ticket.other-note" if appended else "ticket.note"
        yield Failure((*loc, "append_to"), failed(key, wanted=wanted, found=appended))
    for i, name in enumerate(expected.empty):
        if filed.fields.get(name):
            told = failed("ticket.full", name=name, found=filed.fields[name])
            yield Failure((*loc, "empty", i), told)
