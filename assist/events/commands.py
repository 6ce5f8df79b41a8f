"""What people ask of a call. A command is written to the journal before it is obeyed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assist.events.advice import AnswerAdvice, ProposeStep, SupervisorMessage
from assist.events.closing_facts import Summary, SummaryOf
from assist.events.parts import Frozen, OfferDecision, Outcome


class SeekCustomer(Frozen):
    """Look up whose number or account this is: the caller is not known yet."""

    kind: Literal["seek_customer"] = "seek_customer"
    number: str = Field(min_length=1, max_length=64)


class OpenGuide(Frozen):
    kind: Literal["open_guide"] = "open_guide"
    guide: str


class CloseGuide(Frozen):
    """The agent puts the card or the suggestion away: not this scenario."""

    kind: Literal["close_guide"] = "close_guide"
    guide: str


class TickStep(Frozen):
    kind: Literal["tick_step"] = "tick_step"
    guide: str
    step: str


class AnswerStep(Frozen):
    """`choice` is a key of the step's options, or `""` when the customer could not say."""

    kind: Literal["answer_step"] = "answer_step"
    guide: str
    step: str
    choice: str


class UndoStep(Frozen):
    """Back to this step: it and all later ones are open again."""

    kind: Literal["undo_step"] = "undo_step"
    guide: str
    step: str


class SetSlot(Frozen):
    kind: Literal["set_slot"] = "set_slot"
    slot: str
    value: str


class SettleConflict(Frozen):
    """Which of the two values holds: the one known, or the one heard later."""

    kind: Literal["settle_conflict"] = "settle_conflict"
    slot: str
    take: Literal["known", "heard"]


class RevertCorrection(Frozen):
    """The word was heard rightly after all; `at` is where the correction stands in the text."""

    kind: Literal["revert_correction"] = "revert_correction"
    utterance: str
    at: int


class DecideContinuation(Frozen):
    """Go on where the earlier call ended, or begin from the first step."""

    kind: Literal["decide_continuation"] = "decide_continuation"
    guide: str
    decision: Literal["accepted", "declined"]


class RetryDiagnosis(Frozen):
    kind: Literal["retry_diagnosis"] = "retry_diagnosis"
    guide: str
    step: str


class DecideOffer(Frozen):
    kind: Literal["decide_offer"] = "decide_offer"
    offer: str
    decision: OfferDecision
    reason: str = ""


class ConfirmConsent(Frozen):
    """The offer's consent wording has been said."""

    kind: Literal["confirm_consent"] = "confirm_consent"
    offer: str


class FileTicket(Frozen):
    """`fields` are the values as the agent leaves them in the form; `append_to` is the number of
    an open ticket they go to as a note, instead of a new one."""

    kind: Literal["file_ticket"] = "file_ticket"
    guide: str
    step: str
    fields: dict[str, str]
    append_to: str = ""


class HandOff(Frozen):
    kind: Literal["hand_off"] = "hand_off"
    reason: str


class KeepSummary(Frozen):
    """The summary as the agent leaves it."""

    kind: Literal["keep_summary"] = "keep_summary"
    of: SummaryOf
    summary: Summary


class WrapUp(Frozen):
    kind: Literal["wrap_up"] = "wrap_up"
    outcome: Outcome | None = None
    disposition: str = ""


Command = Annotated[
    SeekCustomer
    | OpenGuide
    | CloseGuide
    | TickStep
    | AnswerStep
    | UndoStep
    | SetSlot
    | SettleConflict
    | RevertCorrection
    | DecideContinuation
    | RetryDiagnosis
    | DecideOffer
    | ConfirmConsent
    | FileTicket
    | HandOff
    | KeepSummary
    | WrapUp
    | SupervisorMessage
    | ProposeStep
    | AnswerAdvice,
    Field(discriminator="kind"),
]
