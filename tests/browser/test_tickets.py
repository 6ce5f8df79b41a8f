"""The ticket form where the back office is down, where a ticket is open already, and where it said
no: in real Chromium, in both languages and by keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from browser.fixtures.panel_server import GUIDE, Server
from browser.fixtures.script import STEP, push, sent, show, then, upto
from playwright.sync_api import Page, expect

AT = {**STEP, "step": "dispatch"}
KEY = {"key": f"demo-1/{GUIDE}/dispatch", **AT}
WAITING = {"kind": "ticket_waiting", **KEY, "message": "没有答复"}
TICKED = {"kind": "step_ticked", **AT, "by": "agent"}
OPEN = {
    "number": "GD20261104-000004",
    "type": "broadband.repair",
    "title": "宽带故障报修",
    "status": "dispatched",
    "opened_on": "2026-11-04",
}


def picture(page: Page, name: str) -> None:
    """For people who want to look: the folder is named by ASSIST_PICTURES."""
    if folder := os.environ.get("ASSIST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def drafted(**more: object) -> list[dict[str, object]]:
    """The form with an open ticket of the same type, which is proposed."""
    events = upto("ticket_drafted")
    fact = {**events[-1]["fact"], "open": [OPEN], "append_to": OPEN["number"], **more}
    return then(events[:-1], fact)


@pytest.mark.browser
def test_a_ticket_that_waits_says_so_and_later_shows_its_number(page: Page, server: Server):
    events = upto("ticket_asked")
    show(page, server, events)
    waiting = then(events, WAITING)
    push(page, waiting[-1])
    note = page.locator("ticket-form").get_by_role("status")
    expect(note).to_contain_text("已保存，将自动提交")
    expect(page.get_by_role("button", name="提交工单")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    assert sent(page) == [], "nothing is filed twice"
    picture(page, "waiting-zh")
    page.get_by_role("button", name="切换到英文").or_(
        page.get_by_role("button", name="switch to English")
    ).click()
    expect(note).to_contain_text("Saved, will be sent")
    page.get_by_role("button", name="切换到中文").click()

    gone_on = then(waiting, TICKED)
    push(page, gone_on[-1])
    expect(page.locator(".step.done").last).to_contain_text("已保存，将自动提交")
    asked = events[-1]["fact"]
    filed = {"kind": "ticket_filed", **KEY, "type": asked["type"], "fields": asked["fields"]}
    push(page, then(gone_on, {**filed, "number": "GD20261105-000009"})[-1])
    expect(page.locator(".step.done").last).to_contain_text("GD20261105-000009")


@pytest.mark.browser
def test_what_waits_stands_in_the_wrap_up_until_it_is_filed(page: Page, server: Server):
    ended = {"kind": "call_ended", "reason": "hangup"}
    events = then(upto("ticket_asked"), WAITING, TICKED, ended)
    show(page, server, events)
    expect(page.locator("wrap-up")).to_contain_text("已保存，将自动提交")
    picture(page, "waiting-wrap-up")
    asked = upto("ticket_asked")[-1]["fact"]
    filed = {"kind": "ticket_filed", **KEY, "type": asked["type"], "fields": asked["fields"]}
    push(page, then(events, {**filed, "number": "GD20261105-000009"})[-1])
    expect(page.locator("wrap-up")).to_contain_text("GD20261105-000009")


@pytest.mark.browser
def test_an_open_ticket_is_appended_to_unless_the_agent_says_otherwise(page: Page, server: Server):
    show(page, server, drafted())
    choice = page.get_by_role("radio", name=f"追加到 {OPEN['number']}")
    expect(choice).to_be_checked()
    expect(page.get_by_text("宽带故障报修 · 处理中 · 2026-11-04")).to_be_visible()
    picture(page, "append-zh")
    page.get_by_role("button", name="追加到工单").click()
    [command] = sent(page)
    assert command["kind"] == "file_ticket" and command["append_to"] == OPEN["number"]


@pytest.mark.browser
def test_the_choice_goes_by_keyboard_and_a_new_ticket_needs_its_fields(page: Page, server: Server):
    show(page, server, drafted())
    expect(page.get_by_text("内容将追加到原工单")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("radio", name="新建工单")).to_be_checked()
    expect(page.get_by_text("还缺 1 项必填")).to_be_visible()
    page.get_by_role("radio", name="新建工单").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name=f"追加到 {OPEN['number']}")).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_label("预约上门").fill("明天上午")
    page.keyboard.press("Control+Enter")
    [command] = sent(page)
    assert command["kind"] == "file_ticket" and "append_to" not in command


@pytest.mark.browser
def test_a_refused_ticket_can_be_corrected_after_the_guide_has_gone_on(page: Page, server: Server):
    no = {
        "kind": "trouble",
        "code": "desk.invalid",
        "message": "号码不存在。",
        "remedy": "请核对。",
    }
    show(page, server, then(upto("ticket_asked"), WAITING, TICKED, {**no, **KEY}))
    step = page.locator(".step.done.failed")
    expect(step).to_contain_text("号码不存在。 请核对。")
    picture(page, "refused-later")
    step.get_by_role("button", name="修改后重新提交").click()
    assert sent(page) == [{"kind": "undo_step", **AT}]


@pytest.mark.browser
def test_a_choice_is_a_list_and_keeps_what_was_heard(page: Page, server: Server):
    events = upto("ticket_drafted")
    fields = list(events[-1]["fact"]["fields"])
    fields[0] = {**fields[0], "type": "choice", "choices": ["红灯", "绿灯"], "value": "闪红"}
    show(page, server, then(events[:-1], {**events[-1]["fact"], "fields": fields}))
    box = page.get_by_label(fields[0]["label"])
    expect(box).to_have_value("闪红")
    assert box.locator("option").all_text_contents() == ["—", "闪红", "红灯", "绿灯"]
    box.select_option("红灯")
    expect(page.get_by_text("已改")).to_be_visible()
    expect(box).to_have_value("红灯")
    picture(page, "choice")
