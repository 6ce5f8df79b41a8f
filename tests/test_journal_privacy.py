"""What the disk holds is masked or sealed; what the agent of a call at work sees is not."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
import stat
from pathlib import Path

import pytest

from assist import events as ev
from assist.errors import StoreError
from assist.journal import MAX_UNMASKED, Journal
from assist.privacy import MaskingFilter
from assist.store import Store
from assist.web.hub import Hub

NUMBER = "15403726618"
STARTED = ev.CallStarted(agent="7", number=NUMBER, started_at="2026-11-22T10:00:00+08:00")
SLOT = ev.SlotFilled(slot="phone", value=NUMBER, label=NUMBER, by="record")
TYPED = ev.Commanded(command=ev.SetSlot(slot="address", value="青禾路26号3单元502"), by="7")


def heard(text: str, utterance: str = "u") -> ev.SegmentHeard:
    return ev.SegmentHeard(
        utterance=utterance, speaker="customer", start_ms=0, end_ms=9, text=text, confidence=0.9
    )


def guess(text: str) -> ev.SpeechGuessed:
    return ev.SpeechGuessed(utterance="u", speaker="customer", start_ms=0, text=text)


def disk(folder: Path) -> bytes:
    """Every byte of the database, its log, and whatever else lies there."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def seen(hub: Hub, call: str, count: int, after: int = 0) -> list[ev.Event]:
    stream = hub.events(call, after)
    found = [await asyncio.wait_for(anext(stream), 2) for _ in range(count)]
    await stream.aclose()  # type: ignore[attr-defined]
    return found


async def test_the_disk_is_masked_and_the_live_view_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    hub = Hub(journal, store.events)
    told: list[ev.Event] = []
    journal.listen(told.append)
    spoken = heard("幺五四，零三七二，六六幺八")
    for fact in (STARTED, guess("幺五四零三"), spoken, SLOT, TYPED):
        journal.append("c", 0, fact)
    assert [e.fact for e in told] == [STARTED, guess("幺五四零三"), spoken, SLOT, TYPED]
    for form in (NUMBER, "0372", "零三七二", "26号", "3单元502"):
        assert form.encode() not in disk(tmp_path), form
    assert store.call("c")["number"] == "154****6618"
    stored = [event.fact for event in store.events("c")]
    assert isinstance(stored[2], ev.SegmentHeard) and stored[2].text == "幺五四，****，六六幺八"
    live = await seen(hub, "c", 5)
    assert [e.fact for e in live] == [STARTED, stored[1], spoken, SLOT, TYPED], (
        "all but the guess that was replaced"
    )
    assert [e.fact for e in await seen(hub, "c", 2, after=3)] == [SLOT, TYPED]


