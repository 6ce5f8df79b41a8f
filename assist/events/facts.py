"""What happened in a call. Facts never change; state is folded from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from assist.events.advice import AdviceAnswered, StepProposed, SupervisorSaid
from assist.events.closing_facts import BackstopRaised, SummaryDrafted, SummaryKept
from assist.events.commands import Command
from assist.events.earlier_facts import (
    ContinuationDecided,
    ContinuationOffered,
    ContinuationTaken,
    EarlierAsked,
    EarlierFound,
)
from assist.events.guide_facts import (
    ConflictSettled,
    ConsentSaid,
    GuideClosed,
    MoodHeard,
    ProhibitedSaid,
    SlotConflict,
)
from assist.events.parts import (
    By,
    Correction,
    Customer,
    Evidence,
    Frozen,
    LastCall,
    Match,
    OfferDecision,
    Option,
    Outcome,
    PastOffer,
    Policy,
    Speaker,
    StepKind,
    Word,
)
from assist.events.phone_facts import CallHeld, CallResumed, CallTransferred
from assist.events.ticket_facts import (
    OpenTicketsAsked,
    OpenTicketsFound,
    TicketAsked,
    TicketDrafted,
    TicketFiled,
    TicketWaiting,
)

# ---------------------------------------------------------------- facts: the call


class CallStarted(Frozen):
    kind: Literal["call_started"] = "call_started"
    agent: str
    number: str = ""
    direction: Literal["inbound", "outbound"] = "inbound"
    lang: str = "zh"
    source: str = ""
    started_at: str = Field(default="", description="ISO 8601 with offset, from the injected clock")
    guess_model: str = ""
    final_model: str = ""
    guides_hash: str = ""
    index_hash: str = ""


class LanguageTold(Frozen):
    """Told from the first seconds of sound, where the call began with the language `auto`."""

    kind: Literal["language_told"] = "language_told"
    lang: str


class CustomerAsked(Frozen):
    """The back office is asked whose number, account or circuit this is."""

    kind: Literal["customer_asked"] = "customer_asked"
    number: str
    by: By = "system"
    evidence: Evidence | None = None


class CustomerFound(Frozen):
    kind: Literal["customer_found"] = "customer_found"
    customer: Customer
    by: By
    evidence: Evidence | None = None
    last_call: LastCall | None = None
    last_calls: tuple[LastCall, ...] = Field(default=(), description="newest first")
    past_offers: tuple[PastOffer, ...] = ()


class CustomerUnknown(Frozen):
    kind: Literal["customer_unknown"] = "customer_unknown"
    number: str


class IndexSwapped(Frozen):
    """From here on another search index answers this call; `hash` as `assist index info` tells."""

    kind: Literal["index_swapped"] = "index_swapped"
    hash: str


class CallEnded(Frozen):
    """The sound is over. `broken_off`: the server died in mid-call and found this on restart."""

    kind: Literal["call_ended"] = "call_ended"
    reason: Literal["hangup", "stopped", "broken_off", "bug"]


class CallWrapped(Frozen):
    kind: Literal["call_wrapped"] = "call_wrapped"
    outcome: Outcome
    disposition: str = ""
    by: By = "system"


class Commanded(Frozen):
    """A command, written down before it is obeyed."""

    kind: Literal["commanded"] = "commanded"
    command: Command
    by: str


class Trouble(Frozen):
    """A known trouble. `key`, `guide` and `step` say which effect failed, if one did; `values` are
    what the message tells of this one case, for a panel that says it in its own words."""

    kind: Literal["trouble"] = "trouble"
    code: str
    message: str
    remedy: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    key: str = ""
    guide: str = ""
    step: str = ""


# ---------------------------------------------------------------- facts: speech


class SpeechGuessed(Frozen):
    """May still change; `text` replaces every earlier guess of the utterance."""

    kind: Literal["speech_guessed"] = "speech_guessed"
    utterance: str
    speaker: Speaker
    start_ms: int
    text: str


class SpeechStable(Frozen):
    """The beginning of the utterance on which two decodes in a row agreed."""

    kind: Literal["speech_stable"] = "speech_stable"
    utterance: str
    speaker: Speaker
    start_ms: int
    text: str
    corrections: tuple[Correction, ...] = ()


class SegmentHeard(Frozen):
    """Final text of an utterance; never changes, but a correction in it may be taken back.

    `text` is what was said, hesitations and all, with `corrections` already in it; `display` is
    the same as people write it: numbers in digits, hesitations left out. `words` are as heard.
    """

    kind: Literal["segment_heard"] = "segment_heard"
    utterance: str
    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str
    display: str = ""
    words: tuple[Word, ...] = ()
    corrections: tuple[Correction, ...] = ()
    confidence: float = Field(ge=0, le=1)
    model: str = ""


class CorrectionReverted(Frozen):
    """The agent took a correction back: the utterance's text as it stands now."""

    kind: Literal["correction_reverted"] = "correction_reverted"
    utterance: str
    reverted: Correction
    text: str
    display: str = ""
    corrections: tuple[Correction, ...] = ()


