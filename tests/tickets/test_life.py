"""The life of a ticket: every move from every state, and what it does to the deadline."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from assist.errors import TicketRefused
from assist.tickets import (
    MOVES,
    Append,
    Close,
    Confirm,
    Dispatch,
    Entry,
    File,
    Move,
    Resume,
    Review,
    State,
    Suspend,
    Ticket,
    apply,
    check,
    fold,
)
from assist.tickets.life import TABLE, allowed, row_of

PAGE = Path(__file__).parents[2] / "docs" / "tickets.md"
NINE = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
STATES: tuple[State, ...] = get_args(State)
FILE = File(
    call="c", key="c/g/s", type="repair", title="报修", fields={}, unit="装维班", deadline_h=24
)
MOVE_OF: dict[str, Move] = {
    "dispatch": Dispatch(level="province", unit="云川省"),
    "append": Append(text="客户补充：晚上在家"),
    "confirm": Confirm(),
    "suspend": Suspend(why="等小区供电", until=NINE + timedelta(hours=48)),
    "review passed": Review(passed=True),
    "review rejected": Review(passed=False, why="有备电"),
    "resume": Resume(),
    "close solved": Close(result="solved"),
    "close unsolved": Close(result="unsolved"),
    "close withdrawn": Close(result="withdrawn"),
    "close duplicate": Close(result="duplicate"),
}
WAY: dict[State, list[str]] = {
    "filed": [],
    "dispatched": ["dispatch"],
    "recovered": ["confirm"],
    "review": ["dispatch", "suspend"],
    "suspended": ["dispatch", "suspend", "review passed"],
    "closed": ["confirm", "close solved"],
}


def ticket_after(*moves: tuple[float, Move]) -> Ticket:
    """A ticket filed at nine, with moves so many hours later, each checked as it would be."""
    ticket = fold([Entry(ticket="T1", seq=1, at=NINE, by="anna", move=FILE)])
    assert ticket
    for hours, move in moves:
        at = NINE + timedelta(hours=hours)
        check(ticket, move, at)
        ticket = apply(ticket, Entry(ticket="T1", seq=ticket.seq + 1, at=at, by="bo", move=move))
    return ticket


def in_state(state: State) -> Ticket:
    moves = [(n / 10, MOVE_OF[name]) for n, name in enumerate(WAY[state], 1)]
    ticket = ticket_after(*moves)
    assert ticket.state == state
    return ticket


def test_the_table_knows_every_move_and_nothing_else() -> None:
    assert set(TABLE) == set(MOVE_OF) == {row_of(move) for move in MOVE_OF.values()}
    assert {name.split()[0] for name in TABLE} == set(MOVES)


@pytest.mark.parametrize("name", MOVE_OF)
@pytest.mark.parametrize("state", STATES)
def test_each_move_from_each_state(state: State, name: str) -> None:
    ticket, move, at = in_state(state), MOVE_OF[name], NINE + timedelta(hours=1)
    if state in TABLE[name]:
        check(ticket, move, at)
        entry = Entry(ticket="T1", seq=ticket.seq + 1, at=at, by="bo", move=move)
        after = apply(ticket, entry)
        assert after.state == TABLE[name][state]
        assert (after.seq, after.changed_at) == (ticket.seq + 1, at)
        return
    with pytest.raises(TicketRefused) as refused:
        check(ticket, move, at)
    assert refused.value.values["allowed"] == ", ".join(allowed(state))
    assert state in refused.value.message
    with pytest.raises(ValueError, match="cannot follow"):
        apply(ticket, Entry(ticket="T1", seq=9, at=at, by="bo", move=move))


def test_a_ticket_goes_down_and_up_one_level_at_a_time() -> None:
    province, city = MOVE_OF["dispatch"], Dispatch(level="city", unit="云川市")
    group = Dispatch(level="group", unit="集团支撑")
    ticket = ticket_after((1, province), (2, city), (3, Dispatch(level="city", unit="南江市")))
    assert (ticket.level, ticket.unit) == ("city", "南江市")
    with pytest.raises(TicketRefused, match="more than one level") as refused:
        check(ticket, group, NINE)
    assert refused.value.values["allowed"] == "province, city"
    back = ticket_after((1, province), (2, city), (3, province), (4, group))
    assert (back.level, back.unit, back.state) == ("group", "集团支撑", "dispatched")
    with pytest.raises(TicketRefused, match="more than one level"):
        check(ticket_after(), city, NINE)


def hours(ticket: Ticket) -> float:
    return (ticket.due_at - NINE) / timedelta(hours=1)


def test_a_deadline_waits_only_for_a_suspension_that_passed() -> None:
    dispatch = (0.5, MOVE_OF["dispatch"])
    asked = (10.0, Suspend(why="等客户回家", until=NINE + timedelta(hours=40)))
    passed, rejected = (12.0, Review(passed=True)), (12.0, Review(passed=False))
    assert hours(ticket_after(dispatch, asked)) == 24, "under review it runs on"
    assert hours(ticket_after(dispatch, asked, rejected)) == 24
    assert hours(ticket_after(dispatch, asked, passed)) == 24 + 30
    assert hours(ticket_after(dispatch, asked, passed, (20.0, Resume()))) == 24 + 10
    late = ticket_after(dispatch, asked, passed, (50.0, Resume()))
    assert hours(late) == 24 + 30, "not beyond the moment that was asked for"
    assert late.suspended_from is late.suspended_until is None
    again = ticket_after(
        dispatch, asked, passed, (20.0, Resume()),
        (22.0, Suspend(why="x", until=NINE + timedelta(hours=24))), (23.0, Review(passed=True)),
    )  # fmt: skip
    assert hours(again) == 24 + 10 + 2, "each suspension counts"


def test_a_suspension_ends_in_the_future() -> None:
    with pytest.raises(TicketRefused, match="is over"):
        check(in_state("dispatched"), Suspend(why="x", until=NINE), NINE + timedelta(hours=1))


def test_the_page_shows_the_table() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
    shown = {name: (froms.split(", "), to) for name, froms, to in rows}
    assert {
        name: (list(ways), to)
        for name, ways in TABLE.items()
        for to in ["the same" if name == "append" else next(iter(ways.values()))]
    } == shown
