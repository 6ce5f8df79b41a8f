"""A scenario guide, ticket type and offer as an editor writes them in YAML.

The kind of a step is told by the key it carries: say, ask, diagnose, offer, ticket, handoff, end.
An `ask` has a `say` too: the sentence that asks. Texts and conditions are jinja2, rendered in
`render`; nothing here is evaluated.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assist.events import Outcome, StepKind

SlotType = Literal[
    "text", "choice", "phone", "account", "amount", "number", "when", "name", "address"
]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Slot(Part):
    """Something worth knowing. `from` is a template over customer, call and results.

    `cues` are words that, said just before or within the same sentence, make a heard value this
    slot's (a time near 上门 is the appointment, near 断 the moment it broke).
    """

    label: str
    type: SlotType = "text"
    choices: dict[str, str] = Field(default_factory=dict)
    hear: dict[str, list[str]] = Field(default_factory=dict)
    cues: list[str] = Field(default_factory=list)
    pattern: str = Field(
        default="",
        description="regular expression a heard value must match; its group 1 is a text's value",
    )
    tense: Literal["past", "future", ""] = Field(
        default="", description="for `when`: only moments behind or ahead of the call"
    )
    speakers: list[Literal["customer", "agent"]] = Field(default_factory=lambda: ["customer"])
    source: str = Field(default="", alias="from")
    required: bool = False

    @model_validator(mode="after")
    def _choices_make_a_choice(self) -> Slot:
        if self.choices and self.type == "text":
            object.__setattr__(self, "type", "choice")
        unknown = set(self.hear) - set(self.choices)
        if unknown:
            raise ValueError(f"hear names choices that do not exist: {', '.join(sorted(unknown))}")
        return self


class Case(Part):
    when: str = ""
    next: str


class Step(Part):
    """One step; which fields make sense depends on its kind (see guides/README.md)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: str = ""
    say: str = ""
    ask: str = ""
    diagnose: str = ""
    offer: str = ""
    ticket: str = ""
    handoff: str = ""
    end: Outcome | Literal[""] = ""

    must_say: bool = False
    solves: bool = Field(default=False, description="once ticked, the customer's need is met")
    only_if: str = ""
    next: str = ""
    hear: dict[str, list[str]] = Field(default_factory=dict)
    choices: dict[str, str] = Field(default_factory=dict)
    otherwise: str = Field(default="", description="where an ask goes when nobody can answer it")
    args: dict[str, str] = Field(default_factory=dict, alias="with")
    timeout_s: float = Field(default=5.0, gt=0, le=60)
    summary: str = ""
    fills: dict[str, str] = Field(default_factory=dict)
    cases: list[Case] = Field(default_factory=list)
    manual: str = Field(default="", description="where a diagnosis goes when its system is dead")
    fill: dict[str, str] = Field(default_factory=dict)
    disposition: str = ""

    @property
    def kind(self) -> StepKind:
        for kind in ("ask", "diagnose", "offer", "ticket", "handoff", "end"):
            if getattr(self, kind):
                return kind
        return "say"

    @property
    def targets(self) -> list[str]:
        """Every step this one may lead to by name."""
        named = [self.next, self.otherwise, self.manual, *self.choices.values()]
        return [t for t in [*named, *(case.next for case in self.cases)] if t]

    @model_validator(mode="after")
    def _is_one_kind(self) -> Step:
        keys = [
            k for k in ("ask", "diagnose", "offer", "ticket", "handoff", "end") if getattr(self, k)
        ]
        if len(keys) > 1:
            raise ValueError(f"step '{self.id}' is {' and '.join(keys)} at once; keep one")
        if not keys and not self.say:
            raise ValueError(
                f"step '{self.id}' has none of say, ask, diagnose, offer, ticket, handoff, end"
            )
        return self


class Effective(Part):
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None


class OpensWhen(Part):
    tags: dict[str, float] = Field(default_factory=dict)
    not_after: list[Literal["hello-only"]] = Field(
        default_factory=list,
        description="hello-only: not after mere greetings, which search gives no weight anyway",
    )

    @field_validator("tags", mode="before")
    @classmethod
    def _signed_numbers(cls, value: Any) -> Any:
        return {k: float(v) for k, v in value.items()} if isinstance(value, dict) else value


class Guide(Part):
    id: str
    title: str
    lang: Literal["zh", "en"]
    owner: str
    effective: Effective = Effective()
    opens_when: OpensWhen = OpensWhen()
    slots: dict[str, Slot] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)
    hash: str = Field(default="", description="of the file's bytes; set by the loader")

    def step(self, step_id: str) -> Step:
        """Raises KeyError for a step that is not there; the checker keeps that from happening."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def after(self, step_id: str) -> Step | None:
        """The step written below this one, or None at the foot of the page."""
        position = self.steps.index(self.step(step_id)) + 1
        return self.steps[position] if position < len(self.steps) else None


class TicketFieldSpec(Part):
    label: str
    required: bool = False
    source: str = Field(default="", alias="from", description="template that prefills the field")


class TicketType(Part):
    id: str
    title: str
    lang: Literal["zh", "en"] = "zh"
    group: str = Field(description="the crew it goes to")
    deadline_h: int = Field(gt=0, description="hours until it must be closed")
    fields: dict[str, TicketFieldSpec]


class Offer(Part):
    """`hear` has the words by which a customer takes it (`accepted`) or leaves it (`declined`)."""

    id: str
    title: str
    lang: Literal["zh", "en"] = "zh"
    say: str
    eligible: str = Field(default="", description="condition over customer, slots and results")
    mentions: list[str] = Field(description="words by which the agent's offer is recognised")
    hear: dict[Literal["accepted", "declined"], list[str]]
    decline_reasons: list[str] = Field(default_factory=list)
