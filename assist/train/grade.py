"""A trainee's call held against the expert's: points by criterion, each with its reasons.

Pure. `WEIGHTS` says what each criterion is worth; where a call gives no occasion for one (no offer
to make, no ticket to file) it does not count and the rest make up the hundred. Every finding names
the step, the words or the moment it rests on. docs/training.md explains every number in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assist.guide.hear import SAID, hear_line
from assist.guide.load import Book
from assist.guide.wording import Like, hear_mention
from assist.train.alike import is_same_value, longest_common
from assist.train.course import Course, Done, Place, Said

Criterion = Literal[
    "scenario", "steps", "answers", "must_say", "must_not_say", "ticket", "offer", "time"
]
WEIGHTS: Mapping[Criterion, float] = {
    "scenario": 20,
    "steps": 25,
    "answers": 15,
    "must_say": 10,
    "must_not_say": 5,
    "ticket": 15,
    "offer": 5,
    "time": 5,
}
RIGHT_GUIDE_SHARE = 0.7
"""Of the scenario's points for finding it at all; the rest for finding it in time."""
SOON_S, LATE_S = 15.0, 60.0
"""From the customer's need to the right card: all points up to the first, none from the second."""
OUT_OF_ORDER_SHARE = 0.5
ONLY_TICKED_SHARE = 0.5
"""Of a sentence's points where it was ticked as said and nothing like it was said."""
TICKET_TYPE_SHARE = 0.4
QUICK, SLOW = 1.5, 3.0
"""Handling time as a multiple of the expert's: all points up to the first, none from the second.
Generous, because a trainee types what an expert says."""
LEAST_DONE = 0.5
"""Share of the expert's steps below which being quick is worth nothing."""
PER_PROHIBITED = 2.5
PER_HINT, MOST_FOR_HINTS = 2.0, 10.0


class Evidence(BaseModel):
    """What a finding rests on; what does not apply is empty."""

    model_config = ConfigDict(frozen=True)

    guide: str = ""
    step: str = ""
    words: str = ""
    at_ms: int | None = None


class Finding(BaseModel):
    """`code` names the sentence in `grade_texts`, `values` fill it; `lost` are points."""

    model_config = ConfigDict(frozen=True)

    code: str
    good: bool
    lost: float = 0.0
    values: dict[str, str] = Field(default_factory=dict)
    evidence: Evidence = Evidence()


class Mark(BaseModel):
    """One criterion; `of` is 0 where the call gave no occasion for it."""

    model_config = ConfigDict(frozen=True)

    criterion: Criterion
    points: float
    of: float
    findings: tuple[Finding, ...]


