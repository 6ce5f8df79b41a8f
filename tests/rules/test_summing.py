"""Summaries say what the facts say, in the call's language; the agent has the last word."""

from __future__ import annotations

import pytest
from bench import CUSTOMER, Bench

from assist import events as ev
from assist.errors import CommandRefused


def walked(lang: str = "zh") -> Bench:
    bench = Bench()
    bench.put(ev.CallStarted(agent="a", number="13800000001", lang=lang))
    bench.put(ev.CustomerFound(customer=CUSTOMER, by="record"))
    bench.say("customer", "我家网断了，灯在闪")
    bench.press(ev.OpenGuide(guide="line"))
    bench.press(ev.TickStep(guide="line", step="hello"))
    bench.diagnosed(broken=False, text="正常")
    bench.press(ev.AnswerStep(guide="line", step="light", choice="red"))
    bench.press(ev.FileTicket(guide="line", step="file", fields={"name": "王小明"}))
    asked = next(f for f in reversed(bench.facts) if isinstance(f, ev.TicketAsked))
    filed = {"key": asked.key, "guide": "line", "step": "file", "type": "repair"}
    bench.put(ev.TicketFiled.model_validate({**filed, "number": "T1", "fields": {}}))
    return bench


def draft(bench: Bench, of: str = "wrap_up") -> ev.SummaryDrafted:
    found = bench.state.summaries[of]
    assert isinstance(found, ev.SummaryDrafted)
    return found


def test_need_work_result_and_follow_up_come_from_the_facts() -> None:
    bench = walked()
    bench.put(ev.CallEnded(reason="hangup"))
    before = draft(bench).summary
    assert before.need == "线路不通（我家网断了，灯在闪）" and before.result == "尚未结束"
    assert before.done == ("查过了", "指示灯：红灯", "工单 T1（报修）")
    bench.press(ev.WrapUp())
    after = draft(bench)
    assert after.summary.result == "已建单"
    assert after.summary.follow_up == "工单 T1（报修）；装维 24 小时内处理"
    assert after.text.splitlines()[0] == "诉求：线路不通（我家网断了，灯在闪）"


def test_a_guide_put_away_was_not_the_need() -> None:
    bench = walked()
    bench.press(ev.CloseGuide(guide="line"))
    bench.press(ev.WrapUp())
    assert draft(bench).summary.need == "我家网断了，灯在闪"


def test_what_the_agent_keeps_no_draft_replaces() -> None:
    bench = walked()
    keep = ev.KeepSummary(of="wrap_up", summary=ev.Summary(need="断网", done=("报修",)))
    with pytest.raises(CommandRefused):
        bench.press(keep)
    bench.put(ev.CallEnded(reason="hangup"))
    bench.press(keep)
    bench.press(ev.WrapUp())
    kept = bench.state.summaries["wrap_up"]
    assert isinstance(kept, ev.SummaryKept) and kept.summary.need == "断网"


def test_a_hand_over_is_summed_up_at_once_and_in_english() -> None:
    bench = walked("en")
    bench.press(ev.HandOff(reason="needs a field engineer"))
    text = draft(bench, "hand_over").text
    assert "Result: handed over" in text and "elite goes on: needs a field engineer" in text
