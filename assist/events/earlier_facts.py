"""Going on where an earlier call ended; part of `events.facts`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assist.events.parts import Frozen, Outcome


class EarlierTick(Frozen):
    """A step that was done in the earlier call."""

    step: str
    title: str = ""
    choice: str = ""
    choice_label: str = ""
    note: str = ""


class EarlierSlot(Frozen):
    slot: str
    value: str
    label: str


class EarlierResult(Frozen):
    """What a diagnosis said then; `measured_at` is ISO 8601 with offset, empty if not known."""

    step: str
    connector: str
    result: dict[str, Any]
    summary: str
    measured_at: str = ""


class EarlierCall(Frozen):
    """How far a guide got in an earlier call: `step` is where it stands, not done yet.

    A guide that was finished stands at the last step at which something was asked or done: that is
    asked anew.
    """

    call: str
    started_at: str
    outcome: Outcome | Literal[""] = ""
    disposition: str = ""
    ticket: str = ""
    step: str
    step_title: str = ""
    ticks: tuple[EarlierTick, ...] = ()
    slots: tuple[EarlierSlot, ...] = ()
    results: tuple[EarlierResult, ...] = ()


class EarlierAsked(Frozen):
    """How far did this guide get in that call of the customer's?"""

    kind: Literal["earlier_asked"] = "earlier_asked"
    guide: str
    from_call: str


class EarlierFound(Frozen):
    kind: Literal["earlier_found"] = "earlier_found"
    guide: str
    earlier: EarlierCall


class ContinuationOffered(Frozen):
    """The guide could go on where the earlier call ended; `earlier` has only what this edition of
    the guide still knows. `days` is how long ago that was."""

    kind: Literal["continuation_offered"] = "continuation_offered"
    guide: str
    earlier: EarlierCall
    days: int = Field(ge=0)


class ContinuationDecided(Frozen):
    kind: Literal["continuation_decided"] = "continuation_decided"
    guide: str
    from_call: str
    decision: Literal["accepted", "declined"]


class ContinuationTaken(Frozen):
    """Slots, results and ticks of the earlier call are taken over; the guide goes on at `step`."""

    kind: Literal["continuation_taken"] = "continuation_taken"
    guide: str
    from_call: str
    step: str
