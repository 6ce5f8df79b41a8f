"""Somebody at the panel without a live call: a trainee before a recorded or simulated caller, or a
trainer trying another way at some moment of a call. Nothing leaves the sandbox.

Blocks while the rules think; whoever asks gives the time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from assist import events as ev
from assist.errors import AssistError
from assist.train.caller import SimulatedCaller
from assist.train.course import Course, Done, Place, course_of
from assist.train.grade import Grade, Judge
from assist.train.sandbox import Sandbox

Hints = Literal["shown", "hidden", "on_request"]
Kind = Literal["recorded", "simulated", "what_if"]
SPEAKING_MS_PER_CHAR = {"zh": 180, "en": 60}


class Caller(Protocol):
    """The customer's side of a practice."""

    def next(self) -> ev.SegmentHeard | str | None:
        """What they say unasked; None while they wait, or have said all."""
        ...

    def answer(self, said: str, sandbox: Sandbox) -> tuple[str, bool]:
        """What they say to the agent, "" for nothing, and whether they hang up with it."""
        ...

    @property
    def left(self) -> int | None:
        """Sentences still to come; None where nobody knows."""
        ...

    @property
    def next_ms(self) -> int | None:
        """When the next one was begun in the recording."""
        ...


class RecordedCaller:
    """Says what the customer of a stored call said, in that order, whatever the agent says."""

    def __init__(self, past: Iterable[ev.Event], after_ms: int = -1) -> None:
        self._lines = deque(
            event.fact
            for event in past
            if isinstance(event.fact, ev.SegmentHeard)
            and event.fact.speaker != "agent"
            and event.at_ms > after_ms
        )

    def next(self) -> ev.SegmentHeard | None:
        return self._lines.popleft() if self._lines else None

    def answer(self, said: str, sandbox: Sandbox) -> tuple[str, bool]:
        return "", False

    @property
    def left(self) -> int:
        return len(self._lines)

    @property
    def next_ms(self) -> int | None:
        return self._lines[0].start_ms if self._lines else None


class TypedCaller:
    """A simulated caller at the other end of a practice."""

    def __init__(self, caller: SimulatedCaller) -> None:
        self._caller = caller

    def next(self) -> str | None:
        return None if self._caller.opened else self._caller.open().text

    def answer(self, said: str, sandbox: Sandbox) -> tuple[str, bool]:
        page = sandbox.state.page
        shown = page.shown if page else None
        offer = None
        if page and shown and shown.step_kind == "offer":
            step = sandbox.tools.guide(page.guide).step(shown.step)
            offer = sandbox.tools.book.offers.get(step.offer)
        reply = self._caller.reply(said, shown.slot if shown else "", offer)
        return reply.text, reply.hangs_up

    @property
    def left(self) -> int | None:
        return None

    @property
    def next_ms(self) -> int | None:
        return None


