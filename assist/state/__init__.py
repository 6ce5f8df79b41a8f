"""What is true in a call now: a pure fold of its events.

Going back in time is folding fewer events. Nothing here reads a clock, a file or a model.
"""

from assist.state.fold import apply, fold
from assist.state.model import (
    LANGUAGE_NOT_GIVEN,
    Advice,
    CallState,
    CallStatus,
    Continuation,
    DiagnosisState,
    Line,
    OfferState,
    Page,
    PutAway,
    SlotValue,
    Tick,
    TicketState,
    line_of,
    page_of,
    ticket_key,
)

__all__ = [
    "LANGUAGE_NOT_GIVEN",
    "Advice",
    "CallState",
    "CallStatus",
    "Continuation",
    "DiagnosisState",
    "Line",
    "OfferState",
    "Page",
    "PutAway",
    "SlotValue",
    "Tick",
    "TicketState",
    "apply",
    "fold",
    "line_of",
    "page_of",
    "ticket_key",
]
