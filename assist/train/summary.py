"""What became of a call, in one line that people and checks can read."""

from __future__ import annotations

from typing import Any

from assist.state import CallState

_OFFER = {"accepted": "accepted", "declined": "refused", "ignored": "none"}


def summary_of(state: CallState) -> dict[str, Any]:
    """Guides opened, slots filled, steps gone through, ticket, offer, outcome."""
    filed = next((t for t in state.tickets if t.status == "filed"), None)
    decisions = [o.decision for o in state.offers.values() if o.decision]
    return {
        "kind": "summary",
        "call": state.call,
        "guides": list(state.opened),
        "slots": {name: slot.label for name, slot in state.slots.items()},
        "path": [
            f"{page.guide}/{tick.step}"
            for page in state.all_pages
            for tick in page.ticks
            if not tick.skipped
        ],
        "ticket": (
            {"number": filed.number, "type": filed.type, "fields": dict(filed.fields)}
            if filed
            else None
        ),
        "offer": next((_OFFER[d] for d in decisions if d != "ignored"), "none"),
        "outcome": state.wrapped.outcome if state.wrapped else None,
        "opened_at_ms": state.opened_at_ms,
    }
