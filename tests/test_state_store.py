"""State is a fold; the store keeps what the journal numbers, over a crash too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from assist import events as ev
from assist.errors import StoreError
from assist.journal import Journal
from assist.state import fold
from assist.store import Store


def numbered(*facts: ev.Fact) -> list[ev.Event]:
    return [ev.Event(call="c", seq=i, at_ms=i * 10, fact=f) for i, f in enumerate(facts, start=1)]


def shown(step: str) -> ev.StepShown:
    return ev.StepShown(guide="g", step=step, step_kind="say")


def opened() -> ev.GuideOpened:
    return ev.GuideOpened(guide="g", title="G", hash="1", by="heard")


def test_a_guess_gives_way_to_stable_text_and_that_to_the_final_one() -> None:
    guess = ev.SpeechGuessed(utterance="u", speaker="customer", start_ms=0, text="宽袋")
    stable = ev.SpeechStable(utterance="u", speaker="customer", start_ms=0, text="宽")
    final = ev.SegmentHeard(
        utterance="u", speaker="customer", start_ms=0, end_ms=900, text="宽带。", confidence=0.9
    )
    states = [fold(numbered(guess, stable, final)[:n]) for n in (1, 2, 3)]
    assert [s.lines[0].tier for s in states] == ["guess", "stable", "final"]
    late = fold(numbered(guess, final, guess))
    assert late.lines[0].text == "宽带。" and late.lines[0].tier == "final"


def test_dropped_speech_leaves_no_line() -> None:
    guess = ev.SpeechGuessed(utterance="u", speaker="agent", start_ms=0, text="谢谢观看")
    drop = ev.SpeechDropped(utterance="u", speaker="agent", reason="phantom")
    assert fold(numbered(guess, drop)).lines == ()


def test_undo_opens_the_step_and_all_later_ones() -> None:
    tick_a = ev.StepTicked(guide="g", step="a", by="agent")
    tick_b = ev.StepTicked(guide="g", step="b", by="heard")
    undo = ev.StepUndone(guide="g", step="a")
    state = fold(numbered(opened(), shown("a"), tick_a, shown("b"), tick_b, undo, shown("a")))
    page = state.page
    assert page is not None and page.ticks == () and page.undone == {"a", "b"}
    assert page.shown and page.shown.step == "a" and page.visits == {"a": 2, "b": 1}


def test_a_closed_guide_comes_back_where_it_stood() -> None:
    closed = ev.GuideClosed(guide="g", reason="dismissed")
    state = fold(numbered(opened(), shown("a"), closed))
    assert state.page is None and state.dismissed == {"g"}
    again = fold(numbered(opened(), shown("a"), closed, opened()))
    assert again.page and again.page.shown and again.page.shown.step == "a"
    assert list(again.opened) == ["g"]


def test_trouble_finds_its_diagnosis_by_key() -> None:
    asked = ev.DiagnosisAsked(key="k", guide="g", step="d", connector="x", args={}, timeout_s=1)
    other = ev.Trouble(code="desk.down", message="m", key="z", guide="g", step="d")
    mine = other.model_copy(update={"key": "k"})
    assert fold(numbered(opened(), asked, other)).diagnoses["g/d"].status == "running"
    assert fold(numbered(opened(), asked, mine)).diagnoses["g/d"].status == "failed"


def test_events_survive_json_and_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    told: list[ev.Event] = []
    stop = journal.listen(told.append)
    journal.append("c", 0, ev.CallStarted(agent="a", started_at="2026-11-22T10:00:00+08:00"))
    journal.append("c", 5, ev.Commanded(command=ev.OpenGuide(guide="g"), by="a"))
    stop()
    journal.append("c", 9, opened())
    assert list(store.events("c"))[:2] == told
    assert [e.seq for e in store.events("c", after=1)] == [2, 3]
    assert store.call("c")["guide"] == "g"


def test_a_new_journal_goes_on_counting_where_the_old_one_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    Journal(store).append("c", 0, ev.CallStarted(agent="a"))
    assert Journal(store).append("c", 1, opened()).seq == 2


def test_nobody_is_told_what_could_not_be_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    told: list[ev.Event] = []
    journal.listen(told.append)
    journal.append("c", 0, ev.CallStarted(agent="a"))
    store._connection.execute("PRAGMA query_only = ON")  # what a full or read-only disk does
    with pytest.raises(StoreError, match=r"a\.db.*Check free disk space"):
        journal.append("c", 1, opened())
    assert len(told) == 1
    store._connection.execute("PRAGMA query_only = OFF")
    assert journal.append("c", 1, opened()).seq == 2


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("this is not a database, whatever its name says " * 50)
    with pytest.raises(StoreError, match=r"a\.db"):
        Store(path)


def test_an_unknown_call_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no call 'x'"):
        Store(tmp_path / "a.db").call("x")


def test_kill_dash_nine_keeps_every_event_and_marks_the_call(tmp_path: Path) -> None:
    program = """
        import os, signal, sys
        from pathlib import Path
        from assist import events as ev
        from assist.journal import Journal
        from assist.store import Store
        journal = Journal(Store(Path(sys.argv[1])))
        journal.append("c", 0, ev.CallStarted(agent="a"))
        for i in range(200):
            fact = ev.SpeechGuessed(utterance="u", speaker="agent", start_ms=0, text=str(i))
            journal.append("c", i, fact)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    path = tmp_path / "a.db"
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert killed.returncode == -signal.SIGKILL
    store = Store(path)
    assert len(list(store.events("c"))) == 201
    assert store.recover() == ["c"]
    assert store.call("c")["status"] == "broken_off"
    assert fold(store.events("c")).status == "broken_off"
    assert store.recover() == []


