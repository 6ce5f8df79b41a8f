"""The outbox at each point where a process may die, and what it takes for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assist import events as ev
from assist.bench import outbox as bench
from assist.call.outbox import Outbox, Pace
from assist.errors import DeskDown, DeskError, DeskRefused, StoreError
from assist.journal import Journal
from assist.ports import DiagnosisResult, FiledTicket
from assist.store import Store

QUICK = Pace(first_wait_s=0.001, longest_wait_s=0.005, look_every_s=0.01)
NOON = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)


class Desk:
    """Files once a key; `says` is what goes wrong with the next requests, in turn: before it takes
    effect, or after (`lost`)."""

    def __init__(self, *says: DeskError | str) -> None:
        self.says = list(says)
        self.asked: list[str] = []
        self.filed: dict[str, str] = {}
        self.fields: dict[str, Mapping[str, str]] = {}
        self.notes: dict[str, tuple[str, str]] = {}

    async def find_customer(self, number: str) -> ev.Customer | None:
        return None

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult:
        raise AssertionError("nothing is diagnosed here")

    async def open_tickets(self, customer: str) -> tuple[ev.OpenTicket, ...]:
        return ()

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        said = self._begin(key)
        self.fields[key] = fields
        number = self.filed.setdefault(key, f"T{len(self.filed) + 1}")
        if said == "lost":
            raise DeskDown("no answer came", "wait")
        return FiledTicket(number, "dispatched")

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        self._begin(key)
        self.notes[key] = (number, text)
        return FiledTicket(number, "dispatched")

    def _begin(self, key: str) -> str:
        self.asked.append(key)
        said = self.says.pop(0) if self.says else ""
        if isinstance(said, DeskError):
            raise said
        return said


class House:
    """A store, its journal and one outbox; `die` leaves everything as a kill would."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.store = Store(folder / "calls.db")
        self.journal = Journal(self.store)
        self.outbox = Outbox(self.store, desk, lambda: NOON, QUICK)

    def ask(self, step: str = "file", append_to: str = "", call: str = "c") -> ev.TicketAsked:
        if not self.store.last_seq(call):
            start = ev.CallStarted(agent="anna", started_at=NOON.isoformat())
            self.journal.append(call, 0, start)
        asked = ev.TicketAsked(
            key=f"{call}/g/{step}",
            guide="g",
            step=step,
            type="repair",
            title="报修",
            fields={"phone": "13800000001", "fault": "没网"},
            labels={"phone": "电话", "fault": "故障"},
            append_to=append_to,
            group="装维班",
            priority="high",
            deadline_h=8,
        )
        self.journal.append(call, 10, asked)
        return asked

    async def tell(self, call: str, fact: ev.Fact) -> None:
        self.journal.append(call, 20, fact)

    async def send(self, asked: ev.TicketAsked, call: str = "c") -> None:
        async def take(fact: ev.Fact) -> None:
            await self.tell(call, fact)

        await self.outbox.send(asked, call, take)

    async def drain(self) -> None:
        running = asyncio.create_task(self.outbox.run(self.tell))
        async with asyncio.timeout(10):
            while self.outbox.waiting:
                await asyncio.sleep(0.005)
        running.cancel()

    def kinds(self, call: str = "c") -> list[str]:
        return [event.fact.kind for event in self.store.events(call)]

    def die(self) -> None:
        self.store.close()


def down() -> DeskDown:
    return DeskDown("the back office does not answer", "wait")


async def test_an_answer_at_once_is_the_only_one(tmp_path: Path) -> None:
    desk = Desk()
    house = House(tmp_path, desk)
    await house.send(house.ask())
    await house.drain()
    assert house.kinds() == ["call_started", "ticket_asked", "ticket_filed"]
    assert desk.asked == ["c/g/file"]
    house.die()


@pytest.mark.parametrize("point", ["before it was sent", "before its answer", "while it waited"])
async def test_a_process_that_dies_loses_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    desk = Desk()
    house = House(tmp_path, desk)
    asked = house.ask()
    if point == "before its answer":
        await desk.file_ticket(asked.key, asked.type, asked.title, asked.fields)
    elif point == "while it waited":
        desk.says = [down()]
        await house.send(asked)
    house.die()

    again = House(tmp_path, desk)
    await again.drain()
    assert again.kinds().count("ticket_filed") == 1 and list(desk.filed) == ["c/g/file"]
    assert desk.fields["c/g/file"]["phone"] == "13800000001", "sent as it was, not masked"
    again.die()
    third = House(tmp_path, desk)
    assert third.outbox.waiting == 0
    third.die()


