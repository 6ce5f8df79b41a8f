"""What the panel and the start page show, and how they keep to the connection, in real Chromium."""

from __future__ import annotations

import pytest
from browser.fixtures.panel_server import EVENTS, GUIDE, Server
from browser.fixtures.script import (
    KEY,
    LIGHT,
    SPOKEN,
    TROUBLE,
    push,
    sent,
    show,
    then,
    upto,
)
from playwright.sync_api import Page, expect

from assist import state as calls
from assist.events import EVENT

# ---------------------------------------------------------------- what is seen


@pytest.mark.browser
def test_a_guess_is_grey_until_it_is_final(page: Page, server: Server):
    spoken = {**SPOKEN, "start_ms": 500}
    events = then(
        upto("call_started"),
        {"kind": "speech_guessed", "text": "家里的网断了吧", **spoken},
        {"kind": "speech_stable", "text": "家里的网", **spoken},
    )
    show(page, server, events)
    line = page.locator("transcript-view li")
    expect(line).to_have_attribute("data-tier", "stable")
    expect(line.locator(".guess")).to_have_text("断了吧")
    final = {"kind": "segment_heard", "text": "家里的网断了。", "end_ms": 1900, "confidence": 0.9}
    push(page, then(events, {**spoken, **final})[-1])
    expect(line.locator(".text")).to_have_text("家里的网断了。")
    expect(line.locator(".guess")).to_have_count(0)


@pytest.mark.browser
def test_transcript_follows_until_scrolled_away_and_jumps_back(page: Page, server: Server):
    lines = [
        {"kind": "segment_heard", "utterance": f"u{n}", "speaker": "customer", "text": f"第 {n} 句"}
        | {"start_ms": n * 1000, "end_ms": n * 1000 + 800, "confidence": 0.9}
        for n in range(200)
    ]
    show(page, server, then(upto("call_started"), *lines))
    expect(page.get_by_text("第 199 句")).to_be_in_viewport()
    expect(page.locator("transcript-view li")).to_have_count(80)
    page.locator("transcript-view .scroll").evaluate("box => { box.scrollTop = 0; }")
    page.get_by_role("button", name="显示更早的 120 句").click()
    expect(page.locator("transcript-view li")).to_have_count(160)
    page.keyboard.press("j")
    expect(page.get_by_text("第 199 句")).to_be_in_viewport()
    expect(page.get_by_role("button", name="回到最新")).to_have_count(0)


@pytest.mark.browser
def test_language_follows_the_call_and_can_be_switched(page: Page, server: Server):
    english = [{**EVENTS[0], "fact": {**EVENTS[0]["fact"], "lang": "en"}}, *EVENTS[1:30]]
    show(page, server, english)
    expect(page.get_by_role("heading", name="Conversation")).to_be_visible()
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", name="对话")).to_be_visible()


@pytest.mark.browser
def test_a_new_card_is_announced_once_and_politely(page: Page, server: Server):
    show(page, server, upto("step_shown"))
    live = page.locator("assist-panel").locator("[aria-live=polite]").first
    expect(page.locator(".sr[aria-live=polite]")).to_contain_text("新流程：宽带上不了网")
    assert live.count() == 1


@pytest.mark.browser
def test_a_failed_diagnosis_keeps_its_reason_and_can_be_run_again(page: Page, server: Server):
    ticked = {"kind": "step_ticked", "guide": GUIDE, "step": "line", "by": "system"}
    show(page, server, then(upto("diagnosis_asked"), {**TROUBLE, **KEY}, ticked, LIGHT))
    expect(page.locator(".step.failed")).to_contain_text("没有答复。")
    page.keyboard.press("r")
    assert sent(page) == [{"kind": "undo_step", "guide": GUIDE, "step": "line"}]


# ---------------------------------------------------------------- connection


