"""The small records that commands and facts are made of."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Speaker = Literal["customer", "agent", "mixed"]
By = Literal["agent", "heard", "record", "diagnosis", "system"]
StepKind = Literal["say", "ask", "diagnose", "offer", "ticket", "handoff", "guide", "end"]
Outcome = Literal["solved", "ticket", "escalated", "uncovered"]
OfferDecision = Literal["accepted", "declined", "ignored"]
Priority = Literal["low", "normal", "high", "urgent"]
FieldType = Literal[
    "text", "phone", "date", "amount", "number", "choice", "address", "account", "when", "name"
]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Frozen):
    """Where a tick, a slot or a ticket field comes from."""

    utterance: str
    speaker: Speaker
    words: str
    confidence: float = Field(ge=0, le=1)


class Word(Frozen):
    """A word of an utterance (Chinese: a character, with the punctuation behind it).

    Times are ms of the call. `confidence` is the engine's mean token probability.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float = Field(ge=0, le=1)


class Correction(Frozen):
    """A domain word that was misheard: `meant` stands at `at` of the text, in place of `heard`."""

    at: int = Field(ge=0, description="offset in characters of the corrected text")
    heard: str
    meant: str
    confidence: float = Field(ge=0, le=1)


class OpenTicket(Frozen):
    number: str
    type: str
    title: str
    status: str
    opened_on: str = ""


class Customer(Frozen):
    """The caller as the back office knows them; unknown fields are empty, never invented."""

    id: str
    name: str
    surname: str = ""
    title: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    company: str = ""
    plan: str = ""
    level: str = ""
    broadband_account: str = ""
    circuit_id: str = ""
    power_account: str = ""
    tags: tuple[str, ...] = ()
    open_tickets: tuple[OpenTicket, ...] = ()


class LastCall(Frozen):
    """An earlier call of the customer's, from our own journal.

    `guide` led it to its end, `guides` are all that were opened and not put away.
    """

    guide: str
    title: str
    started_at: str
    outcome: Outcome | Literal[""] = ""
    call: str = ""
    guides: tuple[str, ...] = ()
    disposition: str = ""
    ticket: str = ""


class Reason(Frozen):
    """What the record says for or against a guide: `key` is a tag, a ticket type, a guide or, for
    the line that was rung, its id.

    `zh` and `en` name it for people. `log_odds` (natural) is what its guide counts it for, `days`
    how long ago a last call was.
    """

    kind: Literal["tag", "ticket", "last_call", "line"]
    key: str
    zh: str
    en: str
    log_odds: float
    days: int = 0


class Match(Frozen):
    """A guide that fits the call so far: `score` 0..1, `question` the nearest corpus question.

    `question` is empty where nothing was said for it yet and the record alone speaks; `why` has
    what of the record speaks for it, the weightiest first.
    """

    guide: str
    title: str = ""
    score: float
    question: str
    question_id: str = ""
    why: tuple[Reason, ...] = ()


class Option(Frozen):
    key: str
    label: str


class PastOffer(Frozen):
    """An offer that reached the customer in an earlier call; `decided_on` is an ISO date."""

    offer: str
    decision: OfferDecision
    decided_on: str


class Policy(Frozen):
    """What a step stands on; `expired`: the call's day is past `valid_until`."""

    text: str
    source: str
    valid_until: str
    expired: bool = False


class TicketField(Frozen):
    """`choices` are the values of a `choice`, as people read them."""

    name: str
    label: str
    value: str = ""
    required: bool = False
    type: FieldType = "text"
    choices: tuple[str, ...] = ()
    by: By | None = None
    evidence: Evidence | None = None