async def test_what_failed_is_said_and_sent_until_it_is_filed(tmp_path: Path) -> None:
    nonsense = DeskError("not understood", "look", code="desk.nonsense")
    desk = Desk(down(), "lost", nonsense, down())
    house = House(tmp_path, desk)
    await house.send(house.ask())
    assert house.kinds()[-1] == "ticket_waiting"
    await house.drain()
    assert house.kinds()[-1] == "ticket_filed" and len(desk.asked) == 5
    assert desk.filed == {"c/g/file": "T1"}
    house.die()


async def test_a_reasoned_no_is_final_and_the_form_can_be_sent_again(tmp_path: Path) -> None:
    no = DeskRefused("phone: no such number", "Check it.", code="desk.invalid")
    desk = Desk(down(), no)
    house = House(tmp_path, desk)
    await house.send(house.ask())
    await house.drain()
    last = [event.fact for event in house.store.events("c")][-1]
    assert isinstance(last, ev.Trouble) and (last.key, last.remedy) == ("c/g/file", "Check it.")
    await house.send(house.ask())
    assert house.kinds()[-1] == "ticket_filed" and len(desk.asked) == 3
    house.die()


async def test_asks_of_a_call_keep_their_order_and_do_not_hold_others_up(tmp_path: Path) -> None:
    desk = Desk(down())
    house = House(tmp_path, desk)
    await house.send(house.ask("one"))
    await house.send(house.ask("two", append_to="T1"))
    assert house.kinds()[-2:] == ["ticket_asked", "ticket_waiting"], "it waits for the first"
    assert desk.asked == ["c/g/one"]
    await house.send(house.ask("one", call="d"), "d")
    assert house.kinds("d")[-1] == "ticket_filed"
    await house.drain()
    assert desk.asked == ["c/g/one", "d/g/one", "c/g/one", "c/g/two"]
    assert desk.notes == {"c/g/two": ("T1", "电话: 13800000001\n故障: 没网")}
    house.die()


async def test_a_live_process_keeps_its_own_calls(tmp_path: Path) -> None:
    desk = Desk(down())
    first, second = House(tmp_path, desk), House(tmp_path, desk)
    await first.send(first.ask())
    assert second.outbox.waiting == 1 and second.store.adopt() == []
    first.die()
    assert [waiting.key for waiting in second.store.adopt()] == ["c/g/file"]
    second.die()


async def test_without_the_key_no_stars_are_filed(tmp_path: Path) -> None:
    desk = Desk()
    House(tmp_path, desk).ask()
    (tmp_path / "seal.key").unlink()
    house = House(tmp_path, desk)
    (waiting,) = house.store.outbox.waiting()
    with pytest.raises(StoreError, match="sealed"):
        house.store.asked(waiting)
    running = asyncio.create_task(house.outbox.run(house.tell))
    await asyncio.sleep(0.1)
    running.cancel()
    assert desk.asked == [] and house.outbox.waiting == 1
    house.die()


async def test_a_rerun_leaves_nothing_to_be_sent(tmp_path: Path) -> None:
    store = Store(tmp_path / "calls.db")
    journal = Journal(store)
    journal.append("r", 0, ev.CallStarted(agent="replay"))
    fact = {"guide": "g", "step": "s", "type": "t", "fields": {}}
    journal.append("r", 0, ev.TicketAsked(key="r/g/s", title="t", **fact))
    journal.append("r", 0, ev.TicketFiled(key="r/g/s", number="T7", **fact))
    assert store.outbox.waiting() == []
    with pytest.raises(StoreError, match="no ticket 'T7'"):
        store.tickets.get("T7")
    store.close()


async def test_senders_killed_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    """scripts/bench_outbox, small."""
    figures = await bench.run(tmp_path, tickets=20, restarts=2, seed=7)
    assert (figures.filed, figures.lost, figures.doubled, figures.unordered) == (20, 0, 0, 0)
    assert figures.requests > 20 and sum(figures.faults.values()) == figures.requests
