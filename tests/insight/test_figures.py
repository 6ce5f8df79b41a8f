"""Topics against the usual, resolution at first contact, funnels, and alerts, over a real store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assist import events as ev
from assist.errors import AlertRefused
from assist.insight import causes
from assist.insight.funnel import funnels, usual_times
from assist.insight.topics import same_weekdays, surges, topics
from assist.insight.uncovered import apart
from assist.journal import Journal
from assist.search.editing.gaps import misses_of
from assist.store import Store
from assist.tables.alerts import Cause

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "assist.db")
    store.files_tickets()
    return store


def put(
    store: Store, call: str, at: datetime, *facts: ev.Fact, customer: str = "", guide: str = "line"
) -> None:
    journal = Journal(store)
    known = ev.CustomerFound(customer=ev.Customer(id=customer, name="王小明"), by="record")
    opened = ev.GuideOpened(guide=guide, title=guide, hash="h", by="agent")
    journal.append(call, 0, ev.CallStarted(agent="a", started_at=at.isoformat()))
    for fact in (*([known] if customer else []), *([opened] if guide else []), *facts):
        journal.append(call, 0, fact)


def over(outcome: ev.Outcome) -> tuple[ev.Fact, ...]:
    return ev.CallEnded(reason="hangup"), ev.CallWrapped(outcome=outcome)


def test_a_surge_is_what_chance_does_not_give() -> None:
    assert surges(12, 3.0)[1] and not surges(5, 3.0)[1]
    assert not surges(4, 0.0)[1], "too few to be a surge"
    assert surges(5, 0.0)[1], "what never happened before"
    assert surges(3, 3.0)[0] == pytest.approx(0.5768, abs=1e-4)


def test_today_is_compared_with_the_same_weekday_up_to_the_same_time(store: Store) -> None:
    for number in range(6):
        put(store, f"t{number}", NOW - timedelta(minutes=number), *over("uncovered"))
    for week in (1, 2):
        at = NOW - timedelta(weeks=week)
        put(store, f"w{week}", at, *over("solved"))
        put(store, f"late{week}", at + timedelta(hours=3), *over("solved"))
    put(store, "other day", NOW - timedelta(days=1), *over("solved"))
    before = same_weekdays(NOW.date())
    assert before == ["2026-11-16", "2026-11-09", "2026-11-02", "2026-10-26"]
    counts = store.figures.days([NOW.date().isoformat(), *before], "12:00:00")
    (line,) = topics(counts, NOW.date(), store.figures.days_with_calls(before), [])
    assert (line.calls, line.usual, line.uncovered, line.surge) == (6, 1.0, 6, True)
    (new,) = topics(counts, NOW.date(), 0, [])
    assert (new.usual, new.surge) == (None, False), "a house that is new has no usual"


def test_first_contact_resolution_needs_no_second_call_hand_over_or_backstop(store: Store) -> None:
    long_ago = NOW - timedelta(days=20)
    put(store, "once", long_ago, *over("solved"), customer="1")
    put(store, "twice", long_ago, *over("solved"), customer="2")
    put(store, "again", long_ago + timedelta(days=3), *over("solved"), customer="2")
    put(store, "else", long_ago, *over("solved"), customer="3")
    put(
        store,
        "other matter",
        long_ago + timedelta(days=1),
        *over("solved"),
        customer="3",
        guide="bill",
    )
    put(store, "passed on", long_ago, *over("escalated"), customer="4")
    raised = ev.BackstopRaised(reasons=("unresolved",), priority="normal", deadline_h=24)
    put(store, "raised", long_ago, *over("uncovered"), raised, customer="5")
    put(store, "stranger", long_ago, *over("solved"))
    put(store, "too young", NOW - timedelta(days=2), *over("solved"), customer="6")
    found = {each.guide: each for each in store.figures.first_contact(NOW)}
    # once, again and else of once, twice, again, else, passed on and raised
    assert (found["line"].resolved, found["line"].calls) == (3, 6)
    assert (found["bill"].resolved, found["bill"].calls) == (1, 1)


def walk(*steps: tuple[str, bool], edition: str = "h", each_s: int = 10) -> list[ev.Event]:
    facts: list[tuple[int, ev.Fact]] = []
    for at, (step, done) in enumerate(steps):
        shown = ev.StepShown(guide="line", step=step, step_kind="say", hash=edition)
        facts.append((at * each_s * 1000, shown))
        if done:
            ticked = ev.StepTicked(guide="line", step=step, by="agent")
            facts.append(((at + 1) * each_s * 1000, ticked))
    return [ev.Event(call="c", seq=n, at_ms=ms, fact=f) for n, (ms, f) in enumerate(facts, 1)]


def test_a_funnel_says_where_calls_stop_in_each_edition() -> None:
    calls: Sequence[list[ev.Event]] = [
        walk(("hello", True), ("light", False)),
        walk(("hello", True), ("light", True), ("end", True)),
        walk(("hello", False), edition="old"),
    ]
    new, old = funnels("line", calls)
    assert (new.hash, new.calls, new.finished) == ("h", 2, 1)
    assert [(s.step, s.shown, s.done, s.stopped) for s in new.steps] == [
        ("hello", 2, 2, 0),
        ("light", 2, 1, 1),
        ("end", 1, 1, 0),
    ]
    assert (old.calls, old.steps[0].stopped) == (1, 1)


def test_the_usual_time_is_the_median_once_there_are_enough() -> None:
    calls = [walk(("hello", True), each_s=s) for s in (5, 8, 10, 30, 100)]
    assert usual_times(calls) == {("line", "hello"): 10.0}
    assert usual_times(calls[:4]) == {}


def test_uncovered_calls_are_read_with_what_was_asked(store: Store) -> None:
    asked = ev.SegmentHeard(
        utterance="u",
        speaker="customer",
        start_ms=0,
        end_ms=1,
        text="你们能不能给宠物上保险啊",
        confidence=1,
    )
    put(store, "c", NOW, asked, *over("uncovered"), guide="")
    put(store, "yesterday", NOW - timedelta(days=1), asked, *over("uncovered"), guide="")
    today = store.figures.uncovered(date(2026, 11, 23).isoformat())
    (need,) = apart([miss for events in today for miss in misses_of(events)])
    assert need.calls == ("c",) and need.questions == ("你们能不能给宠物上保险啊",)


def cause(key: str = "desk down", level: str = "urgent", **values: str) -> Cause:
    return Cause.model_validate(
        {"key": key, "kind": "desk_down", "level": level, "values": values, "link": "/"}
    )


def test_an_alert_is_told_once_taken_note_of_by_one_and_cleared_with_its_cause(
    store: Store,
) -> None:
    table = store.alerts
    assert table.tell([cause(level="warning")], NOW)
    assert not table.tell([cause(level="warning")], NOW + timedelta(minutes=1)), "no news"
    (alert,) = table.open()
    assert table.acknowledge(alert.id, "lin", NOW).acked_by == "lin"
    with pytest.raises(AlertRefused) as refused:
        table.acknowledge(alert.id, "bo", NOW)
    assert refused.value.code == "alert.taken"
    assert table.tell([cause()], NOW), "more pressing"
    assert [(a.level, a.acked_by) for a in table.open()] == [("urgent", "")]
    assert table.tell([], NOW) and table.open() == []
    table.tell([cause()], NOW)
    assert [a.id > alert.id for a in table.open()] == [True]


def test_causes_come_from_rows_queue_and_health(store: Store) -> None:
    row = {"call": "c", "name": "a", "title": "t", "step_title": "s", "guide": "g", "step": "s"}
    row |= {"stuck_after_s": 60, "marks": ("angry", "stuck")}
    early = row | {"step_since": (NOW - timedelta(seconds=119)).isoformat()}
    late = row | {"step_since": (NOW - timedelta(seconds=120)).isoformat()}
    assert [*causes.of_rows([early], NOW)] == []
    assert [c.level for c in causes.of_rows([late], NOW)] == ["urgent"]
    calm = late | {"marks": ("stuck",)}
    (many,) = causes.of_rows([calm, calm | {"call": "d"}], NOW)
    assert (many.kind, many.level, many.values["count"]) == ("stuck_many", "warning", "2")
    raised = ev.BackstopRaised(reasons=("unresolved",), priority="normal", deadline_h=24)
    put(store, "old", NOW - timedelta(days=3), raised)
    queue, _ = store.backstop.list()
    (queued,) = causes.of_backstop(queue, NOW)
    assert queued.values["count"] == "1"
    health = {"desk": "down", "tickets_waiting": 2}
    assert [c.kind for c in causes.of_health(health)] == ["desk_down", "tickets_waiting"]
    assert [*causes.of_health({"desk": "ok"})] == []
