"""A simulated caller: made from a case of the guide tests, the same for the same seed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from running import ROOT
from train.lexical import like
from train.test_grade import events
from training_house import GUIDE, book, expert_facts

from assist import events as ev
from assist.accounts.model import Person
from assist.errors import AssistError
from assist.rules.tools import Tools
from assist.search.evidence import Finding, Heard, Terms
from assist.train.caller_phrases import Temperament
from assist.train.course import Course
from assist.train.newcomer import NOT_GIVEN
from assist.train.practice import Practice
from assist.train.room import MOST_OF_ONE, TrainingRoom

NOW = datetime.fromisoformat("2026-11-05T15:42:00+08:00")
QUESTIONS = ("你们这宽带怎么回事，全家都没网。", "家里上不了网了，麻烦查一下。")
ANNA = Person(login="anna", name="Anna", roles=frozenset({"agent"}))


@pytest.fixture
def room() -> TrainingRoom:
    tools = Tools(book(), like)
    return TrainingRoom(
        lambda: tools,
        calls_dir=ROOT / "corpus/calls",
        guides_dir=ROOT / "guides",
        corpus_dir=ROOT / "corpus",
    )


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def later(self) -> datetime:
        self.now += timedelta(seconds=6)
        return self.now


def called(room: TrainingRoom, temperament: Temperament = "calm", seed: int = 3) -> Practice:
    return room.practise_guide(GUIDE, "hidden", temperament, seed, ANNA, NOW, QUESTIONS)


def heard(events: list[ev.Event]) -> list[str]:
    facts = (event.fact for event in events)
    return [f.text for f in facts if isinstance(f, ev.SegmentHeard) and f.speaker == "customer"]


def test_whoever_follows_the_guide_gets_every_answer_and_a_hundred(room: TrainingRoom) -> None:
    clock, practice = Clock(), called(room)
    practice.say("您好，请问有什么可以帮您？", clock.later())
    assert practice.hint()["guide"] == GUIDE
    practice.press(ev.OpenGuide(guide=GUIDE), clock.later())
    for _ in range(30):
        page = practice.sandbox.state.page
        if practice.is_over or page is None or page.shown is None:
            break
        shown = page.shown
        if page.draft and shown.step_kind == "ticket":
            fields = {field.name: field.value for field in page.draft.fields}
            file = ev.FileTicket(guide=shown.guide, step=shown.step, fields=fields)
            practice.press(file, clock.later())
            continue
        practice.say(shown.text, clock.later())
        page = practice.sandbox.state.page
        if page and page.proposed and page.shown == shown:
            choice = page.proposed.choice
            answer = ev.AnswerStep(guide=shown.guide, step=shown.step, choice=choice)
            practice.press(answer, clock.later())
    grade = practice.finish(clock.later())
    lost = [f.code for m in grade.marks for f in m.findings if not f.good]
    assert grade.total > 90, lost
    assert not {m.criterion for m in grade.marks if m.of and m.points == 0}


def test_the_seed_makes_the_caller(room: TrainingRoom) -> None:
    asked = ["您好", "请问大概什么时候开始的？", "请问大概什么时候开始的？", "哦"]

    def talk(seed: int) -> list[str]:
        practice = called(room, "chatty", seed)
        return [text for line in asked for text in heard(practice.say(line, NOW))]

    assert talk(3) == talk(3)
    assert talk(3)[0] != talk(11)[0]


def test_asked_again_they_say_so_and_an_upset_caller_loses_patience(room: TrainingRoom) -> None:
    practice = called(room, "upset")
    practice.say("您好", NOW)
    question = "大概是从什么时候开始上不了网的？"
    first = heard(practice.say(question, NOW))[0]
    again = heard(practice.say(question, NOW))[0]
    assert again != first and ("刚才不是说过" in again or "说几遍" in again)
    later = [heard(practice.say(question, NOW))[0] for _ in range(3)]
    assert any(phrase in later[-1] for phrase in book().angry["zh"])


def test_words_that_ask_for_nothing_known_are_not_answered_from_the_air(
    room: TrainingRoom,
) -> None:
    practice = called(room)
    practice.say("您好", NOW)
    (answer,) = heard(practice.say("您喜欢吃苹果还是梨？", NOW))
    known = {text for each in practice.caller._caller.persona.known for text in each.answers}  # type: ignore[attr-defined]
    assert answer not in known and not any(len(k) > 3 and k in answer for k in known)
    (bye,) = heard(practice.say("感谢您的来电，再见。", NOW))
    assert "再见" in bye and practice.is_over


def test_the_record_is_told_when_asked(room: TrainingRoom) -> None:
    practice = room.practise_guide(GUIDE, "hidden", "calm", 1, ANNA, NOW, QUESTIONS, case=0)
    practice.say("您好", NOW)
    assert "刘建国" in heard(practice.say("请问您贵姓？", NOW))[0]


def test_an_unknown_guide_and_too_many_practices(room: TrainingRoom) -> None:
    with pytest.raises(AssistError, match="no practice cases"):
        room.practise_guide("nothing", "shown", "calm", 1, ANNA, NOW, QUESTIONS)
    past = events(list(expert_facts()))
    first = room.what_if(past, 1, ANNA, NOW)
    for _ in range(MOST_OF_ONE):
        room.what_if(past, 1, ANNA, NOW)
    with pytest.raises(AssistError, match="not open any more"):
        room.practice(first.id, ANNA)


def finds(
    utterances: Sequence[Heard],
    lang: str,
    opened: Mapping[str, str],
    dismissed: Collection[str],
    terms: Terms,
) -> Finding:
    """A search that knows one thing."""
    told = next((u for u in utterances if "网断了" in u.text), None)
    if told is None:
        return Finding("silent")
    match = ev.Match(guide=GUIDE, score=0.9, question="家里断网了")
    return Finding("open", (match,), told.utterance, told.text)


def test_a_recording_nobody_handled_is_held_against_an_obedient_newcomer() -> None:
    heard = (ev.SegmentHeard, ev.CustomerFound, ev.DiagnosisAsked, ev.DiagnosisDone, ev.CallEnded)
    facts = [fact for fact in expert_facts() if isinstance(fact, heard)]
    started = ev.CallStarted(agent="a", number="15403726618", lang="zh", source="demo o01")
    past = events([started, *facts])
    expert = by_reference_of(past)
    assert (expert.wanted, expert.title) == (GUIDE, "宽带上不了网")
    assert [done.place.step for done in expert.own_work][:3] == ["since", "explain", "address_ok"]
    assert expert.ticket is not None, "the newcomer goes as far as the ticket"
    assert expert.ticket.fields["customer_name"] == "刘建国"
    assert not set(NOT_GIVEN.values()) & set(expert.ticket.fields.values())


def by_reference_of(past: list[ev.Event]) -> Course:
    tools = Tools(book(), like, finds)
    room = TrainingRoom(
        lambda: tools,
        calls_dir=ROOT / "corpus/calls",
        guides_dir=ROOT / "guides",
        corpus_dir=ROOT / "corpus",
    )
    return [*room.expert(past)][-1]
