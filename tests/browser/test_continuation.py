"""Going on from an earlier call: what was tried is seen before the agent decides."""

from __future__ import annotations

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import GUIDE, push, sent, show, then, upto
from playwright.sync_api import Page, expect

from assist import events as ev

OFFERED = ev.ContinuationOffered(
    guide=GUIDE,
    days=3,
    earlier=ev.EarlierCall(
        call="c1",
        started_at="2026-11-20T09:00:00+08:00",
        outcome="uncovered",
        step="reboot",
        step_title="重启光猫",
        ticks=(
            ev.EarlierTick(step="line", title="测线路"),
            ev.EarlierTick(step="light", title="指示灯", choice="green", choice_label="全绿"),
        ),
        slots=(ev.EarlierSlot(slot="light", value="green", label="全绿"),),
        results=(
            ev.EarlierResult(
                step="line",
                connector="broadband.line",
                result={},
                summary="光功率正常",
                measured_at="2026-11-20T09:01:00+08:00",
            ),
        ),
    ),
).model_dump(mode="json")


@pytest.mark.browser
def test_what_was_tried_is_shown_and_the_decision_is_sent(page: Page, server: Server) -> None:
    events = then(upto("guide_opened"), OFFERED)
    show(page, server, events)
    card = page.get_by_role("region", name="接着上次继续")
    expect(card).to_contain_text("3 天前来过电，停在“重启光猫”。")
    expect(card.locator("li").first).to_contain_text("测线路: 光功率正常 (11-20 09:01)")
    expect(card.locator("li").nth(1)).to_contain_text("指示灯: 全绿")
    card.get_by_role("button", name="从这一步继续").click()
    decide = {"kind": "decide_continuation", "guide": GUIDE, "decision": "accepted"}
    assert sent(page) == [decide]
    decided = {"kind": "continuation_decided", "guide": GUIDE, "from_call": "c1"}
    push(page, then(events, {**decided, "decision": "accepted"})[-1])
    expect(card).to_have_count(0)


@pytest.mark.browser
def test_the_customers_latest_calls_stand_with_the_customer(page: Page, server: Server) -> None:
    found = upto("customer_found")
    last = {"guide": "b", "title": "话费异常", "started_at": "2026-11-20T09:00:00+08:00"}
    more = {"outcome": "ticket", "call": "c1", "disposition": "已报修", "ticket": "T1"}
    show(page, server, then(found, {**found[-1]["fact"], "last_calls": [{**last, **more}]}))
    page.get_by_role("button", name="客户详情").or_(
        page.locator("customer-card button.icon-button")
    ).first.click()
    text = page.locator("customer-card")
    expect(text).to_contain_text("2026-11-20 · 话费异常")
    expect(text).to_contain_text("已建单 · 已报修 · T1")
