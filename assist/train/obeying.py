"""A call that was only listened to, as an obedient newcomer would have handled it: no effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assist import events as ev
from assist.errors import CommandRefused
from assist.rules.tools import Tools
from assist.train.newcomer import NOT_GIVEN, Newcomer
from assist.train.sandbox import NoEffects, Sandbox

_HEARD = (
    ev.CallStarted
    | ev.LanguageTold
    | ev.SpeechStable
    | ev.SegmentHeard
    | ev.SpeechDropped
    | ev.CallEnded
)
_MOST_PRESSED = 200


def obeyed(past: Sequence[ev.Event], tools: Tools) -> Iterator[list[ev.Event]]:
    """The call's events then, longer with each event that was heard, so that whoever shares the
    tools with live calls can let those go first. What nobody said is no part of the ticket: fields
    that the newcomer could only mark as not given are empty.
    """
    sandbox = Sandbox(past[0].call, tools, NoEffects(event.fact for event in past))
    newcomer = Newcomer()
    for event in past:
        if isinstance(event.fact, _HEARD):
            for followed in sandbox.put(event.fact, event.at_ms):
                newcomer.see(followed)
            _press(sandbox, newcomer, event.at_ms)
            yield sandbox.events
    yield [*_as_said(sandbox.events)]


def _press(sandbox: Sandbox, newcomer: Newcomer, at_ms: int) -> None:
    for _ in range(_MOST_PRESSED):
        command = newcomer.next_command()
        if command is None:
            return
        try:
            events = sandbox.press(command, "newcomer", at_ms)
        except CommandRefused:
            return
        for followed in events:
            newcomer.see(followed)


def _as_said(events: Sequence[ev.Event]) -> Iterator[ev.Event]:
    marks = set(NOT_GIVEN.values())
    for event in events:
        if isinstance(event.fact, ev.TicketAsked):
            said = {n: "" if v in marks else v for n, v in event.fact.fields.items()}
            fact = event.fact.model_copy(update={"fields": said})
            yield event.model_copy(update={"fact": fact})
        else:
            yield event
