"""What makes a guide likely before the need is said, and why: a prior, never a verdict.

Pure. Tags, open tickets and the last call are what the back office and our own journal said of the
customer when they were found; what they weigh is written by the editor at each guide. The line that
was rung is told by the agent's greeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from assist import events as ev
from assist.guide.model import MOST_LOG_ODDS, Guide, Priors, ServiceLine
from assist.rules.tools import Tools
from assist.search.text import plain
from assist.state import CallState

TOLD = 0.5
"""Log-odds from which a reason is worth telling; below, it is true of half the customers."""


@dataclass(frozen=True)
class Prior:
    """Natural log-odds beside the usual, and what in the record they come from."""

    log_odds: float
    reasons: tuple[ev.Reason, ...]

    @property
    def record(self) -> float:
        """Without the line: that is the same for all its callers and suggests nothing by itself."""
        return _bounded(reason for reason in self.reasons if reason.kind != "line")

    @property
    def told(self) -> tuple[ev.Reason, ...]:
        """What speaks for the guide, the weightiest first; slight reasons if there is no other."""
        ranked = sorted(self.reasons, key=lambda reason: -reason.log_odds)
        slight = tuple(reason for reason in ranked if reason.log_odds > 0)
        return tuple(reason for reason in slight if reason.log_odds >= TOLD) or slight


def priors(state: CallState, tools: Tools) -> dict[str, Prior]:
    """The guides of the call's language of which the record says something."""
    found: dict[str, Prior] = {}
    line = line_rung(state, tools)
    for guide in tools.book.guides.values():
        if guide.lang != state.lang:
            continue
        reasons = (*_reasons(state, tools, guide), *([_of_line(line, guide)] if line else []))
        if reasons:
            found[guide.id] = Prior(_bounded(reasons), reasons)
    return found


def line_rung(state: CallState, tools: Tools) -> ServiceLine | None:
    """The line that the agent's greeting names, before the customer has said two things."""
    greeting = ""
    customers = 0
    for said in state.finals:
        customers += said.speaker != "agent"
        if customers > 1:
            break
        greeting += f" {plain(said.text)}" if said.speaker == "agent" else ""
    named = (
        line
        for line in tools.book.priors.lines
        if any(plain(word) in greeting for word in line.greeting)
    )
    return next(named, None)


def _of_line(line: ServiceLine, guide: Guide) -> ev.Reason:
    fits = any(fnmatchcase(guide.id, name) for name in line.guides)
    weight = line.log_odds if fits else -line.log_odds
    return ev.Reason(kind="line", key=line.id, zh=line.zh, en=line.en, log_odds=weight)


def _bounded(reasons: Iterable[ev.Reason]) -> float:
    total = sum(reason.log_odds for reason in reasons)
    return max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, total))


def _reasons(state: CallState, tools: Tools, guide: Guide) -> Iterator[ev.Reason]:
    customer, opens = state.customer, guide.opens_when
    if customer is None:
        return
    for tag in dict.fromkeys(customer.tags):
        if weight := opens.tags.get(tag):
            yield _tagged(tools.book.priors, tag, weight)
    kinds: set[str] = set()
    for ticket in customer.open_tickets:
        weight = opens.tickets.get(ticket.type)
        if weight and ticket.type not in kinds:
            kinds.add(ticket.type)
            yield ev.Reason(
                kind="ticket", key=ticket.type, zh=ticket.title, en=ticket.title, log_odds=weight
            )
    last, days = state.last_call, _days_since_last(state)
    weight = opens.last_call.get(last.guide) if last else None
    if last and weight and days is not None and 0 <= days <= opens.last_call_days:
        yield ev.Reason(
            kind="last_call",
            key=last.guide,
            zh=last.title,
            en=last.title,
            log_odds=weight,
            days=days,
        )


def _tagged(priors: Priors, tag: str, weight: float) -> ev.Reason:
    name = priors.tags.get(tag)
    zh, en = (name.zh, name.en) if name else (tag, tag)
    return ev.Reason(kind="tag", key=tag, zh=zh, en=en, log_odds=weight)


def _days_since_last(state: CallState) -> int | None:
    """None where one of the two moments is not known."""
    now = day_of(state)
    if state.last_call is None or now is None or not state.last_call.started_at:
        return None
    return (now - date.fromisoformat(state.last_call.started_at[:10])).days


def day_of(state: CallState) -> date | None:
    """The day on which the call began, as the injected clock had it."""
    if not state.started or not state.started.started_at:
        return None
    return date.fromisoformat(state.started.started_at[:10])
