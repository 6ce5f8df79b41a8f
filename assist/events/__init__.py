"""What is asked of a call (commands) and what happened in it (facts).

Frozen pydantic models told apart by `kind`; `EVENT`, `FACT` and `COMMAND` are the only way to and
from JSON. This room stands on the ground floor: it imports no other and decides nothing.

Times are `at_ms`: milliseconds of sound since the call began, never the wall clock.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from assist.events.commands import (
    AnswerStep,
    CloseGuide,
    Command,
    DecideOffer,
    FileTicket,
    HandOff,
    OpenGuide,
    RetryDiagnosis,
    RevertCorrection,
    SetSlot,
    TickStep,
    UndoStep,
    WrapUp,
)
from assist.events.facts import (
    AnswerProposed,
    CallEnded,
    CallStarted,
    CallWrapped,
    Commanded,
    CorrectionReverted,
    CustomerAsked,
    CustomerFound,
    CustomerUnknown,
    DiagnosisAsked,
    DiagnosisDone,
    Fact,
    GuideClosed,
    GuideOpened,
    GuidesSuggested,
    HandedOff,
    IndexSwapped,
    LanguageTold,
    OfferDecided,
    OfferMade,
    SegmentHeard,
    SlotFilled,
    SpeechDropped,
    SpeechGuessed,
    SpeechStable,
    StepShown,
    StepTicked,
    StepUndone,
    Trouble,
)
from assist.events.parts import (
    By,
    Correction,
    Customer,
    Evidence,
    FieldType,
    Frozen,
    LastCall,
    Match,
    OfferDecision,
    OpenTicket,
    Option,
    Outcome,
    Priority,
    Reason,
    Speaker,
    StepKind,
    TicketField,
    Word,
)
from assist.events.ticket_facts import (
    OpenTicketsAsked,
    OpenTicketsFound,
    TicketAsked,
    TicketDrafted,
    TicketFiled,
    TicketWaiting,
)

__all__ = [
    "COMMAND",
    "EVENT",
    "FACT",
    "AnswerProposed",
    "AnswerStep",
    "By",
    "CallEnded",
    "CallStarted",
    "CallWrapped",
    "CloseGuide",
    "Command",
    "Commanded",
    "Correction",
    "CorrectionReverted",
    "Customer",
    "CustomerAsked",
    "CustomerFound",
    "CustomerUnknown",
    "DecideOffer",
    "DiagnosisAsked",
    "DiagnosisDone",
    "Event",
    "Evidence",
    "Fact",
    "FieldType",
    "FileTicket",
    "Frozen",
    "GuideClosed",
    "GuideOpened",
    "GuidesSuggested",
    "HandOff",
    "HandedOff",
    "IndexSwapped",
    "LanguageTold",
    "LastCall",
    "Match",
    "OfferDecided",
    "OfferDecision",
    "OfferMade",
    "OpenGuide",
    "OpenTicket",
    "OpenTicketsAsked",
    "OpenTicketsFound",
    "Option",
    "Outcome",
    "Priority",
    "Reason",
    "RetryDiagnosis",
    "RevertCorrection",
    "SegmentHeard",
    "SetSlot",
    "SlotFilled",
    "Speaker",
    "SpeechDropped",
    "SpeechGuessed",
    "SpeechStable",
    "StepKind",
    "StepShown",
    "StepTicked",
    "StepUndone",
    "TickStep",
    "TicketAsked",
    "TicketDrafted",
    "TicketField",
    "TicketFiled",
    "TicketWaiting",
    "Trouble",
    "UndoStep",
    "Word",
    "WrapUp",
]


class Event(Frozen):
    """One line of the journal: `seq` counts from 1 within the call without gaps."""

    call: str
    seq: int
    at_ms: int
    fact: Fact


EVENT: TypeAdapter[Event] = TypeAdapter(Event)
FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
