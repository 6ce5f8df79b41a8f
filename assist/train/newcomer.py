"""An obedient newcomer: does what the panel proposes, in the order proposed, and invents nothing.

Opens the first suggestion, accepts recognised answers, reads every script at a reading pace, and
files the ticket once the customer has hung up. What nobody said stays blank or is left out.
"""

from __future__ import annotations

from assist import events as ev
from assist.state import CallState, Page, apply

READING_MS_PER_CHAR = {"zh": 180, "en": 60}
NOT_GIVEN = {"zh": "客户未提供", "en": "not given by the customer"}


class Newcomer:
    """Sees the events a panel sees; `next_command` is what they would press now."""

    def __init__(self) -> None:
        self.state = CallState()
        self._shown_at_ms = 0
        self._pressed: ev.Command | None = None

    def see(self, event: ev.Event) -> None:
        self.state = apply(self.state, event)
        if isinstance(event.fact, ev.StepShown):
            self._shown_at_ms = event.at_ms
        if isinstance(event.fact, ev.StepShown | ev.GuideOpened | ev.GuideClosed | ev.Trouble):
            self._pressed = None

    def next_command(self) -> ev.Command | None:
        """The next key to press, once; None while there is nothing to do but listen."""
        command = self._decide()
        if command is None or command == self._pressed:
            return None
        self._pressed = command
        return command

    @property
    def finished(self) -> bool:
        return self.state.wrapped is not None

    def _decide(self) -> ev.Command | None:
        state = self.state
        over = state.status != "live"
        if state.page is None:
            # What the record alone suggests is no answer to anything said yet.
            proposed = bool(state.suggested) and state.suggested[0].question
            if proposed and not over and not self._is_being_told():
                return ev.OpenGuide(guide=state.suggested[0].guide)
            return ev.WrapUp() if over and not state.wrapped else None
        for slot, conflict in state.conflicts.items():
            spoken = conflict.heard.evidence
            read_back = spoken is not None and spoken.speaker == "agent"
            if slot not in state.settled and conflict.known.by == "heard" and read_back:
                # What the newcomer has read back aloud, and the customer let stand.
                return ev.SettleConflict(slot=slot, take="heard")
        page = state.page
        if page.shown is None or page.tick(page.shown.step):
            return None
        return self._at_step(page, page.shown, over)

    def _is_being_told(self) -> bool:
        """Whether the customer is in mid-sentence: one hears them out before choosing."""
        told = [line for line in self.state.lines if line.speaker == "customer"]
        return bool(told) and told[-1].tier != "final"

    def _at_step(self, page: Page, shown: ev.StepShown, over: bool) -> ev.Command | None:
        match shown.step_kind:
            case "say" | "handoff" if over or self._has_read(shown):
                return ev.TickStep(guide=page.guide, step=shown.step)
            case "end" if over:
                return ev.TickStep(guide=page.guide, step=shown.step)
            case "ask":
                if page.proposed:
                    return self._answer(page, shown, page.proposed.choice)
                return self._answer(page, shown, "") if over else None
            case "offer" if over:
                offer = next(
                    (k for k, o in self.state.offers.items() if o.step == shown.step), None
                )
                return ev.DecideOffer(offer=offer, decision="ignored") if offer else None
            case "ticket" if over and page.draft:
                return self._file(page.guide, shown.step, page.draft)
        return None

    def _has_read(self, shown: ev.StepShown) -> bool:
        needed_ms = len(shown.text) * READING_MS_PER_CHAR.get(self.state.lang, 180)
        return self.state.at_ms - self._shown_at_ms >= needed_ms

    def _answer(self, page: Page, shown: ev.StepShown, choice: str) -> ev.Command:
        return ev.AnswerStep(guide=page.guide, step=shown.step, choice=choice)

    def _file(self, guide: str, step: str, draft: ev.TicketDrafted) -> ev.Command | None:
        ticket = self.state.ticket_at(guide, step)
        if ticket and ticket.status in ("asked", "waiting"):
            return None
        missing = NOT_GIVEN.get(self.state.lang, NOT_GIVEN["zh"])
        fields = {
            field.name: field.value or (missing if field.required else "") for field in draft.fields
        }
        return ev.FileTicket(guide=guide, step=step, fields=fields, append_to=draft.append_to)
