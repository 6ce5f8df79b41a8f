"""What a supervisor sends into a live call, and what the agent makes of it; part of
`events.facts` and `events.commands`.

`by` is the login, `name` what people read. A piece of advice is told apart by its `id`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from assist.events.parts import Frozen

Answer = Literal["seen", "taken", "declined"]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class SupervisorMessage(Frozen):
    """Words for the agent of a live call; only a supervisor sends them."""

    kind: Literal["supervisor_message"] = "supervisor_message"
    text: Said
    name: str = Field(default="", max_length=100)


class ProposeStep(Frozen):
    """Go to this step of an open guide; without a step: open this guide. Only a supervisor."""

    kind: Literal["propose_step"] = "propose_step"
    guide: str
    step: str = ""
    reason: Why = ""
    name: str = Field(default="", max_length=100)


class AnswerAdvice(Frozen):
    """The agent has read a message, takes a proposal, or does not."""

    kind: Literal["answer_advice"] = "answer_advice"
    id: str
    answer: Answer


class SupervisorSaid(Frozen):
    kind: Literal["supervisor_said"] = "supervisor_said"
    id: str
    by: str
    name: str = ""
    text: str


class StepProposed(Frozen):
    """`title` is the step's, or the guide's where `step` is empty."""

    kind: Literal["step_proposed"] = "step_proposed"
    id: str
    by: str
    name: str = ""
    guide: str
    step: str = ""
    title: str
    reason: str = ""


class AdviceAnswered(Frozen):
    """What follows from `taken` comes as facts of its own."""

    kind: Literal["advice_answered"] = "advice_answered"
    id: str
    answer: Answer
