"""What the customer's record makes likely before a word is said, and why: a prior, never a verdict.

Pure. Tags, open tickets and the last call are what the back office and our own journal said of the
customer when they were found; what they weigh is written by the editor at each guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assist import events as ev
from assist.guide.model import MOST_LOG_ODDS, Guide, Priors
from assist.rules.tools import Tools
from assist.state import CallState

TOLD = 0.5
"""Log-odds from which a reason is worth telling; below, it is true of half the customers."""


@dataclass(frozen=True)
class Prior:
    """Natural log-odds beside the usual, and what in the record they come from."""

    log_odds: float
    reasons: tuple[ev.Reason, ...]

    @property
    def told(self) -> tuple[ev.Reason, ...]:
        """What speaks for the guide, the weightiest first; slight reasons if there is no other."""
        ranked = sorted(self.reasons, key=lambda reason: -reason.log_odds)
        slight = tuple(reason for reason in ranked if reason.log_odds > 0)
        return tuple(reason for reason in slight if reason.log_odds >= TOLD) or slight


def priors(state: CallState, tools: Tools) -> dict[str, Prior]:
    """The guides of the call's language of which the record says something."""
    found: dict[str, Prior] = {}
    for guide in tools.book.guides.values():
        reasons = tuple(_reasons(state, tools, guide)) if guide.lang == state.lang else ()
        if reasons:
            total = sum(reason.log_odds for reason in reasons)
            found[guide.id] = Prior(max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, total)), reasons)
    return found


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
