"""What a stored call says about the corpus, and what becomes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assist import events as ev
from assist.journal import Journal
from assist.search.corpus import Row
from assist.search.editing.gaps import Miss, drafts, gaps_of, misses_of, unmasked
from assist.search.embedder import SentenceEmbedder
from assist.store import Store

CHARGER = "想在车库里装一个充电桩，得找谁办"
BILL = "这个月电费一下子涨了一倍，太离谱了"


def started(lang: str = "zh") -> ev.CallStarted:
    return ev.CallStarted(agent="7", lang=lang, started_at="2026-11-25T10:00:00+08:00")


def heard(utterance: str, text: str, speaker: ev.Speaker = "customer") -> ev.SegmentHeard:
    return ev.SegmentHeard(
        utterance=utterance, speaker=speaker, start_ms=0, end_ms=9, text=text, confidence=0.9
    )


def opened(guide: str, at: str = "", by: ev.By = "heard") -> ev.GuideOpened:
    words = ev.Evidence(utterance=at, speaker="customer", words="", confidence=0.9) if at else None
    return ev.GuideOpened(guide=guide, title=guide, hash="1", by=by, evidence=words)


def dismissed(guide: str) -> ev.GuideClosed:
    return ev.GuideClosed(guide=guide, reason="dismissed")


def wrapped(outcome: ev.Outcome) -> ev.CallWrapped:
    return ev.CallWrapped(outcome=outcome)


def misses(*facts: ev.Fact) -> list[tuple[str, str, str, str]]:
    events = [ev.Event(call="c", seq=at, at_ms=at, fact=fact) for at, fact in enumerate(facts, 1)]
    return [(miss.utterance, miss.why, miss.guide, miss.against) for miss in misses_of(events)]


def test_of_an_uncovered_call_counts_what_the_customer_needed() -> None:
    found = misses(
        started(),
        heard("a", "您好，请问有什么可以帮您", "agent"),
        heard("b", "喂，你好"),
        heard("c", CHARGER),
        heard("d", "嗯，好的，谢谢"),
        wrapped("uncovered"),
    )
    assert found == [("c", "uncovered", "none", "")]


def test_a_call_that_was_served_has_no_gap() -> None:
    assert misses(started(), heard("a", BILL), opened("g", "a"), wrapped("solved")) == []
    closed = ev.GuideClosed(guide="g", reason="finished")
    assert misses(started(), heard("a", BILL), opened("g", "a"), closed, wrapped("ticket")) == []


def test_a_card_put_away_points_at_what_opened_it() -> None:
    facts = (started(), heard("a", CHARGER), heard("b", BILL), opened("g", "a"), dismissed("g"))
    assert misses(*facts) == [("a", "dismissed", "none", "g")]
    assert misses(*facts, opened("h", by="agent")) == [
        ("a", "overruled", "h", "g"),
        ("b", "overruled", "h", ""),
    ]


def test_a_guide_opened_by_hand_is_a_miss_unless_it_was_proposed() -> None:
    told = (started(), heard("a", BILL), opened("g", "a"), heard("b", CHARGER))
    assert misses(*told, opened("h", by="agent")) == [
        ("a", "overruled", "h", "g"),
        ("b", "overruled", "h", "g"),
    ]
    chips = ev.GuidesSuggested(matches=(ev.Match(guide="h", score=0.6, question="q"),))
    assert misses(*told, chips, opened("h", by="agent")) == []
    on_record = ev.GuidesSuggested(matches=(ev.Match(guide="h", score=0.6, question=""),))
    assert len(misses(*told, on_record, opened("h", by="agent"))) == 2, "search did not find it"


def test_a_card_closed_by_its_own_agent_is_no_fault_of_search() -> None:
    assert misses(started(), heard("a", "好"), opened("g", by="agent"), dismissed("g")) == []


def test_the_text_as_it_stands_in_the_end() -> None:
    was = ev.Correction(at=0, heard="充电装", meant="充电桩", confidence=0.9)
    back = ev.CorrectionReverted(utterance="a", reverted=was, text="充电装是找你们这边装吗")
    events = [
        ev.Event(call="c", seq=at, at_ms=at, fact=fact)
        for at, fact in enumerate(
            (started("auto"), heard("a", CHARGER), back, wrapped("uncovered")), 1
        )
    ]
    (miss,) = misses_of(events)
    assert (miss.text, miss.lang, miss.call) == ("充电装是找你们这边装吗", "zh", "c")


def test_a_clause_with_something_masked_is_left_out() -> None:
    assert unmasked("我号码是138****5678，想装个充电桩。") == "想装个充电桩。"
    assert unmasked("my number is 154*****18, no power at all") == "no power at all"
    assert unmasked("*") == "" and unmasked("没有号码") == "没有号码"


def test_what_the_journal_masked_never_comes_into_a_draft(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    journal = Journal(store)
    facts = (started(), heard("a", "我电话15403726618，想装个充电桩找谁"), wrapped("uncovered"))
    for fact in facts:
        journal.append("c", 0, fact)
    (miss,) = misses_of(store.events("c"))
    assert miss.text == "想装个充电桩找谁"


def miss(call: str, text: str, **values: str) -> Miss:
    return Miss(call=call, utterance="u", text=text, lang="zh", **{"why": "uncovered", **values})  # type: ignore[arg-type]


@pytest.mark.model
def test_misses_that_say_the_same_become_one_gap(embedder: SentenceEmbedder) -> None:
    said = [
        miss("c1", "我想装一个电动车的充电桩"),
        miss("c2", "家里要装充电桩，怎么申请"),
        miss("c2", "装充电桩要什么材料"),
        miss("c3", "电动汽车充电桩怎么报装", why="overruled", guide="ev.charger", against="power"),
        miss("c4", "我的发票抬头开错了"),
        miss("c5", "附近哪里有营业厅"),
    ]
    gap, *others = gaps_of(said, embedder)
    assert not others and gap.calls == ["c1", "c2", "c3"] and gap.guide == "ev.charger"
    assert gap.why == ["uncovered", "overruled"] and len(gap.questions) == 3
    assert len(gaps_of(said, embedder, least_calls=1)) == 3
    known = Row(id="x", text=f"{gap.questions[0].text}！", guide="g", lang="zh", status="retired")
    rows = drafts([gap], [known], date(2026, 11, 25))
    assert [row.text for row in rows] == [one.text for one in gap.questions[1:]]
    assert {(row.status, row.source, row.guide) for row in rows} == {
        ("draft", "call", "ev.charger")
    }
    assert rows[0].note == "uncovered/overruled, not power; calls c1, c2, c3"
    assert drafts([gap], [], date(2026, 1, 1))[1].id == rows[0].id


@pytest.mark.model
def test_no_misses_no_gaps(embedder: SentenceEmbedder) -> None:
    assert gaps_of([], embedder) == []
    assert [gap.calls for gap in gaps_of([miss("c", CHARGER)], embedder, least_calls=1)] == [["c"]]
