"""What may be done with a ticket, what was done, and how it stands.

Times are moments with their UTC offset, from the clock of whoever made the entry.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from assist.events import Frozen, Priority

State = Literal["filed", "dispatched", "recovered", "review", "suspended", "closed"]
Level = Literal["group", "province", "city"]
Result = Literal["solved", "unsolved", "withdrawn", "duplicate"]
OPEN_STATES: tuple[State, ...] = ("filed", "dispatched", "recovered", "review", "suspended")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class File(Frozen):
    """How a ticket begins; only a call makes one. `deadline_h` counts from the entry's time."""

    kind: Literal["file"] = "file"
    call: str
    key: str
    type: str
    title: str
    fields: dict[str, str]
    customer: str = ""
    unit: str = ""
    priority: Priority = "normal"
    deadline_h: float = Field(gt=0)


class Dispatch(Frozen):
    """To a unit of this level: the group's own crew, a province, a city."""

    kind: Literal["dispatch"] = "dispatch"
    level: Level
    unit: Text
    why: str = ""


class Append(Frozen):
    kind: Literal["append"] = "append"
    text: Text


class Confirm(Frozen):
    """The customer says that it works again."""

    kind: Literal["confirm"] = "confirm"
    why: str = ""


class Suspend(Frozen):
    """Work cannot go on until then; a review decides whether the deadline waits, too."""

    kind: Literal["suspend"] = "suspend"
    why: Text
    until: AwareDatetime


class Review(Frozen):
    kind: Literal["review"] = "review"
    passed: bool
    why: str = ""


class Resume(Frozen):
    kind: Literal["resume"] = "resume"
    why: str = ""


class Close(Frozen):
    kind: Literal["close"] = "close"
    result: Result
    why: str = ""


Move = Annotated[
    Dispatch | Append | Confirm | Suspend | Review | Resume | Close, Field(discriminator="kind")
]
"""What people may ask for."""
MOVES: tuple[str, ...] = ("dispatch", "append", "confirm", "suspend", "review", "resume", "close")
AnyMove = Annotated[
    File | Dispatch | Append | Confirm | Suspend | Review | Resume | Close,
    Field(discriminator="kind"),
]


class Entry(Frozen):
    """One line of a ticket's history: `seq` counts from 1 without gaps; who, when, what, why."""

    ticket: str
    seq: int
    at: AwareDatetime
    by: str
    move: AnyMove


class Ticket(Frozen):
    """How a ticket stands. `due_at` already waits for a suspension that passed its review."""

    number: str
    call: str
    key: str
    type: str
    title: str
    fields: dict[str, str]
    customer: str
    priority: Priority
    state: State
    level: Level
    unit: str
    filed_at: AwareDatetime
    due_at: AwareDatetime
    changed_at: AwareDatetime
    seq: int
    suspended_from: AwareDatetime | None = None
    suspended_until: AwareDatetime | None = None
    suspended_why: str = ""
    closed_at: AwareDatetime | None = None
    result: Result | Literal[""] = ""


ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
MOVE: TypeAdapter[Move] = TypeAdapter(Move)
