"""Which calls are looked at again, and what is made of what resolved them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from bench import BOOK, CUSTOMER, Bench

from assist import events as ev
from assist.errors import BackstopRefused, StoreError
from assist.journal import Journal
from assist.rules.tools import Tools
from assist.store import Store

AT = "2026-11-23T09:00:00+08:00"
NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
VERDICTS = {"zh": {"unresolved": ["还是上不了网"], "resolved": ["现在能上网了"]}}


def same(text: str, phrases: Sequence[str]) -> list[float]:
    return [float(text == phrase) for phrase in phrases]


def call(*last: ev.LastCall, opens: bool = True) -> Bench:
    bench = Bench(Tools(replace(BOOK, verdicts=VERDICTS), same))
    bench.put(ev.CallStarted(agent="anna", number="13800000001", started_at=AT))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record", last_calls=last))
    bench.say("customer", "家里的宽带从昨天晚上开始就一直断，我的电话是13912345678")
    if opens:
        bench.press(ev.OpenGuide(guide="line"))
    return bench


def wrapped(bench: Bench, **more: str) -> tuple[str, ...]:
    bench.put(ev.CallEnded(reason="hangup"))
    bench.press(ev.WrapUp.model_validate(more))
    return bench.state.backstop.reasons if bench.state.backstop else ()


def test_no_guide_but_a_need_is_uncovered_and_a_greeting_is_none() -> None:
    assert wrapped(call(opens=False)) == ("uncovered",)
    silent = Bench()
    silent.put(ev.CallStarted(agent="anna", started_at=AT))
    silent.say("customer", "喂你好")
    assert wrapped(silent) == ()


def test_a_guide_without_a_solution_is_unresolved_and_with_one_is_not() -> None:
    assert wrapped(call()) == ("unresolved",)
    assert wrapped(call(), outcome="solved") == ()


def test_a_guide_put_away_covers_nothing() -> None:
    bench = call()
    bench.press(ev.CloseGuide(guide="line"))
    assert wrapped(bench) == ("uncovered",)


def test_what_the_customer_said_last_counts_whatever_the_agent_chose() -> None:
    bench = call()
    bench.say("customer", "还是上不了网")
    assert wrapped(bench, outcome="solved") == ("unresolved_said",)
    said = bench.state.backstop and bench.state.backstop.said
    assert said and said.words == "还是上不了网"
    bench = call()
    bench.say("customer", "还是上不了网")
    bench.say("customer", "现在能上网了")
    assert wrapped(bench, outcome="solved") == ()
    bench = call()
    bench.say("customer", "还是上不了网")
    assert wrapped(bench, outcome="ticket") == (), "a ticket looks after it"


@pytest.mark.parametrize(
    ("day", "guide", "reasons"),
    [
        ("2026-11-17", "line", ("returned",)),
        ("2026-11-15", "line", ()),
        ("2026-11-22", "bill", ()),
    ],
)
def test_the_same_matter_within_a_week_has_returned(
    day: str, guide: str, reasons: tuple[str, ...]
) -> None:
    last = ev.LastCall(guide=guide, title="", started_at=day, call="c0", guides=(guide,))
    assert wrapped(call(last), outcome="solved") == reasons


def test_an_angry_hand_over_is_raised_at_once_and_a_calm_one_never() -> None:
    bench = call()
    bench.press(ev.HandOff(reason="x"))
    assert bench.state.backstop is None
    bench = call()
    bench.say("customer", "我要投诉")
    bench.press(ev.HandOff(reason="x"))
    raised = bench.state.backstop
    assert raised and raised.reasons == ("escalated_angry",) and raised.priority == "urgent"


def stored(tmp_path: Path, bench: Bench) -> Store:
    store = Store(tmp_path / "a.db")
    store.files_tickets()
    journal = Journal(store)
    for fact in bench.facts:
        journal.append("c1", 60_000, fact)
    return store


def test_the_queue_has_deadline_and_context_and_one_owner_at_a_time(tmp_path: Path) -> None:
    bench = call(opens=False)
    wrapped(bench)
    table = stored(tmp_path, bench).backstop
    (item,), count = table.list()
    assert count == 1 and item.reasons == ("uncovered",) and item.agent == "anna"
    assert item.due_at == "2026-11-25T01:01:00+00:00", "48 h after 09:01 in Shanghai"
    assert "13912345678" not in item.need
    with pytest.raises(BackstopRefused, match="claimed"):
        table.move("c1", "resolve", "bo", NOW, "x")
    table.move("c1", "claim", "bo", NOW)
    with pytest.raises(BackstopRefused, match="by bo"):
        table.move("c1", "claim", "eva", NOW)
    with pytest.raises(BackstopRefused, match="not by eva"):
        table.move("c1", "resolve", "eva", NOW, "x")
    with pytest.raises(BackstopRefused, match="words"):
        table.move("c1", "return", "bo", NOW, " ")
    assert table.move("c1", "return", "bo", NOW, "not mine").state == "open"
    table.move("c1", "claim", "eva", NOW)
    done = table.move("c1", "resolve", "eva", NOW, "光猫换了，电话13912345678", "line", "网络组")
    assert "13912345678" not in done.text and table.list() == ([], 0)
    moves = [(entry.by, entry.move) for entry in table.history("c1")]
    assert moves == [("bo", "claim"), ("bo", "return"), ("eva", "claim"), ("eva", "resolve")]
    with pytest.raises(StoreError):
        table.get("nobody")


def test_what_resolved_it_is_a_note_and_a_masked_draft_question(tmp_path: Path) -> None:
    bench = call(opens=False)
    wrapped(bench)
    table = stored(tmp_path, bench).backstop
    table.move("c1", "claim", "bo", NOW)
    table.move("c1", "resolve", "bo", NOW, "重置端口", "line", "网络组")
    (note,) = table.notes("网络组")
    assert table.notes("别组") == []
    (row,) = table.drafts(note, [], date(2026, 11, 23))
    assert (row.guide, row.status, row.source) == ("line", "draft", "call")
    assert row.text.startswith("家里的宽带从昨天晚上") and "139" not in row.text
    assert "calls c1; resolved: 重置端口" in row.note
    assert table.drafts(note, [row], date(2026, 11, 24)) == [], "known already"


def test_a_rerun_puts_nothing_into_the_queue(tmp_path: Path) -> None:
    bench = call()
    wrapped(bench)
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    for fact in bench.facts:
        journal.append("c1", 60_000, fact)
    assert store.backstop.list() == ([], 0)
