"""Plays one guide test through the rules, as a call would be: facts and commands in, facts out.

No sound, no server, no clock; the back office answers what the case says. The agent in it reads
what the panel shows and files a ticket that lacks nothing; all else is the case's own turns.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from assist import events as ev
from assist import rules
from assist.errors import AssistError, CommandRefused
from assist.guide.source import Loc
from assist.problems import Said
from assist.rules.tools import Tools
from assist.state import CallState, apply
from assist.train.cases import DOWN, Cases, GuideCase, Turn
from assist.train.failure_texts import failed, part

STARTED_AT = "2026-11-05T15:42:00+08:00"
"""When every tested call begins."""
MAX_FACTS = 2_000
_TURN_MS = 6_000
_IDENTIFIERS = ("phone", "broadband_account", "circuit_id", "power_account")


@dataclass(frozen=True)
class Failure:
    """`loc` is the place within the case's file."""

    loc: Loc
    said: Said


@dataclass
class Trial:
    """What became of a case: facts, the state they add up to, what differs from what it expects."""

    case: GuideCase
    facts: list[ev.Fact] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    state: CallState = field(default_factory=CallState)

    @property
    def passed(self) -> bool:
        return not self.failures

    def ticks(self, guide: str) -> list[ev.StepTicked]:
        """Steps of the guide that were gone through, in order; what was passed by is not in it."""
        return [
            fact
            for fact in self.facts
            if isinstance(fact, ev.StepTicked) and fact.guide == guide and not fact.skipped
        ]

    def path(self, guide: str) -> list[str]:
        return [tick.step for tick in self.ticks(guide)]


_ASKING = ev.CustomerAsked | ev.DiagnosisAsked | ev.TicketAsked | ev.OpenTicketsAsked


class _Place(TypedDict):
    key: str
    guide: str
    step: str


def _place(asked: ev.DiagnosisAsked | ev.TicketAsked | ev.OpenTicketsAsked) -> _Place:
    return {"key": asked.key, "guide": asked.guide, "step": asked.step}


class _Stop(Exception):
    """The case cannot go on; what is wrong has been noted."""