class Grade(BaseModel):
    """`total` is 0..100 of the criteria that counted, less what hints cost."""

    model_config = ConfigDict(frozen=True)

    total: float
    hints: int
    hints_cost: float
    took_s: float
    expert_s: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Judge:
    """`like` tells whether the agent's own words say what a script says."""

    trainee: Course
    expert: Course
    book: Book
    like: Like

    def grade(self, hints: int = 0) -> Grade:
        marks = tuple(
            _mark(criterion, list(look())) for criterion, look in self._criteria().items()
        )
        of = sum(mark.of for mark in marks)
        share = sum(mark.points for mark in marks) / of if of else 0.0
        cost = min(hints * PER_HINT, MOST_FOR_HINTS)
        return Grade(
            total=round(max(0.0, 100 * share - cost), 1),
            hints=hints,
            hints_cost=cost,
            took_s=round(self.trainee.length_ms / 1000, 1),
            expert_s=round(self.expert.length_ms / 1000, 1),
            marks=marks,
        )

    def _criteria(self) -> dict[Criterion, Any]:
        return {
            "scenario": self._scenario,
            "steps": self._steps,
            "answers": self._answers,
            "must_say": self._must_say,
            "must_not_say": self._must_not_say,
            "ticket": self._ticket,
            "offer": self._offer,
            "time": self._time,
        }

    # ------------------------------------------------------------ scenario

    def _scenario(self) -> Iterator[Finding]:
        expert, trainee, worth = self.expert, self.trainee, WEIGHTS["scenario"]
        opened = [o for o in trainee.opened if o.guide == expert.wanted]
        if not expert.wanted:
            wrong = ", ".join(o.title for o in trainee.opened)
            code = "scenario.none_wrong" if wrong else "scenario.none_right"
            yield Finding(
                code=code, good=not wrong, lost=worth if wrong else 0, values={"opened": wrong}
            )
            return
        values = {"title": expert.title or expert.wanted}
        if not opened:
            others = ", ".join(dict.fromkeys(o.title for o in trainee.opened))
            code = "scenario.wrong" if others else "scenario.never"
            values |= {"opened": others}
            evidence = self._need_evidence()
            yield Finding(code=code, good=False, lost=worth, values=values, evidence=evidence)
            return
        need = self._need()
        delay_s = max(0.0, (opened[0].at_ms - (need.at_ms if need else 0)) / 1000)
        lateness = min(1.0, max(0.0, (delay_s - SOON_S) / (LATE_S - SOON_S)))
        values |= {"delay": f"{delay_s:.0f}", "soon": f"{SOON_S:.0f}"}
        yield Finding(
            code="scenario.late" if lateness else "scenario.right",
            good=not lateness,
            lost=worth * (1 - RIGHT_GUIDE_SHARE) * lateness,
            values=values,
            evidence=self._need_evidence(),
        )

    def _need(self) -> Said | None:
        """Where the trainee could know: the expert's own moment, or what a simulated caller, who
        has no recording, said first."""
        lines = [said for said in self.trainee.lines if said.speaker != "agent"]
        same = (said for said in lines if said.utterance == self.expert.need)
        return next(same, lines[0] if lines else None)

    def _need_evidence(self) -> Evidence:
        said = self._need()
        return Evidence(words=said.text, at_ms=said.at_ms) if said else Evidence()

    # ------------------------------------------------------------ steps and answers

    def _steps(self) -> Iterator[Finding]:
        wanted = [done.place for done in self.expert.own_work]
        taken = [done.place for done in self.trainee.own_work if done.place in set(wanted)]
        in_order = set(longest_common(wanted, taken))
        each = WEIGHTS["steps"] / len(wanted) if wanted else 0
        for done in self.expert.own_work:
            if done.place in in_order:
                continue
            mine = self.trainee.done(done.place)
            lost = each * (OUT_OF_ORDER_SHARE if mine else 1)
            yield Finding(
                code="step.order" if mine else "step.missed",
                good=False,
                lost=lost,
                values={"step": done.title, "before": self._expected_before(wanted, done.place)},
                evidence=_at(mine or done, own=mine is not None),
            )
        if wanted and in_order == set(wanted):
            yield Finding(code="steps.all", good=True, values={"count": str(len(wanted))})

    def _expected_before(self, wanted: list[Place], place: Place) -> str:
        """The title of the step after which the expert came to this one."""
        at = wanted.index(place)
        before = self.expert.done(wanted[at - 1]) if at else None
        return before.title if before else ""

    def _answers(self) -> Iterator[Finding]:
        asked = [d for d in self.expert.steps if d.kind == "ask" and d.choice]
        each = WEIGHTS["answers"] / len(asked) if asked else 0
        right = 0
        for done in asked:
            mine = self.trainee.done(done.place)
            if mine and is_same_value(done.choice, mine.choice):
                right += 1
                continue
            given = mine.choice_label if mine else ""
            yield Finding(
                code="answer.wrong" if given else "answer.missing",
                good=False,
                lost=each,
                values={"step": done.title, "given": given, "wanted": done.choice_label},
                evidence=_at(mine or done, own=mine is not None),
            )
        if asked and right == len(asked):
            yield Finding(code="answers.all", good=True, values={"count": str(len(asked))})

    # ------------------------------------------------------------ wording

    def _must_say(self) -> Iterator[Finding]:
        owed = {d.place: d for d in (*self.expert.steps, *self.trainee.steps) if d.must_say}
        each = WEIGHTS["must_say"] / len(owed) if owed else 0
        said = 0
        for place, done in owed.items():
            mine = self.trainee.done(place)
            if mine and (mine.by == "heard" or self._is_said(done.text)):
                said += 1
                continue
            yield Finding(
                code="must_say.ticked" if mine else "must_say.missed",
                good=False,
                lost=each * (ONLY_TICKED_SHARE if mine else 1),
                values={"step": done.title, "text": done.text},
                evidence=_at(mine or done, own=mine is not None),
            )
        if owed and said == len(owed):
            yield Finding(code="must_say.all", good=True, values={"count": str(said)})

    def _is_said(self, script: str) -> bool:
        spoken = (said.text for said in self.trainee.lines if said.speaker == "agent")
        return any(hear_line(text, script, self.like) >= SAID for text in spoken)

    def _must_not_say(self) -> Iterator[Finding]:
        left = WEIGHTS["must_not_say"]
        for fact in self.trainee.prohibited:
            lost = min(left, PER_PROHIBITED)
            left -= lost
            words = fact.evidence.words
            yield Finding(
                code="must_not_say.said",
                good=False,
                lost=lost,
                values={"phrase": fact.phrase, "words": words},
                evidence=Evidence(
                    guide=fact.guide,
                    step=fact.step,
                    words=words,
                    at_ms=self.trainee.heard_ms(fact.evidence.utterance),
                ),
            )
        if not self.trainee.prohibited:
            yield Finding(code="must_not_say.none", good=True)

    # ------------------------------------------------------------ ticket, offer, time

    def _ticket(self) -> Iterator[Finding]:
        wanted, filed, worth = self.expert.ticket, self.trainee.ticket, WEIGHTS["ticket"]
        if wanted is None:
            if filed and self.expert.outcome != "ticket":
                values = {"filed": filed.title}
                yield Finding(code="ticket.extra", good=False, lost=worth, values=values)
            return
        values = {"wanted": wanted.title, "filed": filed.title if filed else ""}
        if filed is None or filed.type != wanted.type:
            code = "ticket.type" if filed else "ticket.none"
            yield Finding(code=code, good=False, lost=worth, values=values)
            return
        owed = {name: value for name, value in wanted.fields.items() if value.strip()}
        each = worth * (1 - TICKET_TYPE_SHARE) / len(owed) if owed else 0
        right = True
        for name, value in owed.items():
            mine = filed.fields.get(name, "")
            if is_same_value(value, mine):
                continue
            right = False
            label = filed.labels.get(name) or wanted.labels.get(name, name)
            yield Finding(
                code="ticket.field_wrong" if mine.strip() else "ticket.field_empty",
                good=False,
                lost=each,
                values={"label": label, "wanted": value, "value": mine},
                evidence=Evidence(guide=filed.guide, step=filed.step, words=mine),
            )
        if right:
            yield Finding(code="ticket.right", good=True, values=values)

    def _offer(self) -> Iterator[Finding]:
        each = WEIGHTS["offer"] / max(1, len(self.expert.offers))
        early = self._too_early()
        for name, wanted in self.expert.offers.items():
            mine = self.trainee.offers.get(name)
            code = "offer.right"
            if mine is None:
                code = "offer.missed"
            elif name in early:
                code = "offer.early"
            elif mine.decision is None and wanted.decision is not None:
                code = "offer.undecided"
            elif wanted.decision and mine.decision != wanted.decision:
                code = "offer.decision"
            given = (mine.decision if mine else None) or ""
            yield Finding(
                code=code,
                good=code == "offer.right",
                lost=0.0 if code == "offer.right" else each,
                values={"title": wanted.title, "given": given, "wanted": wanted.decision or ""},
                evidence=Evidence(words=early.get(name, ""), at_ms=mine.at_ms if mine else None),
            )
        for name, words in early.items():
            if name not in self.expert.offers:
                values = {"title": self.book.offers[name].title}
                yield Finding(
                    code="offer.early",
                    good=False,
                    lost=each,
                    values=values,
                    evidence=Evidence(words=words),
                )

    def _too_early(self) -> dict[str, str]:
        """Offers that the agent spoke of before the guide came to them, with the words."""
        guide = self.book.guides.get(self.expert.wanted)
        found: dict[str, str] = {}
        for name in {step.offer for step in guide.steps if step.offer} if guide else ():
            offer, made = self.book.offers[name], self.trainee.offers.get(name)
            for said in self.trainee.lines:
                before = made is None or said.at_ms < made.at_ms
                if said.speaker != "agent" or not before:
                    continue
                if any(hear_mention(said.text, each, offer.lang) for each in offer.mentions):
                    found.setdefault(name, said.text)
        return found

    def _time(self) -> Iterator[Finding]:
        if not self.expert.length_ms:
            return
        ratio = self.trainee.length_ms / self.expert.length_ms
        slowness = min(1.0, max(0.0, (ratio - QUICK) / (SLOW - QUICK)))
        values = {
            "took": _clock(self.trainee.length_ms),
            "expert": _clock(self.expert.length_ms),
            "limit": _clock(round(self.expert.length_ms * QUICK)),
        }
        code = "time.long" if slowness else "time.good"
        if self._share_done() < LEAST_DONE:
            code, slowness = "time.undone", 1.0
        lost = WEIGHTS["time"] * slowness
        yield Finding(code=code, good=not slowness, lost=lost, values=values)

    def _share_done(self) -> float:
        work = self.expert.own_work
        done = sum(self.trainee.done(step.place) is not None for step in work)
        return done / len(work) if work else 1.0


def _mark(criterion: Criterion, findings: list[Finding]) -> Mark:
    """No finding at all: no occasion. What is lost beyond the criterion's worth is not counted."""
    of = WEIGHTS[criterion] if findings else 0.0
    kept = tuple(f.model_copy(update={"lost": round(f.lost, 2)}) for f in findings)
    points = max(0.0, of - sum(f.lost for f in findings))
    return Mark(criterion=criterion, points=round(points, 2), of=of, findings=kept)


def _at(done: Done, *, own: bool) -> Evidence:
    """The place; words and moment only where they are the trainee's own."""
    guide, step = done.place.guide, done.place.step
    if not own:
        return Evidence(guide=guide, step=step)
    return Evidence(guide=guide, step=step, words=done.words, at_ms=done.at_ms)


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"
