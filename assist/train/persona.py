"""Who a simulated caller is: made from a case of the guide tests, so that the way through the
guide, what the back office answers and what the caller knows all fit together.

The wording comes from the corpus and from what the guide hears. The same case, temperament and
seed always make the same caller.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assist import events as ev
from assist.errors import AssistError, DeskDown
from assist.guide.hear import Spoken, hear_slots
from assist.guide.model import Guide
from assist.guide.wording import Like
from assist.ports import DiagnosisResult, FiledTicket
from assist.rules.tools import Tools
from assist.train.caller_phrases import PHRASES, Temperament
from assist.train.cases import DOWN, Cases
from assist.train.course import Course, Done, course_of
from assist.train.sandbox import NoEffects
from assist.train.verdict import run_case

_TRIES = 6
"""Questions of the corpus looked at for one that says nothing the case does not."""
_RECORD: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "贵姓", "怎么称呼", "机主", "your name", "who am i speaking"),
    "phone": ("手机号", "电话号码", "联系电话", "哪个号码", "phone number", "your number"),
    "address": ("地址", "住哪", "住在哪", "门牌", "address", "where do you live"),
    "broadband_account": ("宽带账号", "broadband account"),
    "circuit_id": ("专线号", "电路编号", "circuit id", "circuit number"),
    "power_account": ("户号", "power account", "account number"),
}
"""What a caller knows of themselves, by the words that ask for it."""


@dataclass(frozen=True)
class Known:
    """Something the caller can tell: asked by one of `questions` or `cues`, told by one of
    `answers`, the fittest first."""

    slot: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Persona:
    guide: Guide
    case: str
    temperament: Temperament
    seed: int
    opening: str
    known: tuple[Known, ...]
    decisions: Mapping[str, ev.OfferDecision]
    number: str
    expert: Course

    @property
    def lang(self) -> Literal["zh", "en"]:
        return self.guide.lang

    def pick(self, phrases: Sequence[str], *about: object) -> str:
        """Always the same one for the same occasion; "" where there is none."""
        drawn = random.Random("/".join(map(str, (self.seed, *about))))
        return drawn.choice(list(phrases)) if phrases else ""


def persona_of(
    cases: Cases,
    number: int,
    tools: Tools,
    questions: Sequence[str],
    temperament: Temperament,
    seed: int,
) -> Persona:
    """Raises AssistError for a case that does not go through with today's guides."""
    trial = run_case(cases, number, tools)
    case, guide = cases.cases[number], tools.guide(cases.guide)
    if not trial.passed:
        raise AssistError(
            f"The case “{case.case}” of {guide.id} does not go through: "
            f"{trial.failures[0].said.en}.",
            "Choose another case; `assist guide test` shows what is wrong.",
            code="training.case",
        )
    expert = course_of(_timed(trial.facts))
    customer = cases.caller(case)
    known = [*_answers(guide, expert), *_record(customer)]
    first = next((turn.customer or turn.interrupts for turn in case.before), "")
    opening = first or _question(guide, expert, tools.like, questions, seed)
    return Persona(
        guide=guide,
        case=case.case,
        temperament=temperament,
        seed=seed,
        opening=opening or PHRASES[guide.lang]["about"].format(title=guide.title),
        known=tuple(known),
        decisions={o: m.decision for o, m in expert.offers.items() if m.decision},
        number=case.number or (customer.phone if customer else ""),
        expert=expert,
    )


def _timed(facts: Iterable[ev.Fact]) -> list[ev.Event]:
    """A trial's facts at the moments of what was said last."""
    events, at_ms = list[ev.Event](), 0
    for seq, fact in enumerate(facts, start=1):
        at_ms = fact.end_ms if isinstance(fact, ev.SegmentHeard) else at_ms
        events.append(ev.Event(call="expert", seq=seq, at_ms=at_ms, fact=fact))
    return events


def _answers(guide: Guide, expert: Course) -> list[Known]:
    """What the case told at each question: its own words first, then what the guide hears."""
    found = list[Known]()
    for done in expert.steps:
        if done.kind != "ask" or done.place.guide != guide.id:
            continue
        step = guide.step(done.place.step)
        slot = guide.slots[step.ask]
        said = [*slot.hear.get(done.choice, ()), *step.hear.get(done.choice, ())]
        own = _sentence(expert, done)
        label = () if done.choice in slot.choices else (done.choice_label,)
        answers = tuple(text for text in dict.fromkeys((*own, *label, *said)) if len(text) > 1)
        questions = (done.text, slot.label)
        found.append(Known(step.ask, questions, answers, tuple(slot.cues)[:2]))
    return found


def _sentence(expert: Course, done: Done) -> tuple[str, ...]:
    """The case's whole sentence in which the answer's words stand."""
    lines = (said.text for said in expert.lines if said.speaker == "customer")
    return tuple(text for text in lines if done.words and done.words in text)[:1]


def _record(customer: ev.Customer | None) -> list[Known]:
    if customer is None:
        return []
    return [
        Known(name, (), (value,), cues)
        for name, cues in _RECORD.items()
        if (value := getattr(customer, name, ""))
    ]


def _question(guide: Guide, expert: Course, like: Like, questions: Sequence[str], seed: int) -> str:
    """A question of the corpus that tells no more than the case does."""
    shuffled = list(questions)
    random.Random(f"{seed}/opening").shuffle(shuffled)
    told = {
        guide.step(done.place.step).ask: done.choice
        for done in expert.steps
        if done.kind == "ask" and done.place.guide == guide.id
    }
    for text in shuffled[:_TRIES]:
        heard = hear_slots(guide, Spoken("customer", text, guide.lang), like)
        if all(told.get(value.slot) == value.value for value in heard):
            return text
    return ""


class CaseOffice(NoEffects):
    """The back office of a case: knows its caller, answers what the case answers, files nothing."""

    def __init__(self, cases: Cases, number: int, ticket_number: str) -> None:
        """Raises GuideError for a customer's record that is none."""
        super().__init__((), ticket_number)
        self._cases, self._case = cases, cases.cases[number]
        self._customer = cases.caller(self._case)
        self._answered: dict[str, int] = {}

    async def find_customer(self, number: str) -> ev.Customer | None:
        names = ("phone", "broadband_account", "circuit_id", "power_account")
        known = {getattr(self._customer, name, "") for name in names} | {self._case.number}
        return self._customer if number and number in known else None

    async def open_tickets(self, customer: str) -> tuple[ev.OpenTicket, ...]:
        return self._customer.open_tickets if self._customer else ()

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult:
        given = self._case.desk.get(connector)
        if isinstance(given, list):
            asked = self._answered.get(connector, 0)
            self._answered[connector] = asked + 1
            given = given[min(asked, len(given) - 1)]
        if given is None or given == DOWN:
            raise DeskDown(f"{connector} does not answer.", "Go on by hand.")
        result: Mapping[str, Any] = (
            self._cases.answers[connector][given] if isinstance(given, str) else given
        )
        return DiagnosisResult(dict(result), "")

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        return FiledTicket(number, "not kept")
