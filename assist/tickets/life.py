"""Which move leads where, and what it does to the deadline.

The table is the whole of it; docs/tickets.md shows the same and is tested against it. A deadline
waits only for a suspension that passed its review: from the moment it was asked for until work is
resumed, at the longest until the moment that was asked for. A rejected one costs its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from assist.errors import TicketRefused
from assist.tickets.model import (
    OPEN_STATES,
    Close,
    Dispatch,
    Entry,
    File,
    Level,
    Move,
    Resume,
    Review,
    State,
    Suspend,
    Ticket,
)

LEVELS: tuple[Level, ...] = ("group", "province", "city")

TABLE: Mapping[str, Mapping[State, State]] = {
    "dispatch": {"filed": "dispatched", "dispatched": "dispatched", "recovered": "dispatched"},
    "append": {state: state for state in OPEN_STATES},
    "confirm": {"filed": "recovered", "dispatched": "recovered"},
    "suspend": {"dispatched": "review"},
    "review passed": {"review": "suspended"},
    "review rejected": {"review": "dispatched"},
    "resume": {"suspended": "dispatched"},
    "close solved": {"recovered": "closed"},
    "close unsolved": {"filed": "closed", "dispatched": "closed", "recovered": "closed"},
    "close withdrawn": {"filed": "closed", "dispatched": "closed", "recovered": "closed"},
    "close duplicate": {"filed": "closed", "dispatched": "closed"},
}
"""Move -> state before -> state after; what is not here is refused."""


def row_of(move: Move) -> str:
    """The table's row for this move."""
    match move:
        case Review(passed=passed):
            return "review passed" if passed else "review rejected"
        case Close(result=result):
            return f"close {result}"
    return move.kind


def allowed(state: State) -> list[str]:
    """The rows of the table that are open to a ticket in this state."""
    return [row for row, ways in TABLE.items() if state in ways]


def after(state: State, move: Move) -> State | None:
    """The state that the move leads to, None where it is not allowed."""
    return TABLE[row_of(move)].get(state)


def check(ticket: Ticket, move: Move, at: datetime) -> None:
    """Raises TicketRefused with what is allowed instead."""
    if after(ticket.state, move) is None:
        raise _refused(
            f"'{row_of(move)}' makes no sense for {ticket.number}: it is {ticket.state}.", ticket
        )
    match move:
        case Dispatch(level=level) if abs(_rank(level) - _rank(ticket.level)) > 1:
            near = [name for name in LEVELS if abs(_rank(name) - _rank(ticket.level)) <= 1]
            raise TicketRefused(
                f"{ticket.number} is with the {ticket.level}; {level} is more than one level away.",
                f"Dispatch it to one of {', '.join(near)}.",
                code="ticket.level",
                values={"ticket": ticket.number, "level": ticket.level, "allowed": ", ".join(near)},
            )
        case Suspend(until=until) if until <= at:
            raise TicketRefused(
                f"{ticket.number} cannot be suspended until {until.isoformat()}: that is over.",
                "Give a moment to come.",
                code="ticket.until",
                values={"ticket": ticket.number, "until": until.isoformat()},
            )


def fold(entries: Iterable[Entry]) -> Ticket | None:
    """The ticket after these entries, in order; None before it is filed."""
    ticket: Ticket | None = None
    for entry in entries:
        ticket = apply(ticket, entry)
    return ticket


def apply(ticket: Ticket | None, entry: Entry) -> Ticket:
    """The ticket after one more entry. Raises ValueError for one that was never checked."""
    move, at = entry.move, entry.at
    if isinstance(move, File):
        return _filed(entry, move)
    state = after(ticket.state, move) if ticket else None
    if ticket is None or state is None:
        raise ValueError(f"{entry.ticket}: entry {entry.seq} ({move.kind}) cannot follow")
    changed: dict[str, object] = {"state": state, "changed_at": at, "seq": entry.seq}
    match move:
        case Dispatch(level=level, unit=unit):
            changed |= {"level": level, "unit": unit}
        case Suspend(until=until, why=why):
            changed |= {"suspended_from": at, "suspended_until": until, "suspended_why": why}
        case Review(passed=True):
            changed["due_at"] = ticket.due_at + _waits(ticket)
        case Review(passed=False):
            changed |= _NOT_SUSPENDED
        case Resume():
            changed |= {"due_at": ticket.due_at - _unused(ticket, at), **_NOT_SUSPENDED}
        case Close(result=result):
            changed |= {"closed_at": at, "result": result}
        case _:
            pass
    return ticket.model_copy(update=changed)


_NOT_SUSPENDED = {"suspended_from": None, "suspended_until": None, "suspended_why": ""}


def _filed(entry: Entry, move: File) -> Ticket:
    return Ticket(
        number=entry.ticket,
        state="filed",
        level="group",
        filed_at=entry.at,
        due_at=entry.at + timedelta(hours=move.deadline_h),
        changed_at=entry.at,
        seq=entry.seq,
        **move.model_dump(exclude={"kind", "deadline_h"}),
    )


def _waits(ticket: Ticket) -> timedelta:
    """How long the deadline waits for a suspension that runs its whole time."""
    assert ticket.suspended_from and ticket.suspended_until
    return ticket.suspended_until - ticket.suspended_from


def _unused(ticket: Ticket, resumed: datetime) -> timedelta:
    """What of that time is given back, since work goes on earlier."""
    assert ticket.suspended_from and ticket.suspended_until
    begun = max(resumed, ticket.suspended_from)
    return max(ticket.suspended_until - begun, timedelta(0))


def _rank(level: Level) -> int:
    return LEVELS.index(level)


def _refused(message: str, ticket: Ticket) -> TicketRefused:
    can = ", ".join(allowed(ticket.state))
    return TicketRefused(
        message,
        f"Allowed now: {can}." if can else "A closed ticket stays closed; file a new one.",
        code="ticket.refused",
        values={"ticket": ticket.number, "state": ticket.state, "allowed": can},
    )


__all__ = ["LEVELS", "TABLE", "after", "allowed", "apply", "check", "fold", "row_of"]
