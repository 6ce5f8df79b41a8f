"""What was done for a customer before, read from our own journal; implements `ports.History`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from assist import events as ev
from assist.state import CallState, Page, Tick, fold
from assist.store import Store

_KINDS = (
    *("call_started", "call_wrapped", "guide_opened", "guide_closed", "step_shown", "step_ticked"),
    *("step_undone", "slot_filled", "diagnosis_done", "ticket_filed"),
)
_WORK = ("ask", "diagnose", "ticket", "handoff")
"""Steps worth standing at again; the others only say something."""


class CallHistory:
    """Answers quickly: what was said in a call is not read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def last_call(self, customer: str, before: str) -> ev.LastCall | None:
        return self._store.last_call(customer, before)

    def last_calls(self, customer: str, before: str) -> tuple[ev.LastCall, ...]:
        return self._store.last_calls(customer, before)

    def past_offers(self, customer: str, before: str) -> tuple[ev.PastOffer, ...]:
        return self._store.past_offers(customer, before)

    def earlier(self, call: str, guide: str) -> ev.EarlierCall | None:
        """How far the guide got in that call, with the values it had where the key opens them."""
        events = list(self._store.events(call, unsealed=True, kinds=_KINDS))
        return earlier_of(events, guide)


def earlier_of(events: Iterable[ev.Event], guide: str) -> ev.EarlierCall | None:
    """None where the guide never stood at a step, or nothing but its first one was reached."""
    events = list(events)
    state = fold(events)
    page = next((p for p in reversed(state.all_pages) if p.guide == guide), None)
    if page is None or page.shown is None or state.started is None:
        return None
    shown = {
        event.fact.step: event.fact
        for event in events
        if isinstance(event.fact, ev.StepShown) and event.fact.guide == guide
    }
    step, ticks = _standing(page, shown)
    asks = shown[step].slot if step in shown else ""
    done = {tick.step for tick in ticks}
    ticket = next((t.number for t in reversed(state.tickets) if t.number), "")
    return ev.EarlierCall(
        call=state.call,
        started_at=state.started.started_at,
        outcome=state.wrapped.outcome if state.wrapped else "",
        disposition=state.wrapped.disposition if state.wrapped else "",
        ticket=ticket,
        step=step,
        step_title=_title(shown.get(step)),
        ticks=tuple(
            ev.EarlierTick(
                step=tick.step,
                title=_title(shown.get(tick.step)),
                choice=tick.choice,
                choice_label=tick.choice_label,
                note=tick.note,
            )
            for tick in ticks
        ),
        slots=tuple(_slots(state, asks)),
        results=tuple(_results(events, guide, done, state.started.started_at)),
    )


def _standing(page: Page, shown: Mapping[str, ev.StepShown]) -> tuple[str, tuple[Tick, ...]]:
    """Where the guide stands, and what was done before that."""
    assert page.shown is not None, "asked only of pages that have stood at a step"
    seen = tuple(tick for tick in page.ticks if not tick.skipped)
    if page.tick(page.shown.step) is None:
        return page.shown.step, seen
    for at in range(len(seen) - 1, -1, -1):
        known = shown.get(seen[at].step)
        if known and known.step_kind in _WORK:
            return seen[at].step, seen[:at]
    return page.shown.step, tuple(tick for tick in seen if tick.step != page.shown.step)


def _slots(state: CallState, asked: str) -> Iterator[ev.EarlierSlot]:
    """What was learnt in the call; the record is read anew, and what is asked anew stays open."""
    for name, slot in state.slots.items():
        if name != asked and (slot.by != "record" or slot.from_call):
            yield ev.EarlierSlot(slot=name, value=slot.value, label=slot.label)


def _results(
    events: Iterable[ev.Event], guide: str, done: set[str], started_at: str
) -> Iterator[ev.EarlierResult]:
    latest: dict[str, ev.EarlierResult] = {}
    for event in events:
        match event.fact:
            case ev.DiagnosisDone() as fact if fact.guide == guide and fact.step in done:
                latest[fact.step] = ev.EarlierResult(
                    step=fact.step,
                    connector=fact.connector,
                    result=fact.result,
                    summary=fact.summary,
                    measured_at=fact.measured_at or _moment(started_at, event.at_ms),
                )
            case _:
                pass
    yield from latest.values()


def _moment(started_at: str, at_ms: int) -> str:
    if not started_at:
        return ""
    moment = datetime.fromisoformat(started_at) + timedelta(milliseconds=at_ms)
    return moment.isoformat(timespec="seconds")


def _title(shown: ev.StepShown | None) -> str:
    """A step without a title of its own comes with its id, which is no word for a person."""
    if shown is None:
        return ""
    return shown.title if shown.title and shown.title != shown.step else shown.text
