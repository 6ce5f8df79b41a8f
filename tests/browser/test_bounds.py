"""What binds the agent: phrases to avoid, the official position, and quiet reminders."""

from __future__ import annotations

from typing import Any

import pytest
from browser.fixtures.panel_server import Server
from browser.fixtures.script import LIGHT, sent, show, then, upto
from playwright.sync_api import Page, expect

POLICY = {"text": "光猫由我方免费更换", "source": "服务承诺第 3 条", "valid_until": "2026-06-30"}
SAID: dict[str, Any] = {
    "kind": "prohibited_said",
    "phrase": "这不归我管",
    "evidence": {"utterance": "u1", "speaker": "agent", "words": "这不归我管啊", "confidence": 0.9},
}


def step(expired: bool) -> dict[str, Any]:
    return LIGHT | {"must_not_say": ["保证今天修好"], "policy": POLICY | {"expired": expired}}


@pytest.mark.browser
def test_the_step_shows_what_to_avoid_and_what_it_stands_on(page: Page, server: Server):
    show(page, server, then(upto("guide_opened"), step(expired=False)))
    card = page.locator("step-card")
    expect(card.locator(".avoid")).to_have_text("不要说“保证今天修好”")
    expect(card.locator(".policy")).to_contain_text("光猫由我方免费更换")
    expect(card.locator(".policy small")).to_have_text("依据：服务承诺第 3 条，有效期至 2026-06-30")
    expect(card.locator(".policy strong")).to_have_count(0)


@pytest.mark.browser
def test_an_expired_position_says_so_in_both_languages(page: Page, server: Server):
    show(page, server, then(upto("guide_opened"), step(expired=True)))
    flag = page.locator("step-card .policy.expired strong")
    expect(flag).to_have_text("已于 2026-06-30 到期，引用前请先核实")
    page.locator("button.lang").click()
    expect(flag).to_have_text("Expired on 2026-06-30: verify before relying on it")


@pytest.mark.browser
def test_a_reminder_is_quiet_quotes_the_words_and_goes_by_a_click(page: Page, server: Server):
    show(page, server, then(upto("guide_opened"), step(expired=False), SAID))
    reminder = page.locator(".reminder")
    expect(reminder).to_contain_text("提醒：避免说“这不归我管”这类话")
    expect(reminder).to_contain_text("这不归我管啊")
    expect(page.get_by_role("alert")).to_have_count(0)
    reminder.get_by_role("button", name="知道了").click()
    expect(reminder).to_have_count(0)


CONFLICT: dict[str, Any] = {
    "kind": "slot_conflict",
    "slot": "light",
    "label": "指示灯",
    "known": {"value": "red", "label": "红灯", "by": "agent"},
    "heard": {"value": "green", "label": "绿灯", "by": "heard", "evidence": SAID["evidence"]},
}


@pytest.mark.browser
def test_a_conflict_is_chosen_by_click_or_key_and_can_be_turned_round(page: Page, server: Server):
    show(page, server, then(upto("guide_opened"), CONFLICT))
    note = page.locator(".conflict")
    expect(note).to_contain_text("“指示灯”前后说法不一")
    note.get_by_role("button", name="原来的：红灯").click()
    page.keyboard.press("v")
    chosen = [c for c in sent(page) if c["kind"] == "settle_conflict"]
    assert [c["take"] for c in chosen] == ["known", "heard"]


@pytest.mark.browser
def test_a_settled_conflict_offers_the_other_value(page: Page, server: Server):
    settled = {"kind": "conflict_settled", "slot": "light", "take": "heard"}
    show(page, server, then(upto("guide_opened"), CONFLICT, settled))
    note = page.locator(".conflict.settled")
    expect(note).to_contain_text("“指示灯”以“绿灯”为准")
    note.get_by_role("button", name="改为“红灯”").click()
    assert sent(page)[-1]["take"] == "known"
