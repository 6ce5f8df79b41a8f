"""Which calls somebody must look at again: the customer was not helped, or will say so soon.

Pure, and judged once the call is handed over or wrapped up. What a customer says counts by its
meaning (phrases of guides/moods.yaml); the latest that they said of it wins.
"""

from __future__ import annotations

from collections.abc import Iterator

from assist import events as ev
from assist.guide.choices import TAKE, Choices, hear_choice
from assist.rules.continuing import days_since
from assist.rules.summing import need_of, served
from assist.rules.tools import Tools, evidence_of, mood_of
from assist.search.text import content, tokens
from assist.state import CallState, Line

LAST_WORDS = 6
"""Utterances of the customer, the latest, in which it is told whether they were helped."""
LEAST = {"zh": 4, "en": 3}
"""Words with content that an utterance must have to tell a need."""
URGENCY: dict[ev.BackstopReason, tuple[ev.Priority, float]] = {
    "escalated_angry": ("urgent", 4),
    "unresolved_said": ("high", 8),
    "returned": ("high", 8),
    "unresolved": ("normal", 24),
    "uncovered": ("normal", 48),
}
"""By reason, the weightiest first: priority, and hours within which somebody has looked at it."""


def on_handed_off(state: CallState, tools: Tools) -> list[ev.Fact]:
    """Only anger cannot wait for the wrap-up."""
    return _raised(state, ("escalated_angry",), None) if _is_angry(state, tools) else []


def on_wrapped(state: CallState, tools: Tools) -> list[ev.Fact]:
    said = _said_unresolved(state, tools)
    found = set(_reasons(state, tools, said))
    return _raised(state, tuple(r for r in URGENCY if r in found), said) if found else []


def _raised(
    state: CallState, reasons: tuple[ev.BackstopReason, ...], said: ev.Evidence | None
) -> list[ev.Fact]:
    priority, hours = URGENCY[reasons[0]]
    page = next(reversed(served(state)), None)
    fact = ev.BackstopRaised(
        reasons=reasons,
        priority=priority,
        deadline_h=hours,
        need=need_of(state),
        guide=page.guide if page else "",
        title=page.title if page else "",
        said=said,
    )
    return [fact] if fact != state.backstop else []


def _reasons(
    state: CallState, tools: Tools, said: ev.Evidence | None
) -> Iterator[ev.BackstopReason]:
    outcome = state.wrapped.outcome if state.wrapped else ""
    guides = {page.guide for page in served(state)}
    if state.handed_off and _is_angry(state, tools):
        yield "escalated_angry"
    if said is not None and outcome not in ("ticket", "escalated"):
        yield "unresolved_said"
    if any(
        guides & set(call.guides) and days_since(state, call.started_at) is not None
        for call in state.last_calls
    ):
        yield "returned"
    if outcome == "uncovered" and guides:
        yield "unresolved"
    if outcome == "uncovered" and not guides and any(_tells(state, x) for x in state.finals):
        yield "uncovered"


def _is_angry(state: CallState, tools: Tools) -> bool:
    return mood_of(state, tools) == "angry"


def _tells(state: CallState, line: Line) -> bool:
    """A greeting or a wrong number is no need."""
    lang = "en" if state.lang == "en" else "zh"
    return line.speaker != "agent" and len(tokens(content(line.text, lang))) >= LEAST[lang]


def _said_unresolved(state: CallState, tools: Tools) -> ev.Evidence | None:
    """The customer's words that it does not work, unless they said later that it does."""
    hear = tools.book.verdicts.get(state.lang, {})
    if not hear or state.opened_at_ms is None:
        return None
    said = [x for x in state.finals if x.speaker == "customer" and x.start_ms > state.opened_at_ms]
    verdicts = Choices.of(hear, state.lang)
    for line in reversed(said[-LAST_WORDS:]):
        heard = hear_choice(line.text, verdicts, state.lang, tools.like, prompted=False)
        if heard and heard.confidence >= TAKE:
            told = evidence_of(line, heard.words, heard.confidence)
            return told if heard.choice == "unresolved" else None
    return None