class SpeechDropped(Frozen):
    """What had been guessed was no speech after all; the panel takes it away."""

    kind: Literal["speech_dropped"] = "speech_dropped"
    utterance: str
    speaker: Speaker
    reason: Literal["silence", "phantom", "repeat"]


# ---------------------------------------------------------------- facts: search and guide


class GuidesSuggested(Frozen):
    """Quiet chips, best first, from the record or from what was said; empty takes them away."""

    kind: Literal["guides_suggested"] = "guides_suggested"
    matches: tuple[Match, ...]


class GuideOpened(Frozen):
    kind: Literal["guide_opened"] = "guide_opened"
    guide: str
    title: str
    hash: str
    by: By
    match: Match | None = None
    evidence: Evidence | None = None
    from_guide: str = Field(default="", description="the guide that leads here and goes on after")
    shares: dict[str, float] = Field(default_factory=dict, description="search signal -> 0..1")


class StepShown(Frozen):
    """What the agent saw: rendered text, options, and the hash of the guide it came from."""

    kind: Literal["step_shown"] = "step_shown"
    guide: str
    step: str
    step_kind: StepKind
    text: str = ""
    title: str = ""
    must_say: bool = False
    must_not_say: tuple[str, ...] = ()
    policy: Policy | None = None
    options: tuple[Option, ...] = ()
    slot: str = ""
    sub_guide: str = ""
    hash: str = ""


class StepTicked(Frozen):
    kind: Literal["step_ticked"] = "step_ticked"
    guide: str
    step: str
    by: By
    choice: str = ""
    choice_label: str = ""
    evidence: Evidence | None = None
    note: str = Field(default="", description="why the system ticked it, where it did")
    skipped: bool = Field(default=False, description="its condition did not hold; never shown")
    from_call: str = Field(default="", description="the earlier call it is taken over from")


class StepUndone(Frozen):
    kind: Literal["step_undone"] = "step_undone"
    guide: str
    step: str


class AnswerProposed(Frozen):
    """Heard, but not surely enough to be taken: the panel marks the option, the agent confirms."""

    kind: Literal["answer_proposed"] = "answer_proposed"
    guide: str
    step: str
    choice: str
    evidence: Evidence


class SlotFilled(Frozen):
    """`label` is what people read; `value` what machines use. An empty value clears the slot."""

    kind: Literal["slot_filled"] = "slot_filled"
    slot: str
    value: str
    label: str
    by: By
    evidence: Evidence | None = None
    from_call: str = Field(default="", description="the earlier call it is taken over from")


# ---------------------------------------------------------------- facts: desk


class DiagnosisAsked(Frozen):
    kind: Literal["diagnosis_asked"] = "diagnosis_asked"
    key: str
    guide: str
    step: str
    connector: str
    args: dict[str, str]
    timeout_s: float


class DiagnosisDone(Frozen):
    kind: Literal["diagnosis_done"] = "diagnosis_done"
    key: str
    guide: str
    step: str
    connector: str
    result: dict[str, Any]
    summary: str
    from_call: str = Field(default="", description="the earlier call it is taken over from")
    measured_at: str = Field(default="", description="ISO 8601, where it is taken over")


class OfferMade(Frozen):
    kind: Literal["offer_made"] = "offer_made"
    guide: str
    step: str
    offer: str
    title: str
    text: str
    decline_reasons: tuple[str, ...] = ()
    consent: str = ""


class OfferDecided(Frozen):
    kind: Literal["offer_decided"] = "offer_decided"
    guide: str
    step: str
    offer: str
    decision: OfferDecision
    reason: str = ""
    by: By = "agent"
    evidence: Evidence | None = None


class HandedOff(Frozen):
    kind: Literal["handed_off"] = "handed_off"
    to: str
    reason: str
    by: By = "agent"


Fact = Annotated[
    CallStarted
    | LanguageTold
    | CustomerAsked
    | CustomerFound
    | CustomerUnknown
    | IndexSwapped
    | CallHeld
    | CallResumed
    | CallTransferred
    | CallEnded
    | CallWrapped
    | Commanded
    | Trouble
    | SpeechGuessed
    | SpeechStable
    | SegmentHeard
    | CorrectionReverted
    | SpeechDropped
    | GuidesSuggested
    | GuideOpened
    | GuideClosed
    | StepShown
    | EarlierAsked
    | EarlierFound
    | ContinuationOffered
    | ContinuationDecided
    | ContinuationTaken
    | StepTicked
    | StepUndone
    | AnswerProposed
    | ProhibitedSaid
    | MoodHeard
    | ConsentSaid
    | SlotConflict
    | ConflictSettled
    | SlotFilled
    | DiagnosisAsked
    | DiagnosisDone
    | OfferMade
    | OfferDecided
    | OpenTicketsAsked
    | OpenTicketsFound
    | TicketDrafted
    | TicketAsked
    | TicketWaiting
    | TicketFiled
    | HandedOff
    | SummaryDrafted
    | SummaryKept
    | BackstopRaised
    | SupervisorSaid
    | StepProposed
    | AdviceAnswered,
    Field(discriminator="kind"),
]
