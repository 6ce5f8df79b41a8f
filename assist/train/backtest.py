"""Stored calls run again with other guides or another index: what would have gone differently.

Pure but for the tools: what was heard and clicked then goes through the rules, the back office
answers what it answered then, and no ticket is filed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist import events as ev
from assist import rules
from assist.call.effects import carry_out
from assist.desk import RecordedDesk
from assist.errors import AssistError, CommandRefused
from assist.ports import FiledTicket
from assist.rules.tools import Tools
from assist.state import CallState, apply, fold
from assist.train.summary import summary_of

MAX_FACTS = 20_000
_HEARD = (
    ev.CallStarted
    | ev.LanguageTold
    | ev.SpeechStable
    | ev.SegmentHeard
    | ev.SpeechDropped
    | ev.CorrectionReverted
    | ev.CallEnded
)
_ASKING = (
    ev.CustomerAsked | ev.DiagnosisAsked | ev.EarlierAsked | ev.TicketAsked | ev.OpenTicketsAsked
)


@dataclass(frozen=True)
class Difference:
    """`what` is opened, moment, path, ticket, field, offer, slot or outcome."""

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Backtest:
    """One call; `refused` counts the clicks of then that no longer fit."""

    call: str
    differences: tuple[Difference, ...]
    refused: int


class _Sink(RecordedDesk):
    """Takes every ticket and keeps none."""

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket("not filed", "backtest")

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(number, "backtest")


def backtest(past: Sequence[ev.Event], tools: Tools) -> Backtest:
    """The call as it would go with these tools, held against what became of it."""
    state, refused = rerun(past, tools)
    then, now = summary_of(fold(past)), summary_of(state)
    return Backtest(past[0].call, tuple(_differences(then, now)), refused)


def rerun(past: Sequence[ev.Event], tools: Tools) -> tuple[CallState, int]:
    """What the heard and the clicks of a call lead to now, and how many clicks were refused."""
    again = _Rerun(past, tools)
    for event in past:
        match event.fact:
            case ev.Commanded(command=command, by=by):
                again.press(command, by, event.at_ms)
            case fact if isinstance(fact, _HEARD):
                again.put(fact, event.at_ms)
            case _:
                pass
    return again.state, again.refused


class _Rerun:
    def __init__(self, past: Sequence[ev.Event], tools: Tools) -> None:
        self.state, self.refused = CallState(), 0
        self._tools = tools
        self._call = past[0].call
        self._desk = _Sink(event.fact for event in past)
        first = past[0].fact
        self._started = first.started_at if isinstance(first, ev.CallStarted) else ""

    def press(self, command: ev.Command, by: str, at_ms: int) -> None:
        try:
            rules.check(self.state, self._tools, command)
        except (CommandRefused, AssistError):
            self.refused += 1
            return
        self.put(ev.Commanded(command=command, by=by), at_ms)

    def put(self, fact: ev.Fact, at_ms: int) -> None:
        waiting, effects = deque([fact]), deque[ev.Fact]()
        for _ in range(MAX_FACTS):
            if not waiting:
                if not effects:
                    return
                waiting.extend(self._carried_out(effects.popleft()))
                continue
            fact = waiting.popleft()
            event = ev.Event(call=self._call, seq=self.state.seq + 1, at_ms=at_ms, fact=fact)
            self.state = apply(self.state, event)
            try:
                waiting.extend(rules.follow(self.state, fact, self._tools))
            except AssistError as error:
                waiting.append(ev.Trouble(**error.as_json()))
            if isinstance(fact, _ASKING):
                effects.append(fact)
        raise RuntimeError(f"call {self._call}: the rules run in a circle")

    def _carried_out(self, asked: ev.Fact) -> Iterable[ev.Fact]:
        answer = asyncio.run(carry_out(asked, self._desk, self._now, self._desk, self._call))
        return [answer] if answer is not None else []

    def _now(self) -> datetime:
        return datetime.fromisoformat(self._started or "1970-01-01T00:00:00+00:00")


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if then["guides"] != now["guides"]:
        yield Difference("opened", _list(then["guides"]), _list(now["guides"]))
    elif then["opened_at_ms"] != now["opened_at_ms"]:
        yield Difference("moment", _ms(then["opened_at_ms"]), _ms(now["opened_at_ms"]))
    if then["path"] != now["path"]:
        yield Difference("path", *_parted(then["path"], now["path"]))
    ticket, today = then["ticket"] or {}, now["ticket"] or {}
    if ticket.get("type") != today.get("type"):
        yield Difference("ticket", ticket.get("type", "none"), today.get("type", "none"))
    elif ticket:
        yield from _pairs("field", ticket["fields"], today["fields"])
    yield from _pairs("slot", then["slots"], now["slots"])
    for what in ("offer", "outcome"):
        if then[what] != now[what]:
            yield Difference(what, str(then[what] or "none"), str(now[what] or "none"))


def _pairs(what: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys([*then, *now]):
        before, after = then.get(name, ""), now.get(name, "")
        if before != after:
            yield Difference(f"{what} {name}", before or "empty", after or "empty")


def _parted(then: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """Both ways from the last step they share."""
    same = 0
    while same < min(len(then), len(now)) and then[same] == now[same]:
        same += 1
    start = max(0, same - 1)
    return _way(then[start:]), _way(now[start:])


def _way(steps: Sequence[str]) -> str:
    return " → ".join(steps) or "none"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _ms(at_ms: int | None) -> str:
    return "never" if at_ms is None else f"{at_ms / 1000:.1f} s"
