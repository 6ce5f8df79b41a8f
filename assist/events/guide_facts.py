"""What is noticed beside the way through a guide; part of `events.facts`."""

from __future__ import annotations

from typing import Literal

from assist.events.parts import By, Evidence, Frozen


class ProhibitedSaid(Frozen):
    """The agent said what must not be said: `phrase` as its author wrote it.

    `guide` and `step` say who forbids it; both are empty where the whole house does.
    """

    kind: Literal["prohibited_said"] = "prohibited_said"
    phrase: str
    evidence: Evidence
    guide: str = ""
    step: str = ""


class ConsentSaid(Frozen):
    """The agent has said what must be said before an accepted offer counts."""

    kind: Literal["consent_said"] = "consent_said"
    guide: str
    step: str
    offer: str
    by: By = "agent"
    evidence: Evidence | None = None
