"""A scenario guide, ticket type and offer as an editor writes them in YAML.

The kind of a step is told by the key it carries: say, ask, diagnose, offer, ticket, handoff, guide,
end. An `ask` has a `say` too: the sentence that asks. Texts and conditions are jinja2, rendered in
`render`; nothing here is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assist.events import FieldType, Outcome, Priority, StepKind
from assist.problems import Said, refusal

SlotType = Literal[
    "text", "choice", "phone", "account", "amount", "number", "when", "name", "address"
]

T = TypeVar("T")

MOST_LOG_ODDS = 3.0
"""What a record may come to, by one reason or by all, either way: twentyfold odds, which the
customer's words can still outweigh."""


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
            raise refusal(
                "`hear`里的 {names} 不在 choices 里；请先在 choices 里写上，或核对名称",
                "hear names choices that do not exist: {names}",
                names=", ".join(sorted(unknown)),
            )
        return self


class Case(Part):
    when: str = ""
    next: str


class TypeCase(Part):
    """Another ticket type than the step's own, where the condition holds."""

    when: str
    type: str


class PolicyText(Part):
    """The official position: what is said about it, where it stands, until when it holds."""

    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    valid_until: date


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
    guide: str = Field(default="", description="another guide to walk before `next`")
    end: Outcome | Literal[""] = ""

    must_say: bool = False
    must_not_say: list[str] = Field(
        default_factory=list, description="phrases the agent must avoid while this step is shown"
    )
    policy: PolicyText | None = None
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
    types: list[TypeCase] = Field(
        default_factory=list, description="first case that holds decides; else it is `ticket`"
    )
    disposition: str = ""

    @cached_property
    def kind(self) -> StepKind:
        for kind in ("ask", "diagnose", "offer", "ticket", "handoff", "guide", "end"):
            if getattr(self, kind):
                return kind
        return "say"

    @property
    def ticket_types(self) -> list[str]:
        """Every ticket type that this step may file; its own first."""
        return [self.ticket, *(case.type for case in self.types)] if self.ticket else []

    @property
    def targets(self) -> list[str]:
        """Every step this one may lead to by name."""
        named = [self.next, self.otherwise, self.manual, *self.choices.values()]
        return [t for t in [*named, *(case.next for case in self.cases)] if t]

    @model_validator(mode="after")
    def _is_one_kind(self) -> Step:
        keys = [
            k
            for k in ("ask", "diagnose", "offer", "ticket", "handoff", "guide", "end")
            if getattr(self, k)
        ]
        if len(keys) > 1:
            raise refusal(
                "步骤“{step}”同时写了 {kinds}，一步只能做一件事；请留下一个",
                "step '{step}' is {kinds} at once; keep one",
                step=self.id,
                kinds=Said("、".join(keys), " and ".join(keys)),
            )
        if not keys and not self.say:
            raise refusal(
                "步骤“{step}”没写要做什么；请写 say、ask、diagnose、offer、ticket、handoff、"
                "guide、end 中的一个",
                "step '{step}' has none of say, ask, diagnose, offer, ticket, handoff, guide, end",
                step=self.id,
            )
        return self


class Effective(Part):
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None


class OpensWhen(Part):
    """What the record makes of a guide before a word is said, and when it may open by itself.

    Weights are natural log-odds: +0.7 doubles the odds, +2.3 makes them tenfold, a minus lowers
    them. They are added to what search makes of the speech.
    """

    tags: dict[str, float] = Field(default_factory=dict)
    tickets: dict[str, float] = Field(
        default_factory=dict, description="by type of a ticket that is still open"
    )
    last_call: dict[str, float] = Field(
        default_factory=dict, description="by the guide of the customer's call before this one"
    )
    last_call_days: int = Field(default=7, ge=1, le=90)
    not_said: list[str] = Field(
        default_factory=list,
        description="what the customer said up to such a phrase opens this guide no more",
    )
    by_speech: bool = Field(
        default=True,
        description="false: only other guides and the agent open it, so it needs no questions",
    )
    once_a_call: bool = True
    cooldown_min: float = Field(
        default=5.0, ge=0, le=240, description="minutes of sound until it may come back by itself"
    )
    priority: int = Field(
        default=0, ge=0, le=9, description="over a card of lower priority it opens like a first one"
    )


