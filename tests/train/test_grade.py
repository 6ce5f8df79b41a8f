"""The score of a practice: each criterion, what it rests on, and that its reasons have words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from train.lexical import like
from training_house import GUIDE, book, expert_facts

from assist import events as ev
from assist.train import grade
from assist.train.course import Course, by_reference, course_of
from assist.train.grade import WEIGHTS, Criterion, Finding, Grade, Judge, Mark
from assist.train.grade_texts import _SAYS, criterion_name, says


def events(facts: Sequence[ev.Fact]) -> list[ev.Event]:
    at_ms, made = 0, list[ev.Event]()
    for seq, fact in enumerate(facts, start=1):
        at_ms = fact.end_ms if isinstance(fact, ev.SegmentHeard) else at_ms
        made.append(ev.Event(call="c", seq=seq, at_ms=at_ms, fact=fact))
    return made


@pytest.fixture(scope="module")
def facts() -> list[ev.Fact]:
    return list(expert_facts())


@pytest.fixture(scope="module")
def expert(facts: list[ev.Fact]) -> Course:
    return course_of(events(facts))


def judged(expert: Course, facts: Sequence[ev.Fact], hints: int = 0) -> Grade:
    return Judge(course_of(events(facts)), expert, book(), like).grade(hints)


def mark(grade: Grade, criterion: Criterion) -> Mark:
    return next(m for m in grade.marks if m.criterion == criterion)


def test_the_expert_scores_a_hundred(expert: Course, facts: list[ev.Fact]) -> None:
    result = judged(expert, facts)
    assert result.total == 100
    assert sum(WEIGHTS.values()) == 100
    assert mark(result, "offer").of == 0, "no offer in this call: nothing to gain or lose"
    assert judged(expert, facts, hints=2).total == 96
    assert judged(expert, facts, hints=50).total == 90


def test_a_step_left_out_and_one_out_of_order(expert: Course, facts: list[ev.Fact]) -> None:
    ticked = [f for f in facts if isinstance(f, ev.StepTicked)]
    explain = next(f for f in ticked if f.step == "explain")
    without = [f for f in facts if f is not explain]
    missed = mark(judged(expert, without), "steps")
    (finding,) = missed.findings
    assert (finding.code, finding.evidence.step) == ("step.missed", "explain")
    assert missed.points == pytest.approx(25 * 5 / 6, abs=0.01)
    assert finding.values["before"] == "问开始时间"

    late = [*without[:-3], explain, *without[-3:]]
    swapped = mark(judged(expert, late), "steps")
    assert [f.code for f in swapped.findings] == ["step.order"]
    assert swapped.points == pytest.approx(25 * 5.5 / 6, abs=0.01)


def test_answers_and_must_say(expert: Course, facts: list[ev.Fact]) -> None:
    def changed(fact: ev.Fact) -> ev.Fact:
        if isinstance(fact, ev.StepTicked) and fact.step == "address_ok":
            return fact.model_copy(update={"choice": "changed", "choice_label": "地址有变"})
        if isinstance(fact, ev.StepTicked) and fact.step == "explain":
            return fact.model_copy(update={"by": "agent", "evidence": None})
        if isinstance(fact, ev.SegmentHeard) and fact.text.startswith("检测出来了"):
            return fact.model_copy(update={"text": "嗯嗯，稍等一下。"})
        return fact

    result = judged(expert, [changed(fact) for fact in facts])
    (wrong,) = mark(result, "answers").findings
    assert wrong.code == "answer.wrong" and wrong.values["given"] == "地址有变"
    assert "地址无误" in says(wrong, "zh")["why"]
    (ticked,) = mark(result, "must_say").findings
    assert (ticked.code, mark(result, "must_say").points) == ("must_say.ticked", 5)


def test_the_scenario_wrong_late_and_missing(expert: Course, facts: list[ev.Fact]) -> None:
    opened = next(f for f in facts if isinstance(f, ev.GuideOpened))
    other = opened.model_copy(update={"guide": "pay.refund", "title": "退款"})
    wrong = mark(judged(expert, [other if f is opened else f for f in facts]), "scenario")
    assert (wrong.points, wrong.findings[0].code) == (0, "scenario.wrong")
    never = mark(judged(expert, [f for f in facts if f is not opened]), "scenario")
    assert never.findings[0].code == "scenario.never"
    late = [f for f in facts if f is not opened] + [opened]
    found = mark(judged(expert, late), "scenario")
    assert found.findings[0].code == "scenario.late" and 14 <= found.points < 20


def test_ticket_type_and_fields(expert: Course, facts: list[ev.Fact]) -> None:
    asked = next(f for f in facts if isinstance(f, ev.TicketAsked))
    owed = {name for name, value in asked.fields.items() if value}
    less = asked.model_copy(
        update={"fields": {**asked.fields, "customer_name": "", "account": "1"}}
    )
    part = mark(judged(expert, [less if f is asked else f for f in facts]), "ticket")
    assert {f.code for f in part.findings} == {"ticket.field_empty", "ticket.field_wrong"}
    assert part.points == pytest.approx(15 - 2 * 15 * 0.6 / len(owed), abs=0.01)
    other = asked.model_copy(update={"type": "broadband.slow"})
    assert mark(judged(expert, [other if f is asked else f for f in facts]), "ticket").points == 0


def test_what_must_not_be_said_and_an_offer_too_early(expert: Course, facts: list[ev.Fact]) -> None:
    said = ev.Evidence(utterance="x", speaker="agent", words="保证修好", confidence=1)
    bad = ev.ProhibitedSaid(phrase="保证修好", evidence=said)
    pushy = ev.SegmentHeard(
        utterance="early", speaker="agent", start_ms=1, end_ms=2, text="要不要办个全屋光纤？",
        confidence=1,
    )  # fmt: skip
    result = judged(expert, [*facts, bad, bad, bad, pushy])
    assert mark(result, "must_not_say").points == 0, "never below nothing"
    assert [f.code for f in mark(result, "offer").findings] == ["offer.early"]


def test_being_quick_without_doing_the_work_earns_nothing(
    expert: Course, facts: list[ev.Fact]
) -> None:
    hasty = [f for f in facts if not isinstance(f, ev.StepTicked)]
    assert mark(judged(expert, hasty), "time").findings[0].code == "time.undone"


def test_a_reference_says_which_guide_and_from_when(expert: Course) -> None:
    turns = [{"end": 3.0}, {"end": 7.0}]
    reference = {
        "lang": "zh", "scenario": GUIDE, "turns": turns, "decisive_turn": 1, "outcome": "ticket",
    }  # fmt: skip
    meant = by_reference(expert, reference)
    assert meant.wanted == GUIDE and meant.heard_ms(meant.need) == 6000
    none = by_reference(expert, {**reference, "scenario": "none"})
    result = Judge(expert, none, book(), like).grade()
    assert mark(result, "scenario").findings[0].code == "scenario.none_wrong"


def test_every_finding_has_words_in_both_languages() -> None:
    source = Path(grade.__file__).read_text("utf-8")
    codes = set(
        re.findall(
            r'"((?:scenario|steps?|answers?|must_(?:not_)?say|ticket|offer|time)\.\w+)"', source
        )
    )
    assert codes == set(_SAYS)
    places = {"title", "opened", "delay", "soon", "step", "before", "given", "wanted", "text"}
    places |= {"phrase", "words", "filed", "label", "value", "took", "expert", "limit", "count"}
    values = dict.fromkeys(places, "x")
    for code in codes:
        filled = {**values, "given": "accepted", "wanted": "declined"}
        said = says(Finding(code=code, good=False, values=filled), "en")
        assert said["why"] and "{" not in said["why"] + said["better"]
    assert {criterion_name(c, "zh") for c in WEIGHTS} >= {"工单", "处理时长"}
