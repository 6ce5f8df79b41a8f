"""A second call on the same matter goes on where the first ended, if the agent says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import CUSTOMER, Bench, kinds

from assist import events as ev
from assist.call.history import CallHistory
from assist.errors import CommandRefused
from assist.journal import Journal
from assist.store import Store

FIRST, SECOND = "2026-11-20T09:00:00+08:00", "2026-11-23T09:00:00+08:00"


def first_call(*, finished: bool = False) -> Bench:
    """Left at the reboot; or gone through to the filed ticket."""
    bench = Bench()
    bench.put(ev.CallStarted(agent="a", number="13800000001", started_at=FIRST))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    bench.press(ev.OpenGuide(guide="line"))
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.at_ms = 60_000
    bench.diagnosed(broken=False, text="线路正常")
    bench.press(ev.AnswerStep(guide="line", step="light", choice="red" if finished else "green"))
    if finished:
        bench.press(ev.FileTicket(guide="line", step="file", fields={"name": "王小明"}))
        asked = next(f for f in reversed(bench.facts) if isinstance(f, ev.TicketAsked))
        filed = {"key": asked.key, "guide": "line", "step": "file", "type": "repair"}
        bench.put(ev.TicketFiled.model_validate({**filed, "number": "T1", "fields": {}}))
        bench.press(ev.TickStep(guide="line", step="end"))
    bench.put(ev.CallEnded(reason="hangup"))
    bench.press(ev.WrapUp())
    return bench


def history_of(tmp_path: Path, bench: Bench) -> CallHistory:
    """The call in a real store, masked and sealed as the journal keeps it."""
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    for fact in bench.facts:
        journal.append("c1", 60_000, fact)
    return CallHistory(store)


def second_call(history: CallHistory, started_at: str = SECOND) -> Bench:
    bench = Bench()
    bench.put(ev.CallStarted(agent="a", number="13800000001", started_at=started_at))
    calls = history.last_calls(CUSTOMER.id, "c2")
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record", last_calls=calls))
    followed = bench.press(ev.OpenGuide(guide="line"))
    if asked := next((f for f in followed if isinstance(f, ev.EarlierAsked)), None):
        found = history.earlier(asked.from_call, asked.guide)
        assert found is not None
        bench.put(ev.EarlierFound(guide="line", earlier=found))
    return bench


def test_the_earlier_call_is_proposed_with_what_was_tried(tmp_path: Path) -> None:
    history = history_of(tmp_path, first_call())
    (last,) = history.last_calls(CUSTOMER.id, "c2")
    assert (last.call, last.guides, last.outcome) == ("c1", ("line",), "uncovered")
    bench = second_call(history)
    offered = bench.facts[-1]
    assert isinstance(offered, ev.ContinuationOffered) and offered.days == 3
    earlier = offered.earlier
    assert earlier.step == "reboot" and earlier.step_title == "请拔电源重启。"
    assert [t.step for t in earlier.ticks] == ["hello", "probe", "light"]
    assert {s.slot: s.value for s in earlier.slots} == {"test": "线路正常", "light": "green"}
    (result,) = earlier.results
    assert result.measured_at == "2026-11-20T09:01:00+08:00" and result.summary == "查过了"
    assert bench.current == "hello"


def test_accepted_it_stands_at_that_step_and_everything_names_the_earlier_call(
    tmp_path: Path,
) -> None:
    bench = second_call(history_of(tmp_path, first_call()))
    followed = bench.press(ev.DecideContinuation(guide="line", decision="accepted"))
    assert kinds(followed) == [
        "continuation_decided",
        "slot_filled",
        "slot_filled",
        "diagnosis_done:probe",
        "step_ticked:hello",
        "step_ticked:probe",
        "step_ticked:light",
        "continuation_taken:reboot",
        "step_shown:reboot",
    ]
    sources = {getattr(fact, "from_call", "c1") for fact in followed[:-1]}
    assert sources == {"c1"}
    assert bench.state.slots["light"].by == "record"
    with pytest.raises(CommandRefused):
        bench.press(ev.DecideContinuation(guide="line", decision="accepted"))
    assert kinds(bench.press(ev.TickStep(guide="line", step="reboot")))[0] == "step_ticked:reboot"
    undone = kinds(bench.press(ev.UndoStep(guide="line", step="light")))
    assert undone == ["step_undone:light", "step_shown:light"], "it is asked again, not answered"


def test_what_this_call_said_wins_and_a_solution_that_did_not_hold_solves_nothing(
    tmp_path: Path,
) -> None:
    first = first_call()
    first.press(ev.TickStep(guide="line", step="reboot"))
    bench = second_call(history_of(tmp_path, first))
    bench.say("customer", "现在亮红灯了")
    bench.press(ev.DecideContinuation(guide="line", decision="accepted"))
    light = bench.state.slots["light"]
    assert (light.value, light.by) == ("red", "heard")
    assert bench.press(ev.WrapUp())[-1] != ev.CallWrapped(outcome="solved", disposition="")


def test_a_finished_guide_stands_at_its_last_piece_of_work(tmp_path: Path) -> None:
    bench = second_call(history_of(tmp_path, first_call(finished=True)))
    followed = bench.press(ev.DecideContinuation(guide="line", decision="accepted"))
    assert kinds(followed)[-3:] == [
        "step_shown:file",
        "ticket_drafted:file",
        "open_tickets_asked:file",
    ]


def test_declined_it_begins_at_the_first_step(tmp_path: Path) -> None:
    bench = second_call(history_of(tmp_path, first_call()))
    followed = bench.press(ev.DecideContinuation(guide="line", decision="declined"))
    assert kinds(followed) == ["continuation_decided"] and bench.current == "hello"


@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-19"])
def test_neither_after_a_week_nor_from_the_future(tmp_path: Path, day: str) -> None:
    bench = second_call(history_of(tmp_path, first_call()), f"{day}T09:00:00+08:00")
    assert not [k for k in kinds(bench.facts) if "earlier" in k or "continuation" in k]


def test_a_guide_that_has_lost_the_step_proposes_nothing(tmp_path: Path) -> None:
    history = history_of(tmp_path, first_call())
    bench = second_call(history)
    found = history.earlier("c1", "line")
    assert found is not None
    gone = found.model_copy(update={"step": "gone"})
    fresh = Bench()
    for fact in bench.facts[:6]:
        if not isinstance(fact, ev.Commanded):
            fresh.put(fact)
    assert fresh.put(ev.EarlierFound(guide="line", earlier=gone)) == []


def test_a_rerun_answers_what_was_found_then(tmp_path: Path) -> None:
    from assist.desk import RecordedDesk

    bench = second_call(history_of(tmp_path, first_call()))
    desk = RecordedDesk(bench.facts)
    found = next(f for f in bench.facts if isinstance(f, ev.EarlierFound))
    assert desk.earlier("c1", "line") == found.earlier
    assert desk.last_calls(CUSTOMER.id, "c2") == bench.state.last_calls