@dataclass
class Practice:
    """One sitting. `expert` is what it is scored against; a what-if has none.

    `source` is the stored call, or the guide of a simulated one; `offset_ms` the call's moment at
    which it begins.
    """

    id: str
    kind: Kind
    login: str
    name: str
    source: str
    title: str
    hints: Hints
    sandbox: Sandbox
    caller: Caller
    began: datetime
    expert: Course | None = None
    offset_ms: int = 0
    hints_used: int = 0
    grade: Grade | None = None
    touched: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.touched = self.began

    def at_ms(self, now: datetime) -> int:
        """The practice's own clock; a call does not go back in it."""
        self.touched = now
        return max(self.sandbox.state.at_ms, self.offset_ms + self.elapsed_ms(now))

    def elapsed_ms(self, now: datetime) -> int:
        return round((now - self.began).total_seconds() * 1000)

    def go_on(self, now: datetime, elapsed_ms: int) -> None:
        """After a break that does not count, with its clock at `elapsed_ms`."""
        self.began, self.touched = now - timedelta(milliseconds=elapsed_ms), now

    @property
    def is_over(self) -> bool:
        return self.sandbox.state.status != "live"

    def press(self, command: ev.Command, now: datetime) -> list[ev.Event]:
        """Raises CommandRefused, and once it is scored AssistError."""
        self._unscored()
        return self.sandbox.press(command, self.login, self.at_ms(now))

    def say(self, text: str, now: datetime) -> list[ev.Event]:
        """The trainee's own words, and what the caller says to them."""
        self._live()
        events = self._heard("agent", text, self.at_ms(now))
        answer, hangs_up = self.caller.answer(text, self.sandbox)
        if answer:
            events += self._heard("customer", answer, self.at_ms(now))
        return events + (self.hang_up(now) if hangs_up else [])

    def next(self, now: datetime) -> list[ev.Event]:
        """The caller's next sentence; nothing where they wait or have said all."""
        self._live()
        said = self.caller.next()
        if said is None:
            return []
        if isinstance(said, str):
            return self._heard("customer", said, self.at_ms(now))
        at_ms = self.at_ms(now)
        length_ms = said.end_ms - said.start_ms
        moved = said.model_copy(update={"start_ms": max(0, at_ms - length_ms), "end_ms": at_ms})
        return self.sandbox.put(moved, at_ms)

    def hang_up(self, now: datetime) -> list[ev.Event]:
        return (
            [] if self.is_over else self.sandbox.put(ev.CallEnded(reason="hangup"), self.at_ms(now))
        )

    def hint(self) -> dict[str, str]:
        """What the expert does next; each one costs points where hints are on request."""
        self._unscored()
        if self.expert is None:
            raise _refused("training.no_expert", "A what-if has no expert to ask.")
        self.hints_used += 1
        mine = course_of(self.sandbox.events)
        if self.expert.wanted and all(o.guide != self.expert.wanted for o in mine.opened):
            return {"kind": "open", "guide": self.expert.wanted, "title": self.expert.title}
        done = self._next_of_expert(mine)
        if done is None:
            return {"kind": "close", "title": ""}
        return {
            "kind": done.kind,
            "guide": done.place.guide,
            "title": done.title,
            "text": done.text,
            "choice": done.choice_label,
        }

    def finish(self, now: datetime) -> Grade:
        """The call is closed and scored; once."""
        if self.grade is not None:
            return self.grade
        if self.expert is None:
            raise _refused("training.no_expert", "A what-if is not scored.")
        took_ms = self.at_ms(now)
        self.hang_up(now)
        if self.sandbox.state.wrapped is None:
            self.sandbox.press(ev.WrapUp(), self.login, took_ms)
        judge = Judge(
            trainee=course_of(self.sandbox.events),
            expert=self.expert,
            book=self.sandbox.tools.book,
            like=self.sandbox.tools.like,
        )
        counted = self.hints_used if self.hints == "on_request" else 0
        self.grade = judge.grade(counted)
        return self.grade

    def _next_of_expert(self, mine: Course) -> Done | None:
        """The first of the expert's steps after the last one both have done."""
        assert self.expert is not None
        work = self.expert.own_work
        done = {d.place for d in mine.steps}
        both = [i for i, d in enumerate(work) if d.place in done]
        after = work[both[-1] + 1 :] if both else work
        return next((d for d in after if Place(d.place.guide, d.place.step) not in done), None)

    def _heard(self, speaker: ev.Speaker, text: str, at_ms: int) -> list[ev.Event]:
        per_char = SPEAKING_MS_PER_CHAR.get(self.sandbox.state.lang, 180)
        heard = ev.SegmentHeard(
            utterance=f"{speaker[0]}{len(self.sandbox.events)}",
            speaker=speaker,
            start_ms=max(0, at_ms - per_char * len(text)),
            end_ms=at_ms,
            text=text,
            confidence=1.0,
        )
        return self.sandbox.put(heard, at_ms)

    def _live(self) -> None:
        self._unscored()
        if self.is_over:
            raise _refused("training.over", "The caller has hung up.")

    def _unscored(self) -> None:
        if self.grade is not None:
            raise _refused("training.scored", "This practice is finished and scored.")


def _refused(code: str, message: str) -> AssistError:
    remedies = {
        "training.over": "Finish the ticket and the wrap-up, then finish the practice.",
        "training.scored": "Begin a new one.",
    }
    remedy = remedies.get(code, "Practise a call of the library instead.")
    return AssistError(message, remedy, code=code)