class Player:
    """One call of one case."""

    def __init__(self, cases: Cases, number: int, tools: Tools) -> None:
        self.cases, self.case, self.tools = cases, cases.cases[number], tools
        self.at: Loc = ("cases", number)
        self.trial = Trial(self.case)
        self.customer = cases.caller(self.case)
        self._at_ms = 0
        self._read: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()

    def play(self) -> Trial:
        """The whole call; raises GuideError for a customer's record that is none."""
        guide = self.tools.guide(self.cases.guide)
        number = self.case.number or (self.customer.phone if self.customer else "")
        try:
            self._put(
                ev.CallStarted(agent="test", number=number, lang=guide.lang, started_at=STARTED_AT)
            )
            for i, turn in enumerate(self.case.before):
                self._take(turn, (*self.at, "before", i))
            self._press(ev.OpenGuide(guide=guide.id), (*self.at, "case"))
            turns = self.case.turns
            for i, turn in enumerate(turns):
                self._go_on(turn if turn.kind != "at" else next(iter(turns[i + 1 :]), None))
                self._take(turn, (*self.at, "turns", i))
            self._go_on(None)
            self._put(ev.CallEnded(reason="hangup"))
            if self.trial.state.wrapped is None:
                self._press(ev.WrapUp(), (*self.at, "case"))
        except _Stop:
            pass
        return self.trial

    # ------------------------------------------------------------ the agent at the panel

    def _go_on(self, before: Turn | None) -> None:
        """Do what the panel shows until it waits for the next turn, `before`."""
        for _ in range(100):
            shown = self._shown()
            kind = before.kind if before else ""
            if shown is None or kind in ("interrupts", "tick", "undo", "set"):
                return
            at = f"{shown.guide}/{shown.step}"
            match shown.step_kind:
                case "say" | "handoff" | "end" if kind == "agent":
                    return
                case "ticket" | "end" if kind == "customer":
                    return
                case "say" | "handoff" | "end":
                    self._say("agent", shown.text)
                    if self._shown() == shown:
                        self._press(ev.TickStep(guide=shown.guide, step=shown.step), self.at)
                case "ask" | "offer":
                    visits = self._visits(shown)
                    if kind != "agent" and self._read[at] < visits:
                        self._read[at] = visits
                        self._say("agent", shown.text)
                    if self._shown() == shown:
                        return
                case "ticket" if kind != "file":
                    self._file(shown, {}, (*self.at, "expect", "ticket"))
                case _:
                    return
        self._fail(self.at, failed("no-stop"))

    def _take(self, turn: Turn, at: Loc) -> None:
        at = (*at, turn.kind)
        shown = self._shown()
        match turn.kind:
            case "customer" | "interrupts":
                self._say("customer", turn.customer or turn.interrupts)
            case "agent":
                if shown:
                    self._read[f"{shown.guide}/{shown.step}"] = self._visits(shown)
                self._say("agent", turn.agent)
            case "at":
                now = shown.step if shown else part("no-step")
                if now != turn.at:
                    self._fail(at, failed("at", wanted=turn.at, shown=now))
            case "set":
                for slot, value in turn.set.items():
                    self._press(ev.SetSlot(slot=slot, value=value), at)
            case _ if shown is None:
                self._fail(at, failed("no-step"))
            case "tick":
                self._press(ev.TickStep(guide=shown.guide, step=turn.tick), at)
            case "undo":
                self._press(ev.UndoStep(guide=shown.guide, step=turn.undo), at)
            case "answer":
                choice = turn.answer or ""
                answer = ev.AnswerStep(guide=shown.guide, step=shown.step, choice=choice)
                self._press(answer, at)
            case "offer":
                step = self.tools.guide(shown.guide).step(shown.step)
                decision = turn.offer or "ignored"
                self._press(ev.DecideOffer(offer=step.offer, decision=decision), at)
            case _:
                self._file(shown, turn.file or {}, at)

    def _file(self, shown: ev.StepShown, by_hand: dict[str, str], at: Loc) -> None:
        page = self.trial.state.page
        if page is None or page.draft is None:
            self._fail(at, failed("no-form", step=shown.step))
            return
        fields = {field.name: field.value for field in page.draft.fields} | by_hand
        command = ev.FileTicket(
            guide=shown.guide, step=shown.step, fields=fields, append_to=page.draft.append_to
        )
        self._press(command, at)

    def _shown(self) -> ev.StepShown | None:
        page = self.trial.state.page
        return page.shown if page and page.shown and not page.tick(page.shown.step) else None

    def _visits(self, shown: ev.StepShown) -> int:
        page = self.trial.state.page
        return page.visits.get(shown.step, 1) if page else 1

    # ------------------------------------------------------------ facts

    def _say(self, speaker: ev.Speaker, text: str) -> None:
        if not text:
            return
        self._at_ms += _TURN_MS
        self._put(
            ev.SegmentHeard(
                utterance=f"{speaker[0]}{self._at_ms}",
                speaker=speaker,
                start_ms=self._at_ms - _TURN_MS + 500,
                end_ms=self._at_ms,
                text=text,
                confidence=1.0,
            )
        )

    def _press(self, command: ev.Command, at: Loc) -> None:
        try:
            rules.check(self.trial.state, self.tools, command)
        except CommandRefused as refused:
            self._fail(at, failed("refused", why=refused))
        self._put(ev.Commanded(command=command, by="agent"))

    def _put(self, fact: ev.Fact) -> None:
        """Keep a fact and all that follows from it, in the order in which a call does."""
        waiting, effects = deque([fact]), deque[ev.Fact]()
        while waiting or effects:
            if not waiting:
                waiting.append(self._answer(effects.popleft()))
            fact = waiting.popleft()
            self._append(fact)
            waiting.extend(self._consequences(fact))
            if isinstance(fact, _ASKING):
                effects.append(fact)
            if len(self.trial.facts) > MAX_FACTS:
                self._fail(self.at, failed("circle"))

    def _append(self, fact: ev.Fact) -> None:
        state = self.trial.state
        event = ev.Event(call="test", seq=state.seq + 1, at_ms=self._at_ms, fact=fact)
        self.trial.state = apply(state, event)
        self.trial.facts.append(fact)
        if isinstance(fact, ev.Trouble) and not fact.key:
            key = "trouble.step" if fact.step else "trouble"
            told = failed(key, step=fact.step, why=fact.message)
            self._fail((*self.at, "case"), told)

    def _consequences(self, fact: ev.Fact) -> Sequence[ev.Fact]:
        try:
            return rules.follow(self.trial.state, fact, self.tools)
        except AssistError as error:
            return [ev.Trouble(**error.as_json())]

    # ------------------------------------------------------------ the back office

    def _answer(self, asked: ev.Fact) -> ev.Fact:
        match asked:
            case ev.CustomerAsked():
                return self._look_up(asked)
            case ev.DiagnosisAsked():
                return self._diagnose(asked)
            case ev.TicketAsked():
                return ev.TicketFiled(
                    **_place(asked),
                    type=asked.type,
                    number=asked.append_to or "T1",
                    fields=asked.fields,
                    appended=bool(asked.append_to),
                )
            case ev.OpenTicketsAsked():
                tickets = self.customer.open_tickets if self.customer else ()
                return ev.OpenTicketsFound(**_place(asked), tickets=tickets)
        raise TypeError(f"{asked.kind} asks for nothing")

    def _look_up(self, asked: ev.CustomerAsked) -> ev.Fact:
        known = {getattr(self.customer, name, "") for name in _IDENTIFIERS} | {self.case.number}
        if self.customer is None or asked.number not in known:
            return ev.CustomerUnknown(number=asked.number)
        by = "record" if asked.by == "system" else asked.by
        return ev.CustomerFound(
            customer=self.customer,
            by=by,
            evidence=asked.evidence,
            past_offers=tuple(self.case.past_offers),
        )

    def _diagnose(self, asked: ev.DiagnosisAsked) -> ev.Fact:
        given = self.case.desk.get(asked.connector)
        if given is None:
            where = (*self.at, "desk")
            told = failed("no-answer", step=asked.step, connector=asked.connector)
            self._fail(where, told)
        if isinstance(given, list):
            number = min(self._answered[asked.connector], len(given) - 1)
            self._answered[asked.connector] += 1
            given = given[number]
        place = _place(asked)
        if given == DOWN or given is None:
            message = f"{asked.connector} does not answer."
            return ev.Trouble(code="desk.down", message=message, **place)
        result = self.cases.answers[asked.connector][given] if isinstance(given, str) else given
        return ev.DiagnosisDone(connector=asked.connector, result=dict(result), summary="", **place)

    def _fail(self, loc: Loc, told: Said) -> None:
        self.trial.failures.append(Failure(loc, told))
        raise _Stop
