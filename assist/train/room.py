"""The trainer's room: what there is to learn from, and who is practising now.

Holds practices in memory only: what is done in them, and their scores, are kept by whoever asks.
Never touches the store, so that it may be asked from any one thread.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from assist import events as ev
from assist.accounts.model import Person
from assist.errors import AssistError
from assist.rules.tools import Tools
from assist.search.corpus import load_corpus
from assist.state import fold
from assist.train.caller import SimulatedCaller
from assist.train.caller_phrases import Temperament
from assist.train.cases import Cases, read_cases
from assist.train.course import Course, by_reference, course_of
from assist.train.obeying import obeyed
from assist.train.persona import CaseOffice, persona_of
from assist.train.practice import Hints, Practice, RecordedCaller, TypedCaller
from assist.train.sandbox import NoEffects, Sandbox
from assist.train.score import wanted_guide
from assist.train.waveform import Waveforms

MOST_PRACTICES = 200
MOST_OF_ONE = 6
"""Practices one person may have open; the oldest of their own gives way."""
IDLE = timedelta(hours=3)
TICKET_NUMBER = "TRAINING"
_DEMO = "demo "


@dataclass(frozen=True)
class Demo:
    """A recording of the corpus with what its makers say about it."""

    name: str
    title: str
    lang: str
    duration_s: float
    scenario: str
    outcome: str
    offer: str
    sound: Path
    reference: Mapping[str, Any]


class TrainingRoom:
    def __init__(
        self,
        tools: Callable[[], Tools],
        *,
        calls_dir: Path,
        guides_dir: Path,
        corpus_dir: Path,
    ) -> None:
        """`tools` are those of a call that would begin now."""
        self._tools = tools
        self.waveforms = Waveforms()
        self._calls_dir, self._guides_dir, self._corpus_dir = calls_dir, guides_dir, corpus_dir
        self._practices: dict[str, Practice] = {}
        self._cases: Mapping[str, Cases] = {}
        self._cases_of = ""

    @property
    def tools(self) -> Tools:
        return self._tools()

    # ------------------------------------------------------------ material

    @cached_property
    def demos(self) -> Mapping[str, Demo]:
        """The recordings of the corpus that have sound, by name."""
        found: dict[str, Demo] = {}
        for path in sorted(self._calls_dir.glob("*.json")):
            sound = path.with_suffix(".flac")
            if not sound.is_file():
                continue
            known = json.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = Demo(
                name=path.stem,
                title=known["title"],
                lang=known["lang"],
                duration_s=known["audio"]["duration"],
                scenario=wanted_guide(known),
                outcome=known["outcome"],
                offer=known["offer"],
                sound=sound,
                reference=known,
            )
        return found

    def demo_of(self, source: str) -> Demo | None:
        """The recording that a stored call was played from, if it was."""
        return self.demos.get(source.removeprefix(_DEMO)) if source.startswith(_DEMO) else None

    def cases(self) -> Mapping[str, Cases]:
        """The cases of the guide tests by guide. Left out are files with a mistake in them, and
        guides that nobody rings up for: they are practised within others."""
        book = self.tools.book
        if self._cases_of != book.hash:
            files, _ = read_cases(self._guides_dir, book)
            called_for = {g.id for g in book.guides.values() if g.opens_when.by_speech}
            self._cases = {file.guide: file for file in files if file.guide in called_for}
            self._cases_of = book.hash
        return self._cases

    def questions(self, guide: str) -> list[str]:
        """What callers say who need this guide; read anew from the corpus."""
        return [row.text for row in load_corpus(self._corpus_dir) if row.guide == guide]

    def expert(self, past: Sequence[ev.Event]) -> Iterator[Course]:
        """What a practice of this call is held against: the last of these, each a moment's work.

        A recording that was only listened to has nobody at its panel: then it is what an obedient
        newcomer would have pressed there. Raises AssistError where today's guides have no more to
        do with the call.
        """
        started = past[0].fact
        demo = self.demo_of(started.source) if isinstance(started, ev.CallStarted) else None
        handled = any(isinstance(event.fact, ev.Commanded) for event in past)
        events: Sequence[ev.Event] = past
        if demo is not None and not handled:
            for longer in obeyed(past, self.tools):
                events = longer
                yield Course()
        yield self._as_of_today(self._meant(course_of(events), demo))

    def _meant(self, course: Course, demo: Demo | None) -> Course:
        if demo is None:
            return course
        meant = by_reference(course, demo.reference)
        guide = self.tools.book.guides.get(meant.wanted)
        return replace(meant, title=guide.title if guide else meant.title)

    def _as_of_today(self, expert: Course) -> Course:
        """Without the steps that the guides no longer have: nobody can do them any more."""
        guides = self.tools.book.guides
        if expert.wanted and expert.wanted not in guides:
            raise _other_edition(expert.title or expert.wanted)
        kept = tuple(
            done
            for done in expert.steps
            if done.place.guide in guides
            and any(step.id == done.place.step for step in guides[done.place.guide].steps)
        )
        return replace(expert, steps=kept)

    def _check_edition(self, past: Sequence[ev.Event]) -> None:
        """A call goes on only in guides that still have the steps it has come to."""
        guides = self.tools.book.guides
        for page in fold(past).pages:
            known = {step.id for step in guides[page.guide].steps} if page.guide in guides else {}
            walked = {tick.step for tick in page.ticks} | (
                {page.shown.step} if page.shown else set()
            )
            if not walked.issubset(known):
                raise _other_edition(page.title)

    # ------------------------------------------------------------ practices

    def what_if(
        self,
        past: Sequence[ev.Event],
        seq: int,
        person: Person,
        now: datetime,
        practice_id: str = "",
    ) -> Practice:
        """The call as it stood after event `seq`, to go on from there another way.

        What followed from that event by itself belongs to its moment.
        """
        upto = _with_consequences(past, seq)
        self._check_edition(upto)
        sandbox = Sandbox(past[0].call, self.tools, NoEffects(_facts(past), TICKET_NUMBER), upto)
        sandbox.settle(upto[-1].at_ms)
        return self._open(
            Practice(
                id=practice_id or new_id(),
                kind="what_if",
                login=person.login,
                name=person.name,
                source=past[0].call,
                title="",
                hints="shown",
                sandbox=sandbox,
                caller=RecordedCaller(past[len(upto) :]),
                began=now,
                offset_ms=upto[-1].at_ms,
            )
        )

    def practise_call(
        self,
        past: Sequence[ev.Event],
        expert: Course,
        title: str,
        hints: Hints,
        person: Person,
        now: datetime,
        practice_id: str = "",
    ) -> Practice:
        """A stored call from its beginning, the agent's side left to the trainee."""
        started = past[0].fact
        if not isinstance(started, ev.CallStarted):
            raise _unknown("This call never began.")
        office = NoEffects(_facts(past), TICKET_NUMBER)
        return self._begin(
            started.model_copy(update={"source": f"practice of {past[0].call}"}),
            Practice(
                id=practice_id or new_id(),
                kind="recorded",
                login=person.login,
                name=person.name,
                source=past[0].call,
                title=title,
                hints=hints,
                sandbox=self._sandbox(hints, office),
                caller=RecordedCaller(past),
                began=now,
                expert=expert,
            ),
        )

    def practise_guide(
        self,
        guide: str,
        hints: Hints,
        temperament: Temperament,
        seed: int,
        person: Person,
        now: datetime,
        questions: Sequence[str],
        case: int | None = None,
        practice_id: str = "",
    ) -> Practice:
        """A simulated caller with a matter for this guide, who may open with one of the
        `questions`; without a `case` the seed draws one."""
        cases = self.cases().get(guide)
        if cases is None:
            raise _unknown("There are no practice cases for this guide.")
        drawn = random.Random(f"{seed}/case").randrange(len(cases.cases)) if case is None else case
        if not 0 <= drawn < len(cases.cases):
            raise _unknown("The guide has no such case.")
        persona = persona_of(cases, drawn, self.tools, questions, temperament, seed)
        office = CaseOffice(cases, drawn, TICKET_NUMBER)
        angry = self.tools.book.angry.get(persona.lang, ())
        started = ev.CallStarted(
            agent=person.login,
            number=persona.number,
            lang=persona.lang,
            source=f"practice with a simulated caller of {guide}",
            started_at=now.isoformat(timespec="seconds"),
        )
        practice = Practice(
            id=practice_id or new_id(),
            kind="simulated",
            login=person.login,
            name=person.name,
            source=guide,
            title=persona.guide.title,
            hints=hints,
            sandbox=self._sandbox(hints, office),
            caller=TypedCaller(SimulatedCaller(persona, self.tools.like, angry)),
            began=now,
            expert=persona.expert,
        )
        return self._begin(started, practice)

    def practice(self, practice_id: str, person: Person) -> Practice:
        """Raises AssistError where there is none, or it is another's."""
        found = self.open_practice(practice_id, person)
        if found is None:
            raise _unknown("This practice is not open any more.")
        return found

    def open_practice(self, practice_id: str, person: Person) -> Practice | None:
        """One of this person's."""
        found = self._practices.get(practice_id)
        return found if found and found.login == person.login else None

    def close(self, practice_id: str, person: Person) -> None:
        self._practices.pop(self.practice(practice_id, person).id)

    def _begin(self, started: ev.CallStarted, practice: Practice) -> Practice:
        begun = started.model_copy(update={"agent": practice.login})
        practice.sandbox.put(begun, 0)
        return self._open(practice)

    def _sandbox(self, hints: Hints, office: NoEffects) -> Sandbox:
        """Without hints no card opens by itself and nothing is suggested; the trainee chooses."""
        if hints == "shown":
            return Sandbox("practice", self.tools, office)
        tools = replace(self.tools, find=None)
        return Sandbox("practice", tools, office, hides=(ev.GuidesSuggested,))

    def _open(self, practice: Practice) -> Practice:
        now = practice.began
        idle = [p.id for p in self._practices.values() if now - p.touched > IDLE]
        own = sorted(
            (p for p in self._practices.values() if p.login == practice.login),
            key=lambda p: p.touched,
        )
        for gone in [*idle, *(p.id for p in own[: max(0, len(own) - MOST_OF_ONE + 1)])]:
            self._practices.pop(gone, None)
        if len(self._practices) >= MOST_PRACTICES:
            raise AssistError(
                f"{MOST_PRACTICES} practices are open, which is all this server holds.",
                "Try again in a while.",
                code="training.full",
            )
        self._practices[practice.id] = practice
        return practice


