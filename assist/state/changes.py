"""The changes that several facts make to a call's state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assist.state.model import CallState, DiagnosisState, Line, TicketState


def with_line(state: CallState, line: Line) -> CallState:
    others = [x for x in state.lines if x.utterance != line.utterance]
    return replace(state, lines=tuple(sorted([*others, line], key=lambda x: x.start_ms)))


def with_page(state: CallState, guide: str, **changes: Any) -> CallState:
    return replace(
        state,
        pages=tuple(replace(p, **changes) if p.guide == guide else p for p in state.pages),
    )


def with_diagnosis(state: CallState, guide: str, step: str, diagnosis: DiagnosisState) -> CallState:
    return replace(state, diagnoses={**state.diagnoses, f"{guide}/{step}": diagnosis})


def with_ticket(state: CallState, ticket: TicketState) -> CallState:
    others = tuple(t for t in state.tickets if t.key != ticket.key)
    return replace(state, tickets=(*others, ticket))
