"""A live call's row: time at a step, words that do not follow the card, moods, and changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from assist import events as ev
from assist.insight.board import Board, changes
from assist.insight.live import LiveCall, follow
from assist.insight.row import LiveRow, row_of

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
UPSET = {"zh": ["怎么还没"], "en": ["still waiting"]}
STARTED = ev.CallStarted(agent="anna", number="15403726618")
OPENED = ev.GuideOpened(guide="line", title="线路不通", hash="h", by="agent")
SCRIPT = "麻烦您看一下光猫，那个写着光信号的灯是不是亮红灯"


def shown(step: str = "light", text: str = SCRIPT, kind: ev.StepKind = "ask") -> ev.StepShown:
    return ev.StepShown(guide="line", step=step, step_kind=kind, text=text, title="看灯")


def said(speaker: ev.Speaker, text: str, name: str = "") -> ev.SegmentHeard:
    return ev.SegmentHeard(
        utterance=name or text, speaker=speaker, start_ms=0, end_ms=1, text=text, confidence=1
    )


def call_of(facts: Iterable[ev.Fact], at: datetime = AT) -> LiveCall:
    call = LiveCall("c")
    for seq, fact in enumerate((STARTED, *facts), 1):
        call = follow(call, ev.Event(call="c", seq=seq, at_ms=0, fact=fact), at, UPSET)
    return call


def row(facts: Iterable[ev.Fact], after_s: float = 0, usual_s: float | None = None) -> LiveRow:
    usual = {("line", "light"): usual_s} if usual_s is not None else {}
    return row_of(call_of(facts), AT + timedelta(seconds=after_s), usual)


@pytest.mark.parametrize(
    ("after_s", "usual_s", "stuck"),
    [
        (59, None, False),
        (60, None, True),
        (60, 30.0, False),
        (90, 30.0, True),
        (60, 5.0, True),
    ],
)
def test_a_step_that_takes_three_times_as_long_as_usual_is_stuck_but_not_within_a_minute(
    after_s: float, usual_s: float | None, stuck: bool
) -> None:
    assert ("stuck" in row([OPENED, shown()], after_s, usual_s).marks) == stuck


@pytest.mark.parametrize(
    "then",
    [
        ev.StepTicked(guide="line", step="light", by="heard"),
        ev.GuideClosed(guide="line", reason="finished"),
        ev.CallEnded(reason="hangup"),
    ],
)
def test_what_is_done_is_not_stuck(then: ev.Fact) -> None:
    assert row([OPENED, shown(), then], 500).marks == ()


def test_the_same_thing_said_three_times_at_a_step_counts_as_repeated() -> None:
    asked = [
        "那个光信号的灯现在亮不亮红灯",
        "那个光信号的灯现在亮没亮红灯",
        "那光信号的灯现在亮不亮红灯啊",
    ]
    found = row([OPENED, shown(), *(said("agent", text) for text in asked)])
    assert "repeated" in found.marks and found.evidence["repeated"] == asked[-1]
    assert "repeated" not in row([OPENED, shown(), *(said("agent", t) for t in asked[:2])]).marks
    ticked = ev.StepTicked(guide="line", step="light", by="heard")
    assert row([OPENED, shown(), *(said("agent", t) for t in asked), ticked]).marks == ()


def talk(agent: str, turns: int) -> list[ev.Fact]:
    return [
        fact
        for turn in range(turns)
        for fact in (said("agent", f"{agent}{turn}"), said("customer", f"嗯嗯{turn}"))
    ]


def test_an_agent_who_talks_of_something_else_is_off_the_guide_after_three_turns() -> None:
    off = talk("我们最近有一个非常优惠的套餐活动", 3)

    def is_off(*facts: ev.Fact) -> bool:
        return "off_guide" in row(facts).marks

    assert is_off(OPENED, shown(), *off)
    assert not is_off(OPENED, shown(), *off[:-1])
    assert not is_off(OPENED, shown(), *off, said("agent", SCRIPT))
    assert not is_off(OPENED, shown(), *talk("您看一下光猫上光信号的灯是不是红灯", 3))
    assert not is_off(OPENED, shown("probe", "", "diagnose"), *off), "the system works"
    assert not is_off(*off), "there is no card to follow"


def test_moods_have_their_sentence_and_displeasure_fades_while_anger_stays() -> None:
    upset = said("customer", "怎么还没人来修")
    found = row([upset])
    assert (found.mood, found.evidence["upset"]) == ("upset", "怎么还没人来修")
    assert row([upset, *talk("好的", 6)]).mood == "calm"
    evidence = ev.Evidence(utterance="u", speaker="customer", words="我要投诉", confidence=1)
    turns = [
        said("customer", "再这样我要投诉你们", "u"),
        ev.MoodHeard(mood="angry", evidence=evidence),
    ]
    angry = row([*turns, upset, *talk("好的", 9)])
    assert (angry.mood, angry.evidence["angry"]) == ("angry", "再这样我要投诉你们")
    assert angry.need > found.need


def test_private_data_is_masked() -> None:
    customer = ev.Customer(id="1", name="刘建国", surname="刘", title="先生", phone="15403726618")
    found = row(
        [
            ev.CustomerFound(customer=customer, by="record"),
            said("customer", "怎么还没回我15403726618"),
        ]
    )
    assert (found.customer, found.number) == ("刘先生", "154****6618")
    assert "15403726618" not in str(found)


def test_a_page_is_told_only_what_has_changed() -> None:
    board, now = Board(UPSET), AT
    seq = 0

    def put(call: str, *facts: ev.Fact) -> None:
        nonlocal seq
        for fact in facts:
            seq += 1
            board.take(ev.Event(call=call, seq=seq, at_ms=0, fact=fact), now)

    put("unknown", OPENED)
    put("a", STARTED)
    put("b", STARTED)
    first = board.rows(now)
    assert list(first) == ["a", "b"]
    put("b", ev.SpeechGuessed(utterance="u", speaker="customer", start_ms=0, text="喂"))
    assert changes(first, board.rows(now)) == {}
    put("b", OPENED, shown())
    second = board.rows(now)
    (changed,) = changes(first, second)["changed"]
    assert changed["call"] == "b" and changed["step"] == "light" and "agent" not in changed
    put("a", ev.CallEnded(reason="hangup"), ev.CallWrapped(outcome="solved"))
    assert changes(second, board.rows(now)) == {"gone": ["a"]}
    put("b", ev.CallEnded(reason="hangup"))
    assert board.rows(now)["b"]["status"] == "after_call"
    assert board.rows(now + timedelta(minutes=4)) == {}