@pytest.mark.browser
def test_a_broken_connection_is_taken_up_after_the_last_event(page: Page, server: Server):
    server.sends = [EVENTS[:20], EVENTS[20:50], EVENTS[50:]]
    page.goto(f"{server.url}/panel?call=demo-1")
    expect(page.get_by_text("通话结束")).to_be_visible(timeout=15_000)
    assert server.asked == [0, 20, 50]
    folded = page.evaluate("document.querySelector('assist-panel').state.lines.length")
    assert folded == len(calls.fold(EVENT.validate_python(e) for e in EVENTS).lines)


@pytest.mark.browser
def test_a_gap_in_the_events_is_never_folded_over(page: Page, server: Server):
    server.sends = [EVENTS[:20] + EVENTS[25:30], EVENTS[20:]]
    page.goto(f"{server.url}/panel?call=demo-1")
    expect(page.get_by_text("通话结束")).to_be_visible(timeout=15_000)
    assert server.asked == [0, 20]


@pytest.mark.browser
def test_events_that_come_twice_are_passed_on_once(page: Page, server: Server):
    server.sends = [EVENTS[:30] + EVENTS[10:40]]
    page.goto(f"{server.url}/blank")
    seen = page.evaluate(
        """async () => {
          const source = new modules.source.LiveSource('demo-1', { refusals: () => ({}) });
          const seen = [];
          await new Promise((done) => source.start({
            onConnection: () => {},
            onEvent: (event) => { seen.push(event.seq); if (event.seq === 40) done(); },
          }));
          source.stop();
          return seen;
        }"""
    )
    assert seen == list(range(1, 41))
    assert server.asked == [0]


@pytest.mark.browser
def test_a_command_goes_out_and_a_refusal_says_what_to_do(page: Page, server: Server):
    server.sends = [upto("step_shown")]
    server.refusal = {
        "code": "command.refused",
        "message": "这一步已完成。",
        "remedy": "看当前步骤。",
    }
    page.goto(f"{server.url}/panel?call=demo-1")
    page.get_by_role("button", name="说完了").click()
    expect(page.get_by_role("alert")).to_contain_text("这一步已完成。")
    expect(page.get_by_role("alert")).to_contain_text("以卡片现在的样子为准")
    assert server.commands == [{"kind": "tick_step", "guide": GUIDE, "step": "verify"}]


@pytest.mark.browser
def test_without_a_connection_the_panel_says_so_and_sends_nothing(page: Page, server: Server):
    server.sends = [upto("step_shown")]
    page.goto(f"{server.url}/panel?call=demo-1")
    expect(page.get_by_role("button", name="说完了")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.get_by_text("重连中", exact=True)).to_be_visible()
    page.get_by_role("button", name="说完了").click()
    expect(page.get_by_text("当前未连接，操作没有发出。")).to_be_visible()
    assert server.commands == []


# ---------------------------------------------------------------- start page


@pytest.mark.browser
def test_start_page_lists_calls_says_what_is_down_and_plays_a_demo(page: Page, server: Server):
    page.goto(f"{server.url}/")
    expect(page.locator("a[href='/panel?call=pushed']")).to_be_visible()
    expect(page.get_by_text("BR20260720011")).to_be_visible()
    expect(page.get_by_text("后台系统无响应")).to_be_visible()
    expect(page.get_by_role("link", name="用麦克风接听")).to_have_attribute("href", "/mic")

    page.get_by_text("最快").click()
    page.get_by_role("button", name="播放演示电话：宽带断网").click()
    expect(page.get_by_role("link", name="打开面板")).to_have_attribute(
        "href", "/panel?call=demo-1"
    )
    expect(page.get_by_role("progressbar")).to_have_attribute("max", "100")
    assert server.posted == [{"name": "red-light", "speed": "max"}]

    page.get_by_role("button", name="播放演示电话：占线").click()
    expect(page.get_by_text("正在接听 20 通电话，最多同时接听 20 通。")).to_be_visible()
    expect(page.get_by_text("等有电话结束后再试")).to_be_visible()
