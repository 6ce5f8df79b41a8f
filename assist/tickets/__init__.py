"""The life of a ticket after it is filed: moves, states, deadlines. Pure, no I/O, no clock.

A ticket is a fold of its entries, as a call's state is one of its facts.
"""

from __future__ import annotations

from assist.tickets.life import after, allowed, apply, check, fold
from assist.tickets.model import (
    ENTRY,
    MOVE,
    MOVES,
    OPEN_STATES,
    Append,
    Close,
    Confirm,
    Dispatch,
    Entry,
    File,
    Level,
    Move,
    Result,
    Resume,
    Review,
    State,
    Suspend,
    Ticket,
)

__all__ = [
    "ENTRY",
    "MOVE",
    "MOVES",
    "OPEN_STATES",
    "Append",
    "Close",
    "Confirm",
    "Dispatch",
    "Entry",
    "File",
    "Level",
    "Move",
    "Result",
    "Resume",
    "Review",
    "State",
    "Suspend",
    "Ticket",
    "after",
    "allowed",
    "apply",
    "check",
    "fold",
]
