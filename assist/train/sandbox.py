"""A call that touches nothing: what is heard and pressed goes through the real rules, the back
office answers from what is on record, and every event stays in memory.

Reruns, what-if and practice stand on it. Blocks while it thinks; no thread, no clock of its own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from assist import events as ev
from assist import rules
from assist.call.effects import carry_out
from assist.desk import RecordedDesk
from assist.errors import AssistError
from assist.ports import Desk, FiledTicket, History
from assist.rules.tools import Tools
from assist.state import CallState, apply

MAX_FACTS = 20_000
_STAR, _STANDS_FOR = "*", "0"
_ASKING = (
    ev.CustomerAsked | ev.DiagnosisAsked | ev.EarlierAsked | ev.TicketAsked | ev.OpenTicketsAsked
)


class Office(Desk, History, Protocol):
    """A back office that also knows the customer's earlier calls."""


class NoEffects(RecordedDesk):
    """Answers what was answered then, takes every ticket and keeps none."""

    def __init__(self, facts: Iterable[ev.Fact], number: str = "not filed") -> None:
        super().__init__(facts)
        self._ticket_number = number

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(self._ticket_number, "not kept")

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(number, "not kept")


class Sandbox:
    """`past` is what has happened so far; `hides` are kinds of facts that nobody is to see."""

    def __init__(
        self,
        call: str,
        tools: Tools,
        office: Office,
        past: Iterable[ev.Event] = (),
        *,
        hides: Collection[type[ev.Frozen]] = (),
    ) -> None:
        self.call, self.events = call, list[ev.Event]()
        self.state = CallState()
        self.tools = tools
        self._office, self._hides = office, tuple(hides)
        for event in past:
            self._keep(event)

    def press(self, command: ev.Command, by: str, at_ms: int) -> list[ev.Event]:
        """What the command led to. Raises CommandRefused if it makes no sense now."""
        rules.check(self.state, self.tools, _unmasked(command))
        return self.put(ev.Commanded(command=command, by=by), at_ms)

    def put(self, fact: ev.Fact, at_ms: int) -> list[ev.Event]:
        """The fact and all that follows from it, answers of the back office included."""
        before = len(self.events)
        waiting, asked = deque([fact]), deque[ev.Fact]()
        for _ in range(MAX_FACTS):
            if not waiting:
                if not asked:
                    return self.events[before:]
                waiting.extend(self._answers(asked.popleft()))
                continue
            fact = waiting.popleft()
            if isinstance(fact, self._hides):
                continue
            self._keep(ev.Event(call=self.call, seq=self.state.seq + 1, at_ms=at_ms, fact=fact))
            waiting.extend(self._consequences(fact))
            if isinstance(fact, _ASKING):
                asked.append(fact)
        raise RuntimeError(f"call {self.call}: the rules run in a circle")

    def settle(self, at_ms: int) -> list[ev.Event]:
        """What was asked of the back office in the past and not answered there is answered now."""
        before, asked = len(self.events), dict[str, ev.DiagnosisAsked]()
        for event in self.events:
            match event.fact:
                case ev.DiagnosisAsked() as fact:
                    asked[fact.key] = fact
                case ev.DiagnosisDone(key=key) | ev.Trouble(key=key):
                    asked.pop(key, None)
        for fact in asked.values():
            for answer in self._answers(fact):
                self.put(answer, at_ms)
        return self.events[before:]

    def _keep(self, event: ev.Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)

    def _consequences(self, fact: ev.Fact) -> Sequence[ev.Fact]:
        try:
            return rules.follow(self.state, fact, self.tools)
        except AssistError as error:
            return [ev.Trouble(**error.as_json())]

    def _answers(self, asked: ev.Fact) -> Iterable[ev.Fact]:
        answer = asyncio.run(carry_out(asked, self._office, self._now, self._office, self.call))
        return [answer] if answer is not None else []

    def _now(self) -> datetime:
        """The moment the call is set in: nothing here happens today."""
        started = self.state.started.started_at if self.state.started else ""
        return datetime.fromisoformat(started or "1970-01-01T00:00:00+00:00")


def _unmasked(command: ev.Command) -> ev.Command:
    """A stored call is masked: a number with stars in it stands for a whole one, or no form of it
    could be filed again."""
    if not isinstance(command, ev.FileTicket):
        return command
    whole = {name: value.replace(_STAR, _STANDS_FOR) for name, value in command.fields.items()}
    return command.model_copy(update={"fields": whole})