async def test_after_the_wrap_up_stored_events_are_masked_for_everybody(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    hub = Hub(journal, store.events)
    for fact in (STARTED, SLOT, ev.CallEnded(reason="hangup")):
        journal.append("c", 0, fact)
    assert (await seen(hub, "c", 1))[0].fact == STARTED, "after-call work goes on"
    journal.append("c", 0, ev.CallWrapped(outcome="solved"))
    assert [e.fact for e in await seen(hub, "c", 2)] == [e.fact for e in store.events("c")][:2]
    journal.append("c", 0, SLOT)
    assert NUMBER not in (await seen(hub, "c", 1, after=4))[0].model_dump_json()


async def test_a_forgotten_call_is_masked(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    journal.append("c", 0, STARTED)
    journal.forget("c")
    assert NUMBER not in (await seen(Hub(journal, store.events), "c", 1))[0].model_dump_json()


def test_unmasked_events_in_memory_have_a_limit(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    store._connection.execute("PRAGMA synchronous = OFF")
    journal = Journal(store)
    journal.append("c", 0, STARTED)
    for number in range(MAX_UNMASKED):
        journal.append("c", 0, heard(NUMBER, f"u{number}"))
    live = list(journal.as_seen(store.events("c")))
    assert NUMBER not in live[0].model_dump_json() and NUMBER in live[1].model_dump_json()


def test_a_call_taken_up_again_has_its_values_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    for fact in (STARTED, SLOT, TYPED, heard(NUMBER)):
        journal.append("c", 0, fact)
    store.close()
    again = Store(tmp_path / "a.db")
    working = [event.fact for event in again.working("c")]
    assert working[:3] == [STARTED, SLOT, TYPED]
    assert working[3] == heard("154****6618"), "what was said is not kept"
    mode = (tmp_path / "seal.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert again.key_trouble() == ""


def test_a_call_taken_up_again_still_masks_the_callers_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    customer = ev.Customer(id="1", name="刘建国", surname="刘")
    Journal(store).append("c", 0, STARTED)
    Journal(store).append("c", 0, ev.CustomerFound(customer=customer, by="record"))
    Journal(store).append("c", 0, ev.HandedOff(to="专家", reason="刘建国要求升级"))
    assert [*store.events("c")][-1].fact == ev.HandedOff(to="专家", reason="刘**要求升级")


@pytest.mark.parametrize("key", [None, b"8mHt0dSVpUqU0ZeWQ3uXH1uoAfQ1rGdAB8pdzD2zJ7Y="])
def test_a_lost_key_leaves_the_mask_and_is_said(
    tmp_path: Path, key: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path / "a.db")
    Journal(store).append("c", 0, STARTED)
    store.close()
    (tmp_path / "seal.key").unlink()
    if key:
        (tmp_path / "seal.key").write_bytes(key)
    again = Store(tmp_path / "a.db")
    assert "seal.key" in again.key_trouble() and "ASSIST_KEY_FILE" in again.key_trouble()
    fact = next(again.working("c")).fact
    assert isinstance(fact, ev.CallStarted) and fact.number == "154****6618"
    list(again.working("c"))
    assert "1 sealed values stay masked" in caplog.text
    Journal(again).append("d", 0, STARTED)
    assert next(again.working("d")).fact == STARTED, "new calls are sealed with the new key"


def test_a_key_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "my.key").write_text("this is no key")
    store = Store(tmp_path / "a.db", tmp_path / "my.key")
    with pytest.raises(StoreError, match=r"my\.key.*ASSIST_KEY_FILE"):
        store.key_trouble()
    assert list(store.events("c")) == []


def test_rows_from_before_are_masked_by_the_migration(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    old = sqlite3.connect(path)
    old.executescript(
        "CREATE TABLE events (call TEXT, seq INTEGER, at_ms INTEGER, kind TEXT, fact TEXT,"
        " PRIMARY KEY (call, seq));"
        "CREATE TABLE calls (id TEXT PRIMARY KEY, agent TEXT, number TEXT, source TEXT, lang TEXT,"
        " started_at TEXT, status TEXT, owner TEXT, guide TEXT, outcome TEXT, ticket TEXT);"
        "PRAGMA user_version = 2;"
    )
    for seq, fact in enumerate((STARTED, SLOT, heard("家里电话" + NUMBER)), start=1):
        row = ["c", seq, 0, fact.kind, ev.FACT.dump_json(fact).decode()]
        old.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    unknown = f'{{"kind": "from_the_past", "text": "{NUMBER}"}}'
    old.execute("INSERT INTO events VALUES ('x', 1, 0, 'from_the_past', ?)", [unknown])
    row = ["c", "7", NUMBER, "native", "zh", "2026", "ended", "o", "", "", ""]
    old.execute(f"INSERT INTO calls VALUES ({','.join('?' * 11)})", row)
    old.commit()
    old.close()
    assert NUMBER.encode() in disk(tmp_path)
    store = Store(path)
    assert NUMBER.encode() not in disk(tmp_path)
    assert store.call("c")["number"] == "154****6618"
    assert [e.fact for e in store.working("c")][:2] == [STARTED, SLOT]


def test_log_lines_and_exceptions_are_masked() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(MaskingFilter())
    log = logging.Logger("of this test")
    log.addHandler(handler)
    log.warning("call from %s at %s", NUMBER, "青禾路26号")
    log.warning("100%% of 幺五四零三七二六六幺八")
    try:
        raise ValueError(f"no customer {NUMBER}")
    except ValueError:
        log.exception("a bug")
    assert "154****6618 at 青禾路**号" in out.getvalue()
    assert "no customer 154****6618" in out.getvalue() and "Traceback" in out.getvalue()
    assert NUMBER not in out.getvalue() and "零三七二" not in out.getvalue()
