"""Stored calls run again with other guides or another index: what would have gone differently.

Pure but for the tools: what was heard and clicked then goes through the rules, the back office
answers what it answered then, and no ticket is filed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assist import events as ev
from assist.errors import AssistError
from assist.rules.tools import Tools
from assist.state import CallState, fold
from assist.train.sandbox import NoEffects, Sandbox
from assist.train.summary import summary_of

_HEARD = (
    ev.CallStarted
    | ev.LanguageTold
    | ev.SpeechStable
    | ev.SegmentHeard
    | ev.SpeechDropped
    | ev.CorrectionReverted
    | ev.CallEnded
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


def backtest(past: Sequence[ev.Event], tools: Tools) -> Backtest:
    """The call as it would go with these tools, held against what became of it."""
    state, refused = rerun(past, tools)
    then, now = summary_of(fold(past)), summary_of(state)
    return Backtest(past[0].call, tuple(_differences(then, now)), refused)


def change(past: Sequence[ev.Event], before: Tools, after: Tools) -> Backtest:
    """What another edition alone does to the call: run again with both, so that all else that has
    changed since then does not count. `refused` are the clicks that only the new one refuses."""
    (was, refused), (now, refused_now) = rerun(past, before), rerun(past, after)
    differences = tuple(_differences(summary_of(was), summary_of(now)))
    return Backtest(past[0].call, differences, max(0, refused_now - refused))


def rerun(past: Sequence[ev.Event], tools: Tools) -> tuple[CallState, int]:
    """What the heard and the clicks of a call lead to now, and how many clicks were refused."""
    again = Sandbox(past[0].call, tools, NoEffects(event.fact for event in past))
    refused = 0
    for event in past:
        match event.fact:
            case ev.Commanded(command=command, by=by):
                try:
                    again.press(command, by, event.at_ms)
                except AssistError:
                    refused += 1
            case fact if isinstance(fact, _HEARD):
                again.put(fact, event.at_ms)
            case _:
                pass
    return again.state, refused


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
    """The steps in order, each guide named where the way comes to it."""
    named: list[str] = []
    before = ""
    for step in steps:
        guide, _, name = step.partition("/")
        named.append(name if guide == before else step)
        before = guide
    return " → ".join(named) or "none"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _ms(at_ms: int | None) -> str:
    return "never" if at_ms is None else f"{at_ms / 1000:.1f} s"