def test_recover_leaves_calls_of_living_processes_alone(tmp_path: Path) -> None:
    mine = Store(tmp_path / "a.db")
    Journal(mine).append("c", 0, ev.CallStarted(agent="a"))
    other = Store(tmp_path / "a.db")
    assert other.recover() == []
    mine.close()
    assert other.recover() == ["c"]


def call_of(journal: Journal, call: str, day: int, *facts: ev.Fact, source: str = "") -> None:
    started = f"2026-11-{day}T10:00:00+08:00"
    journal.append(call, 0, ev.CallStarted(agent="a", started_at=started, source=source))
    known = ev.Customer(id="C1", name="王小明", phone="15403726618")
    journal.append(call, 1, ev.CustomerFound(customer=known, by="record"))
    for at_ms, fact in enumerate(facts, start=2):
        journal.append(call, at_ms, fact)


def led(guide: str) -> ev.GuideOpened:
    return ev.GuideOpened(guide=guide, title=guide.upper(), hash="1", by="heard")


def away(guide: str) -> ev.GuideClosed:
    return ev.GuideClosed(guide=guide, reason="dismissed")


HUNG_UP = ev.CallEnded(reason="hangup")


def test_the_last_call_of_a_customer_is_the_newest_that_a_guide_led(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    assert store.last_call("C1", before="now") is None
    wrapped = ev.CallWrapped(outcome="ticket")
    call_of(journal, "old", 18, led("a"), HUNG_UP)
    call_of(journal, "told", 20, led("wrong"), away("wrong"), led("b"), HUNG_UP, wrapped)
    call_of(journal, "mute", 21, led("wrong"), away("wrong"), HUNG_UP)
    call_of(journal, "again", 22, led("c"), HUNG_UP, source="replay of old")
    call_of(journal, "live", 23, led("d"))
    last = ev.LastCall(
        guide="b",
        title="B",
        started_at="2026-11-20T10:00:00+08:00",
        outcome="ticket",
        call="told",
        guides=("b",),
    )
    assert [c.call for c in store.last_calls("C1", "live")] == ["mute", "told", "old"]
    assert store.last_call("C1", before="live") == last
    found = store.last_call("C1", before="told")
    assert found and found.guide == "a", "the call that asks is not its own past"
    assert store.last_call("C2", before="now") is None


def test_a_database_from_before_knows_its_customers_after_the_update(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    call_of(Journal(store), "one", 20, led("a"), HUNG_UP)
    store._db.execute("DROP INDEX idx_calls_customer_started_at")
    store._db.execute("ALTER TABLE calls DROP COLUMN customer")
    store._db.execute("ALTER TABLE calls DROP COLUMN disposition")
    for table in set(store._db.table_names()) - {"events", "calls"}:
        store._db.execute(f"DROP TABLE {table}")
    store._db.execute("PRAGMA user_version = 4")
    store.close()
    found = Store(tmp_path / "a.db").last_call("C1", before="now")
    assert found and found.guide == "a"


def test_a_suggestion_put_away_is_gone_and_is_no_closed_card() -> None:
    chips = ev.GuidesSuggested(
        matches=tuple(ev.Match(guide=name, score=0.4, question="") for name in ("g", "h"))
    )
    state = fold(numbered(chips, away("g")))
    assert [match.guide for match in state.suggested] == ["h"]
    assert state.dismissed == {"g"} and state.closed == () and state.put_away["g"].at_ms == 20


def test_heard_anew_a_finished_guide_begins_anew() -> None:
    done = ev.GuideClosed(guide="g", reason="finished")
    state = fold(numbered(opened(), shown("a"), done, opened()))
    assert state.page and state.page.shown is None and len(state.closed) == 1
    by_hand = opened().model_copy(update={"by": "agent"})
    state = fold(numbered(opened(), shown("a"), done, by_hand))
    assert state.page and state.page.shown and state.closed == ()
