"""Carrying out what facts ask for at the back office; the answer is a fact again."""

from __future__ import annotations

from assist import events as ev
from assist.errors import AssistError
from assist.ports import Desk


async def carry_out(fact: ev.Fact, desk: Desk) -> ev.Fact | None:
    """The answer to an asking fact, or None for facts that ask nothing.

    A known failure is a Trouble that carries the effect's key, so that the rules find its step.
    """
    match fact:
        case ev.CustomerAsked():
            return await _find_customer(fact, desk)
        case ev.DiagnosisAsked():
            return await _diagnose(fact, desk)
        case ev.TicketAsked():
            return await _file(fact, desk)
    return None


async def _find_customer(asked: ev.CustomerAsked, desk: Desk) -> ev.Fact:
    try:
        customer = await desk.find_customer(asked.number)
    except AssistError as error:
        return ev.Trouble(**error.as_json())
    if customer is None:
        return ev.CustomerUnknown(number=asked.number)
    by = "record" if asked.by == "system" else asked.by
    return ev.CustomerFound(customer=customer, by=by, evidence=asked.evidence)


async def _diagnose(asked: ev.DiagnosisAsked, desk: Desk) -> ev.Fact:
    try:
        answer = await desk.diagnose(asked.connector, asked.args, asked.timeout_s)
    except AssistError as error:
        return _failed(error, asked)
    return ev.DiagnosisDone(
        key=asked.key,
        guide=asked.guide,
        step=asked.step,
        connector=asked.connector,
        result=answer.result,
        summary=answer.summary,
    )


async def _file(asked: ev.TicketAsked, desk: Desk) -> ev.Fact:
    try:
        filed = await desk.file_ticket(asked.key, asked.type, asked.title, asked.fields)
    except AssistError as error:
        return _failed(error, asked)
    return ev.TicketFiled(
        key=asked.key,
        guide=asked.guide,
        step=asked.step,
        type=asked.type,
        number=filed.number,
        fields=asked.fields,
    )


def _failed(error: AssistError, asked: ev.DiagnosisAsked | ev.TicketAsked) -> ev.Trouble:
    return ev.Trouble(**error.as_json(), key=asked.key, guide=asked.guide, step=asked.step)
