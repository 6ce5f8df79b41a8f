"""The calls of this process: how many may live at once, and finding one again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence

from assist import events as ev
from assist.call.call import Call, Parts
from assist.errors import AssistError, CommandRefused

MAX_REMEMBERED = 200
"""Ended calls kept in memory for after-call work; older ones are read from the store again."""

Past = Callable[[str], Iterable[ev.Event]]


class Calls:
    """Live and lately ended calls by id."""

    def __init__(self, parts: Parts, past: Past, max_live: int) -> None:
        self.parts = parts
        self.past = past
        self._max_live = max_live
        self._calls: dict[str, Call] = {}

    async def begin(
        self, started: ev.CallStarted, speakers: Sequence[ev.Speaker], call_id: str = ""
    ) -> Call:
        """A new live call. Refused when the house is full or the id is taken."""
        live = sum(call.state.status == "live" for call in self._calls.values())
        if live >= self._max_live:
            self.parts.guesses.meters.refused("full")
            raise AssistError(
                f"{live} calls are live; no more than {self._max_live} are served at once.",
                "Try again when a call has ended, or raise ASSIST_MAX_CALLS.",
                code="calls.full",
                values={"live": str(live), "most": str(self._max_live)},
            )
        self._refuse_if_late()
        call_id = call_id or uuid.uuid4().hex[:12]
        if call_id in self._calls or any(True for _ in self.past(call_id)):
            raise AssistError(
                f"A call {call_id!r} exists already.",
                "Give each call its own id, or none.",
                code="calls.duplicate",
                values={"call": call_id},
            )
        call = Call(call_id, self.parts)
        self._calls[call_id] = call
        self._forget_old()
        await call.start(started, speakers)
        return call

    def _refuse_if_late(self) -> None:
        """One more call would slow down those that are being heard."""
        for lane in (self.parts.guesses, self.parts.finals):
            lag_ms = lane.schedule.lag_ms()
            if lag_ms > lane.options.refuse_after_ms:
                behind_s = f"{lag_ms / 1000:.0f}"
                lane.meters.refused("busy")
                raise AssistError(
                    f"The recogniser is {behind_s} s behind with the calls it hears.",
                    "Try again in a minute, or choose a faster final model (ASSIST_FINAL_MODEL).",
                    code="calls.busy",
                    values={"behind_s": behind_s},
                )

    def get(self, call_id: str) -> Call:
        """A call of this process, or a stored one taken up again for after-call work.

        Raises CommandRefused when there is none, or when its guides have changed since.
        """
        if call_id in self._calls:
            return self._calls[call_id]
        call = Call(call_id, self.parts, self.past(call_id))
        if call.state.started is None:
            raise CommandRefused(f"There is no call {call_id!r}.", "Choose one from the list.")
        if call.state.started.guides_hash != self.parts.tools.book.hash:
            raise CommandRefused(
                "The guides have changed since this call.",
                "Finish its work in the ticket system.",
            )
        self._calls[call_id] = call
        self._forget_old()
        return call

    async def tell(self, call_id: str, fact: ev.Fact) -> None:
        """What came back for a call of this house, live or over.

        What follows from it follows as ever, unless the guides have changed since.
        """
        try:
            call = self.get(call_id)
        except CommandRefused:
            at_ms = max((event.at_ms for event in self.past(call_id)), default=0)
            self.parts.journal.append(call_id, at_ms, fact)
            self.parts.journal.forget(call_id)
        else:
            await call.answer(fact)

    def live(self) -> list[Call]:
        return [call for call in self._calls.values() if call.state.status == "live"]

    def _forget_old(self) -> None:
        ended = [i for i, call in self._calls.items() if call.state.status != "live"]
        for call_id in ended[: max(0, len(self._calls) - MAX_REMEMBERED)]:
            del self._calls[call_id]
            self.parts.journal.forget(call_id)
