"""Chips of the panel: from the record before the first word, from the conversation after it."""

from __future__ import annotations

from typing import Any

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import push, sent, show, then, upto
from playwright.sync_api import Page, expect

from assist import events as ev

OUTAGE = ev.Reason(
    kind="tag",
    key="broadband_outage",
    zh="所在区域宽带故障",
    en="Broadband outage in the area",
    log_odds=2.0,
)
TICKET = ev.Reason(kind="ticket", key="broadband.repair", zh="网速慢", en="网速慢", log_odds=1.2)
BEFORE = ev.Reason(
    kind="last_call", key="bill", zh="话费多扣了", en="话费多扣了", log_odds=1.0, days=3
)


def chips(*matches: ev.Match) -> dict[str, Any]:
    return ev.GuidesSuggested(matches=matches).model_dump(mode="json")


def on_record(guide: str, title: str, *why: ev.Reason) -> ev.Match:
    return ev.Match(guide=guide, title=title, score=0.4, question="", why=why)


RECORD = chips(
    on_record("broadband.no-internet", "宽带上不了网", OUTAGE, TICKET),
    on_record("bill", "话费多扣了", BEFORE),
)


@pytest.mark.browser
def test_what_the_record_suggests_is_seen_before_the_first_word(page: Page, server: Server):
    show(page, server, then(upto("customer_found"), RECORD))
    section = page.get_by_role("region", name="客户档案提示")
    first = section.locator("li").first
    expect(first).to_have_class("record")
    expect(first).to_contain_text("所在区域宽带故障")
    expect(first).to_contain_text("未结工单：网速慢")
    expect(section.locator("li").nth(1)).to_contain_text("3 天前来电：话费多扣了")
    expect(first.get_by_text("所在区域宽带故障").locator("..")).to_have_attribute(
        "title", "可能性约为平时的 7.4 倍"
    )
    expect(section.get_by_role("meter")).to_have_count(0)
    page.get_by_role("button", name="EN, switch to English").click()
    english = page.get_by_role("region", name="From the customer’s record")
    expect(english.locator("li").first).to_contain_text("Broadband outage in the area")
    expect(english.locator("li").first).to_contain_text("Open ticket: 网速慢")


@pytest.mark.browser
def test_a_suggestion_is_put_away_and_the_next_one_keeps_its_place(page: Page, server: Server):
    events = then(upto("customer_found"), RECORD)
    show(page, server, events)
    page.get_by_role("button", name="不是“宽带上不了网”，收起").click()
    closed = {"kind": "close_guide", "guide": "broadband.no-internet"}
    assert sent(page) == [closed]
    fact = {"kind": "guide_closed", "guide": "broadband.no-internet", "reason": "dismissed"}
    push(page, then(events, fact)[-1])
    expect(page.locator("suggestion-chips li")).to_have_count(1)
    page.keyboard.press("Shift+Digit1")
    assert sent(page)[-1] == {"kind": "open_guide", "guide": "bill"}


@pytest.mark.browser
def test_from_the_conversation_a_chip_has_its_question_and_what_the_record_adds(
    page: Page, server: Server
):
    heard = ev.Match(
        guide="broadband.no-internet",
        title="宽带上不了网",
        score=0.7,
        question="家里没网了",
        why=(OUTAGE,),
    )
    show(page, server, then(upto("customer_found"), RECORD, chips(heard)))
    chip = page.get_by_role("region", name="可能的场景").locator("li")
    expect(chip).to_have_class("heard")
    expect(chip).to_contain_text("相近问法：家里没网了")
    expect(chip).to_contain_text("所在区域宽带故障")
    expect(chip.get_by_role("meter")).to_be_visible()
