"""A rerun's desk: what was answered is answered again, nothing else is."""

from __future__ import annotations

import pytest

from assist.desk import HttpDesk, RecordedDesk
from assist.errors import DeskDown
from assist.events import (
    CallStarted,
    Customer,
    CustomerFound,
    DiagnosisAsked,
    DiagnosisDone,
    Evidence,
    LastCall,
    TicketFiled,
)

CALLER = Customer(id="C1", name="A", phone="14200000001", broadband_account="600")
BEFORE = LastCall(guide="g", title="G", started_at="2026-11-20T09:00:00+08:00", outcome="ticket")
OTHER = Customer(id="C2", name="B", phone="14200000002")
FACTS = [
    CallStarted(agent="a", number="+86 142 0000 0009"),
    CustomerFound(customer=CALLER, by="record", last_call=BEFORE),
    CustomerFound(
        customer=OTHER,
        by="heard",
        evidence=Evidence(utterance="u1", speaker="customer", words="w", confidence=1),
    ),
    DiagnosisAsked(
        key="k1",
        guide="g",
        step="s",
        connector="broadband.line",
        args={"account": "600", "lang": "zh"},
        timeout_s=5,
    ),
    DiagnosisDone(
        key="k1", guide="g", step="s", connector="broadband.line", result={"los": True}, summary="x"
    ),
    TicketFiled(key="t1", guide="g", step="s", type="broadband.repair", number="GD1", fields={}),
]


async def test_it_answers_as_then() -> None:
    desk = RecordedDesk(FACTS)
    assert await desk.find_customer("14200000001") == CALLER
    assert await desk.find_customer("600") == CALLER
    assert await desk.find_customer("14200000009") == CALLER, "the number the call came from"
    assert await desk.find_customer("14200000002") == OTHER
    done = await desk.diagnose("broadband.line", {"lang": "zh", "account": "600"}, 5)
    assert (done.result, done.summary) == ({"los": True}, "x")
    assert (await desk.file_ticket("new key", "broadband.repair", "t", {})).number == "GD1"


async def test_it_makes_nothing_up() -> None:
    desk = RecordedDesk(FACTS)
    assert (desk.last_call("C1", "new"), desk.last_call("C2", "new")) == (BEFORE, None)
    assert await desk.find_customer("14200000003") is None
    assert await desk.find_customer("") is None
    with pytest.raises(DeskDown, match="rerun"):
        await desk.diagnose("broadband.line", {"account": "601"}, 5)
    with pytest.raises(DeskDown, match="rerun"):
        await desk.file_ticket("k", "bill.refund", "t", {})


async def test_it_reaches_nobody(desk: HttpDesk) -> None:
    """A rerun of a filed ticket leaves the real back office as it was."""
    before = await desk.find_customer("15403726618")
    await RecordedDesk(FACTS).file_ticket("k", "broadband.repair", "t", {"phone": "15403726618"})
    assert await desk.find_customer("15403726618") == before
