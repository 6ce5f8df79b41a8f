"""A live call's row on the wall: what marks it, and how much its agent needs help. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from assist.insight.live import OFF_GUIDE_TURNS, LiveCall, Mood

Mark = Literal["angry", "stuck", "repeated", "off_guide", "trouble", "upset", "prohibited"]

MARKS: tuple[Mark, ...] = get_args(Mark)

NEED: Mapping[Mark, int] = {
    "angry": 40,
    "stuck": 30,
    "repeated": 25,
    "trouble": 20,
    "off_guide": 15,
    "upset": 10,
    "prohibited": 10,
}
"""What each mark adds to a call's need of help; the wall is sorted by the sum, then by how long the
call stands at its step."""

TIMES_USUAL = 3
LEAST_STUCK = timedelta(seconds=60)
AFTER_CALL = timedelta(minutes=3)
"""An ended call stays on the wall until it is wrapped up, this long at most."""
TROUBLE_LASTS = timedelta(minutes=2)

Usual = Mapping[tuple[str, str], float]
"""Guide and step -> median seconds from shown to done in earlier calls."""


@dataclass(frozen=True)
class LiveRow:
    """Moments are ISO 8601. `evidence` says in the call's own words what a mark stands on;
    `stuck_after_s` is from when on the step counts as taking too long."""

    call: str
    agent: str
    customer: str
    number: str
    lang: str
    status: Literal["live", "after_call"]
    started_at: str
    guide: str
    title: str
    step: str
    step_title: str
    step_since: str
    stuck_after_s: int
    mood: Mood
    marks: tuple[Mark, ...]
    evidence: Mapping[str, str]
    need: int
    handed_off: bool
    unseen: int


def gone(call: LiveCall, now: datetime) -> bool:
    """Nothing is left for a supervisor to do in this call."""
    return call.ended_at is not None and (call.wrapped or now - call.ended_at > AFTER_CALL)


def row_of(call: LiveCall, now: datetime, usual: Usual) -> LiveRow:
    card = call.card
    shown = card.shown if card else None
    at_step = bool(card and shown and not card.done and call.ended_at is None)
    after_s = _stuck_after_s(usual.get((card.guide, shown.step)) if card and shown else None)
    found: dict[Mark, str] = {}
    if call.mood != "calm":
        found[call.mood] = call.mood_words
    if at_step and card and card.since and now - card.since >= timedelta(seconds=after_s):
        found["stuck"] = ""
    if call.repeated and call.ended_at is None:
        found["repeated"] = call.repeated.text
    if call.trouble and call.trouble_at and now - call.trouble_at < TROUBLE_LASTS:
        found["trouble"] = call.trouble.message
    if call.off_turns >= OFF_GUIDE_TURNS and at_step:
        found["off_guide"] = ""
    if call.prohibited:
        found["prohibited"] = call.prohibited
    marks: tuple[Mark, ...] = tuple(mark for mark in MARKS if mark in found)
    return LiveRow(
        call=call.call,
        agent=call.agent,
        customer=call.customer,
        number=call.number,
        lang=call.lang,
        status="after_call" if call.ended_at else "live",
        started_at=call.started_at.isoformat() if call.started_at else "",
        guide=card.guide if card else "",
        title=card.title if card else "",
        step=shown.step if shown else "",
        step_title=(shown.title or shown.step) if shown else "",
        step_since=card.since.isoformat() if card and card.since else "",
        stuck_after_s=after_s,
        mood=call.mood,
        marks=marks,
        evidence={mark: words for mark, words in found.items() if words},
        need=sum(NEED[mark] for mark in marks),
        handed_off=call.handed_off,
        unseen=len(call.unseen),
    )


def _stuck_after_s(median_s: float | None) -> int:
    return round(max(TIMES_USUAL * (median_s or 0), LEAST_STUCK.total_seconds()))
