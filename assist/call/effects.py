"""Carrying out what facts ask for at the back office; the answer is a fact again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from assist import events as ev
from assist.call.outbox import failed, file_ticket
from assist.errors import AssistError
from assist.ports import Desk, History


async def carry_out(
    fact: ev.Fact,
    desk: Desk,
    now: Callable[[], datetime],
    history: History | None = None,
    call: str = "",
) -> ev.Fact | None:
    """The answer to an asking fact of `call`, or None for facts that ask nothing.

    A known failure is a Trouble that carries the effect's key, so that the rules find its step.
    """
    match fact:
        case ev.CustomerAsked():
            return await _find_customer(fact, desk, history, call)
        case ev.DiagnosisAsked():
            return await _diagnose(fact, desk)
        case ev.TicketAsked():
            return await _file(fact, desk, now)
        case ev.EarlierAsked():
            return _earlier(fact, history)
        case ev.OpenTicketsAsked():
            return await _open_tickets(fact, desk)
    return None


async def _find_customer(
    asked: ev.CustomerAsked, desk: Desk, history: History | None, call: str
) -> ev.Fact:
    try:
        customer = await desk.find_customer(asked.number)
        known = history if customer else None
        last = known.last_call(customer.id, call) if customer and known else None
        calls = known.last_calls(customer.id, call) if customer and known else ()
        offers = known.past_offers(customer.id, call) if customer and known else ()
    except AssistError as error:
        return ev.Trouble(**error.as_json())
    if customer is None:
        return ev.CustomerUnknown(number=asked.number)
    by = "record" if asked.by == "system" else asked.by
    return ev.CustomerFound(
        customer=customer,
        by=by,
        evidence=asked.evidence,
        last_call=last,
        last_calls=calls,
        past_offers=offers,
    )


def _earlier(asked: ev.EarlierAsked, history: History | None) -> ev.Fact | None:
    """Nothing where the journal does not know: the guide then begins at its beginning."""
    try:
        found = history.earlier(asked.from_call, asked.guide) if history else None
    except AssistError as error:
        return ev.Trouble(**error.as_json())
    return ev.EarlierFound(guide=asked.guide, earlier=found) if found else None


async def _diagnose(asked: ev.DiagnosisAsked, desk: Desk) -> ev.Fact:
    try:
        answer = await desk.diagnose(asked.connector, asked.args, asked.timeout_s)
    except AssistError as error:
        return failed(error, asked)
    return ev.DiagnosisDone(
        key=asked.key,
        guide=asked.guide,
        step=asked.step,
        connector=asked.connector,
        result=answer.result,
        summary=answer.summary,
    )


async def _open_tickets(asked: ev.OpenTicketsAsked, desk: Desk) -> ev.Fact | None:
    """Nothing where the back office does not answer: the form then goes by the record."""
    try:
        found = await desk.open_tickets(asked.customer)
    except AssistError:
        return None
    return ev.OpenTicketsFound(key=asked.key, guide=asked.guide, step=asked.step, tickets=found)


async def _file(asked: ev.TicketAsked, desk: Desk, now: Callable[[], datetime]) -> ev.Fact:
    """Filing without an outbox, for reruns: it is tried once."""
    try:
        return await file_ticket(asked, desk, now)
    except AssistError as error:
        return failed(error, asked)
