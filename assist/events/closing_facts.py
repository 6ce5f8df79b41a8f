"""What is written down when a call closes; part of `events.facts`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assist.events.parts import By, Evidence, Frozen, Priority

SummaryOf = Literal["wrap_up", "hand_over"]
BackstopReason = Literal[
    "escalated_angry", "unresolved_said", "unresolved", "returned", "uncovered"
]


class Summary(Frozen):
    """`done` is one thing a line; all in the language of the call."""

    need: str = Field(default="", max_length=2_000)
    done: tuple[str, ...] = Field(default=(), max_length=100)
    result: str = Field(default="", max_length=2_000)
    follow_up: str = Field(default="", max_length=2_000)


class SummaryDrafted(Frozen):
    """Made from the call's facts; a later draft of the same kind replaces it."""

    kind: Literal["summary_drafted"] = "summary_drafted"
    of: SummaryOf
    lang: str
    summary: Summary
    text: str


class SummaryKept(Frozen):
    """As the agent left it; no later draft replaces it."""

    kind: Literal["summary_kept"] = "summary_kept"
    of: SummaryOf
    lang: str
    summary: Summary
    text: str
    by: By = "agent"


class BackstopRaised(Frozen):
    """Somebody must look at this call: why (the weightiest first), how soon, and what it was about.

    `said` are the words by which it was told, where it was. A later one of the same call replaces
    it.
    """

    kind: Literal["backstop_raised"] = "backstop_raised"
    reasons: tuple[BackstopReason, ...] = Field(min_length=1)
    priority: Priority
    deadline_h: float = Field(gt=0, description="hours from now")
    need: str = ""
    guide: str = ""
    title: str = ""
    said: Evidence | None = None
