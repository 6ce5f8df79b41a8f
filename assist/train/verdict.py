"""Holds what became of a guide test against what it expects; each difference with its place."""

from __future__ import annotations

from collections.abc import Iterator

from assist import events as ev
from assist.guide.source import Loc
from assist.rules.tools import Tools, is_solved
from assist.train.cases import Cases, ExpectedTicket
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
            message = "a step that solves was done" if solved else "no step done solves"
            trial.failures.append(Failure((*at, "solved"), message))
    else:  # what went wrong first, and how far the call had come
        first = trial.failures[0]
        path = " → ".join(f"{t.step}{_why(t)}" for t in trial.ticks(cases.guide)) or "no step"
        trial.failures[0] = Failure(first.loc, f"{first.message} (so far: {path})")
    return trial


def _differences(trial: Trial, cases: Cases, at: Loc) -> Iterator[Failure]:
    expected, state = trial.case.expect, trial.state
    yield from _path(trial, cases.guide, expected.path, (*at, "path"))
    shown = [fact for fact in trial.facts if isinstance(fact, ev.StepShown)]
    offered = {fact.offer for fact in trial.facts if isinstance(fact, ev.OfferMade)}
    seen = {fact.step for fact in shown if fact.guide == cases.guide} | offered
    for i, name in enumerate(expected.absent):
        if name in seen:
            yield Failure((*at, "absent", i), f"'{name}' was shown")
    for step, words in expected.shown.items():
        texts = [fact.text for fact in shown if fact.step == step]
        if not any(words in text for text in texts):
            told = f"“{texts[-1]}”" if texts else "nothing"
            yield Failure((*at, "shown", step), f"“{words}” expected, the agent was shown {told}")
    for name, value in expected.slots.items():
        slot = state.slots.get(name)
        if slot is None or value not in (slot.value, slot.label):
            found = f"'{slot.value}' ({slot.by})" if slot else "nothing"
            yield Failure((*at, "slots", name), f"'{value}' expected, found {found}")
    for name, decision in expected.offers.items():
        offer = state.offers.get(name)
        found = (offer.decision or "undecided") if offer else "never made"
        if found != decision:
            yield Failure((*at, "offers", name), f"{decision} expected, the offer was {found}")
    yield from _ticket(trial, expected.ticket, at)
    wrapped = state.wrapped
    if wrapped is not None and wrapped.outcome != expected.outcome:
        message = f"{expected.outcome} expected, the call ended {wrapped.outcome}"
        yield Failure((*at, "outcome"), message)
    if wrapped is not None and expected.disposition not in ("", wrapped.disposition):
        message = f"'{expected.disposition}' expected, found '{wrapped.disposition}'"
        yield Failure((*at, "disposition"), message)


def _path(trial: Trial, guide: str, wanted: list[str], at: Loc) -> Iterator[Failure]:
    ticks = trial.ticks(guide)
    taken = [tick.step for tick in ticks]
    if taken == wanted:
        return
    pairs = zip(taken, wanted, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(taken), len(wanted)))
    expected = f"'{wanted[same]}'" if same < len(wanted) else "the end"
    before = f"after '{taken[same - 1]}'{_why(ticks[same - 1])} " if same else ""
    came = " → ".join(taken[same : same + _AFTER]) or _stop(trial)
    yield Failure((*at, min(same, len(wanted) - 1)), f"{before}{expected} expected, came {came}")


def _asked(trial: Trial) -> list[ev.TicketAsked]:
    return [fact for fact in trial.facts if isinstance(fact, ev.TicketAsked)]


def _why(tick: ev.StepTicked) -> str:
    """What the step was answered with, and by which words."""
    answer = tick.choice_label or tick.choice
    if not answer:
        return ""
    words = f", from “{tick.evidence.words}”" if tick.evidence else ""
    return f" ({answer}, {tick.by}{words})"


def _stop(trial: Trial) -> str:
    page = trial.state.page
    return f"a stop at '{page.shown.step}'" if page and page.shown else "the end"


def _ticket(trial: Trial, expected: ExpectedTicket | None, at: Loc) -> Iterator[Failure]:
    filed = next((t for t in trial.state.tickets if t.status == "filed"), None)
    if expected is None:
        if filed:
            message = f"no ticket expected, '{filed.type}' was filed"
            yield Failure((*at, "outcome"), message)
        return
    loc: Loc = (*at, "ticket")
    if filed is None or filed.type != expected.type:
        found = f"'{filed.type}'" if filed else "no ticket"
        yield Failure((*loc, "type"), f"'{expected.type}' expected, {found} was filed")
        return
    for name, value in expected.fields.items():
        found = filed.fields.get(name, "")
        if found != value:
            yield Failure((*loc, "fields", name), f"'{value}' expected, found '{found}'")
    appended = next((t.append_to for t in _asked(trial) if t.type == filed.type), "")
    if appended != expected.append_to:
        wanted = f"a note to {expected.append_to}" if expected.append_to else "a new ticket"
        message = f"{wanted} expected, it became {f'a note to {appended}' if appended else 'new'}"
        yield Failure((*loc, "append_to"), message)
    for i, name in enumerate(expected.empty):
        if filed.fields.get(name):
            message = f"'{name}' must be empty, found '{filed.fields[name]}'"
            yield Failure((*loc, "empty", i), message)