class Guide(Part):
    id: str
    title: str
    lang: Literal["zh", "en"]
    owner: str
    effective: Effective = Effective()
    opens_when: OpensWhen = OpensWhen()
    must_not_say: list[str] = Field(
        default_factory=list, description="phrases the agent must avoid as long as it is open"
    )
    take_from: float | None = Field(
        default=None, ge=0.68, le=1, description="how sure an answer must be to be taken; else 0.72"
    )
    slots: dict[str, Slot] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)
    hash: str = Field(default="", description="of the file's bytes; set by the loader")

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each step stands; of two with one name, the first."""
        return {step.id: i for i, step in reversed(list(enumerate(self.steps)))}

    @cached_property
    def _worked_out(self) -> dict[Callable[[Guide], Any], Any]:
        return {}

    def once(self, work: Callable[[Guide], T]) -> T:
        """What a pure function makes of this guide, worked out the first time only."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        return self._worked_out[work]

    def step(self, step_id: str) -> Step:
        """Raises KeyError for a step that is not there; the checker keeps that from happening."""
        return self.steps[self._places[step_id]]

    def after(self, step_id: str) -> Step | None:
        """The step written below this one, or None at the foot of the page."""
        position = self._places[step_id] + 1
        return self.steps[position] if position < len(self.steps) else None


class OfferMoment(Part):
    """When anything may be offered at all, whatever a guide's own `only_if` says."""

    after_solved: bool = True
    not_moods: list[Literal["calm", "angry"]] = Field(default_factory=lambda: ["angry"])


class House(Part):
    """What holds in every guide: when offers fit, and phrases no agent may say, by language."""

    offers: OfferMoment = OfferMoment()

    must_not_say: dict[Literal["zh", "en"], list[str]] = Field(default_factory=dict)


class TagName(Part):
    """How a customer's tag is called in the panel."""

    zh: str
    en: str


class ServiceLine(Part):
    """A line that callers ring for one trade. The agent's greeting tells which it is.

    `guides` are what they ring it for; a name may end in `*`. Their log-odds rise by `log_odds`,
    those of every other guide fall by as much.
    """

    id: str
    zh: str
    en: str
    greeting: list[str] = Field(min_length=1, description="words of the agent's greeting")
    guides: list[str] = Field(min_length=1)
    log_odds: float = Field(default=1.0, gt=0, le=MOST_LOG_ODDS)


class Priors(Part):
    """What holds for the record in all guides: from which log-odds on it suggests one by itself."""

    suggest_from: float = Field(default=1.0, gt=0)
    tags: dict[str, TagName] = Field(default_factory=dict)
    lines: list[ServiceLine] = Field(default_factory=list)


PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""From the least to the most urgent."""


class TicketFieldSpec(Part):
    """`type` is what a value must look like when it is filed; `choices` are a choice's values."""

    label: str
    required: bool = False
    source: str = Field(default="", alias="from", description="template that prefills the field")
    type: FieldType = "text"
    choices: list[str] = Field(default_factory=list)


class TagPriority(Part):
    tag: str
    priority: Priority


class PriorityRule(Part):
    """The first of `when` whose tag the customer has decides."""

    default: Priority = "normal"
    when: list[TagPriority] = Field(default_factory=list)


class Route(Part):
    """Another crew, where the condition holds."""

    when: str
    group: str


class TicketType(Part):
    id: str
    title: str
    lang: Literal["zh", "en"] = "zh"
    group: str = Field(description="the crew it goes to where no route holds")
    route: list[Route] = Field(default_factory=list)
    priority: PriorityRule = PriorityRule()
    deadline_h: float = Field(gt=0, description="hours until it must be closed")
    deadlines_h: dict[Priority, float] = Field(
        default_factory=dict, description="other hours, by priority"
    )
    fields: dict[str, TicketFieldSpec]

    def hours(self, priority: Priority) -> float:
        """Until a ticket of this priority must be closed; one without hours of its own has those
        of the nearest lower one that has."""
        named = {"normal": self.deadline_h, **self.deadlines_h}
        upto = PRIORITIES[: PRIORITIES.index(priority) + 1]
        return next((named[p] for p in reversed(upto) if p in named), self.deadline_h)


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
    cap: int | None = Field(default=None, ge=1, description="times a customer hears it, ever")
    cooldown_days: int | None = Field(
        default=None, ge=1, description="days until a customer hears it again"
    )
    consent: str = Field(
        default="", description="what the agent must have said before an acceptance counts"
    )