_CAUSES = (
    ev.SpeechGuessed
    | ev.SpeechStable
    | ev.SegmentHeard
    | ev.SpeechDropped
    | ev.Commanded
    | ev.CallEnded
    | ev.DiagnosisDone
    | ev.CustomerFound
    | ev.CustomerUnknown
    | ev.TicketFiled
    | ev.Trouble
)
"""What comes from outside; all else follows from it."""


def _with_consequences(past: Sequence[ev.Event], seq: int) -> list[ev.Event]:
    """Raises AssistError for a moment outside the call."""
    count = sum(event.seq <= seq for event in past)
    if not count:
        raise _unknown("That moment is before the call began.")
    while count < len(past) and not isinstance(past[count].fact, _CAUSES):
        count += 1
    return list(past[:count])


def _facts(events: Sequence[ev.Event]) -> list[ev.Fact]:
    return [event.fact for event in events]


def new_id() -> str:
    return uuid.uuid4().hex[:12]


def _other_edition(title: str) -> AssistError:
    return AssistError(
        f"The guide “{title}” has changed since this call: its steps are no longer there.",
        "Replay the call; try another way in a call led by today's guide.",
        code="training.edition",
        values={"title": title},
    )


def _unknown(message: str) -> AssistError:
    return AssistError(message, "Go back to the training room and begin again.", code="training")
